"""What touches money. Every step is a row first; the gateway is asked outside transactions, by the edges."""

import secrets

from ihome.calendar.errors import DatesTaken
from ihome.kit import clock, outbox
from ihome.kit.db import lock, savepoint, session
from ihome.orders.actions import cancel_order, mark_paid
from ihome.orders.models import Ending, Order, Status
from ihome.orders.queries import get_order
from ihome.payments import queries
from ihome.payments.errors import NotPayable, PaymentMismatch, TradesOpen
from ihome.payments.models import Payment, PaymentStatus, Refund


def start_payment(order: Order, provider: str) -> Payment:
    """An attempt to pay this order: the one that is open already, or a new one. Raises NotPayable."""
    lock(order)
    if order.status != Status.WAIT_PAYMENT or order.deadline_at is None or order.deadline_at <= clock.now():
        raise NotPayable
    for payment in queries.open_payments(order.id):
        if payment.provider == provider:
            return payment
    payment = Payment(
        order_id=order.id,
        provider=provider,
        amount=order.amount,
        out_trade_no=_number(),
        status=PaymentStatus.OPEN,
    )
    session.add(payment)
    session.flush()
    return payment


def confirm(out_trade_no: str, trade_no: str, amount: int) -> Payment:
    """The gateway says, verified, that this attempt was paid: notify, return page and query all end here.

    Idempotent; of several at once the first moves the payment. Money for an order that no longer wants it (expired and
    its nights sold, or paid twice) is refunded. Raises PaymentMismatch.
    """
    payment = queries.find_payment(out_trade_no)
    if payment is None or payment.amount != amount:
        raise PaymentMismatch
    order = payment.order
    lock(order.house)  # House before order, everywhere.
    lock(order)
    lock(payment)
    if payment.status == PaymentStatus.PAID:
        if payment.trade_no != trade_no:
            raise PaymentMismatch
        return payment
    payment.status, payment.trade_no, payment.paid_at = PaymentStatus.PAID, trade_no, clock.now()
    if not order.can_become(Status.PAID):
        _owe_back(payment, "duplicate")
    elif order.status == Status.CANCELED and order.stay.first_night < clock.today():  # Else it held its nights.
        _owe_back(payment, "late")
    else:
        try:
            with savepoint():  # The transaction goes on where the nights are gone.
                mark_paid(order, trade_no)
        except DatesTaken:
            _owe_back(payment, "late")
    return payment


def _owe_back(payment: Payment, reason: str) -> None:
    """Promise the whole amount back. The row with its number comes before any call to the gateway."""
    refund = Refund(payment_id=payment.id, amount=payment.amount, reason=reason, out_request_no=_number())
    session.add(refund)
    session.flush()
    outbox.add("refund.due", refund_id=refund.id)


def mark_refunded(refund_id: int) -> None:
    """The gateway has confirmed it; twice does no harm."""
    refund = queries.get_refund(refund_id)
    lock(refund)
    if refund.refunded_at is None:
        refund.refunded_at = clock.now()
        outbox.add("payment.refunded", refund_id=refund.id)


def mark_refund_failed(refund_id: int) -> None:
    """The gateway could not, or did not say; it is asked again."""
    refund = queries.get_refund(refund_id)
    lock(refund)
    if refund.refunded_at is None:
        refund.failed_at = clock.now()


def mark_closed(out_trade_no: str) -> None:
    """The gateway will take no money for this attempt any more."""
    payment = queries.find_payment(out_trade_no)
    if payment is None:
        return
    lock(payment)
    if payment.status == PaymentStatus.OPEN:
        payment.status = PaymentStatus.CLOSED


def end_order(order_id: int, ending: Ending, *, closed: set[str]) -> None:
    """Cancel an order whose trades `closed` are closed at the gateway, and free its nights.

    Raises TradesOpen where an attempt to pay was started meanwhile, WrongStatus where it is too late to cancel.
    """
    order = get_order(order_id)
    lock(order.house)
    lock(order)
    for payment in queries.open_payments(order_id):
        if payment.out_trade_no not in closed:
            raise TradesOpen
        payment.status = PaymentStatus.CLOSED
    cancel_order(order, ending)


def _number() -> str:
    """A number for the gateway: the date for people, 16 random digits so that nobody can guess or reuse it."""
    return f"{clock.today():%Y%m%d}{secrets.randbelow(10**16):016d}"
