"""What the pages of orders show: each order with its house, and with the person on the other side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from ihome.accounts.models import User
from ihome.houses.models import Area, House
from ihome.houses.rules import street_of
from ihome.kit.db import session
from ihome.orders.errors import OrderNotFound
from ihome.orders.models import OPEN, Order, Status

PAGE_SIZE = 20  # Cards on a page.
Rows = Sequence[Any]
COLUMNS = (
    Order.id, Order.house_id, Order.begin_date, Order.end_date, Order.days, Order.guests, Order.house_price,
    Order.amount, Order.status, Order.comment, Order.rating, Order.reply, Order.ending, Order.deadline_at,
    Order.create_time, Order.answered_at, Order.paid_at, Order.commented_at, Order.replied_at, Order.ended_at,
    House.title, House.address, House.deposit, House.index_image_url, House.is_listed, Area.name.label("area_name"),
    User.name.label("partner_name"),
)  # fmt: skip
SETTLED = (Status.PAID, Status.WAIT_COMMENT, Status.COMPLETE)  # The guest may know the door.

# What people filter by: a word in the address, and the statuses it means.
FILTERS: Mapping[str, tuple[Status, ...]] = {
    "asked": (Status.WAIT_ACCEPT,),
    "unpaid": (Status.WAIT_PAYMENT,),
    "paid": (Status.PAID,),
    "comment": (Status.WAIT_COMMENT,),
    "done": (Status.COMPLETE,),
    "ended": (Status.CANCELED, Status.REJECTED),
}


@dataclass(frozen=True)
class Desk:
    """One side of the orders: what waits for this side first, then what is ahead; the rest is over."""

    waits: tuple[Status, ...]
    ahead: tuple[Status, ...]

    def group(self, status: str) -> str:
        return "waits" if status in self.waits else "ahead" if status in self.ahead else "over"

    @property
    def order(self) -> tuple[ColumnElement[Any], ...]:
        """By what it is to this side; open ones by deadline, stays to come by day, old ones newest first."""
        ranks = (*self.waits, *self.ahead)
        return (
            case(*((Order.status == status, rank) for rank, status in enumerate(ranks)), else_=len(ranks)),
            case((Order.status.in_(OPEN), Order.deadline_at)),
            case((Order.status == Status.PAID, Order.begin_date)),
            Order.id.desc(),
        )


GUEST = Desk(waits=(Status.WAIT_PAYMENT, Status.WAIT_COMMENT), ahead=(Status.WAIT_ACCEPT, Status.PAID))
LANDLORD = Desk(waits=(Status.WAIT_ACCEPT,), ahead=(Status.WAIT_PAYMENT, Status.PAID))


@dataclass(frozen=True)
class Waiting:
    """How many orders wait for what this person does next."""

    trips: int = 0
    requests: int = 0


def list_trips(guest: User, chosen: str, page: int) -> Rows:
    """A page of the guest's orders with their landlords."""
    return _page(_trips(guest), GUEST, chosen, page)


def list_requests(landlord: User, chosen: str, page: int) -> Rows:
    """A page of the orders of the landlord's houses with their guests."""
    return _page(_requests(landlord), LANDLORD, chosen, page)


def get_trip(guest: User, order_id: int) -> Any:
    """This guest's order as list_trips() shows it. Raises OrderNotFound."""
    return _one(_trips(guest), order_id)


def get_request(landlord: User, order_id: int) -> Any:
    """An order of this landlord's houses as list_requests() shows it. Raises OrderNotFound."""
    return _one(_requests(landlord), order_id)


def _trips(guest: User) -> Select[*tuple[Any, ...]]:
    return _select().join(User, User.id == House.user_id).where(Order.user_id == guest.id)


def _requests(landlord: User) -> Select[*tuple[Any, ...]]:
    return _select().join(User, User.id == Order.user_id).where(House.user_id == landlord.id)


def _select() -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).join(House, House.id == Order.house_id).join(Area, Area.id == House.area_id)


def _page(found: Select[*tuple[Any, ...]], desk: Desk, chosen: str, page: int) -> Rows:
    if chosen in FILTERS:
        found = found.where(Order.status.in_(FILTERS[chosen]))
    return session.execute(found.order_by(*desk.order).limit(PAGE_SIZE).offset(PAGE_SIZE * (page - 1))).all()


def _one(found: Select[*tuple[Any, ...]], order_id: int) -> Any:
    row = session.execute(found.where(Order.id == order_id)).one_or_none()
    if row is None:
        raise OrderNotFound
    return row


def count_trips(guest: User) -> dict[str, int]:
    """How many orders the guest has under each filter, and under "" in all."""
    return _counts(Order.user_id == guest.id)


def count_requests(landlord: User) -> dict[str, int]:
    """How many orders the landlord's houses have under each filter, and under "" in all."""
    return _counts(_of_houses_of(landlord.id))


def _counts(mine: ColumnElement[bool]) -> dict[str, int]:
    counted = select(Order.status, func.count(Order.id)).where(mine).group_by(Order.status)
    by_status = dict(session.execute(counted).all())
    found = {name: sum(by_status.get(status, 0) for status in meant) for name, meant in FILTERS.items()}
    return {"": sum(by_status.values())} | found


def _of_houses_of(user_id: int) -> ColumnElement[bool]:
    return Order.house_id.in_(select(House.id).where(House.user_id == user_id))


def address_for_guest(row: Any) -> str:
    """The whole address once the stay is paid, the street until then."""
    return row.address if row.status in SETTLED else street_of(row.address)


def count_waiting(user_id: int) -> Waiting:
    """Trips to be paid or commented on, and requests to be answered: what the lists begin with."""
    trips = _count(Order.user_id == user_id, Order.status.in_(GUEST.waits))
    requests = _count(_of_houses_of(user_id), Order.status.in_(LANDLORD.waits))
    row = session.execute(select(trips, requests)).one()
    return Waiting(*row)


def _count(*conditions: ColumnElement[bool]) -> Any:
    return select(func.count(Order.id)).where(*conditions).scalar_subquery()
