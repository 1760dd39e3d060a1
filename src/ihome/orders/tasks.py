"""What happens to orders by itself, and whom they are told about."""

from datetime import timedelta
from typing import Any

from ihome.config import config
from ihome.kit import clock, outbox
from ihome.kit.db import in_transaction, reading
from ihome.kit.schedule import every
from ihome.notices.mails import send_mail
from ihome.orders import actions, queries
from ihome.orders.models import Ending, Order


@every(timedelta(seconds=5))
def expire_requests() -> int:
    """Cancel requests that their landlords have not answered in time, and free the nights; how many."""
    with reading():
        overdue = queries.list_unanswered(clock.now())
    return sum(in_transaction(actions.expire_request, order_id) for order_id in overdue)


@every(timedelta(seconds=5))
def finish_stays() -> int:
    """Paid stays that are over may be commented on; how many became so."""
    with reading():
        over = queries.list_finished_stays(clock.today())
    return sum(in_transaction(actions.finish_stay, order_id) for order_id in over)


# --- mails: each handler may run twice; the mail's key makes the second one the same mail ---------------------------


def facts(order: Order) -> dict[str, Any]:
    """What mails say about an order."""
    return {
        "house_title": order.house.title,
        "check_in": order.stay.check_in,
        "check_out": order.stay.check_out,
        "nights": order.days,
        "guests": order.guests,
        "amount_fen": order.amount,
        "address": order.house.address,
        "guest_name": order.guest.name,
        "landlord_name": order.house.landlord.name,
        "house_url": f"{config().base_url}/houses/{order.house_id}",
        "search_url": f"{config().base_url}/search?area_id={order.house.area_id}",
    }


def tell_guest(order_id: int, template: str, **more: Any) -> None:
    _tell(order_id, template, "guest", more)


def tell_landlord(order_id: int, template: str, **more: Any) -> None:
    _tell(order_id, template, "landlord", more)


def _tell(order_id: int, template: str, whom: str, more: dict[str, Any]) -> None:
    with reading():
        order = queries.get_order(order_id)
        person = order.guest if whom == "guest" else order.house.landlord
        page = "trips" if whom == "guest" else "hosting"
        known = facts(order) | {
            "order_url": f"{config().base_url}/{page}/{order.id}",
            "deadline": order.deadline_at or order.create_time,
            "reason": order.comment or "",
            "comment": order.comment or "",
            "rating": order.rating,
            "reply": order.reply or "",
        }
    send_mail(template, to=person.email, language=person.language, key=f"order-{order_id}", **(known | more))


@outbox.on("order.placed")
def mail_request(order_id: int) -> None:
    tell_landlord(order_id, "order_placed")


@outbox.on("order.accepted")
def mail_acceptance(order_id: int) -> None:
    tell_guest(order_id, "order_accepted")


@outbox.on("order.rejected")
def mail_rejection(order_id: int) -> None:
    tell_guest(order_id, "order_rejected")


@outbox.on("order.paid")
def mail_receipt(order_id: int) -> None:
    tell_guest(order_id, "order_paid")


@outbox.on("order.paid")
def mail_income(order_id: int) -> None:
    tell_landlord(order_id, "order_paid_landlord")


@outbox.on("order.canceled")
def mail_end_to_guest(order_id: int, ending: str) -> None:
    """The guest need not be told what the guest did."""
    if ending != Ending.GUEST:
        tell_guest(order_id, f"order_expired_{ending}")


@outbox.on("order.canceled")
def mail_end_to_landlord(order_id: int, ending: str) -> None:
    tell_landlord(order_id, "order_canceled" if ending == Ending.GUEST else f"order_expired_{ending}_landlord")


@outbox.on("order.commented")
def mail_comment(order_id: int) -> None:
    tell_landlord(order_id, "comment_received")


@outbox.on("order.replied")
def mail_reply(order_id: int) -> None:
    tell_guest(order_id, "reply_received")
