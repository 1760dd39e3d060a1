"""The database: Base, the session of the moment, reading() and in_transaction().

Only edges open transactions, and only here is one committed. An action finds its rows through `session`; it may be
run again from its first read, because what deadlocks or fails to serialize is retried as a whole.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import Annotated, Any, ClassVar, ParamSpec, TypeVar, cast

import structlog
from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Engine,
    Executable,
    Insert,
    Integer,
    MetaData,
    String,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator
from werkzeug.local import LocalProxy

from ihome.kit import sqlite
from ihome.kit.engines import code, make_engine
from ihome.kit.errors import DatabaseDown

log = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 6
PATIENCE = 10  # Seconds after which a transaction is not begun again.
BIG_ID = BigInteger().with_variant(Integer, "sqlite")
Fen = Annotated[int, mapped_column(BigInteger)]  # A year at the highest price does not fit 32 bits.
MAX_ID = 2**63 - 1


def utcnow() -> datetime:
    """The instant, to the microsecond, aware. Business rules use clock.now() instead."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC without a zone in the database, microseconds everywhere."""

    impl = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class Base(DeclarativeBase):
    """Every row says when it was made and last changed (contract: Tables)."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, int: Integer, str: String(255)}


class Row(Base):
    """A row with an id of its own."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True, sort_order=-1)
    create_time: Mapped[datetime] = mapped_column(default=utcnow, sort_order=900)
    update_time: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow, sort_order=901)


# --- engines --------------------------------------------------------------------------------------------------------

REPLICA_RESTS = 30  # Seconds after a failure in which the database answers in a replica's place.

_engines: dict[str, Engine] = {}
_replica_rests_until = 0.0


def connect(url: str, read_url: str = "") -> None:
    """Point this process at its database; `read_url` is a replica for what strangers read."""
    global _replica_rests_until
    disconnect()
    _replica_rests_until = 0
    _engines["write"] = make_engine(url, writes=True)
    _engines["read"] = make_engine(url, writes=False)
    _engines["replica"] = make_engine(read_url, writes=False) if read_url else _engines["read"]


def disconnect() -> None:
    for engine in set(_engines.values()):
        engine.dispose()
    _engines.clear()


def engine(name: str = "write") -> Engine:
    return _engines[name]


# --- the session of the moment --------------------------------------------------------------------------------------


class _Opened:
    """What an edge has opened: a connection once somebody asks, a session upon it where somebody wants the ORM.

    Making and closing a session costs as much as a short query, and the busiest requests do without one.
    """

    def __init__(self, engine: Engine, *, autoflush: bool) -> None:
        self._engine, self._autoflush = engine, autoflush
        self._connection: Connection | None = None
        self._session: Session | None = None
        self.hooks: list[Callable[[], None]] = []

    # Not cached_property: in Python 3.11 one lock is held for all threads while the first of them waits to begin.
    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.begin()
        return self._connection

    @property
    def session(self) -> Session:
        if self._session is None:
            self._session = Session(self.connection, autoflush=self._autoflush, expire_on_commit=False)
        return self._session

    def flush(self) -> None:
        if self._session:
            self._session.flush()

    def commit(self) -> None:
        if self._connection:
            self._connection.commit()

    def close(self) -> None:
        """Undo what is not committed."""
        try:
            if self._session:
                self._session.close()
            if self._connection:
                self._connection.close()
        except DBAPIError:  # A node that left its cluster refuses ROLLBACK. A connection that ends is one as well.
            connection = cast(Connection, self._connection)
            if not connection.closed:  # By its own close(), which had the refusal.
                connection.invalidate()
                connection.close()


_opened: ContextVar[_Opened | None] = ContextVar("opened", default=None)


def _current() -> _Opened:
    found = _opened.get()
    if found is None:
        raise RuntimeError("no session is open: an edge must say reading() or in_transaction()")
    return found


session = cast(Session, LocalProxy(lambda: _current().session))


def has_session() -> bool:
    return _opened.get() is not None


@contextmanager
def reading(*, replica: bool = False) -> Iterator[None]:
    """Reads inside; joins the session that is open already. `replica` where it may be a little late."""
    if has_session():
        yield
        return
    opened = (_on_replica() if replica else None) or _Opened(_engines["read"], autoflush=False)
    token = _opened.set(opened)
    try:
        yield
    except DBAPIError as error:
        raise _translated(error) from error
    except NoConnectionFree as error:
        raise DatabaseDown from error
    finally:
        _opened.reset(token)
        opened.close()


def _on_replica() -> _Opened | None:
    """None where there is no replica, or none that answers: one request in a while waits to find that out."""
    global _replica_rests_until
    if _engines["replica"] is _engines["read"] or time.monotonic() < _replica_rests_until:
        return None
    opened = _Opened(_engines["replica"], autoflush=False)
    try:
        opened.connection.exec_driver_sql(
            "SELECT 1"
        )  # A node that left its cluster takes connections, but no question.
    except (DBAPIError, NoConnectionFree) as error:
        _replica_rests_until = time.monotonic() + REPLICA_RESTS
        log.warning("database.replica_unavailable", reason=type(error.__cause__ or error).__name__)
        opened.close()
        return None
    return opened


