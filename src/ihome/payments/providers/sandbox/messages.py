"""What the gateway says and signs: answers, the parameters of a return, notices."""

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from ihome.payments.providers.alipay import rsa2
from ihome.payments.providers.alipay.wire import TradeStatus, fen_to_yuan, to_beijing

from .errors import Refused
from .keys import APP_ID, SELLER_ID, sandbox_keys
from .models import SandboxRefund, SandboxTrade

SUCCESS = {"code": "10000", "msg": "Success"}


def signed_answer(method: str | None, body: Mapping[str, str]) -> str:
    """The JSON of an answer, its `sign` over the exact text of the body; None where the method is none of ours."""
    name = method.replace(".", "_") + "_response" if method else "error_response"
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return f'{{"{name}":{text},"sign":"{rsa2.sign_text(text, sandbox_keys().gateway)}"}}'


def refusal(refused: Refused) -> dict[str, str]:
    reason = f"{refused.reason} ({refused.detail})" if refused.detail else str(refused.reason)
    return {"code": refused.code, "msg": refused.msg, "sub_code": refused.sub_code, "sub_msg": reason}


def numbers(trade: SandboxTrade) -> dict[str, str]:
    return {"out_trade_no": trade.out_trade_no, "trade_no": trade.trade_no}


def trade_facts(trade: SandboxTrade) -> dict[str, str]:
    facts = numbers(trade) | {"trade_status": str(trade.status), "total_amount": fen_to_yuan(trade.amount)}
    if trade.paid_at:
        facts |= {"send_pay_date": to_beijing(trade.paid_at), "buyer_user_id": trade.buyer or ""}
    return facts


def refund_facts(trade: SandboxTrade, *, moved_money: bool) -> dict[str, str]:
    return numbers(trade) | {
        "refund_fee": fen_to_yuan(trade.refunded),
        "fund_change": "Y" if moved_money else "N",
        "buyer_user_id": trade.buyer or "",
    }


def refund_status(trade: SandboxTrade, refund: SandboxRefund) -> dict[str, str]:
    return numbers(trade) | {
        "out_request_no": refund.out_request_no,
        "refund_amount": fen_to_yuan(refund.amount),
        "total_amount": fen_to_yuan(trade.amount),
        "refund_status": "REFUND_SUCCESS",
        "gmt_refund_pay": to_beijing(refund.create_time),
    }


def _common(trade: SandboxTrade) -> dict[str, str]:
    return numbers(trade) | {
        "app_id": APP_ID,
        "auth_app_id": APP_ID,
        "seller_id": SELLER_ID,
        "charset": "utf-8",
        "version": "1.0",
        "sign_type": "RSA2",
        "total_amount": fen_to_yuan(trade.amount),
    }


def _signed(params: dict[str, str]) -> dict[str, str]:
    return params | {"sign": rsa2.sign_notice(params, sandbox_keys().gateway)}


def return_address(trade: SandboxTrade, paid_at: datetime) -> str:
    """Where the payer's browser goes: the merchant's address with the signed parameters, the same on every click."""
    params = _common(trade) | {"method": f"{trade.pay_method}.return", "timestamp": to_beijing(paid_at)}
    address = urlsplit(trade.return_url)
    query = "&".join(filter(None, (address.query, urlencode(_signed(params)))))
    return address._replace(query=query).geturl()


def paid_notice(trade: SandboxTrade, paid_at: datetime, sent_at: datetime) -> dict[str, str]:
    """The form that tells the merchant's server. Its notify_id is the same whenever it is sent again."""
    return _signed(
        _common(trade)
        | {
            "notify_id": f"{trade.trade_no}paid",
            "notify_type": "trade_status_sync",
            "notify_time": to_beijing(sent_at),
            "trade_status": TradeStatus.TRADE_SUCCESS.value,
            "subject": trade.subject,
            "buyer_id": trade.buyer or "",
            "receipt_amount": fen_to_yuan(trade.amount),
            "buyer_pay_amount": fen_to_yuan(trade.amount),
            "gmt_create": to_beijing(trade.create_time),
            "gmt_payment": to_beijing(paid_at),
        }
    )
