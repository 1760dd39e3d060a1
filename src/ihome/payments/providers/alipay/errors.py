"""What can go wrong between us and the gateway, one class per thing a caller may do about it."""


class GatewayError(Exception):
    """Whatever goes wrong with the gateway."""


class GatewayUnavailable(GatewayError):
    """No answer that says anything. The outcome is unknown: ask again, with the same numbers."""


class Unreadable(GatewayUnavailable):
    """Words came, but not the ones the protocol has."""


class BadSignature(GatewayError):
    """Alipay did not sign this. Decide nothing on it."""


class NotOurs(GatewayError):
    """Signed by Alipay, but about another app, seller or trade, or another kind of message."""


class GatewayRefused(GatewayError):
    """The gateway understood and said no; nothing has changed there."""

    def __init__(self, code: str, sub_code: str, message: str) -> None:
        super().__init__(code, sub_code, message)  # All three, or the error cannot be pickled.
        self.code = code
        self.sub_code = sub_code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code} {self.sub_code}: {self.message}"


class TradeNotExist(GatewayRefused):
    """The gateway knows no such trade (it learns of one when the payer opens the cashier)."""


class WrongTradeStatus(GatewayRefused):
    """Not possible in the status the trade has. Query it."""


class TradePaid(WrongTradeStatus):
    """The trade has been paid."""


class TradeFinished(WrongTradeStatus):
    """The trade is past the time in which it can be refunded."""


class TradeFrozen(GatewayRefused):
    """Alipay holds this trade's money; an operator has to ask them."""


class SellerShortOfMoney(GatewayRefused):
    """The seller's account cannot pay the refund now. The same request may succeed later."""


class WrongRefundAmount(GatewayRefused):
    """More than is left to refund, or another amount than this out_request_no had before."""


# The documents of alipay.trade.query, .close, .refund, .fastpay.refund.query, «业务错误码»; without "ACQ.".
REFUSALS: dict[str, type[GatewayRefused]] = {
    "TRADE_NOT_EXIST": TradeNotExist,
    "TRADE_STATUS_ERROR": WrongTradeStatus,
    "REASON_TRADE_STATUS_INVALID": WrongTradeStatus,
    "REASON_ILLEGAL_STATUS": WrongTradeStatus,
    "TRADE_HAS_SUCCESS": TradePaid,
    "TRADE_HAS_CLOSE": WrongTradeStatus,
    "TRADE_HAS_FINISHED": TradeFinished,
    "REASON_TRADE_BEEN_FREEZEN": TradeFrozen,
    "SELLER_BALANCE_NOT_ENOUGH": SellerShortOfMoney,
    "REFUND_AMT_NOT_EQUAL_TOTAL": WrongRefundAmount,
    "REFUND_AMT_RESTRICTION": WrongRefundAmount,
    "REASON_TRADE_REFUND_FEE_ERR": WrongRefundAmount,
    "DISCORDANT_REPEAT_REQUEST": WrongRefundAmount,
}


def refusal(code: str, sub_code: str, message: str) -> GatewayError:
    """The error for an answer whose code is not 10000 (document «公共错误码»).

    Trouble on Alipay's side (20000, isp.*, SYSTEM_ERROR) and too many calls (40005) are
    GatewayUnavailable; a business refusal (40004) has a class of its own where we know what it means.
    """
    fact = sub_code.rpartition(".")[2]  # "ACQ.X" and "aop.ACQ.X" are the same fact.
    if code in ("20000", "40005") or sub_code.startswith("isp.") or fact == "SYSTEM_ERROR":
        return GatewayUnavailable(f"{code} {sub_code}: {message}")
    kind = REFUSALS.get(fact, GatewayRefused) if code == "40004" else GatewayRefused
    return kind(code, sub_code, message)
