"""A client of Alipay's gateway: pay links, questions with verified answers, notices that prove themselves."""

import json
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar
from urllib.parse import urlencode

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from . import rsa2
from .errors import BadSignature, GatewayUnavailable, NotOurs, TradeNotExist, Unreadable, refusal
from .wire import (
    Notice,
    Refund,
    Returned,
    Trade,
    TradeStatus,
    clean_subject,
    fen_to_yuan,
    from_beijing,
    to_beijing,
    yuan_to_fen,
)

T = TypeVar("T")
CONNECT_SECONDS = 3.0
RETURN_METHODS = ("alipay.trade.page.pay.return", "alipay.trade.wap.pay.return")


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)  # Reading the authorities takes 25 ms: once is enough.


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, eq=False)
class AlipayClient:
    """One merchant at one gateway. Safe to share between threads; `timeout` is for reading, in seconds."""

    gateway_url: str
    app_id: str
    seller_id: str
    private_key: RSAPrivateKey = field(repr=False)
    alipay_public_key: RSAPublicKey = field(repr=False)
    timeout: float = 8.0
    clock: Callable[[], datetime] = field(default=_utc_now, repr=False)
    _http: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        timeout = httpx.Timeout(self.timeout, connect=min(CONNECT_SECONDS, self.timeout))
        pool = httpx.Client(timeout=timeout, verify=_tls(), follow_redirects=False, trust_env=False)
        object.__setattr__(self, "_http", pool)  # Frozen for everybody else.

    def disconnect(self) -> None:
        """Close the pooled connections; the client cannot be used afterwards."""
        self._http.close()

    def page_pay_url(
        self,
        out_trade_no: str,
        amount_fen: int,
        subject: str,
        *,
        return_url: str,
        notify_url: str,
        expires_at: datetime,
    ) -> str:
        """The address of the cashier for a computer. expires_at is UTC (any aware instant); after it
        nobody can pay. No network. Raises ValueError. Document alipay.trade.page.pay."""
        content = _order(out_trade_no, amount_fen, subject, expires_at)
        content["product_code"] = "FAST_INSTANT_TRADE_PAY"
        return self._pay_url("alipay.trade.page.pay", content, return_url, notify_url)

    def wap_pay_url(
        self,
        out_trade_no: str,
        amount_fen: int,
        subject: str,
        *,
        return_url: str,
        notify_url: str,
        expires_at: datetime,
        quit_url: str = "",
    ) -> str:
        """The same for a phone; quit_url is where who gives up lands. Document alipay.trade.wap.pay."""
        content = _order(out_trade_no, amount_fen, subject, expires_at)
        content["product_code"] = "QUICK_WAP_WAY"
        if quit_url:
            content["quit_url"] = quit_url
        return self._pay_url("alipay.trade.wap.pay", content, return_url, notify_url)

    def query(self, out_trade_no: str) -> Trade | None:
        """The trade as it is now, or None where the gateway knows none.

        Raises GatewayUnavailable, BadSignature, NotOurs or GatewayRefused. Document alipay.trade.query.
        """
        try:
            body = self._ask("alipay.trade.query", {"out_trade_no": out_trade_no})
        except TradeNotExist:
            return None
        return Trade(
            out_trade_no=_same(body, "out_trade_no", out_trade_no),
            trade_no=_text(body, "trade_no"),
            status=_read(body, "trade_status", TradeStatus),
            amount_fen=_read(body, "total_amount", yuan_to_fen),
            paid_at=_read_if_any(body, "send_pay_date", from_beijing),
        )

    def close(self, out_trade_no: str) -> bool:
        """Close an unpaid trade, so that nobody can pay it any more. True if it is closed by this call.

        False where the gateway knows none: nothing is closed then, and the pay link still works until
        it expires. Raises WrongTradeStatus (paid or closed already: query), GatewayUnavailable,
        BadSignature, NotOurs or another GatewayRefused. Document alipay.trade.close.
        """
        try:
            body = self._ask("alipay.trade.close", {"out_trade_no": out_trade_no})
        except TradeNotExist:
            return False
        _same(body, "out_trade_no", out_trade_no)
        return True

    def refund(self, out_trade_no: str, out_request_no: str, amount_fen: int, reason: str) -> Refund:
        """Give back this much. A repeat with the same out_request_no and amount refunds nothing again.

        Raises GatewayUnavailable (repeat it with the same numbers), TradeNotExist, WrongTradeStatus,
        TradeFrozen, SellerShortOfMoney, WrongRefundAmount, another GatewayRefused, BadSignature, NotOurs,
        or ValueError below 1 fen. Document alipay.trade.refund.
        """
        body = self._ask(
            "alipay.trade.refund",
            {
                "out_trade_no": out_trade_no,
                "out_request_no": out_request_no,
                "refund_amount": _payable(amount_fen),
                "refund_reason": clean_subject(reason),
            },
        )
        _same(body, "out_trade_no", out_trade_no)
        return Refund(_read(body, "refund_fee", yuan_to_fen), moved_money=body.get("fund_change") == "Y")

    def query_refund(self, out_trade_no: str, out_request_no: str) -> int | None:
        """The fen of this refund if it has succeeded; None if it has not, yet (then repeat `refund`).

        Only refund_status REFUND_SUCCESS counts: the code 10000 says that the question was understood.
        Raises like `query`. Document alipay.trade.fastpay.refund.query.
        """
        asked = {"out_trade_no": out_trade_no, "out_request_no": out_request_no}
        try:
            body = self._ask("alipay.trade.fastpay.refund.query", asked)
        except TradeNotExist:
            return None
        if body.get("refund_status") != "REFUND_SUCCESS":
            return None
        for key, number in asked.items():
            _same(body, key, number)
        return _read(body, "refund_amount", yuan_to_fen)

    def verify_notice(self, params: Mapping[str, str]) -> Notice:
        """What Alipay's server posted to notify_url, if it is genuine and for this app and seller.

        The caller compares out_trade_no and amount with its own row. Raises BadSignature, NotOurs or
        Unreadable. Document «异步通知说明».
        """
        self._check_sender(params)
        return Notice(
            notify_id=params.get("notify_id", ""),
            out_trade_no=_text(params, "out_trade_no"),
            trade_no=_text(params, "trade_no"),
            status=_read(params, "trade_status", TradeStatus),
            amount_fen=_read(params, "total_amount", yuan_to_fen),
            seller_id=params["seller_id"],
            paid_at=_read_if_any(params, "gmt_payment", from_beijing),
            refunded_fen=_read_if_any(params, "refund_fee", yuan_to_fen) or 0,
        )

    def verify_return(self, params: Mapping[str, str]) -> Returned:
        """What the payer's browser brought to return_url, if genuine and for this app and seller.

        Raises BadSignature, NotOurs or Unreadable. Document alipay.trade.page.pay, «页面回跳参数».
        """
        self._check_sender(params)
        if params.get("method") not in RETURN_METHODS:
            raise NotOurs("not the parameters of a return")  # A notice of a closed trade, for one.
        return Returned(
            out_trade_no=_text(params, "out_trade_no"),
            trade_no=_text(params, "trade_no"),
            amount_fen=_read(params, "total_amount", yuan_to_fen),
            seller_id=params["seller_id"],
        )

    def _check_sender(self, params: Mapping[str, str]) -> None:
        if not rsa2.verify(params, params.get("sign"), self.alipay_public_key):
            raise BadSignature("Alipay did not sign these parameters")
        if params.get("app_id") != self.app_id or params.get("seller_id") != self.seller_id:
            raise NotOurs("for another app or seller")

    def _signed(self, method: str, content: Mapping[str, str], **more: str) -> dict[str, str]:
        params = {
            "app_id": self.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": to_beijing(self.clock()),
            "version": "1.0",
            "biz_content": json.dumps(content, separators=(",", ":")),
        }
        params |= {key: value for key, value in more.items() if value}
        return params | {"sign": rsa2.sign(params, self.private_key)}

    def _pay_url(self, method: str, content: Mapping[str, str], return_url: str, notify_url: str) -> str:
        params = self._signed(method, content, return_url=return_url, notify_url=notify_url)
        return f"{self.gateway_url}?{urlencode(params)}"

    def _ask(self, method: str, content: Mapping[str, str]) -> Mapping[str, object]:
        try:
            answer = self._http.post(
                self.gateway_url,
                params={"charset": "utf-8"},  # The gateway decodes the form by the address's charset.
                data=self._signed(method, content),
                headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
            )
        except httpx.HTTPError as broken:
            raise GatewayUnavailable(f"{method}: {broken!r}") from broken
        if answer.status_code != httpx.codes.OK:
            raise GatewayUnavailable(f"{method}: HTTP {answer.status_code}")
        return read_answer(method, answer.content, self.alipay_public_key)


