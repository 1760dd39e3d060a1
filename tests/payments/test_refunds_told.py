"""What guest and landlord read of money that goes back: on the order, in the lists, and after the gateway."""

import pytest
from sqlalchemy import update

from ihome.kit.db import in_transaction, reading, session, utcnow
from ihome.kit.outbox import OutboxMessage
from ihome.orders.actions import cancel_order
from ihome.orders.models import Ending
from ihome.orders.queries import get_order
from ihome.payments import actions, queries
from ihome.payments.providers.alipay.errors import GatewayError
from tests import make
from tests.orders.asking import deliver_all
from tests.page_reader import read

LATE, DUPLICATE = "款项到账时，订单已经结束。", "这笔订单此前已支付。"


def start(order):
    return in_transaction(lambda: actions.start_payment(get_order(order.id), "sandbox"))


def confirm(payment):
    in_transaction(actions.confirm, payment.out_trade_no, f"T{payment.out_trade_no}", payment.amount)


@pytest.fixture
def payment(guest, house):
    """Paid when the order had expired and somebody else had its nights."""
    order = make.accepted(guest, house)
    begun = start(order)
    in_transaction(actions.end_order, order.id, Ending.UNPAID, closed={begun.out_trade_no})
    make.order(make.user(), house)
    confirm(begun)
    return begun


@pytest.fixture
def refund(payment):
    with reading():
        return queries.find_refund(payment.id)


def pages(payment):
    """Where the guest reads of it, and where the landlord does."""
    order = payment.order_id
    return ["/trips", f"/trips/{order}", f"/pay/done?out_trade_no={payment.out_trade_no}"], [
        "/hosting",
        f"/hosting/{order}",
    ]


def words(as_guest, as_landlord, payment):
    guests, landlords = pages(payment)
    return [read(as_guest, path).words for path in guests] + [read(as_landlord, path).words for path in landlords]


def test_a_refund_that_is_due_is_told(as_guest, as_landlord, payment):
    for page in words(as_guest, as_landlord, payment):
        assert "¥200 正在退回原付款账户。" in page
        assert "已于" not in page


def test_a_refund_that_is_done_is_told_with_its_time(as_guest, as_landlord, payment, refund):
    in_transaction(actions.mark_refunded, refund.id)

    for page in words(as_guest, as_landlord, payment):
        assert "¥200 已于" in page
        assert "正在退回" not in page


def test_a_refund_that_failed_is_told_and_that_it_is_tried_again(as_guest, as_landlord, payment, app, monkeypatch):
    monkeypatch.setattr("ihome.payments.tasks.gateway", lambda: DeafGateway())
    deliver_all()

    for page in words(as_guest, as_landlord, payment):
        assert "没有成功，系统会自动再试" in page


class DeafGateway:
    def refund(self, *_):
        raise GatewayError("down")


def test_the_timeline_has_the_late_payment_and_the_refund_after_the_end(as_guest, payment, refund):
    def steps():
        html = read(as_guest, f"/trips/{payment.order_id}").html
        return html[html.index("upright") :]

    due = steps()
    assert due.index("逾期付款") < due.index("退款 ¥200")
    assert 'class="next"' in due
    in_transaction(actions.mark_refund_failed, refund.id)
    assert steps().index("退款未成功") < steps().index("退款 ¥200")
    in_transaction(actions.mark_refunded, refund.id)
    assert "已退款 ¥200" in steps()
    assert 'class="next"' not in steps()


def test_a_stay_paid_twice_says_so_and_goes_on(as_guest, as_landlord, guest, house):
    order = make.accepted(guest, house)
    first = start(order)
    in_transaction(actions.mark_closed, first.out_trade_no)
    second = start(order)
    confirm(second)
    confirm(first)

    for browser, path in ((as_guest, f"/trips/{order.id}"), (as_landlord, f"/hosting/{order.id}")):
        page = read(browser, path)
        assert DUPLICATE in page.words
        assert page.html.index("重复付款") < page.html.index("入住</span>")
    assert house.address in read(as_guest, f"/trips/{order.id}").words


def test_who_withdrew_and_paid_after_all_is_not_told_that_nothing_was_charged(as_guest, guest, house):
    order = make.accepted(guest, house)
    begun = start(order)
    in_transaction(actions.mark_closed, begun.out_trade_no)
    in_transaction(lambda: cancel_order(get_order(order.id), Ending.GUEST))
    assert "没有扣款" in read(as_guest, f"/trips/{order.id}").words
    make.order(make.user(), house)
    confirm(begun)

    page = read(as_guest, f"/trips/{order.id}").words
    assert LATE in page
    assert "您已取消申请。" in page
    assert "没有扣款" not in page


def test_an_order_without_a_refund_says_nothing_of_one(as_guest, guest, house):
    order = make.paid(guest, house)

    assert "退款" not in read(as_guest, f"/trips/{order.id}").words


def test_a_failure_is_forgotten_by_nobody_and_changes_nothing_once_it_is_done(payment, refund):
    in_transaction(actions.mark_refunded, refund.id)
    in_transaction(actions.mark_refund_failed, refund.id)

    with reading():
        assert queries.find_refund(payment.id).failed_at is None


def test_the_next_try_pays_it_back(as_guest, payment, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("ihome.payments.tasks.gateway", lambda: DeafGateway())
        deliver_all()
    in_transaction(lambda: session.execute(update(OutboxMessage).values(run_at=utcnow())))
    monkeypatch.setattr("ihome.payments.tasks.gateway", lambda: WillingGateway())
    deliver_all()

    assert "已于" in read(as_guest, f"/trips/{payment.order_id}").words


class WillingGateway:
    def refund(self, *_):
        return type("Done", (), {"moved_money": True})


def test_nobody_else_reads_of_it(as_stranger, payment):
    assert read(as_stranger, f"/trips/{payment.order_id}").status == 404
    assert "退回" not in read(as_stranger, "/trips").words
