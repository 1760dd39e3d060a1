"""One order's life, as instants: asked, answered, paid, commented on. Everything has happened before now."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ihome.calendar.rules import Stay
from ihome.demo.city import CommentText
from ihome.orders.models import Ending, Status

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANSWER_TIME = 24 * HOUR
PAYMENT_TIME = 24 * HOUR  # As the settings of a demo say.
PAID_WITHIN = 30 * MINUTE  # Who pays does so soon.
EARLIEST = timedelta(days=25)  # Nobody books longer ahead.


@dataclass(frozen=True)
class Visit:
    """One order, as its row will say."""

    house: str
    guest: str
    stay: Stay
    status: Status
    created_at: datetime
    answered_at: datetime | None = None
    paid_at: datetime | None = None
    deadline_at: datetime | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None
    comment: str | None = None
    rating: int | None = None
    commented_at: datetime | None = None
    reply: str | None = None
    replied_at: datetime | None = None

    @property
    def changed_at(self) -> datetime:
        steps = (self.created_at, self.answered_at, self.paid_at, self.ended_at, self.commented_at, self.replied_at)
        return max(step for step in steps if step)


class Writer:
    """Gives visits their instants, at hours at which people are awake."""

    def __init__(self, now: datetime, zone: ZoneInfo, rng: random.Random, listed_at: Callable[[str], datetime]) -> None:
        self.now, self.zone, self.rng, self.listed_at = now, zone, rng, listed_at

    def completed(self, comment: CommentText, stay: Stay, day: date) -> Visit:
        """A stay that was commented on, on this day."""
        created = self._asked(comment.house, stay)
        answered, paid = self._answered_and_paid(created)
        commented = self._at(day, time(13, 0)) + self.rng.random() * 9 * HOUR
        replied = commented + self.rng.uniform(0.05, 0.95) * min(40 * HOUR, self.now - commented)
        return Visit(
            comment.house, comment.guest, stay, Status.COMPLETE, created, answered, paid,
            comment=comment.text, rating=comment.rating, commented_at=commented,
            reply=comment.reply, replied_at=replied if comment.reply else None,
        )  # fmt: skip

    def ongoing(self, house: str, guest: str, stay: Stay, status: Status) -> Visit:
        """A stay that holds its nights. What is open stays so for hours: somebody is going to look around."""
        rng = self.rng
        if status == Status.WAIT_ACCEPT:
            created = self.now - rng.uniform(0.5, 14) * HOUR
            return Visit(house, guest, stay, status, created, deadline_at=created + ANSWER_TIME - MINUTE)
        if status == Status.WAIT_PAYMENT:
            answered = self.now - rng.uniform(0.2, 8) * HOUR
            created = answered - rng.uniform(0.3, 20) * HOUR
            return Visit(house, guest, stay, status, created, answered, deadline_at=answered + PAYMENT_TIME)
        created = self._asked(house, stay)
        answered, paid = self._answered_and_paid(created)
        return Visit(house, guest, stay, status, created, answered, paid)

    def canceled(self, house: str, guest: str, stay: Stay, ending: Ending) -> Visit:
        created = self._asked(house, stay, over_by=self.now - ANSWER_TIME - PAYMENT_TIME)
        answered = None
        match ending:
            case Ending.UNANSWERED:
                ended = created + ANSWER_TIME
            case Ending.UNPAID:
                answered, _ = self._answered_and_paid(created)
                ended = answered + PAYMENT_TIME
            case Ending.GUEST:
                ended = created + self.rng.uniform(0.1, 0.9) * min(
                    20 * HOUR, self._at(stay.check_in, time(12)) - created
                )
        return Visit(
            house, guest, stay, Status.CANCELED, created, answered_at=answered, ended_at=ended, ending=ending
        )  # fmt: skip

    def rejected(self, house: str, guest: str, stay: Stay, reason: str) -> Visit:
        created = self._asked(house, stay, over_by=self.now - ANSWER_TIME)
        answered, _ = self._answered_and_paid(created)
        return Visit(
            house, guest, stay, Status.REJECTED, created, answered_at=answered, ended_at=answered, comment=reason
        )  # fmt: skip

    def _asked(self, house: str, stay: Stay, over_by: datetime | None = None) -> datetime:
        """An instant on a day before the stay, when the house was on offer."""
        last = min(self._at(stay.check_in, time(0)) - 2 * HOUR, over_by or self.now - 45 * MINUTE)
        first = max(self.listed_at(house) + HOUR, last - EARLIEST)
        somewhen = first + (last - first) * self.rng.random()
        local = somewhen.astimezone(self.zone)
        awake = local.replace(hour=8 + self.rng.randrange(15), minute=self.rng.randrange(60))
        return (awake if first <= awake <= last else somewhen).replace(microsecond=0)

    def _answered_and_paid(self, created: datetime) -> tuple[datetime, datetime]:
        answered = created + self.rng.uniform(0.02, 0.6) * min(10 * HOUR, self.now - created)
        paid = answered + self.rng.uniform(0.1, 0.9) * min(PAID_WITHIN, self.now - answered)
        return answered, paid

    def _at(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone)
