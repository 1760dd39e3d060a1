"""Taking nights and giving them back, always inside the transaction of the cause."""

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from ihome.calendar.errors import DatesTaken
from ihome.calendar.models import HouseNight
from ihome.calendar.rules import Stay
from ihome.kit.db import is_duplicate_key, session


def check_free(house_id: int, stay: Stay) -> None:
    """Raises DatesTaken. A quick and kind refusal; it promises nothing: take_nights() decides."""
    taken = select(HouseNight.night).where(
        HouseNight.house_id == house_id, HouseNight.night >= stay.first_night, HouseNight.night <= stay.last_night
    )
    if session.scalar(taken.limit(1)) is not None:
        raise DatesTaken


def take_nights(house_id: int, stay: Stay, *, order_id: int) -> None:
    """Take these nights for this order, in date order, all or none.

    Raises DatesTaken; a savepoint keeps the transaction usable for what the caller does instead.
    """
    rows = [{"house_id": house_id, "night": night, "order_id": order_id} for night in stay.nights]
    try:
        with session.begin_nested():
            session.execute(insert(HouseNight), rows)
    except IntegrityError as clash:
        if is_duplicate_key(clash):
            raise DatesTaken from clash
        raise


def free_nights(order_id: int) -> None:
    """Give back whatever this order holds."""
    session.execute(delete(HouseNight).where(HouseNight.order_id == order_id))
