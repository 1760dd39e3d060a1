"""Money is counted once: paying through the sandbox over HTTP, late and double money, cancelling, refunds."""

import itertools
import shutil
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.serving import make_server

from ihome.kit import outbox
from ihome.kit.db import in_transaction, reading, session, utcnow
from ihome.kit.outbox import OutboxMessage
from ihome.orders.models import Ending, Status
from ihome.orders.queries import get_order
from ihome.payments import actions, gateway, tasks
from ihome.payments.models import Payment, Refund
from ihome.payments.providers.alipay import rsa2
from ihome.payments.providers.sandbox import keys, messages
from ihome.payments.providers.sandbox.models import SandboxTrade
from tests import invariants, make
from tests.orders.asking import deliver_all, mailed_to, nights_of, place, status
from tests.payments.cashier import open_cashier, pay
from tests.site_process import free_port, inside, running_site

MINUTE = timedelta(minutes=1)


@pytest.fixture
def settings():
    """The gateway is this very site, at an address that a server may or may not listen on."""
    return {"base_url": f"http://127.0.0.1:{free_port()}"}


@pytest.fixture
def site(app, config):
    """The site at its address, over a real socket."""
    server = make_server("127.0.0.1", int(config.base_url.rpartition(":")[2]), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _promises_hold(request):
    """After each test that has a site of its own, the three promises hold."""
    if "app" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("app")
    yield
    with reading():
        invariants.check(session)
    gateway.gateway().disconnect()
    gateway._made = None


@pytest.fixture
def order(guest, house):
    return make.accepted(guest, house)


@pytest.fixture
def pay_url(site, as_guest, order):
    return begin(as_guest, order)


def begin(browser, order):
    return browser.post(f"/orders/{order.id}/payment")["data"]["pay_url"]


def come_back(browser, params):
    """The return page hands on what the gateway appended."""
    return browser.put("/orders/payment", data=params)["errno"]


def notify(browser, params):
    return browser.request("POST", "/payments/alipay/notify", data=params).text


def cancel(browser, order):
    return browser.put(f"/orders/{order.id}/cancel")["errno"]


def money():
    """Each attempt to pay and what went back of it, as a sentence."""
    with reading():
        refunds = session.scalars(select(Refund).order_by(Refund.id)).all()
        back = {refund.payment_id: "refunded" if refund.refunded_at else "refund due" for refund in refunds}
        paid = session.scalars(select(Payment).order_by(Payment.id)).all()
        return [f"{payment.status} {back.get(payment.id, '')}".strip() for payment in paid]


def trades():
    """The trades at the gateway: status and what was given back."""
    with reading():
        found = session.scalars(select(SandboxTrade).order_by(SandboxTrade.id))
        return [(str(trade.status), trade.refunded) for trade in found]


def the_notice():
    """What the gateway's server sends of the one trade that is paid."""
    with reading():
        trade = session.scalar(select(SandboxTrade).where(SandboxTrade.paid_at.is_not(None)))
    return messages.paid_notice(trade, trade.paid_at, utcnow())


def expire_blindly(order):
    """End the order as if the gateway had said that its trades are closed: late money is what proves it wrong."""
    with reading():
        numbers = set(session.scalars(select(Payment.out_trade_no).where(Payment.order_id == order.id)))
    in_transaction(actions.end_order, order.id, Ending.UNPAID, closed=numbers)


# --- paying ----------------------------------------------------------------------------------------------------------


def test_a_guest_pays_and_comes_back(as_guest, order, pay_url, house):
    returned = pay(pay_url)

    assert come_back(as_guest, returned) == "0"
    paid = make.read_order(order.id)
    assert (paid.status, paid.trade_no) == ("PAID", returned["trade_no"])
    assert paid.deadline_at is None
    assert money() == ["PAID"]
    assert len(nights_of(house)) == 2


def test_the_gateway_asks_for_the_orders_amount_and_no_other(pay_url, order):
    page = open_cashier(pay_url)

    assert page.status_code == 200
    assert make.HOUSE["title"] in page.text
    assert "¥200" in page.text
    with reading():
        assert session.scalar(select(SandboxTrade.amount)) == order.amount == 20000


def test_who_never_comes_back_has_paid_too(pay_url, order):
    """The gateway's notice, sent by the worker over HTTP, is enough."""
    pay(pay_url)
    deliver_all()

    assert status(order) == "PAID"


def test_a_lost_notice_is_made_up_for_by_asking(pay_url, order, monkeypatch):
    pay(pay_url)
    tasks.ask_about_open_payments()
    assert status(order) == "WAIT_PAYMENT"  # Too early to ask.
    monkeypatch.setattr(tasks, "NOTICE_LATE", -MINUTE)
    tasks.ask_about_open_payments()

    assert status(order) == "PAID"


def test_asking_about_what_nobody_paid_changes_nothing(pay_url, order, monkeypatch):
    monkeypatch.setattr(tasks, "NOTICE_LATE", -MINUTE)
    tasks.ask_about_open_payments()
    open_cashier(pay_url)
    tasks.ask_about_open_payments()

    assert (status(order), money()) == ("WAIT_PAYMENT", ["OPEN"])


@pytest.mark.parametrize("ways", list(itertools.permutations(["notice", "return", "query"])), ids=" then ".join)
def test_whatever_comes_first_counts_and_the_rest_is_a_repeat(
    as_guest, visitor, guest, landlord, order, pay_url, monkeypatch, ways
):
    monkeypatch.setattr(tasks, "NOTICE_LATE", -MINUTE)
    returned = pay(pay_url)
    for way in ways * 2:
        if way == "notice":
            assert notify(visitor, the_notice()) == "success"
        elif way == "return":
            assert come_back(as_guest, returned) == "0"
        else:
            tasks.ask_about_open_payments()
        assert (status(order), money()) == ("PAID", ["PAID"])

    assert [len(mailed_to(person.email)) for person in (guest, landlord)] == [2, 2]  # One of them is the receipt.


def test_a_pay_link_asked_for_again_is_the_same_attempt(as_guest, order, pay_url):
    open_cashier(pay_url)
    pay(begin(as_guest, order))

    assert money() == ["OPEN"]
    assert trades() == [("TRADE_SUCCESS", 0)]


def test_a_phone_is_sent_to_the_cashier_for_phones(as_guest, order, site):
    headers = {"User-Agent": "Mozilla/5.0 (iPhone) Mobile/15E148"}
    url = as_guest.post(f"/orders/{order.id}/payment", headers=headers)["data"]["pay_url"]

    assert "alipay.trade.wap.pay" in url
    assert come_back(as_guest, pay(url)) == "0"


def test_a_remembered_key_gives_no_link_to_an_order_that_is_paid(as_guest, order, site):
    headers = {"Idempotency-Key": "k"}
    url = as_guest.post(f"/orders/{order.id}/payment", headers=headers)["data"]["pay_url"]
    come_back(as_guest, pay(url))

    assert as_guest.post(f"/orders/{order.id}/payment", headers=headers)["errno"] == "4002"


@pytest.mark.parametrize("settings", [{"review_opens": "payment"}])
def test_reviews_may_open_at_payment(as_guest, app, order):
    in_transaction(lambda: make.pay(get_order(order.id)))

    assert status(order) == "WAIT_COMMENT"


# --- who may pay what ------------------------------------------------------------------------------------------------


def test_only_the_guest_pays_and_only_what_waits_for_payment(
    app, visitor, as_guest, as_stranger, as_landlord, guest, house, order
):
    waiting = make.order(guest, house, ahead=20)
    paid = make.paid(guest, house, ahead=30)

    def asked(browser, order_id):
        return browser.post(f"/orders/{order_id}/payment")["errno"]

    assert asked(visitor, order.id) == "4101"
    assert asked(as_stranger, order.id) == asked(as_landlord, order.id) == "4002"
    assert asked(as_guest, waiting.id) == asked(as_guest, paid.id) == asked(as_guest, 999_999) == "4002"
    assert asked(as_guest, order.id) == "0"


def test_nobody_pays_after_the_time_is_over(as_guest, order):
    make.advance(31 * MINUTE)

    assert as_guest.post(f"/orders/{order.id}/payment")["errno"] == "4002"


def test_a_link_opened_too_late_takes_no_money(as_guest, order, pay_url):
    make.advance(31 * MINUTE)
    page = open_cashier(pay_url)

    assert "<form" not in page.text
    assert cancel(as_guest, order) == "0"
    assert money() == ["CLOSED"]


# --- what is not the gateway's word ----------------------------------------------------------------------------------


def test_a_return_that_was_changed_anywhere_is_refused(as_guest, order, pay_url):
    returned = pay(pay_url)
    unsigned = {"sign_type"}  # Not part of what Alipay signs.
    for name in returned.keys() - unsigned:
        assert come_back(as_guest, returned | {name: returned[name] + "1"}) == "4004", name
        assert come_back(as_guest, {key: value for key, value in returned.items() if key != name}) == "4004", name
    assert come_back(as_guest, returned | {"extra": "1"}) == "4004"
    assert come_back(as_guest, {}) == "4004"
    assert status(order) == "WAIT_PAYMENT"


def test_a_notice_that_was_changed_anywhere_is_refused(visitor, order, pay_url):
    pay(pay_url)
    notice = the_notice()
    for name in notice.keys() - {"sign_type"}:
        assert notify(visitor, notice | {name: notice[name] + "1"}) == "fail", name
        assert notify(visitor, {key: value for key, value in notice.items() if key != name}) == "fail", name
    assert notify(visitor, notice | {"extra": "1"}) == "fail"
    assert notify(visitor, {}) == "fail"
    assert status(order) == "WAIT_PAYMENT"


def test_a_notice_of_thousands_of_fields_is_refused_in_the_words_of_the_gateway(visitor):
    many = {f"field{number}": "1" for number in range(3000)}
    answer = visitor.request("POST", "/payments/alipay/notify", data=many, content_type="multipart/form-data")

    assert (answer.status_code, answer.text) == (200, "fail")


@pytest.mark.parametrize(
    "changed",
    [
        {"total_amount": "0.01"}, {"total_amount": "200.01"}, {"total_amount": "2e2"}, {"total_amount": "-200.00"},
        {"app_id": "2021000000000000"}, {"seller_id": "2088000000000000"}, {"out_trade_no": "1"},
    ],
)  # fmt: skip
def test_what_the_gateway_signed_for_something_else_is_refused(as_guest, visitor, order, pay_url, changed):
    returned, key = pay(pay_url), keys.sandbox_keys().gateway

    def signed(params):
        params = {name: value for name, value in params.items() if name != "sign"} | changed
        return params | {"sign": rsa2.sign_notice(params, key)}

    assert come_back(as_guest, signed(returned)) == "4004"
    assert notify(visitor, signed(the_notice())) == "fail"
    assert (status(order), money()) == ("WAIT_PAYMENT", ["OPEN"])


def test_somebody_elses_signature_is_refused(as_guest, visitor, order, pay_url):
    """The merchant's own key, for one: pay links are full of its signatures."""
    returned, notice, wrong = pay(pay_url), the_notice(), keys.sandbox_keys().merchant
    for params in (returned, notice):
        params["sign"] = rsa2.sign_notice(params, wrong)

    assert (come_back(as_guest, returned), notify(visitor, notice)) == ("4004", "fail")


def test_a_return_is_no_notice_and_a_notice_is_no_return(as_guest, visitor, order, pay_url):
    returned = pay(pay_url)

    assert notify(visitor, returned) == "fail"
    assert come_back(as_guest, the_notice()) == "4004"
    assert status(order) == "WAIT_PAYMENT"


def test_a_notice_of_another_status_is_heard_and_moves_nothing(visitor, order, pay_url):
    pay(pay_url)
    for told in ("WAIT_BUYER_PAY", "TRADE_CLOSED"):
        notice = the_notice() | {"trade_status": told}
        del notice["sign"]
        notice["sign"] = rsa2.sign_notice(notice, keys.sandbox_keys().gateway)
        assert notify(visitor, notice) == "success"

    assert (status(order), money()) == ("WAIT_PAYMENT", ["OPEN"])


def test_the_return_page_needs_the_csrf_token_and_the_notice_does_not(as_guest, visitor, order, pay_url):
    returned = pay(pay_url)
    forged = as_guest.request("PUT", "/orders/payment", data=returned, headers={"X-CSRFToken": "x"})
    assert (forged.status_code, status(order)) == (400, "WAIT_PAYMENT")

    answer = visitor.request("POST", "/payments/alipay/notify", data=the_notice(), headers={"X-CSRFToken": ""})
    assert (answer.text, answer.mimetype, status(order)) == ("success", "text/plain", "PAID")


# --- late money, double money ----------------------------------------------------------------------------------------


def test_late_money_takes_the_nights_again_if_they_are_free(as_guest, order, pay_url, house):
    returned = pay(pay_url)
    expire_blindly(order)
    assert (status(order), money(), nights_of(house)) == ("CANCELED", ["CLOSED"], {})

    assert come_back(as_guest, returned) == "0"
    assert (status(order), money()) == ("PAID", ["PAID"])
    assert set(nights_of(house).values()) == {order.id}


def test_late_money_for_nights_that_are_sold_goes_back(as_guest, as_stranger, guest, order, pay_url, house):
    returned = pay(pay_url)
    expire_blindly(order)
    sold = place(as_stranger, house, ahead=11)["data"]["order_id"]

    assert come_back(as_guest, returned) == "0"
    assert (status(order), money()) == ("CANCELED", ["PAID refund due"])
    deliver_all()
    assert money() == ["PAID refunded"]
    assert trades() == [("TRADE_CLOSED", 20000)]
    assert set(nights_of(house).values()) == {sold}
    refunded = mailed_to(guest.email)[0]
    assert "200" in refunded.text
    assert come_back(as_guest, returned) == "0"  # Once more: nothing happens.
    deliver_all()
    assert (money(), trades()) == (["PAID refunded"], [("TRADE_CLOSED", 20000)])


def test_late_money_for_a_stay_that_has_begun_goes_back(as_guest, guest, house, site):
    order = make.accepted(guest, house, ahead=0, nights=2)
    returned = pay(begin(as_guest, order))
    expire_blindly(order)
    make.advance(timedelta(days=1))

    assert come_back(as_guest, returned) == "0"
    assert (status(order), nights_of(house)) == ("CANCELED", {})
    deliver_all()
    assert money() == ["PAID refunded"]


def test_money_that_comes_after_midnight_pays_for_the_night_that_was_held(as_guest, guest, house, site):
    """Booked for tonight, accepted, paid in time: the word of it only came the next day. The order held its night."""
    order = make.accepted(guest, house, ahead=0, nights=2)
    returned = pay(begin(as_guest, order))
    make.advance(timedelta(days=1))

    assert come_back(as_guest, returned) == "0"
    assert (status(order), money()) == ("PAID", ["PAID"])
    assert len(nights_of(house)) == 2


def test_money_for_an_order_that_the_guest_cancelled_meanwhile(as_guest, order, pay_url, house):
    """The trade was never opened at the gateway, so nothing could be closed there: the link still works."""
    assert cancel(as_guest, order) == "0"
    assert nights_of(house) == {}

    assert come_back(as_guest, pay(pay_url)) == "0"
    assert (status(order), money()) == ("PAID", ["PAID"])


def test_paying_twice_by_two_attempts_gives_the_second_back(as_guest, order, pay_url, guest):
    second = in_transaction(lambda: actions.start_payment(get_order(order.id), "another"))
    client = gateway.gateway()
    second_url = client.page_pay_url(
        second.out_trade_no, second.amount, "again", return_url=gateway.return_url(), notify_url=gateway.notify_url(),
        expires_at=order.deadline_at,
    )  # fmt: skip
    one, two = pay(pay_url), pay(second_url)

    assert [come_back(as_guest, params) for params in (one, two, two, one)] == ["0"] * 4
    assert (status(order), money()) == ("PAID", ["PAID", "PAID refund due"])
    deliver_all()
    assert money() == ["PAID", "PAID refunded"]
    assert trades() == [("TRADE_SUCCESS", 0), ("TRADE_CLOSED", 20000)]
    assert make.read_order(order.id).trade_no == one["trade_no"]


# --- cancelling ------------------------------------------------------------------------------------------------------


def test_a_guest_withdraws_before_the_landlord_answers(as_guest, as_stranger, guest, house, settings):
    """No trade, no gateway: that nobody listens there does not matter."""
    order = make.order(guest, house)

    assert cancel(as_guest, order) == "0"
    ended = make.read_order(order.id)
    assert (ended.status, ended.ending) == ("CANCELED", "guest")
    assert place(as_stranger, house)["errno"] == "0"


def test_a_guest_withdraws_before_trying_to_pay(as_guest, order, house):
    assert cancel(as_guest, order) == "0"
    assert (status(order), nights_of(house)) == ("CANCELED", {})


def test_an_open_trade_is_closed_before_the_nights_are_free(as_guest, order, pay_url, house):
    open_cashier(pay_url)

    assert cancel(as_guest, order) == "0"
    assert (status(order), money(), nights_of(house)) == ("CANCELED", ["CLOSED"], {})
    assert trades() == [("TRADE_CLOSED", 0)]
    assert "<form" not in open_cashier(pay_url).text


def test_an_unpaid_order_expires_with_its_trade(order, pay_url, house):
    open_cashier(pay_url)
    make.advance(31 * MINUTE)

    assert tasks.expire_unpaid_orders() == 1
    assert (status(order), money(), nights_of(house)) == ("CANCELED", ["CLOSED"], {})


def test_who_has_paid_already_cannot_withdraw(as_guest, order, pay_url, house):
    """The gateway knows of the money before we do: cancelling finds out."""
    pay(pay_url)

    assert cancel(as_guest, order) == "4201"
    assert (status(order), money()) == ("PAID", ["PAID"])
    assert cancel(as_guest, order) == "4201"
    assert len(nights_of(house)) == 2


def test_what_was_paid_in_the_last_minute_does_not_expire(order, pay_url):
    pay(pay_url)
    make.advance(31 * MINUTE)

    assert tasks.expire_unpaid_orders() == 0
    assert (status(order), money()) == ("PAID", ["PAID"])


def test_only_the_guest_withdraws(visitor, as_stranger, as_landlord, order):
    assert cancel(visitor, order) == "4101"
    assert cancel(as_stranger, order) == cancel(as_landlord, order) == "4002"
    assert status(order) == "WAIT_PAYMENT"


@pytest.mark.parametrize("step", [make.paid, make.stayed])
def test_a_paid_stay_is_not_withdrawn_so(as_guest, guest, house, step):
    order = step(guest, house)

    assert cancel(as_guest, order) == "4201"
    assert status(order) == order.status


def test_withdrawing_twice_is_once(as_guest, order):
    assert [cancel(as_guest, order) for _ in range(2)] == ["0", "4201"]


# --- when the gateway does not answer ---------------------------------------------------------------------------------


def test_a_gateway_that_is_down_says_so_and_nothing_changes(as_guest, order, house):
    begin(as_guest, order)
    answer = as_guest.request("PUT", f"/orders/{order.id}/cancel")

    assert (answer.status_code, answer.get_json()["errno"]) == (503, "4301")
    assert int(answer.headers["Retry-After"]) > 0
    assert (status(order), money()) == ("WAIT_PAYMENT", ["OPEN"])
    assert len(nights_of(house)) == 2


def test_an_answer_that_somebody_forged_is_no_answer(as_guest, order, site, app, monkeypatch):
    begin(as_guest, order)
    forged = keys.sandbox_keys().merchant
    monkeypatch.setattr(messages, "sandbox_keys", lambda: keys.Keys(merchant=forged, gateway=forged))
    answer = as_guest.request("PUT", f"/orders/{order.id}/cancel")

    assert (answer.status_code, answer.get_json()["errno"]) == (503, "4301")
    assert status(order) == "WAIT_PAYMENT"


def test_orders_do_not_expire_while_the_gateway_is_down(app, as_guest, guest, house, order):
    """Their trades may still be paid. Others, without a trade, do."""
    begin(as_guest, order)
    other = make.accepted(guest, house, ahead=20)
    make.advance(31 * MINUTE)

    assert tasks.expire_unpaid_orders() == 1
    assert (status(order), status(other)) == ("WAIT_PAYMENT", "CANCELED")


def test_one_order_that_cannot_be_settled_does_not_stop_the_others(as_guest, guest, house, order, pay_url):
    """The gateway says that another amount was paid: an operator's case."""
    pay(pay_url)
    in_transaction(lambda: session.execute(update(SandboxTrade).values(amount=1)))
    other = make.accepted(guest, house, ahead=20)
    make.advance(31 * MINUTE)

    assert tasks.expire_unpaid_orders() == 1
    assert (status(order), status(other)) == ("WAIT_PAYMENT", "CANCELED")
    in_transaction(lambda: session.execute(update(SandboxTrade).values(amount=order.amount)))
    assert tasks.expire_unpaid_orders() == 0
    assert status(order) == "PAID"


def test_a_gateway_that_hangs_takes_three_threads_and_no_more(app, as_guest, guest, house, settings):
    """The fourth is told at once, so that five of a process's eight threads always serve."""
    orders = [make.accepted(guest, house, ahead=10 * number) for number in range(1, 5)]
    for order in orders:
        begin(as_guest, order)
    browsers = [make.browser(app, guest) for _ in orders]
    deaf = socket.create_server(("127.0.0.1", int(settings["base_url"].rpartition(":")[2])))
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(cancel, *pair) for pair in zip(browsers[:3], orders[:3], strict=True)]
        connections = [deaf.accept()[0] for _ in waiting]

        started = time.monotonic()
        assert cancel(browsers[3], orders[3]) == "4301"
        assert time.monotonic() - started < 2
        for connection in connections:
            connection.close()
        assert [answer.result(20) for answer in waiting] == ["4301"] * 3
    deaf.close()
    assert {status(order) for order in orders} == {"WAIT_PAYMENT"}


