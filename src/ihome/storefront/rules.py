"""The calendar on a house's page, and which dates come nearest to those that cannot be had: pure arithmetic."""

from calendar import Calendar
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ihome.calendar.rules import HORIZON, LONGEST, ONE_DAY, Stay

REACH = 60  # Nearby dates are looked for this many days around.


@dataclass(frozen=True)
class Month:
    """Weeks from Monday to Sunday; None where a day belongs to another month."""

    first: date
    weeks: list[list[date | None]]


def months_from(day: date, count: int) -> list[Month]:
    """The month of this day and those after it."""
    found = []
    for ahead in range(count):
        year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
        weeks = Calendar().monthdatescalendar(year, month + 1)
        inside = [[one if one.month == month + 1 else None for one in week] for week in weeks]
        found.append(Month(date(year, month + 1, 1), inside))
    return found


def within_rules(wanted: Stay, *, today: date, min_days: int, max_days: int) -> Stay:
    """The stay nearest to the wanted one that is neither too short, too long, past nor too far ahead."""
    days = min(max(wanted.days, min_days), max_days or LONGEST, LONGEST)
    check_in = min(max(wanted.check_in, today), today + timedelta(days=HORIZON + 1 - days))
    return Stay(check_in, check_in + timedelta(days=days))


def nearest_free(wanted: Stay, taken: Container[date], *, today: date) -> list[Stay]:
    """The wanted stay if it is free; else as long ones, the nearest before and the nearest after, nearer first."""
    last_start = today + timedelta(days=HORIZON + 1 - wanted.days)
    found: dict[int, Stay] = {}  # By direction.
    for days in range(REACH + 1):
        for direction in (1, -1):
            start = wanted.check_in + timedelta(days=days * direction)
            stay = Stay(start, start + timedelta(days=wanted.days))
            if direction in found or not today <= start <= last_start or any(night in taken for night in stay.nights):
                continue
            if days == 0:
                return [stay]
            found[direction] = stay
    return list(found.values())


def spans(nights: Sequence[date]) -> list[Stay]:
    """Runs of nights that follow each other, as stays: how people say which nights are gone."""
    found: list[Stay] = []
    for night in nights:
        if found and found[-1].check_out == night:
            found[-1] = Stay(found[-1].check_in, night + ONE_DAY)
        else:
            found.append(Stay(night, night + ONE_DAY))
    return found
