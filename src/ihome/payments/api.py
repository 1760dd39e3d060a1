"""Paying, what the gateway says of it, and cancelling over JSON (contract: Orders)."""

import structlog
from flask import Response, request
from werkzeug.exceptions import HTTPException

from ihome.accounts.signin import current_user
from ihome.houses.models import House
from ihome.kit.browser import exempt_from_csrf
from ihome.kit.db import in_transaction, reading
from ihome.kit.errors import AppError
from ihome.kit.http import Api, check_is_form, idempotency_key, ok
from ihome.kit.idempotency import IdempotencyKeyReused, once
from ihome.orders.errors import OrderNotFound, WrongStatus
from ihome.orders.models import Ending
from ihome.orders.queries import get_trip
from ihome.payments import actions, queries
from ihome.payments.closing import close_and_end
from ihome.payments.errors import GatewayDown, NotPayable, PaidMeanwhile, PaymentMismatch
from ihome.payments.gateway import asking, gateway, notify_url, provider, return_url
from ihome.payments.models import Payment
from ihome.payments.providers.alipay.errors import GatewayError

api = Api("payments")
log = structlog.get_logger()


@api.post(
    "/orders/<id:order_id>/payment",
    auth=True,
    headers=("Idempotency-Key",),
    raises=(NotPayable, IdempotencyKeyReused, GatewayDown),
)
def start_payment(order_id: int) -> Response:
    """The address of the gateway's page for this order."""

    def start() -> Payment:
        guest = current_user()

        def attempt() -> dict[str, int]:
            try:
                return {"payment_id": actions.start_payment(get_trip(guest, order_id), provider()).id}
            except OrderNotFound:
                raise NotPayable from None

        found = once(guest.id, "POST /orders/payment", idempotency_key(), {"order_id": order_id}, attempt)
        payment = queries.get_payment(found["payment_id"])
        _ = payment.order.house.title  # Loaded here: the address is signed when the transaction is over.
        return payment

    payment = in_transaction(start)
    return ok({"pay_url": _pay_url(payment, payment.order.house)})


def _pay_url(payment: Payment, house: House) -> str:
    client = gateway()
    is_phone = "Mobi" in request.headers.get("User-Agent", "")
    page = client.wap_pay_url if is_phone else client.page_pay_url
    if payment.order.deadline_at is None:  # Paid or cancelled since: the key was remembered.
        raise NotPayable
    return page(
        payment.out_trade_no, payment.amount, house.title,
        return_url=return_url(), notify_url=notify_url(), expires_at=payment.order.deadline_at,
    )  # fmt: skip


@api.put("/orders/payment", form_encoded=True, raises=(PaymentMismatch,))
def confirm_return() -> Response:
    """What the gateway appended to the return address; also when repeated."""
    check_is_form()
    try:
        returned = gateway().verify_return(request.form.to_dict())
    except GatewayError:
        raise PaymentMismatch from None
    payment = in_transaction(actions.confirm, returned.out_trade_no, returned.trade_no, returned.amount_fen)
    return ok({"order_id": payment.order_id})


@api.post("/payments/alipay/notify", form_encoded=True, media_type="text/plain")
@exempt_from_csrf
def take_notice() -> Response:
    """The gateway's notification, which proves itself by its signature."""
    return Response(_notice_answer(), mimetype="text/plain")


def _notice_answer() -> str:
    try:
        notice = gateway().verify_notice(request.form.to_dict())
        if notice.status.is_paid:
            in_transaction(actions.confirm, notice.out_trade_no, notice.trade_no, notice.amount_fen)
    except (GatewayError, AppError, HTTPException) as error:  # The last for a form that is too long to be read.
        log.warning("payment.notice_refused", reason=type(error).__name__)
        return "fail"
    return "success"


@api.put(
    "/orders/<id:order_id>/cancel",
    auth=True,
    extension=True,
    raises=(OrderNotFound, WrongStatus, PaidMeanwhile, GatewayDown),
)
def cancel_order(order_id: int) -> Response:
    """The guest withdraws before paying; the nights are free again."""
    with reading():
        get_trip(current_user(), order_id)
    close_and_end(order_id, Ending.GUEST, asking)
    return ok()
