"""The life of an order, one function per step. What touches money is in payments."""

from datetime import timedelta

from sqlalchemy import insert

from ihome.accounts.actions import require_verified_adult
from ihome.calendar.actions import free_nights, is_taken, take_nights
from ihome.calendar.errors import DatesTaken
from ihome.calendar.rules import Stay, check_stay
from ihome.config import config
from ihome.houses.actions import count_stay
from ihome.houses.queries import lock_terms
from ihome.kit import clock, outbox
from ihome.kit.db import insert_row, lock
from ihome.orders import queries
from ihome.orders.errors import OwnHouse, PriceChanged, TooManyGuests, WrongStatus
from ihome.orders.models import ORDERS, Ending, Order, Status

_PLACE = insert(ORDERS)  # Whoever places an order holds everybody up who wants this house: a third of the ORM's time.


def place_order(
    guest_id: int, house_id: int, stay: Stay, *, guests: int | None = None, amount: int | None = None
) -> int:
    """Take the nights for this guest at today's price, and tell the landlord; the id of the order.

    A guest who already has an open request for the same house and dates gets that one back.
    `amount` is the total that the guest was shown. Raises HouseNotFound, OwnHouse, IdentityRequired, AdultsOnly,
    StayNotAllowed, TooManyGuests, DatesTaken or PriceChanged.
    """
    house = lock_terms(house_id)  # Before any row that points at it, or two guests deadlock.
    if house.landlord_id == guest_id:
        raise OwnHouse
    is_gone = is_taken(house_id, stay)
    if is_gone and (known := queries.find_open_order(guest_id, house_id, stay)):  # An open request holds its nights.
        return known.id
    if config().identity_to_book:
        require_verified_adult(guest_id, clock.today())
    check_stay(stay, today=clock.today(), min_days=house.min_days, max_days=house.max_days)
    if guests is not None and guests > house.capacity:
        raise TooManyGuests(house.capacity)
    if is_gone:
        raise DatesTaken
    total = house.price * stay.days
    if amount is not None and amount != total:
        raise PriceChanged(total)
    now = clock.now()  # Of the business, as every later step of the order.
    order = {
        "user_id": guest_id, "house_id": house_id, "begin_date": stay.first_night, "end_date": stay.last_night,
        "days": stay.days, "guests": guests, "house_price": house.price, "amount": total,
        "deadline_at": now + timedelta(hours=config().answer_hours), "create_time": now,
    }  # fmt: skip
    order_id = insert_row(_PLACE, order)
    take_nights(house_id, stay, order_id=order_id)
    outbox.add("order.placed", order_id=order_id)
    return order_id


def accept_order(order: Order) -> None:
    """The landlord says yes; the guest has a while to pay. Raises WrongStatus."""
    lock(order.house)  # House before order, everywhere: a new status has MariaDB look whether the house is there.
    lock(order)  # Accept against cancel, reject or expiry: the second of them sees what the first one did.
    order.become(Status.WAIT_PAYMENT)
    order.answered_at = clock.now()
    order.deadline_at = clock.now() + timedelta(minutes=config().payment_minutes)
    outbox.add("order.accepted", order_id=order.id)


def reject_order(order: Order, reason: str) -> None:
    """The landlord says no, and why; the nights are free again. Raises WrongStatus."""
    lock(order.house)
    lock(order)
    order.become(Status.REJECTED)
    order.answered_at = order.ended_at = clock.now()
    order.deadline_at, order.comment = None, reason
    free_nights(order.house_id, order.stay, order_id=order.id)
    outbox.add("order.rejected", order_id=order.id)


def cancel_order(order: Order, ending: Ending) -> None:
    """End an open order and free its nights. Raises WrongStatus.

    Where a trade may be open at the gateway, payments closes it first.
    """
    lock(order.house)
    lock(order)
    order.become(Status.CANCELED)
    order.ended_at, order.deadline_at, order.ending = clock.now(), None, ending
    free_nights(order.house_id, order.stay, order_id=order.id)
    outbox.add("order.canceled", order_id=order.id, ending=ending)


def expire_request(order_id: int) -> bool:
    """Cancel a request its landlord has not answered in time; False where it is too late for that."""
    order = queries.get_order(order_id)
    lock(order.house)
    lock(order)
    if order.status != Status.WAIT_ACCEPT or order.deadline_at is None or order.deadline_at > clock.now():
        return False
    cancel_order(order, Ending.UNANSWERED)
    return True


def mark_paid(order: Order, trade_no: str) -> None:
    """The gateway has the money. An order that was cancelled takes its nights again.

    Raises DatesTaken where somebody else has them by now, WrongStatus. The caller holds the lock.
    """
    if order.status == Status.CANCELED:
        take_nights(order.house_id, order.stay, order_id=order.id)
        order.ended_at = order.ending = None
    order.become(Status.PAID)
    order.trade_no, order.paid_at, order.deadline_at = trade_no, clock.now(), None
    outbox.add("order.paid", order_id=order.id)
    if config().review_opens == "payment":
        order.become(Status.WAIT_COMMENT)


def finish_stay(order_id: int) -> bool:
    """The stay is over: the guest may comment. False where that is not so (any more)."""
    order = queries.get_order(order_id)
    lock(order.house)
    lock(order)
    if order.status != Status.PAID or order.end_date >= clock.today():
        return False
    order.become(Status.WAIT_COMMENT)
    return True


def comment_order(order: Order, comment: str, rating: int | None) -> None:
    """What the guest says of the stay; the house counts it. Raises WrongStatus."""
    lock(order.house)
    lock(order)
    order.become(Status.COMPLETE)
    order.comment, order.rating, order.commented_at = comment, rating, clock.now()
    count_stay(order.house, rating)
    outbox.add("order.commented", order_id=order.id)


def reply_to_comment(order: Order, reply: str) -> None:
    """The landlord's one answer to a comment. Raises WrongStatus."""
    lock(order.house)
    lock(order)
    if order.status != Status.COMPLETE or order.reply is not None:
        raise WrongStatus
    order.reply, order.replied_at = reply, clock.now()
    order.house.touch()
    outbox.add("order.replied", order_id=order.id)
