"""Looking up trades and refunds of the sandbox."""

from sqlalchemy import select

from ihome.kit.db import session

from .errors import NoSuchTrade
from .models import SandboxRefund, SandboxTrade


def get_trade(out_trade_no: str) -> SandboxTrade:
    """The trade under the merchant's number. Raises NoSuchTrade."""
    if found := find_trade(out_trade_no):
        return found
    raise NoSuchTrade


def find_trade(out_trade_no: str) -> SandboxTrade | None:
    return session.scalar(select(SandboxTrade).where(SandboxTrade.out_trade_no == out_trade_no))


def get_cashier_trade(trade_no: str) -> SandboxTrade:
    """The trade whose cashier this is; who knows the number may see and pay it. Raises NoSuchTrade."""
    found = session.scalar(select(SandboxTrade).where(SandboxTrade.trade_no == trade_no))
    if found is None:
        raise NoSuchTrade
    return found


def find_refund(trade: SandboxTrade, out_request_no: str) -> SandboxRefund | None:
    return session.scalar(
        select(SandboxRefund).where(SandboxRefund.trade_id == trade.id, SandboxRefund.out_request_no == out_request_no)
    )


def get_trade_by_id(trade_id: int) -> SandboxTrade:
    """Raises NoSuchTrade."""
    found = session.get(SandboxTrade, trade_id)
    if found is None:
        raise NoSuchTrade
    return found
