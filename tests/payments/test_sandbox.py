"""The sandbox gateway: the very AlipayClient pays, asks, closes and refunds over a real socket."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import request
from sqlalchemy import select
from werkzeug.serving import make_server

from ihome.config import config
from ihome.kit import browser, clock, db, outbox
from ihome.kit.crypto import keyed_hash
from ihome.payments.providers.alipay import errors
from ihome.payments.providers.alipay.client import AlipayClient
from ihome.payments.providers.alipay.wire import Refund, Returned, Trade, TradeStatus
from ihome.payments.providers.sandbox import keys, tasks
from ihome.payments.providers.sandbox.models import SandboxTrade
from tests import make

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def app(own_app):
    return own_app


@pytest.fixture
def merchant(app):
    """The other side's server: what it heard, and what it answers."""
    made = SimpleNamespace(heard=[], says="success")

    @app.post("/merchant/notify")
    @browser.exempt_from_csrf
    def listen():
        made.heard.append(request.form.to_dict())
        return made.says

    return made


@pytest.fixture
def address(app, merchant):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def alipay(address):
    pair, url = keys.sandbox_keys(), f"{address}/sandbox/gateway.do"
    client = AlipayClient(url, keys.APP_ID, keys.SELLER_ID, pair.merchant, pair.gateway.public_key())
    yield client
    client.disconnect()


@pytest.fixture
def payer(app):
    return app.test_client()


@pytest.fixture
def open_cashier(alipay, payer, address):
    """A browser follows the pay link of a new trade."""

    def open_cashier(number="A1", fen=1234, *, make_url=alipay.page_pay_url, **more):
        asked = {"return_url": f"{address}/back?order=7&x=%26", "notify_url": f"{address}/merchant/notify"}
        asked["expires_at"] = clock.now() + HALF_HOUR
        return Cashier(payer, make_url(number, fen, "湖边小屋 <b> 3晚 & more", **asked | more))

    return open_cashier


class Cashier:
    def __init__(self, payer, pay_url):
        self.payer = payer
        self.opened = payer.get(pay_url.partition(urlsplit(pay_url).netloc)[2])
        self.path = self.opened.headers.get("Location", "")

    @property
    def token(self):
        return keyed_hash(config().secret_key, "sandbox", self.path.rpartition("/")[2])

    def page(self):
        return self.payer.get(self.path).text

    def pay(self, payer=None):
        return (payer or self.payer).post(self.path, data={"token": self.token})


def appended(answer):
    """What the gateway added to the return address, which has two parameters of its own."""
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query)[2:])


def status_of(alipay, number="A1"):
    return alipay.query(number).status


def untold():
    with db.reading():
        return outbox.waiting()


# --- paying ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["page", "wap"])
def test_a_payer_pays_and_comes_back_with_the_gateways_word(alipay, open_cashier, address, kind):
    cashier = open_cashier(make_url=alipay.wap_pay_url if kind == "wap" else alipay.page_pay_url)
    assert f'name="token" value="{cashier.token}"' in cashier.page()
    answer = cashier.pay()

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{address}/back?order=7&x=%26&")
    trade_no = alipay.query("A1").trade_no
    assert alipay.verify_return(appended(answer)) == Returned("A1", trade_no, 1234, keys.SELLER_ID)
    assert appended(answer)["method"] == f"alipay.trade.{kind}.pay.return"


def test_the_merchants_server_is_told(alipay, open_cashier, merchant):
    open_cashier().pay()

    assert outbox.drain() == 1

    notice = alipay.verify_notice(merchant.heard[0])
    assert (notice.out_trade_no, notice.amount_fen, notice.status) == ("A1", 1234, TradeStatus.TRADE_SUCCESS)
    assert abs(notice.paid_at - clock.now()) < HALF_HOUR
    assert untold() == 0


def test_it_is_told_again_with_the_same_number_until_it_has_heard(open_cashier, merchant):
    merchant.says = "fail"
    open_cashier().pay()

    assert outbox.drain() == 0
    assert untold() == 1
    with db.reading():
        trade_id = db.session.scalar(select(SandboxTrade.id))
    with pytest.raises(tasks.NotHeard):
        tasks.send_notice(trade_id)
    merchant.says = "success"
    tasks.send_notice(trade_id)

    assert len(merchant.heard) == 3
    assert len({heard["notify_id"] for heard in merchant.heard}) == 1


def test_a_server_that_is_not_there_is_told_later_and_none_never(open_cashier):
    open_cashier("A1", notify_url="http://127.0.0.1:9/notify").pay()
    assert open_cashier("A2", notify_url="", return_url="").pay().status_code == 200

    assert outbox.drain() == 1
    assert untold() == 1


def test_of_many_clicks_one_pays_and_all_go_the_same_way(app, open_cashier):
    cashier = open_cashier()
    start = threading.Barrier(8)

    def click(_):
        start.wait()
        return cashier.pay(app.test_client()).headers["Location"]

    with ThreadPoolExecutor(8) as pool:
        ways = set(pool.map(click, range(8)))

    assert ways == {cashier.pay().headers["Location"]}
    assert untold() == 1


