"""Who stays where and when in the demo city: worked out from seeds and the day it is loaded, without a database."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ihome.calendar.rules import LONGEST, ONE_DAY, Stay
from ihome.demo.city import City, CommentText, HouseText
from ihome.demo.life import Visit, Writer
from ihome.orders.models import HOLDING, Ending, Status

SOON = 60  # Nights ahead that are planned house by house; behind them only a few are taken.
BUSIEST = 0.35  # At most this share of them is taken, but for one house that is nearly booked out.
OLDEST = 344  # The first stay was this many days ago: its house was listed before, all within a year.
FRIDAY = 4
LENGTHS = {  # Nights people stay, as often as they stand here.
    "business": (1, 1, 2, 2, 3, 4, 5),
    "student": (1, 2, 3, 3, 5, 7),
    "villa": (1, 1, 2, 2, 3),
    "lakeside": (1, 2, 2, 3),
}
USUAL = (1, 1, 2, 2, 2, 3, 4)


@dataclass(frozen=True)
class Plan:
    """What the rows will say. Visits are in the order in which they were asked for."""

    listed_at: dict[str, datetime]
    joined_at: dict[str, datetime]
    visits: list[Visit]


def seeded(purpose: str) -> random.Random:
    return random.Random(f"ihome demo {purpose}")  # noqa: S311 - the same city every time


def make_plan(city: City, now: datetime, zone: ZoneInfo) -> Plan:
    """The city's past, present and next months, as seen at this instant."""
    planner = Planner(city, now, zone)
    planner.remember_comments()
    planner.remember_silent_guests()
    planner.show_accounts()
    planner.wait_for_answers()
    planner.book_the_next_months()
    planner.remember_what_came_to_nothing()
    return planner.result()


