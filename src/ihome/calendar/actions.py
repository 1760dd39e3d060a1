"""Taking nights and giving them back, always inside the transaction of the cause."""

from datetime import date
from functools import cache
from typing import cast

from sqlalchemy import Table, Update, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from ihome.calendar.errors import DatesTaken
from ihome.calendar.models import HouseNight
from ihome.calendar.rules import Stay
from ihome.calendar.words import FULL, masks, passed_word
from ihome.houses.models import HOUSES, TAKEN_WORDS
from ihome.kit.db import execute, is_duplicate_key, session

# Statements of every order, built once: building them takes longer than SQLite takes to run them.
_NIGHTS = cast(Table, HouseNight.__table__)
_ONE_TAKEN = (
    select(_NIGHTS.c.night)
    .where(_NIGHTS.c.house_id == bindparam("house"), _NIGHTS.c.night.between(bindparam("first"), bindparam("last")))
    .limit(1)
)
_TAKE = insert(_NIGHTS)


def is_taken(house_id: int, stay: Stay) -> bool:
    """For a quick and kind refusal; it promises nothing: take_nights() decides."""
    asked = {"house": house_id, "first": stay.first_night, "last": stay.last_night}
    return execute(_ONE_TAKEN, asked).first() is not None


def take_nights(house_id: int, stay: Stay, *, order_id: int) -> None:
    """Take these nights for this order, in date order, all or none.

    Raises DatesTaken; who then does something else in the same transaction wraps this in a savepoint.
    """
    rows = [{"house_id": house_id, "night": night, "order_id": order_id} for night in stay.nights]
    try:
        execute(_TAKE, rows)
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
    bits = {f"bits_{word}": mask if taken else FULL ^ mask for word, mask in masks(stay.nights).items()}
    execute(_marking(tuple(bits), taken), {"house": house_id, **bits})


@cache
def _marking(names: tuple[str, ...], taken: bool) -> Update:
    """The statement for these words; a stay touches one or two of them, so there are few."""
    columns = HOUSES.c
    words = {name: columns[name.replace("bits", "taken")] for name in names}
    values = {column: column.op("|" if taken else "&")(bindparam(name)) for name, column in words.items()}
    # update_time stays: a booking does not change what the landlord published.
    unchanged = {columns.update_time: columns.update_time}
    return update(HOUSES).where(columns.id == bindparam("house")).values({**values, **unchanged})


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
