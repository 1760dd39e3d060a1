"""The page after the gateway tells the truth, whatever has arrived by then."""

import pytest

from ihome.kit.db import in_transaction, reading
from ihome.orders.models import Ending
from ihome.orders.queries import get_order
from ihome.payments import actions, queries
from tests import make
from tests.page_reader import read


@pytest.fixture
def order(guest, house):
    return make.accepted(guest, house)


@pytest.fixture
def payment(order):
    return in_transaction(lambda: actions.start_payment(get_order(order.id), "sandbox"))


def confirm(payment):
    return in_transaction(actions.confirm, payment.out_trade_no, f"T{payment.out_trade_no}", payment.amount)


def done(payment):
    return f"/pay/done?out_trade_no={payment.out_trade_no}&sign=x"


def test_a_late_answer_is_being_checked_and_can_be_tried_again(as_guest, order, payment):
    page = read(as_guest, done(payment))
    assert "data-checking" in page.html
    assert 'data-confirm="PUT /api/v1.0/orders/payment"' in page.html
    assert f"POST /api/v1.0/orders/{order.id}/payment" in page.calls()
    assert f"/trips/{order.id}" in page.links


def test_what_has_arrived_is_said_with_the_door(as_guest, order, payment, house):
    confirm(payment)
    page = read(as_guest, done(payment))
    assert "支付成功" in page.words or "已收到" in page.words or "到账" in page.words
    assert house.address in page.words
    assert "data-checking" not in page.html
    assert page.calls() & {f"POST /api/v1.0/orders/{order.id}/payment"} == set()


def test_who_leaves_without_paying_can_pay(as_guest, order, payment):
    page = read(as_guest, "/pay/done")
    assert f"POST /api/v1.0/orders/{order.id}/payment" in page.calls()
    assert "data-left" in page.html
    assert "data-confirm" not in page.html


def test_an_order_that_expired_meanwhile_says_so(as_guest, order, payment):
    in_transaction(actions.end_order, order.id, Ending.UNPAID, closed={payment.out_trade_no})
    page = read(as_guest, done(payment))
    assert "data-confirm" not in page.html
    assert page.calls() & {f"POST /api/v1.0/orders/{order.id}/payment"} == set()


def test_money_that_came_too_late_goes_back_and_the_page_says_so(as_guest, order, payment, house):
    in_transaction(actions.end_order, order.id, Ending.UNPAID, closed={payment.out_trade_no})
    make.order(make.user(), house)
    confirm(payment)
    assert "正在退回" in read(as_guest, done(payment)).words
    with reading():
        refund = queries.find_refund(payment.id)
    in_transaction(actions.mark_refunded, refund.id)
    assert "已于" in read(as_guest, done(payment)).words


def test_nobody_learns_of_a_strangers_payment(as_stranger, visitor, order, payment, house):
    confirm(payment)
    for browser in (as_stranger, visitor):
        page = read(browser, done(payment))
        assert house.title not in page.words
        assert f"/trips/{order.id}" not in page.links


def test_an_odd_number_is_no_accident(as_guest):
    for number in ("", "x" * 5000, "%00", "' OR 1"):
        assert read(as_guest, f"/pay/done?out_trade_no={number}").status == 200


def test_who_comes_without_words_hears_of_the_open_attempt_else_of_the_last(as_guest, guest, house, order, payment):
    later = make.paid(guest, house, ahead=40)
    assert f"/trips/{order.id}" in read(as_guest, "/pay/done").links
    in_transaction(actions.end_order, order.id, Ending.UNPAID, closed={payment.out_trade_no})
    assert f"/trips/{later.id}" in read(as_guest, "/pay/done").links
