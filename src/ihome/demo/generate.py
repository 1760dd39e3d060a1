"""Houses, stays and nights in bulk, for measuring. Plain inserts in large pieces: the rules are kept by arithmetic."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnClause, func, insert, literal_column, select

from ihome.accounts.models import User
from ihome.calendar.models import HouseNight
from ihome.calendar.words import WORDS, masks
from ihome.houses.models import House, HouseFacility
from ihome.houses.queries import list_areas
from ihome.kit import clock
from ihome.kit.db import Base, Row, session
from ihome.orders.models import Order, Status
from ihome.payments.models import Payment, PaymentStatus

CHUNK = 1000  # Houses in a transaction.
AHEAD = 200  # All nights lie within so many days.
HOT_WEEK_STARTS, WEEK = 60, 7  # So many days ahead, for so many nights,
HOT_SHARE = 0.85  # of the houses are taken.
WEEKS = ((3, 3, 1), (3, 1, 3), (1, 3, 3), (2, 2, 3), (2, 3, 2), (3, 2, 2))  # Stays that fill them.
BEFORE = HOT_WEEK_STARTS - 1  # Days from tomorrow to that week,
AFTER = AHEAD - HOT_WEEK_STARTS - WEEK + 1  # and behind it.
MOST_NIGHTS = 180
HOUSES_OF_A_LANDLORD, HOUSES_TO_A_GUEST, FACILITIES = 20, 10, 23
KINDS = (("一居室", 1, 2), ("阁楼", 1, 3), ("两居", 2, 4), ("小院", 2, 5), ("三居", 3, 6), ("湖边小楼", 4, 10))


@dataclass(frozen=True)
class Ground:
    """What all the houses share."""

    areas: dict[int, str]
    landlords: list[int]
    guests: list[int]
    now: datetime
    days: list[date]  # Today and those that follow.


@dataclass
class Chunk:
    """The rows of some houses."""

    houses: list[dict[str, Any]] = field(default_factory=list)
    facilities: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    nights: list[dict[str, Any]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        return sum(map(len, (self.houses, self.facilities, self.orders, self.nights, self.payments)))


def prepare(houses: int, password_hash: str) -> Ground:
    """The people for so many houses, made where they are missing, and the days."""
    today = clock.today()
    return Ground(
        areas={area.id: area.name for area in list_areas()},
        landlords=_people("host", -(-houses // HOUSES_OF_A_LANDLORD), password_hash),
        guests=_people("guest", max(20, houses // HOUSES_TO_A_GUEST), password_hash),
        now=clock.now().replace(microsecond=0),
        days=[today + timedelta(days=ahead) for ahead in range(AHEAD + 1)],
    )


def _people(kind: str, count: int, password_hash: str) -> list[int]:
    """The ids of bulk-host-1@example.com, bulk-host-2@example.com and so on."""
    found = select(User.id).where(User.email.startswith(f"bulk-{kind}-")).order_by(User.id)
    known = len(session.scalars(found).all())
    names = [f"bulk-{kind}-{number}" for number in range(known + 1, count + 1)]
    if names:
        facts = [{"email": f"{name}@example.com", "name": name, "password_hash": password_hash} for name in names]
        session.execute(insert(User), facts)
    return list(session.scalars(found.limit(count)))


def add_houses(ground: Ground, first: int, count: int, nights: int) -> Chunk:
    """Add houses number `first` and so on, with so many taken nights each; the same ones every time."""
    rng = random.Random(f"ihome data {nights} {first}")  # noqa: S311 - the same data every time
    made = Chunk()
    house_id, order_id, payment_id = _next_id(House), _next_id(Order), _next_id(Payment)
    for number in range(count):
        house = _house(ground, rng, house_id + number)
        made.houses.append(house)
        facilities = rng.sample(range(1, FACILITIES + 1), rng.randint(1, 5))
        made.facilities += [{"house_id": house["id"], "facility_id": facility_id} for facility_id in facilities]
        taken: list[date] = []
        for ahead, length in place_stays(rng, nights):
            at = len(made.orders)
            slept = ground.days[ahead : ahead + length]
            order = _order(order_id + at, house, rng.choice(ground.guests), slept)
            made.orders.append(order)
            made.payments.append(_payment(payment_id + at, order))
            made.nights += [{"house_id": house["id"], "night": night, "order_id": order["id"]} for night in slept]
            taken += slept
        bits = masks(taken)
        house.update({f"taken_{word}": bits.get(word, 0) for word in range(WORDS)})
    _write(made, ground.now - timedelta(minutes=rng.randrange(60, 60 * 24 * 20)))
    return made


def _house(ground: Ground, rng: random.Random, house_id: int) -> dict[str, Any]:
    name, rooms, capacity = rng.choice(KINDS)
    area_id = rng.choice(list(ground.areas))
    listed_at = ground.now - timedelta(minutes=rng.randrange(60 * 24 * 30, 60 * 24 * 730))
    return {
        "id": house_id, "user_id": rng.choice(ground.landlords), "area_id": area_id,
        "title": f"{ground.areas[area_id]}{name}{house_id}号", "description": "",
        "price": 100 * round(88 * 20 ** rng.random()), "address": f"测试路{house_id}号", "room_count": rooms,
        "acreage": rooms * rng.randint(25, 45), "unit": f"{rooms}室", "capacity": capacity + rng.randrange(2),
        "beds": f"双人床:2x1.8x{rooms}", "deposit": 20000, "min_days": 1, "max_days": 0,
        "create_time": listed_at, "update_time": listed_at,
    }  # fmt: skip


def _order(order_id: int, house: dict[str, Any], guest_id: int, slept: list[date]) -> dict[str, Any]:
    return {
        "id": order_id, "user_id": guest_id, "house_id": house["id"], "begin_date": slept[0], "end_date": slept[-1],
        "days": len(slept), "house_price": house["price"], "amount": house["price"] * len(slept),
        "trade_no": f"bulk{order_id}",
    }  # fmt: skip


def _payment(payment_id: int, order: dict[str, Any]) -> dict[str, Any]:
    number = order["trade_no"]
    return {
        "id": payment_id, "order_id": order["id"], "amount": order["amount"], "out_trade_no": number, "trade_no": number
    }  # fmt: skip


def _write(made: Chunk, paid_at: datetime) -> None:
    """What is the same in all rows is part of the statement: converting it for each of them takes half the time."""
    paid: ColumnClause[str] = literal_column(
        f"'{paid_at:%Y-%m-%d %H:%M:%S}.000000'"
    )  # UTC, as UtcDateTime keeps it everywhere.
    times = {"paid_at": paid, "create_time": paid, "update_time": paid}
    shared: dict[type[Base], dict[str, Any]] = {
        Order: {"status": literal_column(f"'{Status.PAID}'"), "answered_at": paid, **times},
        Payment: {
            "status": literal_column(f"'{PaymentStatus.PAID}'"),
            "provider": literal_column("'sandbox'"),
            **times,
        },
    }
    for table, rows in (
        (House, made.houses), (HouseFacility, made.facilities), (Order, made.orders), (HouseNight, made.nights),
        (Payment, made.payments),
    ):  # fmt: skip
        if rows:
            session.execute(insert(table.__table__).values(shared.get(table, {})), rows)  # type: ignore[arg-type]
    _catch_up(House, Order, Payment)


def place_stays(rng: random.Random, nights: int) -> list[tuple[int, int]]:
    """Stays of 1 to 3 nights, so many nights together: days ahead and length of each. None overlap."""
    found: list[tuple[int, int]] = []
    if nights >= WEEK and rng.random() < HOT_SHARE:
        ahead = HOT_WEEK_STARTS
        for length in rng.choice(WEEKS):
            found.append((ahead, length))
            ahead += length
        nights -= WEEK
    before: list[int] = []
    after: list[int] = []
    wanted = nights * BEFORE // (BEFORE + AFTER)  # As dense before that week as behind it.
    while nights:
        length = min(nights, rng.choice((1, 2, 3)))
        (before if sum(before) + length <= wanted else after).append(length)
        nights -= length
    return found + _spread(rng, before, 1, BEFORE) + _spread(rng, after, HOT_WEEK_STARTS + WEEK, AFTER)


def _spread(rng: random.Random, lengths: list[int], first: int, days: int) -> list[tuple[int, int]]:
    """Places for these stays: as if each were one day long, then moved on by what those before it are longer."""
    places = sorted(rng.sample(range(days - sum(lengths) + len(lengths)), len(lengths)))
    found, longer = [], 0
    for place, length in zip(places, lengths, strict=True):
        found.append((first + place + longer, length))
        longer += length - 1
    return found


def _next_id(table: type[Row]) -> int:
    return (session.scalar(select(func.max(table.id))) or 0) + 1


def _catch_up(*tables: type[Row]) -> None:
    """PostgreSQL counts by itself and does not see ids that are given."""
    if session.get_bind().dialect.name == "postgresql":
        for table in tables:
            sequence = func.pg_get_serial_sequence(table.__tablename__, "id")
            session.execute(select(func.setval(sequence, select(func.max(table.id)).scalar_subquery())))
