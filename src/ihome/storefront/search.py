"""Which houses are free: an index is walked in the order asked for, and houses with a taken night are left out.

Nothing is loaded to be filtered in Python, so the work depends on the page, not on how many orders there are. Nights are
left out by LEFT JOIN … IS NULL: MariaDB turns NOT EXISTS into a table of every booked night of the country.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from ihome.calendar.models import HouseNight
from ihome.calendar.rules import HORIZON, LONGEST, Stay
from ihome.houses.models import House, HouseFacility
from ihome.houses.queries import basic, basic_select
from ihome.kit.db import session
from ihome.storefront.forms import LAST_PAGE, SearchQuery

# Ties by id, in the direction of the sort, so that one index serves it either way.
ORDERS: dict[str, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    "new": (House.create_time.desc(), House.id.desc()),
    "booking": (House.order_count.desc(), House.id.desc()),
    "price-inc": (House.price.asc(), House.id.asc()),
    "price-des": (House.price.desc(), House.id.desc()),
}


@dataclass(frozen=True)
class Found:
    """A page of houses; `more` where there are over LAST_PAGE pages."""

    houses: list[dict[str, Any]]
    total_pages: int
    more: bool = False


@dataclass(frozen=True)
class Shape:
    """Which conditions a search has: what its statement depends on, not their values."""

    sort: str
    dates: bool
    area: bool
    guests: bool
    price_min: bool
    price_max: bool
    rooms: bool
    facilities: int


def search(query: SearchQuery, *, today: date) -> Found:
    """Listed houses of which every night asked for is free and bookable (contract: GET /houses)."""
    stay = query.stay
    if stay and not (
        today <= stay.first_night and stay.last_night <= today + timedelta(days=HORIZON) and stay.days <= LONGEST
    ):
        return Found([], 0)
    shape, values = _shape(query), _values(query, stay)
    rows: Sequence[Any] = ()
    if query.page <= LAST_PAGE:
        rows = session.execute(_page_statement(shape), values).all()
        if 0 < len(rows) < query.page_size or (not rows and query.page == 1):
            return Found([basic(row) for row in rows], query.page if rows else 0)  # The last page: no count needed.
    counted = session.scalar(_count_statement(shape), values | {"limit": LAST_PAGE * query.page_size + 1}) or 0
    pages = -(-counted // query.page_size)
    return Found([basic(row) for row in rows], min(pages, LAST_PAGE), more=pages > LAST_PAGE)


def _values(query: SearchQuery, stay: Stay | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "area": query.area_id,
        "guests": query.guests,
        "price_min": query.price_min,
        "price_max": query.price_max,
        "rooms": query.rooms,
        "limit": query.page_size,
        "offset": query.page_size * (query.page - 1),
    }
    if stay:
        values |= {"first": stay.first_night, "last": stay.last_night, "days": stay.days}
    return values | {f"facility_{number}": one for number, one in enumerate(sorted(set(query.facility)))}


@cache
def _page_statement(shape: Shape) -> Select[*tuple[Any, ...]]:
    return (
        _narrowed(basic_select(), shape)
        .order_by(*ORDERS[shape.sort])
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


@cache
def _count_statement(shape: Shape) -> Select[int]:
    """Counts no further than it is told: an exact total of a large city would cost more than the page."""
    return select(func.count()).select_from(_narrowed(select(House.id), shape).limit(bindparam("limit")).subquery())


def _narrowed(found: Select[*tuple[Any, ...]], shape: Shape) -> Select[*tuple[Any, ...]]:
    found = found.where(House.is_listed)
    if shape.area:
        found = found.where(House.area_id == bindparam("area"))
    if shape.dates:
        found = found.outerjoin(
            HouseNight,
            and_(HouseNight.house_id == House.id, HouseNight.night.between(bindparam("first"), bindparam("last"))),
        ).where(
            HouseNight.house_id.is_(None),
            House.min_days <= bindparam("days"),
            or_(House.max_days == 0, House.max_days >= bindparam("days")),
        )
    if shape.guests:
        found = found.where(House.capacity >= bindparam("guests"))
    if shape.price_min:
        found = found.where(House.price >= bindparam("price_min"))
    if shape.price_max:
        found = found.where(House.price <= bindparam("price_max"))
    if shape.rooms:
        found = found.where(House.room_count >= bindparam("rooms"))
    for number in range(shape.facilities):
        offered = aliased(HouseFacility)
        found = found.join(
            offered, and_(offered.house_id == House.id, offered.facility_id == bindparam(f"facility_{number}"))
        )
    return found


def _shape(query: SearchQuery) -> Shape:
    return Shape(
        sort=query.sort_key,
        dates=query.stay is not None,
        area=query.area_id is not None,
        guests=query.guests is not None,
        price_min=query.price_min is not None,
        price_max=query.price_max is not None,
        rooms=query.rooms is not None,
        facilities=len(set(query.facility)),
    )
