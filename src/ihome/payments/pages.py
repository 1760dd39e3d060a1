"""Where the gateway sends the payer back to: what is known of the payment, and what comes next."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, render_template, request

from ihome.accounts.models import User
from ihome.accounts.signin import find_current_user
from ihome.calendar.rules import ONE_DAY
from ihome.kit.db import reading, reads
from ihome.orders.models import OPEN
from ihome.orders.overview import SETTLED, get_trip
from ihome.payments import queries
from ihome.payments.models import PaymentStatus
from ihome.payments.timeline import with_refunds

pages = Blueprint("payments", __name__)

LONGEST_NUMBER = 64
pages.add_app_template_global(with_refunds)


@pages.app_template_global()
def refunds_of(orders: Iterable[Any]) -> dict[int, list[Any]]:
    """What goes back of these orders, by id. The pages of orders know nothing of payments, so they ask for it here."""
    found: dict[int, list[Any]] = {order.id: [] for order in orders}
    with reading():
        for refund in queries.list_refunds(found):
            found[refund.order_id].append(refund)
    return found


@pages.get("/pay/done")
@reads
def pay_done() -> str:
    """The truth as our rows have it; the page's script hands the gateway's words to the API and looks again."""
    guest = find_current_user()
    known = _standing(guest) if guest else {"standing": "unknown"}
    return render_template("payments/pay_done.html", has_words=bool(request.args), one_day=ONE_DAY, **known)


def _standing(guest: User) -> dict[str, Any]:
    """How the attempt that this page is about stands: paid, refund, checking, unpaid, over; or unknown."""
    number = request.args.get("out_trade_no", "")[:LONGEST_NUMBER]
    # PostgreSQL takes no NUL into a statement.
    payment = queries.find_attempt(guest, number) if number.isprintable() else None
    if payment is None:
        return {"standing": "unknown"}
    order, refund = get_trip(guest, payment.order_id), queries.find_refund(payment.id)
    known = {"order": order, "refund": refund, "amount": payment.amount}
    if refund:
        return known | {"standing": "refund"}
    if payment.status == PaymentStatus.PAID or order.status in SETTLED:
        return known | {"standing": "paid"}
    if order.status not in OPEN:
        return known | {"standing": "over"}
    return known | {"standing": "checking" if request.args else "unpaid"}
