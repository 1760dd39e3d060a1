"""Finding payments and refunds."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from ihome.accounts.models import User
from ihome.kit.db import session
from ihome.kit.errors import NotFound
from ihome.orders.models import Order
from ihome.payments.models import Payment, PaymentStatus, Refund


def find_payment(out_trade_no: str) -> Payment | None:
    return session.scalar(select(Payment).where(Payment.out_trade_no == out_trade_no))


def get_payment(payment_id: int) -> Payment:
    """Raises NotFound."""
    payment = session.get(Payment, payment_id)
    if payment is None:
        raise NotFound
    return payment


def get_refund(refund_id: int) -> Refund:
    """Raises NotFound."""
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise NotFound
    return refund


def find_attempt(guest: User, out_trade_no: str) -> Payment | None:
    """This guest's attempt with this number; without a number the last one, an open one before all others."""
    found = select(Payment).join(Order, Order.id == Payment.order_id).where(Order.user_id == guest.id)
    if out_trade_no:
        found = found.where(Payment.out_trade_no == out_trade_no)
    is_open = case((Payment.status == PaymentStatus.OPEN, 1), else_=0)
    return session.scalar(found.order_by(is_open.desc(), Payment.id.desc()).limit(1))


def find_refund(payment_id: int) -> Refund | None:
    return session.scalar(select(Refund).where(Refund.payment_id == payment_id).limit(1))


def list_refunds(order_ids: Collection[int]) -> Sequence[Any]:
    """What goes back of these orders, oldest first, and when it had come."""
    if not order_ids:
        return []
    return session.execute(
        select(Refund.amount, Refund.reason, Refund.refunded_at, Refund.failed_at, Payment.order_id, Payment.paid_at)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.order_id.in_(order_ids))
        .order_by(Refund.id)
    ).all()


def open_payments(order_id: int) -> list[Payment]:
    return list(
        session.scalars(
            select(Payment)
            .where(Payment.order_id == order_id, Payment.status == PaymentStatus.OPEN)
            .order_by(Payment.id)
        )
    )


def open_since(before: datetime, limit: int = 50) -> list[str]:
    """out_trade_no of attempts begun before this and still open: the gateway's notice may have been lost."""
    found = select(Payment.out_trade_no).where(Payment.status == PaymentStatus.OPEN, Payment.create_time < before)
    return list(session.scalars(found.order_by(Payment.update_time).limit(limit)))


def count_open() -> tuple[int, datetime | None]:
    """How many attempts are neither paid nor closed, and when the oldest began."""
    return _count(Payment, Payment.status == PaymentStatus.OPEN)


def count_owed() -> tuple[int, datetime | None]:
    """How many refunds the gateway has not confirmed, and when the oldest was promised."""
    return _count(Refund, Refund.refunded_at.is_(None))


def _count(row: type[Payment | Refund], wanted: ColumnElement[bool]) -> tuple[int, datetime | None]:
    number, oldest_at = session.execute(select(func.count(), func.min(row.create_time)).where(wanted)).one()
    return number, oldest_at
