"""The sandbox's pages: the gateway's address, and the cashier where a payer pays without paying."""

from datetime import timedelta
from math import ceil

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from ihome.config import config
from ihome.kit import clock
from ihome.kit.browser import exempt_from_csrf
from ihome.kit.crypto import keyed_hash, same
from ihome.kit.db import in_transaction, reads

from . import actions, messages
from .errors import NoSuchTrade, Refused, StaleForm
from .gateway import gateway
from .models import SandboxTrade
from .queries import get_cashier_trade

pages = Blueprint("sandbox", __name__, url_prefix="/sandbox")

# Requests prove themselves by the merchant's signature, the cashier's form by its own token.
exempt_from_csrf(gateway)
pages.add_url_rule("/gateway.do", view_func=gateway, methods=["GET", "POST"])


@pages.get("/cashier/<trade_no>")
@reads
def cashier(trade_no: str) -> Response:
    """What is to be paid, and the buttons to pay or to leave."""
    return _cashier_page(get_cashier_trade(trade_no))


def pay(trade_no: str) -> Response | Redirect:
    """Pay, and go back to the merchant; or say why not. A second click goes the same way as the first."""
    if not same(request.form.get("token", ""), _form_token(trade_no)):
        raise StaleForm
    trade = in_transaction(actions.pay, trade_no)
    if trade.paid_at and trade.return_url:
        return redirect(messages.return_address(trade, trade.paid_at))
    return _cashier_page(trade, 200 if trade.paid_at else 409)


exempt_from_csrf(pay)
pages.add_url_rule("/cashier/<trade_no>", view_func=pay, methods=["POST"])


def _form_token(trade_no: str) -> str:
    return keyed_hash(config().secret_key, "sandbox", trade_no)


def _cashier_page(trade: SandboxTrade, status: int = 200) -> Response:
    now = clock.now()
    return _page(
        "sandbox/cashier.html",
        status,
        trade=trade,
        is_open=trade.is_waiting and not trade.is_overdue(now),
        is_late=trade.paid_at is None and now >= trade.expires_at,
        minutes=ceil(trade.time_left(now) / timedelta(minutes=1)),
        token=_form_token(trade.trade_no),
        leave_url=trade.quit_url or trade.return_url or config().base_url,
    )


@pages.errorhandler(Refused)
def refused_page(refused: Refused) -> Response:
    """What the payer's browser sees when the gateway says no."""
    status = 404 if isinstance(refused, NoSuchTrade) else 400
    return _page("sandbox/refused.html", status, refused=refused, home_url=config().base_url)


def _page(template: str, status: int, **facts: object) -> Response:
    answer = make_response(render_template(template, **facts), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
