"""Loading the demo city: pictures first, then people, then houses with all their orders. An edge's helper.

Each step leaves what is there: a load that was killed is completed by the next one, and a city that is complete stays
as it is, whatever people have done in it since.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ihome.accounts.passwords import hash_password
from ihome.calendar.actions import rebuild_words
from ihome.config import config
from ihome.demo import gallery, rows
from ihome.demo.city import PASSWORD, read_city
from ihome.demo.gallery import Shot
from ihome.demo.plan import make_plan
from ihome.kit import clock
from ihome.kit.db import in_transaction, reading

Draw = Callable[[list[Shot]], Iterable[object]]
Show = Callable[[Iterable[object], int], Iterable[object]]


@dataclass(frozen=True)
class Loaded:
    """What this load did: nothing where all was there."""

    pictures: int
    houses: int


def draw_side_by_side(wanted: list[Shot]) -> Iterable[object]:
    """As many drawing processes as there are cores, at most four."""
    return gallery.keep_in_processes(wanted, config().storage, min(4, os.cpu_count() or 1))


def load_city(draw: Draw = draw_side_by_side, show: Show = lambda steps, _: steps) -> Loaded:
    """Make the city complete. `draw` keeps pictures, `show` shows how far that is.

    Raises StorageDown, DatabaseDown or DrawingFailed.
    """
    city = read_city()
    with reading():
        is_loaded = rows.is_loaded()
    wanted = gallery.missing(gallery.all_shots(city))
    if wanted:
        for _ in show(draw(wanted), len(wanted)):
            pass
    if is_loaded:
        return Loaded(len(wanted), 0)
    plan = make_plan(city, clock.now(), config().zone)
    in_transaction(rows.add_people, city, plan, hash_password(PASSWORD))
    added = in_transaction(rows.add_city, city, plan)  # After the pictures: a house is never seen without them.
    in_transaction(rebuild_words, clock.today())
    return Loaded(len(wanted), len(city.houses) if added else 0)