def read_answer(method: str, raw: bytes, public_key: RSAPublicKey) -> Mapping[str, object]:
    """The response object of a successful answer, verified on its exact text. Numbers in it are str.

    Raises Unreadable, BadSignature, GatewayUnavailable or GatewayRefused (see errors.refusal).
    Documents «自行实现验签» (同步返回验签) and «公共错误码».
    """
    try:
        members = _members(raw.decode())
    except (ValueError, RecursionError) as garbage:
        raise Unreadable(f"{method}: no JSON object") from garbage
    name = method.replace(".", "_") + "_response"
    text, body = members.get(name) or members.get("error_response") or ("", None)
    if not isinstance(body, dict):
        raise Unreadable(f"{method}: no {name}")
    code = str(body.get("code"))
    _, signature = members.get("sign", ("", None))
    # Alipay leaves the signature out where it could not tell who asked, and there only; so nothing
    # that says what became of a trade or a refund (10000, 40004) is believed without one.
    if signature is None and code in ("10000", "40004"):
        raise BadSignature(f"{method}: an unsigned answer")
    if signature is not None and not rsa2.verify_text(text, str(signature), public_key):
        raise BadSignature(f"{method}: not signed by Alipay")
    if code != "10000":
        raise refusal(code, str(body.get("sub_code", "")), str(body.get("sub_msg") or body.get("msg")))
    if name not in members:
        raise Unreadable(f"{method}: no {name}")
    return body


