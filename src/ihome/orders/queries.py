"""Finding orders. Who may see it is in the WHERE."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from ihome.accounts.models import User
from ihome.calendar.rules import Stay
from ihome.houses.models import House
from ihome.kit import clock
from ihome.kit.db import session
from ihome.orders.errors import OrderNotFound, WrongStatus
from ihome.orders.models import OPEN, Order, Status
from ihome.storage.media import media_url

PAGE_SIZE, MOST = 50, 500  # Orders on a page; orders without `page` (contract: GET /user/orders).


def get_order(order_id: int) -> Order:
    """For handlers and tasks, which act for nobody. Raises OrderNotFound."""
    order = session.get(Order, order_id)
    if order is None:
        raise OrderNotFound
    return order


def get_trip(guest: User, order_id: int) -> Order:
    """This guest's order; for anybody else's, the same OrderNotFound as for none."""
    order = session.scalar(select(Order).where(Order.id == order_id, Order.user_id == guest.id))
    if order is None:
        raise OrderNotFound
    return order


def get_trip_to_comment(guest: User, order_id: int) -> Order:
    """Raises WrongStatus where it is not this guest's: the contract knows no other answer here."""
    order = session.scalar(select(Order).where(Order.id == order_id, Order.user_id == guest.id))
    if order is None:
        raise WrongStatus
    return order


def get_request(landlord: User, order_id: int) -> Order:
    """An order of a house of this landlord. Raises WrongStatus where it is not (contract: PUT …/status)."""
    order = session.scalar(
        select(Order).join(House, House.id == Order.house_id).where(Order.id == order_id, House.user_id == landlord.id)
    )
    if order is None:
        raise WrongStatus
    return order


def find_open_order(guest_id: int, house_id: int, stay: Stay) -> Order | None:
    """The guest's open request for the same house and dates."""
    return session.scalar(
        select(Order)
        .where(Order.user_id == guest_id, Order.house_id == house_id, Order.status.in_(OPEN))
        .where(Order.begin_date == stay.first_night, Order.end_date == stay.last_night)
        .order_by(Order.id)
        .limit(1)
    )


COLUMNS = (
    Order.id, Order.begin_date, Order.end_date, Order.create_time, Order.days, Order.guests, Order.amount, Order.status,
    Order.comment, Order.rating, Order.reply, Order.deadline_at, Order.ending, Order.house_id, Order.user_id,
    House.title, House.index_image_url,
)  # fmt: skip


def _mine(user: User, role: str) -> ColumnElement[bool]:
    return House.user_id == user.id if role == "landlord" else Order.user_id == user.id


def list_orders(user: User, role: str, page: int | None) -> Sequence[Any]:
    """The user's orders as guest ("custom") or as landlord, newest first."""
    found = select(*COLUMNS).join(House, House.id == Order.house_id).where(_mine(user, role)).order_by(Order.id.desc())
    found = found.limit(MOST) if page is None else found.limit(PAGE_SIZE).offset(PAGE_SIZE * (page - 1))
    return session.execute(found).all()


def count_orders(user: User, role: str) -> int:
    counted = select(func.count(Order.id)).join(House, House.id == Order.house_id).where(_mine(user, role))
    return session.scalar(counted) or 0


def show(row: Any) -> dict[str, Any]:
    """A row of list_orders() as answers write it (contract: GET /user/orders)."""
    status = Status(row.status)
    return {
        "order_id": row.id,
        "house_id": row.house_id,
        "title": row.title,
        "img_url": media_url(row.index_image_url),
        "start_date": row.begin_date.isoformat(),
        "end_date": row.end_date.isoformat(),
        "ctime": clock.local_text(row.create_time),
        "days": row.days,
        "guests": row.guests,
        "amount": row.amount,
        "status": status,
        "comment": row.comment or "",
        "rating": row.rating,
        "reply": row.reply or "",
        "deadline": clock.local_text(row.deadline_at) if row.deadline_at and status in OPEN else "",
    }


def count_by_status() -> dict[str, int]:
    """Of all orders there are; a status that none has counts 0."""
    counted = session.execute(select(Order.status, func.count()).group_by(Order.status))
    return {str(status): 0 for status in Status} | {str(status): number for status, number in counted}


def list_comments(house_id: int, limit: int = 30, offset: int = 0) -> Sequence[Any]:
    """Newest first: comment, rating, reply, when, and the guest's name if they chose one."""
    return session.execute(
        select(Order.comment, Order.rating, Order.reply, Order.commented_at, User.name, User.chose_name)
        .join(User, User.id == Order.user_id)
        .where(Order.house_id == house_id, Order.status == Status.COMPLETE)
        .order_by(Order.commented_at.desc(), Order.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def list_unanswered(before: datetime, limit: int = 100) -> list[int]:
    return _overdue(Status.WAIT_ACCEPT, before, limit)


def list_unpaid(before: datetime, limit: int = 100) -> list[int]:
    return _overdue(Status.WAIT_PAYMENT, before, limit)


def _overdue(status: Status, before: datetime, limit: int) -> list[int]:
    found = select(Order.id).where(Order.status == status, Order.deadline_at <= before)
    return list(session.scalars(found.order_by(Order.deadline_at).limit(limit)))


def list_finished_stays(today: date, limit: int = 500) -> list[int]:
    """Paid orders whose last night is over: check-out is today or was earlier."""
    found = select(Order.id).where(Order.status == Status.PAID, Order.end_date < today)
    return list(session.scalars(found.order_by(Order.end_date).limit(limit)))
