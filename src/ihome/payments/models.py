"""What touches money: attempts to pay, and refunds. Amounts are fen."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ihome.kit.db import Fen, Row
from ihome.orders.models import Order


class PaymentStatus(StrEnum):
    """Forwards only: OPEN to PAID or CLOSED; late money can still turn CLOSED into PAID."""

    OPEN = "OPEN"
    PAID = "PAID"
    CLOSED = "CLOSED"


class Payment(Row):
    """One attempt to pay an order, with a number of its own for the gateway."""

    __tablename__ = "ih_payment"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("ih_order_info.id"), index=True)
    provider: Mapped[str] = mapped_column(String(16))
    out_trade_no: Mapped[str] = mapped_column(String(64), unique=True)
    amount: Mapped[Fen]
    status: Mapped[PaymentStatus] = mapped_column(String(16), default=PaymentStatus.OPEN, index=True)
    trade_no: Mapped[str | None] = mapped_column(String(64))
    paid_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship()


class Refund(Row):
    """Money on its way back. Written before the gateway is asked; its number is used again on every retry."""

    __tablename__ = "ih_refund"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    payment_id: Mapped[int] = mapped_column(ForeignKey("ih_payment.id"), index=True)
    out_request_no: Mapped[str] = mapped_column(String(64), unique=True)
    amount: Mapped[Fen]
    reason: Mapped[str] = mapped_column(String(64))
    refunded_at: Mapped[datetime | None]  # When the gateway confirmed it.
    failed_at: Mapped[datetime | None]  # The last time it did not; it is asked again.

    payment: Mapped[Payment] = relationship()
