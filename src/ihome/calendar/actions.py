"""Taking nights and giving them back, always inside the transaction of the cause."""

from datetime import date

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from ihome.calendar.errors import DatesTaken
from ihome.calendar.models import HouseNight
from ihome.calendar.rules import Stay
from ihome.calendar.words import FULL, masks, passed_word
from ihome.houses.models import HOUSES, TAKEN_WORDS
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
    _mark(house_id, stay, taken=True)


def free_nights(house_id: int, stay: Stay, *, order_id: int) -> None:
    """Give back whatever this order holds. The caller has locked the house."""
    session.execute(delete(HouseNight).where(HouseNight.order_id == order_id))
    _mark(house_id, stay, taken=False)


def _mark(house_id: int, stay: Stay, *, taken: bool) -> None:
    """Keep the words that search counts by in step with the rows."""
    columns = HOUSES.c
    values = {
        column: column.op("|")(mask) if taken else column.op("&")(FULL ^ mask)
        for column, mask in ((columns[f"taken_{word}"], mask) for word, mask in masks(stay.nights).items())
    }
    # update_time stays: a booking does not change what the landlord published.
    session.execute(update(HOUSES).where(columns.id == house_id).values({**values, "update_time": columns.update_time}))


def clear_passed_word(today: date) -> int:
    """Forget the bits of nights that are over before their word is used again; how many houses had some."""
    column = HOUSES.c[f"taken_{passed_word(today)}"]
    done = session.execute(update(HOUSES).where(column != 0).values({column: 0}))
    return int(done.rowcount)  # type: ignore[attr-defined]


def rebuild_words(today: date) -> int:
    """Make every house's words anew from its nights; how many were wrong. After bulk loads, and to verify."""
    columns = [HOUSES.c[f"taken_{word}"] for word in range(TAKEN_WORDS)]
    wanted: dict[int, dict[int, int]] = {}
    rows = select(HouseNight.house_id, HouseNight.night).where(HouseNight.night >= today)
    for house_id, night in session.execute(rows):
        found = wanted.setdefault(house_id, {})
        for word, mask in masks([night]).items():
            found[word] = found.get(word, 0) | mask
    wrong = []
    for row in session.execute(select(HOUSES.c.id, *columns)):
        right = [wanted.get(row[0], {}).get(word, 0) for word in range(TAKEN_WORDS)]
        if right != list(row[1:]):
            wrong.append({"house": row[0]} | {f"taken_{word}": bits for word, bits in enumerate(right)})
    if wrong:
        one = update(HOUSES).where(HOUSES.c.id == bindparam("house"))
        session.execute(one.values({column: bindparam(column.name) for column in columns}), wrong)
    return len(wrong)
