"""What can be done with a trade at the sandbox. Each locks the trade first, and writes it if it decides anything."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from ihome.kit import clock, outbox
from ihome.kit.db import is_duplicate_key, lock, savepoint, session
from ihome.payments.providers.alipay.wire import TradeStatus

from .errors import AnotherAmount, AnotherRefund, MoreThanPaid, WrongStatus
from .keys import BUYER_ID
from .models import SandboxRefund, SandboxTrade
from .queries import find_refund, find_trade, get_cashier_trade, get_trade

UNLIMITED = timedelta(days=15)  # Until a trade without time_expire closes, as at Alipay.


def open_trade(
    out_trade_no: str,
    amount: int,
    subject: str,
    *,
    pay_method: str,
    expires_at: datetime | None,
    return_url: str,
    notify_url: str,
    quit_url: str,
) -> SandboxTrade:
    """The trade under this number, made if there is none yet. A pay link may be opened any number of times.

    Raises AnotherAmount.
    """
    trade = find_trade(out_trade_no) or _add_trade(
        SandboxTrade(
            out_trade_no=out_trade_no,
            trade_no=_new_trade_no(),
            amount=amount,
            subject=subject,
            pay_method=pay_method,
            expires_at=expires_at or clock.now() + UNLIMITED,
        )
    )
    if trade.amount != amount:
        raise AnotherAmount
    if trade.is_waiting:  # The link opened last decides where its payer lands.
        trade.pay_method, trade.quit_url = pay_method, quit_url
        trade.return_url, trade.notify_url = return_url, notify_url
    return trade


def _add_trade(trade: SandboxTrade) -> SandboxTrade:
    """The trade, or the one that another request has just made under its number."""
    try:
        with savepoint():
            session.add(trade)
    except IntegrityError as clash:
        found = find_trade(trade.out_trade_no) if is_duplicate_key(clash) else None
        if found is None:
            raise
        return found
    return trade


def _new_trade_no() -> str:
    """28 digits as Alipay's; the last 20 are the secret of whoever may open the cashier."""
    return f"{clock.today():%Y%m%d}{secrets.randbelow(10**20):020d}"


def pay(trade_no: str) -> SandboxTrade:
    """The trade as it is then: paid, by this call or before; or closed, because it was or its time is over.

    Raises NoSuchTrade.
    """
    trade = get_cashier_trade(trade_no)
    lock(trade)  # Of two clicks one pays; of pay and close one wins.
    if trade.is_overdue(clock.now()):
        _close(trade)
    elif trade.is_waiting:
        trade.status, trade.paid_at, trade.buyer = TradeStatus.TRADE_SUCCESS, clock.now(), BUYER_ID
        outbox.add("sandbox.paid", trade_id=trade.id)
    return trade


def close(out_trade_no: str) -> SandboxTrade:
    """Nobody can pay this trade any more. Raises NoSuchTrade, or WrongStatus if it is paid or closed."""
    trade = get_trade(out_trade_no)
    lock(trade)
    if not trade.is_waiting:
        raise WrongStatus
    _close(trade)
    return trade


def expire(out_trade_no: str) -> SandboxTrade:
    """Close the trade if its time is over: who was told so once can rely on it. Raises NoSuchTrade."""
    trade = get_trade(out_trade_no)
    lock(trade)
    if trade.is_overdue(clock.now()):
        _close(trade)
    return trade


def _close(trade: SandboxTrade) -> None:
    trade.status, trade.closed_at = TradeStatus.TRADE_CLOSED, clock.now()


def refund(out_trade_no: str, out_request_no: str, amount: int) -> tuple[SandboxTrade, bool]:
    """Give back this much of the trade; whether this very call did, as a repeat of the number gives nothing.

    Raises NoSuchTrade, WrongStatus if it was never paid, AnotherRefund or MoreThanPaid.
    """
    trade = get_trade(out_trade_no)
    lock(trade)
    if trade.paid_at is None:
        raise WrongStatus
    if earlier := find_refund(trade, out_request_no):
        if earlier.amount != amount:
            raise AnotherRefund
        return trade, False
    if amount > trade.amount - trade.refunded:
        raise MoreThanPaid
    trade.refunded += amount
    if trade.refunded == trade.amount:
        _close(trade)
    session.add(SandboxRefund(trade_id=trade.id, out_request_no=out_request_no, amount=amount))
    return trade, True
