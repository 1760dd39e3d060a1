"""Orders over JSON (contract: Orders)."""

from flask import Response

from ihome.accounts.errors import AdultsOnly, IdentityRequired
from ihome.accounts.signin import current_user, visitor
from ihome.calendar.errors import DatesTaken, StayNotAllowed
from ihome.houses.errors import HouseNotFound
from ihome.kit.db import in_transaction, reads, writes
from ihome.kit.errors import BadInput
from ihome.kit.http import Api, idempotency_key, ok, parse, parse_query
from ihome.kit.idempotency import IdempotencyKeyReused, once
from ihome.orders import actions, queries
from ihome.orders.errors import OwnHouse, PriceChanged, TooManyGuests, WrongStatus
from ihome.orders.forms import AnswerForm, CommentForm, OrderForm, OrdersQuery, ReplyForm

api = Api("orders")


@api.post(
    "/orders",
    takes=OrderForm,
    auth=True,
    headers=("Idempotency-Key",),
    raises=(BadInput, IdempotencyKeyReused, HouseNotFound, OwnHouse, IdentityRequired, AdultsOnly, StayNotAllowed,
            TooManyGuests, DatesTaken, PriceChanged),
)  # fmt: skip
def place_order() -> Response:
    """Ask for a stay: takes the nights at once."""
    guest, form, key = visitor(), parse(OrderForm), idempotency_key()

    def place() -> dict[str, int]:
        order_id = actions.place_order(guest.id, form.house_id, form.stay, guests=form.guests, amount=form.amount)
        return {"order_id": order_id}

    return ok(
        in_transaction(once, guest.id, "POST /orders", key, form.model_dump(mode="json", exclude_none=True), place)
    )


@api.get("/user/orders", query=OrdersQuery, auth=True, raises=(BadInput,))
@reads
def list_orders() -> Response:
    """One's orders as a guest (role=custom) or as a landlord, newest first."""
    user, query = current_user(), parse_query(OrdersQuery)
    data: dict[str, object] = {
        "orders": [queries.show(row) for row in queries.list_orders(user, query.role, query.page)]
    }
    if query.page is not None:
        data["total_pages"] = -(-queries.count_orders(user, query.role) // queries.PAGE_SIZE)
    return ok(data)


@api.put("/orders/<id:order_id>/status", takes=AnswerForm, auth=True, raises=(BadInput, WrongStatus))
@writes
def answer_request(order_id: int) -> Response:
    """The landlord accepts or rejects a request."""
    landlord, form = current_user(), parse(AnswerForm)
    order = queries.get_request(landlord, order_id)
    if form.action == "accept":
        actions.accept_order(order)
    else:
        actions.reject_order(order, form.reason or "")
    return ok()


@api.put("/orders/<id:order_id>/comment", takes=CommentForm, auth=True, raises=(BadInput, WrongStatus))
@writes
def comment_order(order_id: int) -> Response:
    """The guest comments on a stay that is over."""
    guest, form = current_user(), parse(CommentForm)
    actions.comment_order(queries.get_trip_to_comment(guest, order_id), form.comment, form.rating)
    return ok()


@api.put("/orders/<id:order_id>/reply", takes=ReplyForm, auth=True, extension=True, raises=(BadInput, WrongStatus))
@writes
def reply_to_comment(order_id: int) -> Response:
    """The landlord answers a comment, once."""
    landlord, form = current_user(), parse(ReplyForm)
    actions.reply_to_comment(queries.get_request(landlord, order_id), form.reply)
    return ok()