class Planner:
    """Fills calendars, step by step. No night is taken twice and nobody sleeps in two places."""

    def __init__(self, city: City, now: datetime, zone: ZoneInfo) -> None:
        self.city = city
        self.now = now.replace(microsecond=0)
        self.zone = zone
        self.today = now.astimezone(zone).date()
        self.houses = {house.key: house for house in city.houses}
        self.mine = [house for house in city.houses if house.landlord == "l01"]
        self.crowd = [guest.key for guest in (*city.guests, *city.quiet_guests) if guest.key not in ("g01", "g02")]
        self.ages = self._draw_ages()
        self.taken: dict[str, set[date]] = {key: set() for key in self.houses}
        self.away: dict[str, set[date]] = defaultdict(set)  # Nights that a guest sleeps somewhere.
        self.visits: list[Visit] = []
        self.write = Writer(self.now, self.zone, seeded("hours"), self._listed_at)
        said = Counter(comment.house for comment in city.comments)
        others = [house for house in city.houses if house not in self.mine]
        self.booked_out = max(others, key=lambda house: said[house.key]).key
        quiet = [house.key for house in others if house.key != self.booked_out]
        self.untouched = set(seeded("untouched").sample(quiet, 6))

    def _draw_ages(self) -> dict[str, int]:
        """How many days ago each house was listed. Ages grow where a comment tells of a season long past."""
        known = {comment.house for comment in self.city.comments} | {house.key for house in self.mine}
        rng = seeded("ages")
        return {key: rng.randint(60, OLDEST) if key in known else rng.randint(4, 90) for key in self.houses}

    # --- what is over -----------------------------------------------------------------------------------------------

    def remember_comments(self) -> None:
        """A stay for each comment; those that tell of a season find their place first."""
        rng = seeded("comments")
        for comment in sorted(self.city.comments, key=is_seasonal, reverse=True):
            self._place_comment(comment, rng)

    def _place_comment(self, comment: CommentText, rng: random.Random) -> None:
        house = self.houses[comment.house]
        oldest = OLDEST if is_seasonal(comment) else self.ages[house.key] - 3
        while True:
            nights, later = length(house, rng), rng.choice((0, 1, 1, 2, 3, 5))
            starts = [
                first
                for first in self._days(-oldest, -(nights + later))
                if first.month in comment.months
                and (first + timedelta(nights + later)).month in comment.months
                and self._is_free(house.key, comment.guest, first, nights)
            ]
            if starts:
                break
        stay = _stay(rng.choice(starts), nights)
        self.ages[house.key] = max(self.ages[house.key], (self.today - stay.check_in).days + rng.randint(4, 12))
        self._take(self.write.completed(comment, stay, stay.check_out + timedelta(later)))

    def remember_silent_guests(self) -> None:
        """Stays that are over and may be commented on."""
        rng = seeded("silent guests")
        old_enough = [key for key, age in self.ages.items() if age > 30]
        for guest in ["g01", "g02", *rng.sample(self.crowd, 12)]:
            key = self.mine[3].key if guest == "g01" else rng.choice(old_enough)
            self._book(rng, key, guest, range(-16, -3), Status.WAIT_COMMENT, ends_by=-1)
        for key in rng.choices([key for key in old_enough if self.ages[key] > 120], k=40):
            self._book(rng, key, None, range(-110, -12), Status.WAIT_COMMENT, ends_by=-8)

    # --- what is open -----------------------------------------------------------------------------------------------

    def show_accounts(self) -> None:
        """Something to do for guest@ and landlord@ in every status."""
        rng = seeded("accounts")
        first, second, third, fourth, fifth = self.mine[:5]
        lake = next(house for house in self.city.houses if house.kind == "lakeside" and house not in self.mine)
        for house, guest, days, status in (
            (first, "g01", range(8, 14), Status.WAIT_ACCEPT),
            (second, "g01", range(16, 22), Status.WAIT_PAYMENT),
            (third, "g01", range(24, 32), Status.PAID),
            (lake, "g01", range(3, 7), Status.PAID),
            (fifth, "g02", range(10, 20), Status.WAIT_ACCEPT),
            (fourth, "g02", range(4, 12), Status.PAID),
        ):
            self._book(rng, house.key, guest, days, status, nights=2)
        for house in (first, second, third):
            self._book(rng, house.key, None, range(-2, 0), Status.PAID, nights=4)
            for status in (Status.WAIT_ACCEPT, Status.WAIT_PAYMENT, Status.PAID):
                self._book(rng, house.key, None, range(2, 40), status)

    def wait_for_answers(self) -> None:
        """Requests and acceptances all over the city."""
        rng = seeded("requests")
        keys = [key for key in self.houses if key not in self.untouched and key != self.booked_out]
        for status, count in ((Status.WAIT_ACCEPT, 16), (Status.WAIT_PAYMENT, 7)):
            for key in rng.sample(keys, count):
                self._book(rng, key, None, range(3, 45), status)

    def book_the_next_months(self) -> None:
        rng = seeded("bookings")
        self._book_out(rng, self.booked_out)
        for key, house in self.houses.items():
            if key in self.untouched or key == self.booked_out:
                continue
            if self.ages[key] > 40 and rng.random() < 0.15:
                self._book(rng, key, None, range(-2, 0), Status.PAID, nights=max(3, house.min_days))
            self._book_some(rng, key, goal=round(SOON * rng.uniform(0.15, BUSIEST)), weekends=rng.random() < 0.35)
            for _ in range(rng.randrange(3)):
                self._book(rng, key, None, range(SOON, 150), Status.PAID)

    def _book_some(self, rng: random.Random, key: str, *, goal: int, weekends: bool) -> None:
        """Take about this many of the next nights, on weekends where people come for those."""
        house = self.houses[key]
        weekends = weekends and house.min_days <= 2
        days = [day for day in range(1, SOON) if not weekends or self._day(day).weekday() in (FRIDAY, FRIDAY + 1)]
        for _ in range(60):
            room = int(SOON * BUSIEST) - self._nights_soon(key)
            if self._nights_soon(key) >= goal or room < house.min_days:
                return
            nights = rng.choice((1, 2, 2)) if weekends else length(house, rng)
            nights = max(house.min_days, min(nights, room))
            self._book(rng, key, None, days, Status.PAID, nights=nights)

    def _book_out(self, rng: random.Random, key: str) -> None:
        """One guest after the other, with hardly a night between them."""
        ahead = 0
        while ahead < SOON:
            nights = length(self.houses[key], rng)
            self._book(rng, key, None, range(ahead, ahead + 1), Status.PAID, nights=nights)
            ahead += nights + (rng.random() < 0.12)

    def _nights_soon(self, key: str) -> int:
        return sum(0 <= (night - self.today).days < SOON for night in self.taken[key])

    def remember_what_came_to_nothing(self) -> None:
        """Requests that were withdrawn, refused, not answered or not paid. They hold no night."""
        rng = seeded("nothing")
        places = [key for key, age in self.ages.items() if age > 40]
        endings = [*[Ending.GUEST] * 14, *[Ending.UNPAID] * 9, *[Ending.UNANSWERED] * 8, *[None] * 16]
        mine = [self.mine[4].key, self.mine[1].key]
        chosen = [("g01", mine[1], Ending.UNPAID), ("g01", mine[0], None), ("g02", rng.choice(places), Ending.GUEST)]
        chosen += [(rng.choice(self.crowd), rng.choice(places), ending) for ending in endings]
        reasons = list(self.city.reject_reasons)
        for number, (guest, key, ending) in enumerate(chosen):
            house = self.houses[key]
            ahead = rng.randint(3, 40) if number < 3 else rng.randint(-25, 40)
            stay = _stay(self._day(ahead), length(house, rng))
            if ending:
                self.visits.append(self.write.canceled(key, guest, stay, ending))
            else:
                fitting = [reason for reason in reasons if fits(reason, house)]
                self.visits.append(self.write.rejected(key, guest, stay, rng.choice(fitting)))

    # --- calendars --------------------------------------------------------------------------------------------------

    def _book(
        self,
        rng: random.Random,
        key: str,
        guest: str | None,
        days: Iterable[int],
        status: Status,
        *,
        nights: int = 0,
        ends_by: int = 10_000,
    ) -> None:
        """A stay that begins one of these days from today, for this guest or anybody; none where all is taken."""
        nights = nights or length(self.houses[key], rng)
        starts = [
            self._day(ahead)
            for ahead in days
            if ahead + nights <= ends_by and self._is_free(key, guest, self._day(ahead), nights)
        ]
        if not starts:
            return
        stay = _stay(rng.choice(starts), nights)
        who = guest or rng.choice([one for one in self.crowd if self.away[one].isdisjoint(stay.nights)])
        self._take(self.write.ongoing(key, who, stay, status))

    def _is_free(self, key: str, guest: str | None, first: date, nights: int) -> bool:
        wanted = list(_stay(first, nights).nights)
        return self.taken[key].isdisjoint(wanted) and (guest is None or self.away[guest].isdisjoint(wanted))

    def _take(self, visit: Visit) -> None:
        if visit.status in HOLDING:
            self.taken[visit.house].update(visit.stay.nights)
        self.away[visit.guest].update(visit.stay.nights)
        self.visits.append(visit)

    def _day(self, ahead: int) -> date:
        return self.today + timedelta(days=ahead)

    def _days(self, first: int, last: int) -> Iterable[date]:
        """From the one to before the other, as days from today."""
        return (self._day(ahead) for ahead in range(first, last))

    def _listed_at(self, key: str) -> datetime:
        hour = 9 + self.houses[key].number % 12
        return datetime.combine(self._day(-self.ages[key]), time(hour, 17), self.zone)

    def result(self) -> Plan:
        listed_at = {key: self._listed_at(key) for key in self.houses}
        rng = seeded("people")
        begun: dict[str, datetime] = {}
        for key, instant in listed_at.items():
            owner = self.houses[key].landlord
            begun[owner] = min(begun.get(owner, instant), instant)
        for visit in self.visits:
            begun[visit.guest] = min(begun.get(visit.guest, visit.created_at), visit.created_at)
        joined_at = {
            person.key: begun.get(person.key, self.now) - timedelta(hours=rng.randint(2, 400))
            for person in self.city.people
        }
        return Plan(listed_at, joined_at, sorted(self.visits, key=lambda visit: visit.created_at))


def is_seasonal(comment: CommentText) -> bool:
    return len(comment.months) < 12


def length(house: HouseText, rng: random.Random) -> int:
    """Nights that somebody might stay here, as the house allows."""
    nights = rng.choice(LENGTHS.get(house.kind, USUAL))
    return min(max(nights, house.min_days), house.max_days or LONGEST)


def fits(reason: str, house: HouseText) -> bool:
    """A farmhouse has no neighbours upstairs."""
    among_flats: Sequence[str] = ("apartment", "loft", "student", "business", "family")
    return house.kind in among_flats or not ("小区" in reason or "楼上" in reason)


def _stay(first: date, nights: int) -> Stay:
    return Stay(first, first + nights * ONE_DAY)
