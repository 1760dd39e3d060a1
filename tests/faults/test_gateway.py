"""A payment gateway that hangs, or is lost when it has taken or given back the money: it is counted once."""

import shutil
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from subprocess import CalledProcessError

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from ihome.kit.db import reading, session
from ihome.orders.models import Status
from ihome.payments.models import Refund
from ihome.payments.providers.alipay.rsa2 import load_private_key
from ihome.payments.providers.sandbox.keys import APP_ID, SELLER_ID
from tests import make
from tests.faults.people import assert_good, eventually
from tests.orders.asking import nights_of, status
from tests.payments.cashier import open_cashier, press
from tests.site_process import API, running_site

AT_ONCE = 10  # Seconds.
WAITED = 30  # The gateway has 3 s for a connection and 8 s for an answer.
BACK = 90  # Until the worker has asked again.


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, template):
    """The sandbox of a site of its own."""
    folder = tmp_path_factory.mktemp("gateway") / "site"
    shutil.copytree(template, folder)
    with running_site(folder, "--workers", "1", log_level="error") as site:
        yield site


@pytest.fixture(scope="module")
def address(gateway):
    return "127.0.0.1", gateway.port


@pytest.fixture(scope="module")
def site(gateway, proxy, visit):
    keys = gateway.instance / "sandbox-keys"
    public = load_private_key((keys / "gateway.pem").read_text()).public_key()
    (keys / "public.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with visit(
        payment_url=f"http://127.0.0.1:{proxy.port}/sandbox/gateway.do", alipay_app_id=APP_ID,
        alipay_seller_id=SELLER_ID, alipay_private_key=str(keys / "merchant.pem"),
        alipay_public_key=str(keys / "public.pem"),
    ) as people:  # fmt: skip
        yield people


@pytest.fixture
def people(site, proxy):
    yield site
    proxy.heal()
    site.check_promises()


@pytest.fixture
def house(people):
    return make.house(people.landlord)


@pytest.fixture
def order(people, house):
    return make.accepted(people.guest, house)


def begin_to_pay(people, order):
    return people.at(people.guest).post(f"/orders/{order.id}/payment")["data"]["pay_url"]


def cancel(people, order):
    return people.call(people.at(people.guest), "PUT", f"{API}/orders/{order.id}/cancel")


def come_back(people, params):
    return people.at(people.guest).call("PUT", "/orders/payment", data=params)["errno"]


def given_back(gateway):
    """What the gateway gave back, each time that it did."""
    with closing(sqlite3.connect(gateway.instance / "ihome.db")) as database:
        return [amount for (amount,) in database.execute("SELECT amount FROM ih_sandbox_refund ORDER BY id")]


@pytest.mark.parametrize("fault", ["stall", "refuse"])
def test_an_order_stays_as_it_is_while_the_gateway_cannot_be_asked(people, proxy, house, order, fault):
    open_cashier(begin_to_pay(people, order))
    getattr(proxy, fault)()
    refused = cancel(people, order)
    assert (refused.errno, status(order)) == ("4301", "WAIT_PAYMENT")
    assert refused.after < WAITED
    assert len(nights_of(house)) == 2
    assert_good(people.do(), within=AT_ONCE)  # What does not need it goes on, and nobody waits.

    proxy.heal()
    assert cancel(people, order).is_good
    assert status(order) == "CANCELED"


def test_a_slow_gateway_costs_time_and_nothing_else(people, proxy, order):
    proxy.latency(0.3)
    params = press(open_cashier(begin_to_pay(people, order)))
    assert come_back(people, params) == "0"
    assert status(order) == "PAID"


def test_doctor_says_whether_the_gateway_answers_and_believes_us(people, proxy):
    assert "alipay, answers" in people.site.command("doctor")

    proxy.refuse()
    with pytest.raises(CalledProcessError) as ended:
        people.site.command("doctor")
    assert "IHOME_PAYMENT_URL: alipay.trade.query: " in ended.value.stdout


def test_others_are_served_while_many_wait_for_a_gateway_that_hangs(people, proxy, order):
    open_cashier(begin_to_pay(people, order))
    proxy.stall()
    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(cancel, people, order) for _ in range(12)]
        assert_good(people.do(), within=AT_ONCE)
        assert {one.result().errno for one in waiting} == {"4301"}


def test_a_payment_whose_answer_is_lost_counts_once(people, proxy, order):
    """The guest's browser hears nothing of the gateway, which has taken the money and says so to the site."""
    pay_url = begin_to_pay(people, order)
    page = open_cashier(pay_url)
    proxy.lose(b"POST /sandbox/cashier", delivers=True)
    with pytest.raises(httpx.TransportError):
        press(page)

    eventually(lambda: status(order) == Status.PAID, BACK)
    assert come_back(people, press(page)) == "0"  # Pressed again, as anybody would.
    assert status(order) == Status.PAID


@pytest.mark.parametrize("fault", ["not heard", "not answered", "stall"])
def test_a_refund_is_given_once(people, proxy, gateway, house, order, fault):
    """Late money for nights that somebody else has taken: the answer to the refund is lost, or it is not heard."""
    pay_url = begin_to_pay(people, order)
    assert cancel(people, order).is_good  # The gateway does not know of it yet, so the link still takes money.
    make.accepted(make.user("stranger"), house)
    params, before = press(open_cashier(pay_url)), given_back(gateway)

    if fault == "stall":
        proxy.stall()
    else:
        proxy.lose(b"alipay.trade.refund", delivers=fault == "not answered")
    assert come_back(people, params) == "0"
    assert_good(people.do(), within=AT_ONCE)
    if fault == "stall":
        time.sleep(9)  # Longer than the gateway is waited for.
    eventually(lambda: proxy.lost > 0 or fault == "stall", BACK)
    proxy.heal()

    def is_refunded():
        with reading():
            found = session.scalars(select(Refund).order_by(Refund.id.desc())).first()
            return found is not None and found.payment.order_id == order.id and found.refunded_at

    eventually(is_refunded, BACK)
    assert given_back(gateway) == [*before, order.amount]
    assert status(order) == Status.CANCELED
