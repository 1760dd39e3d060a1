"""What happens by itself, again and again: functions with an interval, run by whichever worker claims the turn."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import String, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from ihome.kit.db import Base, in_transaction, is_duplicate_key, reading, savepoint, session, utcnow

log = structlog.get_logger()
Job = Callable[[], object]


class Turn(Base):
    """When a job runs next. Claiming a turn is a conditional UPDATE, so two schedulers do no harm."""

    __tablename__ = "ih_schedule"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    next_at: Mapped[datetime]


class _Entry(NamedTuple):
    job: Job
    interval: timedelta


_jobs: dict[str, _Entry] = {}


def every(interval: timedelta) -> Callable[[Job], Job]:
    """Run the function about this often, on one worker at a time."""

    def register(job: Job) -> Job:
        _jobs[f"{job.__module__.removeprefix('ihome.')}.{job.__name__}"] = _Entry(job, interval)
        return job

    return register


def run_due() -> None:
    """Run each job whose turn has come. A job that fails has its next turn as usual."""
    with reading():  # A worker looks three times a second: only what is due costs a transaction.
        waiting = set(session.scalars(select(Turn.name).where(Turn.next_at > utcnow())))
    for name, entry in _jobs.items():
        if name not in waiting and in_transaction(_claim, name, entry.interval):
            log.debug("schedule.turn", job=name)
            try:
                entry.job()
            except Exception:
                log.exception("schedule.failed", job=name)


def _claim(name: str, interval: timedelta) -> bool:
    now = utcnow()
    if session.get(Turn, name) is None:
        try:
            with savepoint():
                session.add(Turn(name=name, next_at=now + interval))
        except IntegrityError as error:
            if not is_duplicate_key(error):
                raise
            return False
        return True
    turned = session.execute(update(Turn).where(Turn.name == name, Turn.next_at <= now).values(next_at=now + interval))
    return bool(turned.rowcount)  # type: ignore[attr-defined]


def turns() -> dict[str, datetime]:
    """When the last turn of each job began."""
    known = session.execute(select(Turn.name, Turn.next_at).where(Turn.name.in_(_jobs)))
    return {name: next_at - _jobs[name].interval for name, next_at in known}


def late_by() -> timedelta | None:
    """How long the job that waits longest has waited for a worker (0 where none does); None before the first turn."""
    first = session.scalar(select(func.min(Turn.next_at)).where(Turn.name.in_(_jobs)))
    return max(utcnow() - first, timedelta()) if first else None