DECODER = json.JSONDecoder(parse_float=str, parse_int=str)  # An amount never becomes a float.
OPEN, COLON, COMMA = (re.compile(rf"\s*{mark}\s*") for mark in ("{", ":", ","))
END = re.compile(r"\s*}\s*\Z")


def _members(text: str) -> dict[str, tuple[str, object]]:
    """An object's members, each with the exact text of its value. Raises ValueError.

    A JSON parser finds the ends, as the title of a house may hold braces, quotes and this very key.
    """
    members: dict[str, tuple[str, object]] = {}
    mark = OPEN
    at = 0
    while not (members and END.match(text, at)):
        name, after = DECODER.raw_decode(text, _past(mark, text, at))
        start = _past(COLON, text, after)
        value, at = DECODER.raw_decode(text, start)
        if not isinstance(name, str) or name in members:
            raise ValueError(f"no name, or there twice: {name}")  # Sign one, read the other: never.
        members[name] = text[start:at], value
        mark = COMMA
    return members


def _past(mark: re.Pattern[str], text: str, at: int) -> int:
    if found := mark.match(text, at):
        return found.end()
    raise ValueError(f"no JSON object: at {at}")


def _order(out_trade_no: str, amount_fen: int, subject: str, expires_at: datetime) -> dict[str, str]:
    if not re.fullmatch(r"[0-9A-Za-z_]{1,64}", out_trade_no):
        raise ValueError(f"Alipay takes no such out_trade_no: {out_trade_no!r}")
    return {
        "out_trade_no": out_trade_no,
        "total_amount": _payable(amount_fen),
        "subject": clean_subject(subject),
        "time_expire": to_beijing(expires_at),
    }


def _payable(amount_fen: int) -> str:
    if amount_fen < 1:
        raise ValueError(f"no amount to pay or refund: {amount_fen}")
    return fen_to_yuan(amount_fen)


def _text(body: Mapping[str, object], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise Unreadable(f"no {key}")
    return value


def _same(body: Mapping[str, object], key: str, asked: str) -> str:
    """The answer is to our question: a signature alone would let an old answer be played again."""
    if _text(body, key) != asked:
        raise NotOurs(f"asked about {key} {asked!r}, told about {body[key]!r}")
    return asked


def _read(body: Mapping[str, object], key: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(_text(body, key))
    except ValueError as odd:
        raise Unreadable(f"{key}: {odd}") from odd


def _read_if_any(body: Mapping[str, object], key: str, parse: Callable[[str], T]) -> T | None:
    return _read(body, key, parse) if body.get(key) else None
