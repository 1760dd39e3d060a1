"""Finding archives, and what belongs into one: whose it is stands in each WHERE. Lists go by id, a batch at a time."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, selectinload

from ihome.accounts.models import User
from ihome.archive.models import Archive
from ihome.houses.models import House
from ihome.kit.db import session
from ihome.orders.models import Order
from ihome.payments.models import Payment, Refund


def find_archive(user_id: int) -> Archive | None:
    return session.scalar(select(Archive).where(Archive.user_id == user_id))


def find_by_name(name: str) -> Archive | None:
    return session.scalar(select(Archive).where(Archive.name == name))


def list_names() -> set[str]:
    return set(session.scalars(select(Archive.name)))


def list_houses(user_id: int, after_id: int, limit: int) -> Sequence[House]:
    """With area, facilities and pictures."""
    found = select(House).where(House.user_id == user_id, House.id > after_id).order_by(House.id).limit(limit)
    parts = (selectinload(House.area), selectinload(House.facilities), selectinload(House.images))
    return session.scalars(found.options(*parts)).all()


Landlord = aliased(User)
ORDER = (
    Order.id, Order.house_id, House.title, House.address, Order.begin_date, Order.end_date, Order.days, Order.guests,
    Order.house_price, Order.amount, Order.status, Order.ending, Order.comment, Order.rating, Order.reply,
    Order.create_time, Order.answered_at, Order.paid_at, Order.ended_at, Order.commented_at, Order.replied_at,
    User.name.label("guest_name"), Landlord.name.label("landlord_name"),
)  # fmt: skip


def list_trips(user_id: int, after_id: int, limit: int) -> Sequence[Any]:
    """Orders of which this person is the guest."""
    return _list_orders(Order.user_id == user_id, after_id, limit)


def list_requests(user_id: int, after_id: int, limit: int) -> Sequence[Any]:
    """Orders of this person's houses."""
    return _list_orders(House.user_id == user_id, after_id, limit)


def _list_orders(mine: Any, after_id: int, limit: int) -> Sequence[Any]:
    return session.execute(
        select(*ORDER)
        .join(House, House.id == Order.house_id)
        .join(User, User.id == Order.user_id)
        .join(Landlord, Landlord.id == House.user_id)
        .where(mine, Order.id > after_id)
        .order_by(Order.id)
        .limit(limit)
    ).all()


def list_payments(user_id: int, after_id: int, limit: int) -> Sequence[Payment]:
    """This person's attempts to pay."""
    return session.scalars(
        select(Payment)
        .join(Order, Order.id == Payment.order_id)
        .where(Order.user_id == user_id, Payment.id > after_id)
        .order_by(Payment.id)
        .limit(limit)
    ).all()


def list_refunds(payment_ids: Collection[int]) -> Sequence[Refund]:
    """What went back of these."""
    return session.scalars(select(Refund).where(Refund.payment_id.in_(payment_ids)).order_by(Refund.id)).all()