def reads(view: Callable[P, T]) -> Callable[P, T]:
    """For an edge that only reads."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        with reading():
            return view(*args, **kwargs)

    return wrapped


def in_transaction(do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What `do` returns, its changes committed; run again as a whole where databases ask for that.

    Raises DatabaseDown when the database does not answer or the outcome of the commit is unknown. A `with` block
    cannot run its body twice, which is why this takes a function (docs/adr/0003).
    """
    if has_session():
        raise RuntimeError("a session is open already: transactions do not nest")
    deadline = time.monotonic() + PATIENCE
    for attempt in range(1, ATTEMPTS + 1):
        opened = _Opened(_engines["write"], autoflush=True)
        token = _opened.set(opened)
        committing = False
        try:
            result = do(*args, **kwargs)
            opened.flush()
            committing = True
            opened.commit()
            sqlite.pass_turn()  # Before the session is tidied up: somebody waits.
            break
        except DBAPIError as error:
            unknown = committing and not is_retryable(error)  # The answer to COMMIT was lost: it may have happened.
            is_last = attempt == ATTEMPTS or time.monotonic() > deadline
            if is_last or unknown or not is_retryable(error, disconnects=True):
                raise _translated(error, outcome_unknown=unknown) from error
            log.info("transaction.retry", attempt=attempt, **_reason(error))
        except NoConnectionFree as error:
            raise DatabaseDown from error
        finally:
            _opened.reset(token)
            opened.close()
        time.sleep(random.uniform(0.5, 1.5) * 0.01 * 2**attempt)  # noqa: S311 - jitter, no secret
    for hook in opened.hooks:
        hook()
    return result


def writes(view: Callable[P, T]) -> Callable[P, T]:
    """For an edge where nothing slow comes first: the whole of it is one transaction."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        return in_transaction(view, *args, **kwargs)

    return wrapped


def after_commit(hook: Callable[[], None]) -> None:
    """Run this once the transaction is committed; never if it is not. It must not raise."""
    _current().hooks.append(hook)


@contextmanager
def savepoint() -> Iterator[None]:
    """What fails inside is undone by itself; the transaction goes on."""
    with session.begin_nested():
        session.connection()  # Now: the session would wait for its own next statement, and execute() goes past it.
        yield


def execute(statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
    """Run a statement on tables, built once, on the connection of the moment. For the busiest; else session.execute().

    It needs no session and flushes none.
    """
    return _current().connection.execute(statement, values)


def insert_row(statement: Insert, row: Mapping[str, Any]) -> int:
    """The id of the new row, as execute() runs it; else session.add()."""
    return int(execute(statement, row).inserted_primary_key[0])  # type: ignore[index]


def lock(row: Row) -> None:
    """Hold this row until the transaction ends, and read it again as it is now.

    Lock the parent before writing anything that points at it: on MariaDB 216 of 600 transactions deadlocked the other
    way round. It orders writers; it decides nothing, because on a Galera cluster it holds on one node only.
    On SQLite the whole transaction is the lock: nobody else can have changed what it has read.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    session.flush()  # Reading the row again must not lose what this transaction has changed in it.
    # PostgreSQL: FOR NO KEY UPDATE. The plain form also stops the foreign key checks of rows that point here, and who
    # writes such a row twice (an order, then again) is checked in the middle of its transaction: deadlocks, 1 s each.
    session.refresh(row, with_for_update={"key_share": True})


# --- what databases say ---------------------------------------------------------------------------------------------


def is_duplicate_key(error: IntegrityError) -> bool:
    """MariaDB 1062, PostgreSQL 23505, SQLite 1555 (primary key) and 2067 (unique)."""
    cause = error.orig
    if isinstance(cause, sqlite3.IntegrityError):
        return cause.sqlite_errorcode in (1555, 2067)
    return code(cause) in (1062, "23505")


# MariaDB: deadlock (also raised by COMMIT on Galera), lock wait, changed since read, the savepoint is gone because a
# deadlock inside it took the whole transaction. PostgreSQL: serialization failure, deadlock, lock wait.
RETRYABLE = (1213, 1205, 1020, 1305, "40001", "40P01", "55P03")
MISTAKES = (1054, 4025, 3819)


def is_retryable(error: DBAPIError, *, disconnects: bool = False) -> bool:
    """The database rolled back and asks for another try. With `disconnects` also a connection lost before COMMIT."""
    cause = error.orig
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return code(cause) in RETRYABLE or (disconnects and error.connection_invalidated)


def _translated(error: DBAPIError, **facts: bool) -> Exception:
    """DatabaseDown for what waiting may mend, the error itself for what is our mistake."""
    # SQLite and MariaDB call a column that is not there operational too, MariaDB and MySQL also a CHECK that fails.
    is_mistake = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR or code(error.orig) in MISTAKES
    if (isinstance(error, OperationalError) and not is_mistake) or error.connection_invalidated or is_retryable(error):
        log.error("database.unavailable", **_reason(error), **facts)
        return DatabaseDown()
    return error


def _reason(error: DBAPIError) -> dict[str, object]:
    return {"reason": type(error.orig).__name__, "code": code(error.orig)}
