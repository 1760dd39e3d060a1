"""Ending an order that may have a trade open at the gateway: close the trade, then free the nights."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from ihome.kit.db import in_transaction, reading
from ihome.orders.models import Ending
from ihome.payments import actions, queries
from ihome.payments.errors import PaidMeanwhile, TradesOpen
from ihome.payments.providers.alipay.client import AlipayClient
from ihome.payments.providers.alipay.errors import TradePaid, WrongTradeStatus

Asking = Callable[[], AbstractContextManager[AlipayClient]]


def close_and_end(order_id: int, ending: Ending, asking: Asking) -> None:
    """Between two transactions the gateway is asked; what the first one read is checked again by the second.

    Raises PaidMeanwhile where the guest was faster, WrongStatus, or what `asking` raises when the gateway is down.
    """
    for _attempt in range(3):
        with reading():
            open_trades = {payment.out_trade_no for payment in queries.open_payments(order_id)}
        for out_trade_no in open_trades:
            with asking() as gateway:
                paid = _close(gateway, out_trade_no)
            if paid:
                raise PaidMeanwhile
        try:
            in_transaction(actions.end_order, order_id, ending, closed=open_trades)
        except TradesOpen:
            continue
        return
    raise TradesOpen


def _close(gateway: AlipayClient, out_trade_no: str) -> bool:
    """True where it turns out to be paid (and is then confirmed), False once it is closed or was never opened."""
    try:
        gateway.close(out_trade_no)
    except WrongTradeStatus as refused:
        if ask(gateway, out_trade_no):
            return True
        if isinstance(refused, TradePaid):
            raise
    return False


def ask(gateway: AlipayClient, out_trade_no: str) -> bool:
    """Ask the gateway what became of an attempt, and confirm or close it. True where it is paid."""
    trade = gateway.query(out_trade_no)
    if trade is None:
        return False
    if trade.status.is_paid:
        in_transaction(actions.confirm, out_trade_no, trade.trade_no, trade.amount_fen)
        return True
    if trade.status == "TRADE_CLOSED" and trade.paid_at is None:
        in_transaction(actions.mark_closed, out_trade_no)
    return False
