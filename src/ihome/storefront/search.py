"""Which houses are free: an index is walked in the order asked for, and houses with a taken night are left out.

Nothing is loaded to be filtered in Python, so the work depends on the page, not on how many orders there are. Nights
are left out by LEFT JOIN … IS NULL: MariaDB turns NOT EXISTS into a table of every booked night of the country.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Table, and_, bindparam, func, or_, select

from ihome.calendar.models import HouseNight
from ihome.calendar.rules import HORIZON, LONGEST, Stay
from ihome.calendar.words import masks
from ihome.houses.models import HOUSES, Area, HouseFacility
from ihome.houses.queries import basic, basic_select
from ihome.kit.db import execute

AREAS, NIGHTS = cast(Table, Area.__table__), cast(Table, HouseNight.__table__)
FACILITIES = cast(Table, HouseFacility.__table__)

PAGE_SIZE, LAST_PAGE = 10, 100  # Houses on a page; pages that are counted exactly (contract: GET /houses).

# Ties by id, in the direction of the sort, so that one index serves it either way.
SORTS: dict[str, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    "new": (HOUSES.c.create_time.desc(), HOUSES.c.id.desc()),
    "booking": (HOUSES.c.order_count.desc(), HOUSES.c.id.desc()),
    "price-inc": (HOUSES.c.price.asc(), HOUSES.c.id.asc()),
    "price-des": (HOUSES.c.price.desc(), HOUSES.c.id.desc()),
}
FILTERS: dict[str, ColumnElement[bool]] = {
    # Looked up for each house on the way: as IN (SELECT …) PostgreSQL would sort all houses of the city.
    "city_id": select(AREAS.c.city_id).where(AREAS.c.id == HOUSES.c.area_id).scalar_subquery() == bindparam("city_id"),
    "area_id": HOUSES.c.area_id == bindparam("area_id"),
    "guests": HOUSES.c.capacity >= bindparam("guests"),
    "price_min": HOUSES.c.price >= bindparam("price_min"),
    "price_max": HOUSES.c.price <= bindparam("price_max"),
    "rooms": HOUSES.c.room_count >= bindparam("rooms"),
}
LIMIT, OFFSET = bindparam("limit", type_=Integer), bindparam("offset", type_=Integer)


@dataclass(frozen=True)
class Wanted:
    """What a visitor looks for; None where it does not matter. Prices are fen a night."""

    stay: Stay | None = None
    city_id: int | None = None
    area_id: int | None = None
    guests: int | None = None
    price_min: int | None = None
    price_max: int | None = None
    rooms: int | None = None
    facilities: frozenset[int] = frozenset()
    sort: str = "new"
    page: int = 1
    page_size: int = PAGE_SIZE


@dataclass(frozen=True)
class Found:
    """A page of houses; `more` where there are over LAST_PAGE pages, and `total` is what these hold."""

    houses: list[dict[str, Any]]
    total_pages: int
    total: int = 0
    more: bool = False


class Shape(NamedTuple):
    """Which conditions a search has, not their values: what its statements are kept under."""

    filters: tuple[str, ...]
    words: tuple[int, ...]  # Those of the calendar that the stay touches; none without a stay.
    facilities: int


def search(wanted: Wanted, *, today: date) -> Found:
    """Listed houses of which every night asked for is free and bookable (contract: GET /houses)."""
    if wanted.stay and not _is_bookable(wanted.stay, today):
        return Found([], 0)
    shape, values = _conditions(wanted)
    rows: Sequence[Any] = ()
    if wanted.page <= LAST_PAGE:
        rows = execute(_page_statement(shape, wanted.sort), values).all()
        if 0 < len(rows) < wanted.page_size or (not rows and wanted.page == 1):
            total = wanted.page_size * (wanted.page - 1) + len(rows)
            return Found([basic(row) for row in rows], wanted.page if rows else 0, total)  # The last page: no count.
    most = LAST_PAGE * wanted.page_size
    counted = execute(_count_statement(shape), values | {"limit": most + 1}).scalar_one()
    pages = -(-min(counted, most) // wanted.page_size)
    return Found([basic(row) for row in rows], pages, min(counted, most), more=counted > most)


def count(wanted: Wanted, *, today: date, most: int) -> int:
    """How many houses a search finds, counted no further than `most`."""
    if wanted.stay and not _is_bookable(wanted.stay, today):
        return 0
    shape, values = _conditions(wanted)
    return int(execute(_count_statement(shape), values | {"limit": most}).scalar_one())


def _is_bookable(stay: Stay, today: date) -> bool:
    """For any house at all; what single houses allow is in the statement."""
    return today <= stay.first_night and stay.last_night <= today + timedelta(days=HORIZON) and stay.days <= LONGEST


def _conditions(wanted: Wanted) -> tuple[Shape, dict[str, Any]]:
    """The shape of the search and the values of its parameters."""
    filters = tuple(name for name in FILTERS if getattr(wanted, name) is not None)
    values: dict[str, Any] = {name: getattr(wanted, name) for name in filters}
    values |= {f"facility_{number}": one for number, one in enumerate(sorted(wanted.facilities))}
    values |= {"limit": wanted.page_size, "offset": wanted.page_size * (wanted.page - 1)}
    bits: dict[int, int] = {}
    if stay := wanted.stay:
        bits = masks(stay.nights)
        values |= {"first": stay.first_night, "last": stay.last_night, "days": stay.days}
        values |= {f"mask_{word}": mask for word, mask in bits.items()}
    return Shape(filters, tuple(sorted(bits)), len(wanted.facilities)), values


@cache
def _page_statement(shape: Shape, sort: str) -> Select[*tuple[Any, ...]]:
    """Built once for each shape: building it takes longer than running it."""
    page = _narrowed(basic_select(), shape).order_by(*SORTS[sort])
    if shape.words:
        is_taken = and_(NIGHTS.c.house_id == HOUSES.c.id, NIGHTS.c.night.between(bindparam("first"), bindparam("last")))
        page = page.outerjoin(NIGHTS, is_taken).where(NIGHTS.c.house_id.is_(None))
    return page.limit(LIMIT).offset(OFFSET)


@cache
def _count_statement(shape: Shape) -> Select[int]:
    """Counts no further than it is told, and by the words: reading nights takes ten times as long."""
    found = _narrowed(select(HOUSES.c.id), shape)
    for word in shape.words:
        taken = HOUSES.c[f"taken_{word}"]
        found = found.where(taken.op("&")(bindparam(f"mask_{word}", type_=BigInteger)) == 0)
    return select(func.count()).select_from(found.limit(LIMIT).subquery())


def _narrowed(found: Select[*tuple[Any, ...]], shape: Shape) -> Select[*tuple[Any, ...]]:
    """Everything but which nights are free."""
    found = found.where(HOUSES.c.is_listed, *(FILTERS[name] for name in shape.filters))
    if shape.words:
        days = bindparam("days", type_=Integer)
        found = found.where(HOUSES.c.min_days <= days, or_(HOUSES.c.max_days == 0, HOUSES.c.max_days >= days))
    for number in range(shape.facilities):
        offer = FACILITIES.alias()
        found = found.join(
            offer, and_(offer.c.house_id == HOUSES.c.id, offer.c.facility_id == bindparam(f"facility_{number}"))
        )
    return found
