"""What goes over Alipay's wire: amounts, times, titles, and what an answer or a notice says."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")  # Every time on this wire, whatever zone our server is in.


class TradeStatus(StrEnum):
    """Document «异步通知说明», trade_status. A fully refunded trade is TRADE_CLOSED too, but has paid_at."""

    WAIT_BUYER_PAY = "WAIT_BUYER_PAY"
    TRADE_CLOSED = "TRADE_CLOSED"
    TRADE_SUCCESS = "TRADE_SUCCESS"
    TRADE_FINISHED = "TRADE_FINISHED"

    @property
    def is_paid(self) -> bool:
        return self in (TradeStatus.TRADE_SUCCESS, TradeStatus.TRADE_FINISHED)


@dataclass(frozen=True, slots=True)
class Trade:
    """What the gateway says of a trade. Fen, UTC; paid_at is None if it was never paid."""

    out_trade_no: str
    trade_no: str
    status: TradeStatus
    amount_fen: int
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A verified notify. Fen, UTC. refunded_fen is the trade's total so far; 0 if this tells of no refund."""

    notify_id: str
    out_trade_no: str
    trade_no: str
    status: TradeStatus
    amount_fen: int
    seller_id: str
    paid_at: datetime | None
    refunded_fen: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What the payer's browser brought back, verified. It has no status: Alipay sends it only for what was paid."""

    out_trade_no: str
    trade_no: str
    amount_fen: int
    seller_id: str


@dataclass(frozen=True, slots=True)
class Refund:
    """The gateway took a refund. total_refunded_fen is the trade's sum over all its refunds.

    moved_money is True if this very call refunded; False on a repeat, where query_refund tells.
    """

    total_refunded_fen: int
    moved_money: bool


def fen_to_yuan(fen: int) -> str:
    """1234 fen are "12.34". Raises ValueError below 0."""
    if fen < 0:
        raise ValueError(f"a negative amount: {fen}")
    return f"{fen // 100}.{fen % 100:02d}"


def yuan_to_fen(text: str) -> int:
    """The fen of "12.34" are 1234. Raises ValueError on all but plain digits with at most two decimals."""
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", text):
        raise ValueError(f"not an amount: {text!r}")
    return int(Decimal(text) * 100)


def to_beijing(instant: datetime) -> str:
    """An aware instant as this wire writes it. Raises ValueError on a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def from_beijing(text: str) -> datetime:
    """The UTC instant of a time on this wire. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).astimezone(UTC)


def clean_subject(text: str) -> str:
    """A title that the document of alipay.trade.page.pay allows: one line, no `/ = &`, 256 characters.

    `&` and `=` would also let whoever writes titles forge the fields after `subject` in what Alipay signs.
    """
    return " ".join(text.split()).translate(str.maketrans("/=&", "／＝＆"))[:256]
