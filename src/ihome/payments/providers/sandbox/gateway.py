"""The gateway's one address: requests that the merchant signed, answers that the gateway signs."""

from collections.abc import Callable

from flask import Response, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Redirect

from ihome.kit import clock
from ihome.kit.db import in_transaction, reading
from ihome.payments.providers.alipay import rsa2

from . import actions, messages, queries
from .errors import BadRequest, NoSignature, Refused, UnknownApp, UnknownMethod, WrongSignature
from .forms import AddressesForm, PayForm, RefundForm, RefundQueryForm, TradeForm, read, read_content
from .keys import APP_ID, sandbox_keys

PAY_METHODS = ("alipay.trade.page.pay", "alipay.trade.wap.pay")


def gateway() -> Response | Redirect:
    """A payer's browser goes on to the cashier; a server gets its answer, whatever it sent.

    Raises Refused for a browser.
    """
    method = ""
    try:
        params = _params()
        method = params.get("method", "")
        content = _verified(params)
        if method in PAY_METHODS:
            return redirect(url_for("sandbox.cashier", trade_no=_open_trade(method, params, content)))
        body = messages.SUCCESS | ANSWERS[method](content)
    except Refused as refused:
        if method in PAY_METHODS:
            raise
        body = messages.refusal(refused)
    text = messages.signed_answer(method if method in ANSWERS else None, body)
    return Response(text, content_type="application/json;charset=utf-8", headers={"Cache-Control": "no-store"})


def _params() -> dict[str, str]:
    """The parameters of address and form together, as the signature covers both. Raises BadRequest."""
    params: dict[str, str] = {}
    try:
        pairs = [*request.args.items(multi=True), *request.form.items(multi=True)]
    except RequestEntityTooLarge:
        raise BadRequest("too large") from None
    for name, value in pairs:
        if params.setdefault(name, value) != value:  # Sign one, read the other: never.
            raise BadRequest("there twice")
    return params


def _verified(params: dict[str, str]) -> object:
    """The biz_content of a request that the merchant signed. Raises a BadRequest."""
    if params.get("method") not in (*PAY_METHODS, *ANSWERS):
        raise UnknownMethod
    if params.get("app_id") != APP_ID:
        raise UnknownApp
    if not params.get("sign"):
        raise NoSignature
    if not rsa2.verify_request(params, params["sign"], sandbox_keys().merchant.public_key()):
        raise WrongSignature
    for name, wanted in (("sign_type", "RSA2"), ("charset", "utf-8"), ("version", "1.0")):
        if params.get(name, "").lower() != wanted.lower():
            raise BadRequest(name)
    return read_content(params.get("biz_content", ""))


def _open_trade(method: str, params: dict[str, str], content: object) -> str:
    form, addresses = read(PayForm, content), read(AddressesForm, {k: v for k, v in params.items() if v})
    trade = in_transaction(
        actions.open_trade,
        form.out_trade_no,
        form.total_amount,
        form.subject,
        pay_method=method,
        expires_at=form.time_expire,
        return_url=addresses.return_url or "",
        notify_url=addresses.notify_url or "",
        quit_url=form.quit_url or "",
    )
    return trade.trade_no


def _query(content: object) -> dict[str, str]:
    form = read(TradeForm, content)
    with reading():
        trade = queries.get_trade(form.out_trade_no)
        is_overdue = trade.is_overdue(clock.now())
    if is_overdue:
        trade = in_transaction(actions.expire, form.out_trade_no)
    return messages.trade_facts(trade)


def _close(content: object) -> dict[str, str]:
    form = read(TradeForm, content)
    return messages.numbers(in_transaction(actions.close, form.out_trade_no))


def _refund(content: object) -> dict[str, str]:
    form = read(RefundForm, content)
    number = form.out_request_no or form.out_trade_no
    trade, moved_money = in_transaction(actions.refund, form.out_trade_no, number, form.refund_amount)
    return messages.refund_facts(trade, moved_money=moved_money)


def _query_refund(content: object) -> dict[str, str]:
    """A refund that there is none of is no error: the answer has the code of success and no status."""
    form = read(RefundQueryForm, content)
    with reading():
        trade = queries.get_trade(form.out_trade_no)
        refund = queries.find_refund(trade, form.out_request_no)
    return messages.refund_status(trade, refund) if refund else {}


ANSWERS: dict[str, Callable[[object], dict[str, str]]] = {
    "alipay.trade.query": _query,
    "alipay.trade.close": _close,
    "alipay.trade.refund": _refund,
    "alipay.trade.fastpay.refund.query": _query_refund,
}
