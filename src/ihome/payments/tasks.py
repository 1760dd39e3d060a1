"""What happens to money and overdue orders by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog

from ihome.kit import clock, outbox
from ihome.kit.db import in_transaction, reading, utcnow
from ihome.kit.schedule import every
from ihome.orders.errors import WrongStatus
from ihome.orders.models import Ending
from ihome.orders.queries import list_unpaid
from ihome.orders.tasks import tell_guest
from ihome.payments import actions, queries
from ihome.payments.closing import ask, close_and_end
from ihome.payments.errors import PaidMeanwhile, PaymentMismatch, TradesOpen
from ihome.payments.gateway import gateway
from ihome.payments.providers.alipay.client import AlipayClient
from ihome.payments.providers.alipay.errors import GatewayError

log = structlog.get_logger()

NOTICE_LATE = timedelta(seconds=60)  # After that we ask instead of waiting to be told.


@contextmanager
def _asking() -> Iterator[AlipayClient]:
    yield gateway()


@every(timedelta(seconds=5))
def expire_unpaid_orders() -> int:
    """Cancel accepted orders that were not paid in time, once the gateway has closed their trades; how many."""
    with reading():
        overdue = list_unpaid(clock.now())
    ended = 0
    for order_id in overdue:
        try:
            close_and_end(order_id, Ending.UNPAID, _asking)
            ended += 1
        except (PaidMeanwhile, WrongStatus):
            pass  # The guest was faster.
        except (GatewayError, PaymentMismatch, TradesOpen) as error:  # One order's trouble is not the others'.
            log.warning("payment.close_failed", order_id=order_id, reason=type(error).__name__)
    return ended


@every(timedelta(seconds=30))
def ask_about_open_payments() -> None:
    """A notice may be lost: ask what became of attempts that are open for a while."""
    with reading():
        waiting = queries.open_since(utcnow() - NOTICE_LATE)
    for out_trade_no in waiting:
        try:
            ask(gateway(), out_trade_no)
        except (GatewayError, PaymentMismatch) as error:
            log.warning("payment.query_failed", reason=type(error).__name__)


@outbox.on("refund.due")
def pay_back(refund_id: int) -> None:
    """Have the gateway pay a refund; its number makes a repeat harmless."""
    with reading():
        refund = queries.get_refund(refund_id)
        out_trade_no = refund.payment.out_trade_no
        if refund.refunded_at is not None:
            return
    try:
        done = gateway().refund(out_trade_no, refund.out_request_no, refund.amount, refund.reason)
        if not done.moved_money and gateway().query_refund(out_trade_no, refund.out_request_no) != refund.amount:
            raise GatewayError(f"refund {refund_id} is not confirmed yet")
    except GatewayError:
        in_transaction(actions.mark_refund_failed, refund_id)
        raise
    in_transaction(actions.mark_refunded, refund_id)


@outbox.on("payment.refunded")
def mail_refund(refund_id: int) -> None:
    """May run twice; the mail's key is the order's."""
    with reading():
        refund = queries.get_refund(refund_id)
        order_id = refund.payment.order_id
    tell_guest(order_id, "order_refunded", amount_fen=refund.amount)
