"""Finding areas, facilities and houses. Who may see it is in the WHERE."""

from typing import Any, NamedTuple, cast

from sqlalchemy import Select, Table, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ihome.accounts.models import User
from ihome.houses.errors import HouseNotFound, NotYourHouse
from ihome.houses.models import HOUSES, Area, Facility, House, HouseImage
from ihome.kit import clock
from ihome.kit.db import execute, session
from ihome.kit.errors import NotFound
from ihome.storage.media import media_url

AREAS, USERS = cast(Table, Area.__table__), cast(Table, User.__table__)

# What the contract calls `basic`, as columns: entities would cost three to eight times as much. Area and landlord are
# looked up for the rows of the page, not joined: given a join, MariaDB starts at the areas and sorts every house.
BASIC_COLUMNS = (
    HOUSES.c.id, HOUSES.c.title, HOUSES.c.price, HOUSES.c.index_image_url, HOUSES.c.room_count, HOUSES.c.order_count,
    HOUSES.c.address, HOUSES.c.create_time, HOUSES.c.capacity, HOUSES.c.unit, HOUSES.c.rating_count,
    HOUSES.c.rating_sum,
    select(AREAS.c.name).where(AREAS.c.id == HOUSES.c.area_id).scalar_subquery().label("area_name"),
    select(USERS.c.avatar_url).where(USERS.c.id == HOUSES.c.user_id).scalar_subquery().label("avatar_url"),
)  # fmt: skip


def basic_select() -> Select[*tuple[Any, ...]]:
    return select(*BASIC_COLUMNS)


def basic(row: Any) -> dict[str, Any]:
    """A row of basic_select() as answers write it (contract: `basic`)."""
    return {
        "house_id": row.id,
        "title": row.title,
        "price": row.price,
        "area_name": row.area_name,
        "img_url": media_url(row.index_image_url),
        "room_count": row.room_count,
        "order_count": row.order_count,
        "address": row.address,
        "user_avatar": media_url(row.avatar_url),
        "ctime": clock.local(row.create_time).strftime("%Y-%m-%d"),
        "capacity": row.capacity,
        "unit": row.unit,
        "rating": round(row.rating_sum / row.rating_count, 1) if row.rating_count else None,
        "rating_count": row.rating_count,
    }


def list_areas() -> list[Area]:
    """With their cities."""
    return list(session.scalars(select(Area).options(joinedload(Area.city)).order_by(Area.id)))


def list_facilities() -> list[Facility]:
    return list(session.scalars(select(Facility).order_by(Facility.id)))


def find_area(area_id: int) -> Area | None:
    return session.get(Area, area_id)


def facilities_of(ids: list[int]) -> list[Facility]:
    return list(session.scalars(select(Facility).where(Facility.id.in_(ids)).order_by(Facility.id)))


class Terms(NamedTuple):
    """What a listed house asks of its guests: fen a night; `max_days` 0 means no limit."""

    landlord_id: int
    price: int
    capacity: int
    min_days: int
    max_days: int


_TERMS = (  # Built once, and columns: whoever places an order holds up everybody else who wants to.
    select(HOUSES.c.user_id, HOUSES.c.price, HOUSES.c.capacity, HOUSES.c.min_days, HOUSES.c.max_days)
    .where(HOUSES.c.id == bindparam("house_id"), HOUSES.c.is_listed)
    .with_for_update(key_share=True)
)


def lock_terms(house_id: int) -> Terms:
    """On what terms this house can be booked; nobody changes them or takes its nights before the transaction ends.

    Raises HouseNotFound.
    """
    found = execute(_TERMS, {"house_id": house_id}).one_or_none()
    if found is None:
        raise HouseNotFound
    return Terms._make(found)


def get_own_house(landlord: User, house_id: int) -> House:
    """Raises HouseNotFound, or NotYourHouse: who calls this says what to do with somebody else's (contract)."""
    house = session.get(House, house_id)
    if house is None:
        raise HouseNotFound
    if house.user_id != landlord.id:
        raise NotYourHouse
    return house


_VERSION = (
    select(HOUSES.c.version, USERS.c.update_time)
    .join(USERS, USERS.c.id == HOUSES.c.user_id)
    .where(HOUSES.c.id == bindparam("house_id"), HOUSES.c.is_listed)
)


def find_version(house_id: int) -> str | None:
    """What changes with whatever a listed house's page shows, landlord's name and face included: the cache's key."""
    found = execute(_VERSION, {"house_id": house_id}).one_or_none()
    return f"{found.version}_{found.update_time.timestamp()}" if found else None


def get_full_house(house_id: int, viewer_id: int | None = None) -> House:
    """With everything that its page shows. One that is not listed only its landlord sees. Raises HouseNotFound."""
    house = session.scalar(
        select(House)
        .where(House.id == house_id, or_(House.is_listed, House.user_id == viewer_id))
        .options(selectinload(House.facilities), selectinload(House.images), selectinload(House.landlord))
    )
    if house is None:
        raise HouseNotFound
    return house


def list_own_houses(landlord: User) -> list[dict[str, Any]]:
    """The landlord's houses, newest first, unlisted ones too."""
    found = session.execute(
        basic_select()
        .add_columns(House.is_listed)
        .where(House.user_id == landlord.id)
        .order_by(House.create_time.desc(), House.id.desc())
    )
    return [basic(row) | {"is_listed": row.is_listed} for row in found]


def count_images(house_id: int) -> int:
    return session.scalar(select(func.count()).where(HouseImage.house_id == house_id)) or 0


def get_image(house_id: int, image_id: int) -> HouseImage:
    """Raises NotFound."""
    image = session.scalar(select(HouseImage).where(HouseImage.id == image_id, HouseImage.house_id == house_id))
    if image is None:
        raise NotFound
    return image


def list_images(house_id: int) -> list[HouseImage]:
    """In the order in which they are shown."""
    return list(
        session.scalars(
            select(HouseImage)
            .where(HouseImage.house_id == house_id)
            .order_by(HouseImage.position, HouseImage.id)
            .execution_options(populate_existing=True)
        )
    )