# --- refunds ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def refund_due(as_guest, as_stranger, order, pay_url, house):
    returned = pay(pay_url)
    expire_blindly(order)
    place(as_stranger, house, ahead=10)
    come_back(as_guest, returned)
    assert money() == ["PAID refund due"]
    return order


def hurry():
    """Failed messages are tried again now."""
    in_transaction(lambda: session.execute(update(OutboxMessage).values(run_at=utcnow())))


def test_a_crash_after_the_gateway_paid_back_does_not_pay_back_twice(refund_due, guest, monkeypatch):
    """The number of the refund is used again, and the gateway's answer about it counts."""
    real = actions.mark_refunded

    def crash(_):
        monkeypatch.setattr(actions, "mark_refunded", real)
        raise RuntimeError("the worker died here")

    monkeypatch.setattr(actions, "mark_refunded", crash)
    deliver_all()
    assert (money(), trades()) == (["PAID refund due"], [("TRADE_CLOSED", 20000)])
    hurry()
    deliver_all()

    assert (money(), trades()) == (["PAID refunded"], [("TRADE_CLOSED", 20000)])
    with reading():
        assert outbox.waiting() == 0
    deliver_all()


def test_a_refund_that_the_gateway_did_not_hear_is_asked_for_again(refund_due, site, monkeypatch):
    monkeypatch.setitem(site.app.view_functions, "sandbox.gateway", lambda: ("down", 502))
    deliver_all()
    assert (money(), trades()) == (["PAID refund due"], [("TRADE_SUCCESS", 0)])
    monkeypatch.undo()
    hurry()
    deliver_all()

    assert (money(), trades()) == (["PAID refunded"], [("TRADE_CLOSED", 20000)])


