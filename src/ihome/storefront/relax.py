"""Ways out of a search that finds nothing: dates near, other areas, fewer wishes; each with what it would find."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ihome.calendar.rules import Stay
from ihome.storefront.rules import within_rules
from ihome.storefront.search import Wanted, count

MOST = 100  # Counted no further: whoever looks for one house needs no longer list.
SHIFTS = (0, 1, -1, 2, -2, 3, -3, 7, -7, 14, -14)  # Days, nearest first.
DATES = 3
WISHES = {
    "price": ("price_min", "price_max"),
    "rooms": ("rooms",),
    "facility": ("facilities",),
    "guests": ("guests",),
    "dates": ("stay",),
}
ALL = "all"


@dataclass(frozen=True)
class Ways:
    """What to change, and how many houses there are then (MOST: that many or more)."""

    dates: list[tuple[Stay, int]]
    areas: list[tuple[int, int]]
    without: list[tuple[str, int]]


def ways_out(wanted: Wanted, areas: Iterable[int], *, today: date) -> Ways:
    """Only ways that find something. At most some thirty counts, each bounded, where a page would be empty."""

    def found(changed: Wanted) -> int:
        return count(changed, today=today, most=MOST)

    dates: list[tuple[Stay, int]] = []
    for stay in _stays_near(wanted.stay, today):
        if len(dates) < DATES and (number := found(replace(wanted, stay=stay))):
            dates.append((stay, number))
    elsewhere = [area for area in areas if wanted.area_id not in (None, area)]  # Without an area, all were searched.
    others = [(area, found(replace(wanted, area_id=area))) for area in elsewhere]
    without = [(name, found(_without(wanted, names))) for name, names in WISHES.items() if _asks(wanted, names)]
    if len(without) > 1 and not any(number for _, number in without):
        without = [(ALL, found(_without(wanted, sum(WISHES.values(), ()))))]
    return Ways(dates, [one for one in others if one[1]], [one for one in without if one[1]])


def _stays_near(stay: Stay | None, today: date) -> Iterable[Stay]:
    if stay is None:
        return []
    nearest = within_rules(stay, today=today, min_days=1, max_days=0)
    moved = [timedelta(days=days) for days in SHIFTS]
    stays = [Stay(nearest.check_in + days, nearest.check_out + days) for days in moved]
    return [one for one in stays if one != stay]


def _asks(wanted: Wanted, names: tuple[str, ...]) -> bool:
    return any(getattr(wanted, name) not in (None, frozenset()) for name in names)


def _without(wanted: Wanted, names: tuple[str, ...]) -> Wanted:
    nothing = Wanted()
    return replace(wanted, **{name: getattr(nothing, name) for name in names})
