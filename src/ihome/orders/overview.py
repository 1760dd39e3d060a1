"""What the pages of orders show: each order with its house, and with the person on the other side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from ihome.accounts.models import User
from ihome.houses.models import Area, House
from ihome.houses.rules import street_of
from ihome.kit.db import session
from ihome.orders.models import Order, Status
from ihome.orders.queries import PAGE_SIZE

COLUMNS = (
    Order.id, Order.house_id, Order.begin_date, Order.end_date, Order.days, Order.house_price, Order.amount,
    Order.status, Order.comment, Order.rating, Order.reply, Order.ending, Order.deadline_at, Order.create_time,
    Order.answered_at, Order.paid_at, Order.commented_at, Order.ended_at, House.title, House.address, House.deposit,
    House.index_image_url, House.is_listed, Area.name.label("area_name"), User.name.label("partner_name"),
)  # fmt: skip
SETTLED = (Status.PAID, Status.WAIT_COMMENT, Status.COMPLETE)  # The guest may know the door.


@dataclass(frozen=True)
class Waiting:
    """How many orders wait for what this person does next."""

    trips: int = 0
    requests: int = 0


def list_trips(guest: User, page: int) -> Sequence[Any]:
    """A page of the guest's orders with their landlords, newest first."""
    return _page(_select().join(User, User.id == House.user_id).where(Order.user_id == guest.id), page)


def list_requests(landlord: User, page: int) -> Sequence[Any]:
    """A page of the orders of the landlord's houses with their guests, newest first."""
    return _page(_select().join(User, User.id == Order.user_id).where(House.user_id == landlord.id), page)


def _select() -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).join(House, House.id == Order.house_id).join(Area, Area.id == House.area_id)


def _page(found: Select[*tuple[Any, ...]], page: int) -> Sequence[Any]:
    found = found.order_by(Order.id.desc()).limit(PAGE_SIZE).offset(PAGE_SIZE * (page - 1))
    return session.execute(found).all()


def address_for_guest(row: Any) -> str:
    """The whole address once the stay is paid, the street until then."""
    return row.address if row.status in SETTLED else street_of(row.address)


def count_waiting(user_id: int) -> Waiting:
    """Trips to be paid, and requests to be answered."""
    trips = _count(Order.user_id == user_id, Order.status == Status.WAIT_PAYMENT)
    requests = _count(
        Order.house_id.in_(select(House.id).where(House.user_id == user_id)), Order.status == Status.WAIT_ACCEPT
    )
    row = session.execute(select(trips, requests)).one()
    return Waiting(*row)


def _count(*conditions: ColumnElement[bool]) -> Any:
    return select(func.count(Order.id)).where(*conditions).scalar_subquery()