def test_the_refunds_handler_may_run_again_at_any_time(refund_due):
    with reading():
        refund_id = session.scalar(select(Refund.id))
    for _ in range(3):
        tasks.pay_back(refund_id)

    assert (money(), trades()) == (["PAID refunded"], [("TRADE_CLOSED", 20000)])


def test_the_guest_is_told_of_the_refund_once(refund_due, guest):
    deliver_all()
    with reading():
        refund_id = session.scalar(select(Refund.id))
    before = len(mailed_to(guest.email))
    tasks.pay_back(refund_id)
    tasks.mail_refund(refund_id)

    assert len(mailed_to(guest.email)) == before


# --- many at once ----------------------------------------------------------------------------------------------------

PAYERS = 50


def test_fifty_payments_at_once_do_not_lock_up_one_web_process(tmp_path, template):
    """The gateway is the site itself: if every thread of it waited for another one, nobody would be served."""
    shutil.copytree(template, tmp_path / "site")
    with running_site(tmp_path / "site", "--workers", "1", log_level="error") as site, inside(site):
        house = make.house()
        people = [make.user() for _ in range(PAYERS)]
        orders = [make.accepted(person, house, ahead=n, nights=1) for n, person in enumerate(people, start=1)]
        guests = [site.client_of(person) for person in people]
        onlooker = site.client()

        def book_off(guest, order):
            url = guest.post(f"/orders/{order.id}/payment")["data"]["pay_url"]
            returned = pay(url)
            return guest.call("PUT", "/orders/payment", data=returned)["errno"]

        with ThreadPoolExecutor(PAYERS) as pool:
            paying = [pool.submit(book_off, *pair) for pair in zip(guests, orders, strict=True)]
            slowest = 0.0
            while not all(one.done() for one in paying):
                started = time.monotonic()
                assert onlooker.get("/areas")["errno"] == "0"
                slowest = max(slowest, time.monotonic() - started)
                time.sleep(0.02)
            assert [one.result() for one in paying] == ["0"] * PAYERS

        assert slowest < 10
        assert {status(order) for order in orders} == {Status.PAID}
        with reading():
            invariants.check(session)