def test_of_pay_and_close_at_once_one_wins(app, alipay, open_cashier):
    def close(number):
        start.wait()
        try:
            return alipay.close(number)
        except errors.WrongTradeStatus:
            return "too late"

    for number in (f"A{turn}" for turn in range(12)):
        cashier, start = open_cashier(number), threading.Barrier(2)
        with ThreadPoolExecutor(1) as pool:
            closed = pool.submit(close, number)
            start.wait()
            paid = cashier.pay(app.test_client()).status_code

        assert (paid, closed.result(), status_of(alipay, number)) in [
            (302, "too late", TradeStatus.TRADE_SUCCESS),
            (409, True, TradeStatus.TRADE_CLOSED),
        ]


# --- the cashier ----------------------------------------------------------------------------------------------------


def test_the_cashier_says_what_is_bought_and_that_it_is_a_sandbox(payer, open_cashier):
    payer.set_cookie("lang", "en")

    page = open_cashier(fen=128000).page()

    assert "¥1,280" in page
    assert "湖边小屋 &lt;b&gt; 3晚 ＆ more" in page
    assert "No real money is taken here." in page
    assert "within 30 minutes" in page
    assert not re.search(r"<script(?![^>]* src=)|<style|style=|onclick", page)


def test_who_leaves_comes_back_unpaid(alipay, open_cashier, address):
    cashier = open_cashier(make_url=alipay.wap_pay_url, quit_url=f"{address}/orders")

    assert f'href="{address}/orders"' in cashier.page()
    assert status_of(alipay) is TradeStatus.WAIT_BUYER_PAY


@pytest.mark.parametrize("token", ["", "0" * 64, "锁", b"\xff\0"])
def test_a_form_without_its_token_pays_nothing(alipay, payer, open_cashier, token):
    other = open_cashier("A0")
    cashier = open_cashier()

    assert payer.post(cashier.path, data={"token": token}).status_code == 400
    assert payer.post(cashier.path, data={"token": other.token}).status_code == 400
    assert status_of(alipay) is TradeStatus.WAIT_BUYER_PAY


def test_after_its_time_a_trade_is_closed_for_good(alipay, open_cashier):
    late, asked = open_cashier("A1"), open_cashier("A2")
    make.advance(HALF_HOUR)

    assert "<form" not in late.page()
    assert late.pay().status_code == 409
    assert status_of(alipay, "A2") is TradeStatus.TRADE_CLOSED
    make.advance(-HALF_HOUR)

    assert [late.pay().status_code, asked.pay().status_code] == [409, 409]
    assert alipay.query("A1").paid_at is None


def test_a_link_opens_the_same_trade_again(alipay, payer, open_cashier, address):
    first = open_cashier()
    again = open_cashier(return_url=f"{address}/other?a=b&c=d")
    assert first.path == again.path
    assert open_cashier(fen=1235).opened.status_code == 400

    assert again.pay().headers["Location"].startswith(f"{address}/other?a=b&c=d&")


def test_a_query_before_and_after(alipay, open_cashier):
    assert alipay.query("A1") is None
    cashier = open_cashier()
    waiting = alipay.query("A1")
    assert waiting == Trade("A1", waiting.trade_no, TradeStatus.WAIT_BUYER_PAY, 1234, paid_at=None)

    cashier.pay()

    paid = alipay.query("A1")
    assert paid == replace(waiting, status=TradeStatus.TRADE_SUCCESS, paid_at=paid.paid_at)
    assert abs(paid.paid_at - clock.now()) < HALF_HOUR


def test_what_is_closed_cannot_be_paid_and_what_is_paid_cannot_be_closed(alipay, open_cashier):
    assert alipay.close("A1") is False
    cashier = open_cashier("A1")
    assert alipay.close("A1") is True

    assert cashier.pay().status_code == 409
    open_cashier("A2").pay()
    for number in ("A1", "A2"):
        with pytest.raises(errors.WrongTradeStatus):
            alipay.close(number)


def test_refunds_add_up_and_repeats_move_nothing(alipay, open_cashier):
    open_cashier().pay()

    assert alipay.refund("A1", "R1", 1000, "一晚") == Refund(1000, moved_money=True)
    assert alipay.refund("A1", "R1", 1000, "一晚") == Refund(1000, moved_money=False)
    for number, fen in (("R1", 999), ("R2", 235)):
        with pytest.raises(errors.WrongRefundAmount):
            alipay.refund("A1", number, fen, "too much")
    assert status_of(alipay) is TradeStatus.TRADE_SUCCESS
    assert alipay.refund("A1", "R2", 234, "the rest") == Refund(1234, moved_money=True)

    assert alipay.refund("A1", "R2", 234, "the rest") == Refund(1234, moved_money=False)
    assert [alipay.query_refund("A1", number) for number in ("R1", "R2", "R3")] == [1000, 234, None]
    assert status_of(alipay) is TradeStatus.TRADE_CLOSED
    assert alipay.query("A1").paid_at


def test_what_was_not_paid_cannot_be_refunded(alipay, open_cashier):
    with pytest.raises(errors.TradeNotExist):
        alipay.refund("A1", "R1", 1, "")
    open_cashier()
    with pytest.raises(errors.WrongTradeStatus):
        alipay.refund("A1", "R1", 1, "")
    assert alipay.query_refund("A1", "R1") is None
    assert alipay.query_refund("A9", "R1") is None
