"""What the sandbox gateway remembers: trades and their refunds. Amounts are fen."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ihome.kit.db import Fen, Row
from ihome.payments.providers.alipay.wire import TradeStatus

URL_LENGTH = 512


class SandboxTrade(Row):
    """A merchant's request for money, made when the payer's browser arrives with it.

    WAIT_BUYER_PAY to TRADE_SUCCESS or TRADE_CLOSED; refunded in full, TRADE_SUCCESS to TRADE_CLOSED, as at Alipay.
    """

    __tablename__ = "ih_sandbox_trade"
    __table_args__ = (
        CheckConstraint("amount > 0 AND refunded BETWEEN 0 AND amount", name="amounts"),
        CheckConstraint("status IN ('WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_CLOSED')", name="status"),
    )

    out_trade_no: Mapped[str] = mapped_column(String(64), unique=True)  # The merchant's number.
    trade_no: Mapped[str] = mapped_column(String(32), unique=True)  # Ours: random, and the key to the cashier.
    pay_method: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(256))
    amount: Mapped[Fen]
    refunded: Mapped[Fen] = mapped_column(default=0)  # The sum of its refunds.
    status: Mapped[TradeStatus] = mapped_column(String(16), default=TradeStatus.WAIT_BUYER_PAY)
    buyer: Mapped[str | None] = mapped_column(String(32))
    return_url: Mapped[str] = mapped_column(String(URL_LENGTH), default="")
    notify_url: Mapped[str] = mapped_column(String(URL_LENGTH), default="")
    quit_url: Mapped[str] = mapped_column(String(URL_LENGTH), default="")
    expires_at: Mapped[datetime]  # By the business clock, as the two below.
    paid_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @property
    def is_waiting(self) -> bool:
        return self.status == TradeStatus.WAIT_BUYER_PAY

    def is_overdue(self, now: datetime) -> bool:
        return self.is_waiting and now >= self.expires_at

    def time_left(self, now: datetime) -> timedelta:
        return max(self.expires_at - now, timedelta())


class SandboxRefund(Row):
    """Money given back. A repeat of its number gives nothing again."""

    __tablename__ = "ih_sandbox_refund"
    __table_args__ = (
        UniqueConstraint("trade_id", "out_request_no"),
        CheckConstraint("amount > 0", name="amount"),
    )

    trade_id: Mapped[int] = mapped_column(ForeignKey("ih_sandbox_trade.id"))
    out_request_no: Mapped[str] = mapped_column(String(64))
    amount: Mapped[Fen]
