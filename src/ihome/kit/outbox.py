"""What was promised is sent: after-effects are rows written with their cause and delivered at least once.

`add("order.placed", order_id=7)` writes one row for each handler of the topic, in the caller's transaction. A worker
claims due rows by a lease, runs the handler and deletes the row. A worker that dies leaves its lease to run out; a
handler that fails is tried again later and, after GIVE_UP attempts, kept as failed (`ihome outbox failed`). So a
handler may run twice: it must not mind.
"""

import inspect
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

import structlog
from sqlalchemy import JSON, Index, String, Table, Text, delete, func, insert, select, true, update
from sqlalchemy.orm import Mapped, mapped_column

from ihome.kit.db import Row, after_commit, in_transaction, insert_row, reading, session, utcnow
from ihome.kit.log import request_id

log = structlog.get_logger()

AT_ONCE = 16  # Messages that a worker delivers: a mail server that hangs on one address holds up one of them.
LEASE = timedelta(seconds=60)
GIVE_UP = 12  # Attempts; with the delays below the last one comes about a day after the first.
WAITING, FAILED = "waiting", "failed"

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
_topics: dict[str, list[str]] = {}
_announce: Callable[[int], None] | None = None


class OutboxMessage(Row):
    """One promise to one handler. Delivered rows are deleted, and with them what they said."""

    __tablename__ = "ih_outbox"
    __table_args__ = (Index(None, "state", "run_at"), {"sqlite_autoincrement": True})

    topic: Mapped[str] = mapped_column(String(64))
    handler: Mapped[str] = mapped_column(String(128))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), default=WAITING)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[str | None] = mapped_column(String(32))
    last_error: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(String(64))  # Of the request that promised it, for the logs.


_PROMISE = insert(cast(Table, OutboxMessage.__table__))  # Built once: every order makes some.


class GiveUp(Exception):
    """Trying again will not help: keep the message as failed, with this reason."""


class TryLater(Exception):
    """Somebody else is out of order: nothing for us to mend, so the log gets the reason without a traceback."""


def on(topic: str) -> Callable[[Handler], Handler]:
    """Deliver messages of this topic to the function, with the payload as keyword arguments."""

    def register(handler: Handler) -> Handler:
        module = inspect.getmodule(handler)
        name = f"{module.__name__ if module else ''}.{handler.__name__}".removeprefix("ihome.")
        _handlers[name] = handler
        _topics.setdefault(topic, []).append(name)
        return handler

    return register


def announce_with(announce: Callable[[int], None] | None) -> None:
    """Also tell a broker, after the commit, the id of each new message (the sweep finds it without)."""
    global _announce
    _announce = announce


def add(topic: str, *, after: timedelta = timedelta(), **payload: Any) -> None:
    """Promise it, in the transaction that is open. `after` delays the first attempt."""
    for handler in _topics[topic]:
        row = {"topic": topic, "handler": handler, "payload": payload, "run_at": utcnow() + after}
        row["request_id"] = request_id.get() or None
        message_id = insert_row(_PROMISE, row)
        if _announce and not after:
            after_commit(lambda announce=_announce, id_=message_id: announce(id_))  # type: ignore[misc]


def due(limit: int = 20) -> list[int]:
    """Ids of messages whose time has come: what was never tried, then what failed; of each the oldest first.

    A mail server that hangs on some addresses would else be asked again and again before the others have their turn.
    """
    with reading():
        found = select(OutboxMessage.id).where(OutboxMessage.state == WAITING, OutboxMessage.run_at <= utcnow())
        return list(session.scalars(found.order_by(OutboxMessage.attempts > 0, OutboxMessage.run_at).limit(limit)))


def deliver(message_id: int) -> bool:
    """Run the handler of this message once, unless another worker has it. True if it was delivered."""
    claim = secrets.token_hex(8)
    message = in_transaction(_claim, message_id, claim)
    if message is None:
        return False
    bound = {"outbox_id": message_id, "topic": message.topic, "handler": message.handler}
    if message.request_id:
        bound["request_id"] = message.request_id
    with structlog.contextvars.bound_contextvars(**bound):
        try:
            _handlers[message.handler](**message.payload)
        except Exception as error:
            failed = isinstance(error, GiveUp) or message.attempts >= GIVE_UP
            event = "outbox.failed" if failed else "outbox.retry"
            if isinstance(error, (GiveUp, TryLater)):
                log.warning(event, attempt=message.attempts, reason=str(error))
            else:
                log.exception(event, attempt=message.attempts)
            in_transaction(_put_back, message_id, claim, error, failed, message.attempts)
            return False
        in_transaction(_finish, message_id, claim)
        log.info("outbox.delivered", attempt=message.attempts)
        return True


def _claim(message_id: int, claim: str) -> OutboxMessage | None:
    """Push run_at past the lease; of several workers the one whose UPDATE finds the row due has it."""
    now = utcnow()
    taken = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == WAITING, OutboxMessage.run_at <= now)
        .values(run_at=now + LEASE, attempts=OutboxMessage.attempts + 1, claim=claim, update_time=now)
    )
    return session.get(OutboxMessage, message_id) if taken.rowcount else None  # type: ignore[attr-defined]


def _mine(message_id: int, claim: str) -> Any:
    return (OutboxMessage.id == message_id) & (OutboxMessage.claim == claim)


def _finish(message_id: int, claim: str) -> None:
    session.execute(delete(OutboxMessage).where(_mine(message_id, claim)))


def _put_back(message_id: int, claim: str, error: Exception, failed: bool, attempts: int) -> None:
    delay = timedelta(seconds=min(5 * 3 ** (attempts - 1), 4 * 3600))
    session.execute(
        update(OutboxMessage)
        .where(_mine(message_id, claim))
        .values(
            state=FAILED if failed else WAITING,
            run_at=utcnow() + delay,
            last_error=f"{type(error).__name__}: {error}"[:2000],
        )
    )


def drain(limit: int = 20) -> int:
    """Deliver what is due; the number delivered."""
    return sum(deliver(message_id) for message_id in due(limit))


def failed_messages() -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.state == FAILED).order_by(OutboxMessage.id)))


def retry_failed(message_ids: list[int] | None = None) -> int:
    """Put failed messages (these, or all) back in the queue; how many."""
    wanted = OutboxMessage.id.in_(message_ids) if message_ids else true()
    done = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == FAILED, wanted)
        .values(state=WAITING, run_at=utcnow(), attempts=0)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def waiting() -> int:
    """How many messages are not delivered yet."""
    return session.scalar(select(func.count()).where(OutboxMessage.state == WAITING)) or 0


class Backlog(NamedTuple):
    """How many messages wait, since when the oldest of those whose time has come, and how many were given up."""

    waiting: int
    oldest_at: datetime | None
    failed: int


def backlog() -> Backlog:
    counted = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    numbers = dict(session.execute(counted).all())
    begun = (OutboxMessage.run_at <= utcnow()) | (OutboxMessage.attempts > 0)  # Else it is promised for later.
    oldest_at = session.scalar(select(func.min(OutboxMessage.create_time)).where(OutboxMessage.state == WAITING, begun))
    return Backlog(numbers.get(WAITING, 0), oldest_at, numbers.get(FAILED, 0))
