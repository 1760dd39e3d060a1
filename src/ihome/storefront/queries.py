"""What the pages of houses show, put together from houses, calendar and orders."""

from typing import Any

from sqlalchemy import select

from ihome.calendar.models import HouseNight
from ihome.calendar.rules import Stay
from ihome.houses.models import House
from ihome.houses.queries import basic, basic_select, get_full_house
from ihome.kit import clock
from ihome.kit.db import session
from ihome.orders.queries import list_comments
from ihome.storage.media import media_url


def most_booked(limit: int) -> list[dict[str, Any]]:
    """Listed houses with a main picture, most booked first."""
    found = (
        basic_select()
        .where(House.is_listed, House.index_image_url.is_not(None))
        .order_by(House.order_count.desc(), House.id.desc())
    )
    return [basic(row) for row in session.execute(found.limit(limit))]


def newest(limit: int) -> list[dict[str, Any]]:
    found = basic_select().where(House.is_listed).order_by(House.create_time.desc(), House.id.desc())
    return [basic(row) for row in session.execute(found.limit(limit))]


def full_house(house_id: int, *, comments: int = 30, skip: int = 0, viewer_id: int | None = None) -> dict[str, Any]:
    """Everything public about a house (contract: `full`), with this many comments. Raises HouseNotFound."""
    house = get_full_house(house_id, viewer_id)
    return {
        "hid": house.id,
        "user_id": house.user_id,
        "user_name": house.landlord.name,
        "user_avatar": media_url(house.landlord.avatar_url),
        "title": house.title,
        "is_listed": house.is_listed,
        "description": house.description,
        "price": house.price,
        "area_id": house.area_id,
        "address": house.address,
        "room_count": house.room_count,
        "acreage": house.acreage,
        "unit": house.unit,
        "capacity": house.capacity,
        "beds": house.beds,
        "deposit": house.deposit,
        "min_days": house.min_days,
        "max_days": house.max_days,
        "order_count": house.order_count,
        "rating": round(house.rating_sum / house.rating_count, 1) if house.rating_count else None,
        "rating_count": house.rating_count,
        "img_urls": [media_url(image.url) for image in house.images],
        "facilities": [facility.id for facility in house.facilities],
        "comments": [show_comment(row) for row in list_comments(house.id, comments, skip)],
    }


def show_comment(row: Any) -> dict[str, Any]:
    """A guest who never chose a name is anonymous (contract: `full`)."""
    return {
        "comment": row.comment,
        "user_name": row.name if row.chose_name else "匿名用户",
        "ctime": clock.local_text(row.commented_at),
        "rating": row.rating,
        "reply": row.reply,
    }


def taken_nights(house_id: int, stay: Stay) -> list[str]:
    """Which nights of this span are gone, as YYYY-MM-DD."""
    nights = session.scalars(
        select(HouseNight.night)
        .where(HouseNight.house_id == house_id, HouseNight.night.between(stay.first_night, stay.last_night))
        .order_by(HouseNight.night)
    )
    return [night.isoformat() for night in nights]
