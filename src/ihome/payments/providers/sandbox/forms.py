"""What merchants send in biz_content, and the addresses they name."""

import json
import re
from datetime import datetime
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from ihome.kit.errors import BadInput
from ihome.kit.forms import Fen, Form, JsonNumber, Line, check
from ihome.payments.providers.alipay.wire import from_beijing

from .errors import BadRequest
from .models import URL_LENGTH

F = TypeVar("F", bound=Form)
MAX_FEN = 10_000_000_000  # A hundred million yuan, as at Alipay.


def _instant(value: object) -> datetime:
    """Times far from ours are refused: shown in another zone they would leave the calendar."""
    if isinstance(value, str) and re.match(r"2[0-9]{3}-", value):
        return from_beijing(value)
    raise ValueError("not a time")


def _http_url(value: str) -> str:
    """Where browsers and notices are sent: nothing but http(s), with a host."""
    parts = urlsplit(value)
    if not (re.fullmatch(r"https?://[!-~]+", value) and parts.hostname and parts.port != 0):
        raise ValueError("not an http address")
    return value


Number = Annotated[Line, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Amount = Annotated[Fen, Field(ge=1, le=MAX_FEN)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
Url = Annotated[Line, StringConstraints(max_length=URL_LENGTH), AfterValidator(_http_url)]


class PayForm(Form):
    """Documents alipay.trade.page.pay and alipay.trade.wap.pay."""

    out_trade_no: Number
    total_amount: Amount
    subject: Annotated[Line, StringConstraints(max_length=256)]
    time_expire: Instant | None = None
    quit_url: Url | None = None


class AddressesForm(Form):
    """The parameters beside biz_content that a pay request may have."""

    return_url: Url | None = None
    notify_url: Url | None = None


class TradeForm(Form):
    """Documents alipay.trade.query and alipay.trade.close."""

    out_trade_no: Number


class RefundForm(Form):
    """Document alipay.trade.refund; without a number of its own it is the refund of the whole trade."""

    out_trade_no: Number
    out_request_no: Number | None = None
    refund_amount: Amount


class RefundQueryForm(Form):
    """Document alipay.trade.fastpay.refund.query."""

    out_trade_no: Number
    out_request_no: Number


def read_content(text: str) -> object:
    """biz_content as it was sent. Raises BadRequest."""
    try:
        return json.loads(text, parse_float=JsonNumber, parse_constant=JsonNumber)
    except (ValueError, RecursionError):
        raise BadRequest("biz_content") from None


def read(form: type[F], values: object) -> F:
    """The values as this form. Raises BadRequest, naming the fields that are wrong."""
    try:
        return check(form, values)
    except BadInput as bad:
        raise BadRequest(", ".join(bad.errors or ["biz_content"])) from None
