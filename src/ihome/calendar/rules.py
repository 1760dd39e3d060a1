"""Stays and nights: pure arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ihome.calendar.errors import StayNotAllowed
from ihome.kit.i18n import Text, _l

ONE_DAY = timedelta(days=1)
HORIZON = 540  # The last bookable night is this many days after today (contract: Houses).
LONGEST = 365  # Nights.


@dataclass(frozen=True)
class Stay:
    """From check-in to check-out, half-open: the night of the check-out day is not part of it."""

    check_in: date
    check_out: date

    @classmethod
    def of_nights(cls, first: date, last: date) -> "Stay":
        """From the contract's start_date and end_date, which are both nights that are slept.

        The calendar's very last night has no day to leave on; a stay until then is too far ahead anyway.
        """
        return cls(first, min(last, date.max - ONE_DAY) + ONE_DAY)

    @property
    def first_night(self) -> date:
        return self.check_in

    @property
    def last_night(self) -> date:
        return max(self.check_out, date.min + ONE_DAY) - ONE_DAY  # No night is before the calendar's first.

    @property
    def days(self) -> int:
        """How many nights; not positive where the dates are in the wrong order."""
        return (self.check_out - self.check_in).days

    @property
    def nights(self) -> Iterator[date]:
        """The dates slept, in order: nights are always taken in date order, which is why nobody deadlocks."""
        return (self.check_in + timedelta(days=day) for day in range(self.days))


def check_stay(stay: Stay, *, today: date, min_days: int, max_days: int) -> None:
    """Raises StayNotAllowed, naming the field and the rule, for a stay that this house does not offer on this day."""
    if stay.days < 1:
        _refuse("end_date", _l("The last night is before the first."))
    if stay.first_night < today:
        _refuse("start_date", _l("These dates are in the past."))
    if stay.last_night > today + timedelta(days=HORIZON):
        _refuse("end_date", _l("Bookings open {days} days ahead.", days=HORIZON))
    if stay.days < min_days:
        _refuse("end_date", _l("This house is let for at least {days} nights.", days=min_days))
    if max_days and stay.days > max_days:
        _refuse("end_date", _l("This house is let for at most {days} nights.", days=max_days))
    if stay.days > LONGEST:
        _refuse("end_date", _l("A stay has at most {days} nights.", days=LONGEST))


def _refuse(field: str, rule: Text) -> None:
    raise StayNotAllowed(rule, field)
