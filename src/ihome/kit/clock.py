"""The time that business rules go by: real time plus an offset that demo and tests may set.

The offset is a row, so web, worker and sandbox agree. Sessions, limits, signatures and logs use real time.
"""

import re
import time
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from ihome.config import config
from ihome.kit.db import Base, reading, session, utcnow

SEEN_FOR = 0.25  # Seconds for which a process may still use an offset that has just been changed.


class ClockOffset(Base):
    """One row: how far the business clock is ahead of real time."""

    __tablename__ = "ih_clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[int] = mapped_column(default=0)


SPAN = re.compile(r"(?P<number>-?[0-9]{1,9})(?P<unit>[smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def read_span(text: str) -> timedelta:
    """90m, 24h, -3d, as commands take them. Raises ValueError."""
    parts = SPAN.fullmatch(text)
    if not parts:
        raise ValueError("a number of at most 9 digits and a unit: 90m, 24h, 3d")
    return timedelta(**{UNITS[parts["unit"]]: int(parts["number"])})


_seen: tuple[float, timedelta] | None = None


def offset() -> timedelta:
    """How far business time is ahead. Always zero in production, where nothing is read."""
    global _seen
    if config().is_production:
        return timedelta()
    if _seen is None or time.monotonic() - _seen[0] > SEEN_FOR:
        with reading():
            seconds = session.scalar(select(ClockOffset.seconds).where(ClockOffset.id == 1)) or 0
        _seen = (time.monotonic(), timedelta(seconds=seconds))
    return _seen[1]


def set_offset(ahead: timedelta) -> None:
    """Move the clock of the whole site. Refused in production by the command that calls this."""
    global _seen
    row = session.get(ClockOffset, 1) or ClockOffset(id=1)
    row.seconds = int(ahead.total_seconds())
    session.add(row)
    _seen = None


def now() -> datetime:
    """The business instant, UTC."""
    return utcnow() + offset()


def today() -> date:
    """The date in the site's zone (contract: Conventions), never UTC's or the server's."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """The instant as the site's wall clock shows it."""
    return instant.astimezone(config().zone)


def local_text(instant: datetime) -> str:
    """As answers write it: YYYY-MM-DD HH:MM:SS in the site's zone (contract: Conventions)."""
    return local(instant).strftime("%Y-%m-%d %H:%M:%S")


def wait_until_seen() -> None:
    """Return when no process uses an older offset any more."""
    time.sleep(2 * SEEN_FOR)
