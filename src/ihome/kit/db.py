"""The database: Base, the session of the moment, reading() and in_transaction().

Only edges open transactions, and only here is one committed. An action finds its rows through `session`; it may be
run again from its first read, because what deadlocks or fails to serialize is retried as a whole.
"""

import fcntl
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import Annotated, Any, ClassVar, ParamSpec, TypeVar, cast

import structlog
from sqlalchemy import (
    BigInteger,
    CursorResult,
    DateTime,
    Engine,
    Insert,
    Integer,
    MetaData,
    String,
    create_engine,
    event,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator
from werkzeug.local import LocalProxy

from ihome.kit.errors import DatabaseDown

log = structlog.get_logger()
P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 6
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

_engines: dict[str, Engine] = {}


def connect(url: str, read_url: str = "") -> None:
    """Point this process at its database; `read_url` is a replica for anonymous pages."""
    disconnect()
    _engines["write"] = _engine(url, writes=True)
    _engines["read"] = _engine(url, writes=False)
    _engines["replica"] = _engine(read_url, writes=False) if read_url else _engines["read"]


def disconnect() -> None:
    for engine in set(_engines.values()):
        engine.dispose()
    _engines.clear()


def engine(name: str = "write") -> Engine:
    return _engines[name]


def _engine(url: str, *, writes: bool) -> Engine:
    address = make_url(url)
    # A read is one statement at a time: AUTOCOMMIT without a ROLLBACK at return saves a tenth of a search.
    options: dict[str, Any] = {} if writes else {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    match address.get_backend_name():
        case "sqlite":
            made = create_engine(address, connect_args={"timeout": 10}, pool_size=16, max_overflow=32, **options)
            _tame_sqlite(made, writes=writes)
            return made
        case "mysql" | "mariadb":
            address = address.set(drivername="mysql+pymysql").update_query_dict({"charset": "utf8mb4"})
            options.setdefault("isolation_level", "READ COMMITTED")
            options["connect_args"] = {"connect_timeout": 5, "read_timeout": 30, "write_timeout": 30}
        case "postgresql":
            address = address.set(drivername="postgresql+psycopg")
            options["connect_args"] = {
                "connect_timeout": 5,
                "options": "-c statement_timeout=30000 -c timezone=UTC",
            }
    return create_engine(
        address,
        pool_size=10,
        max_overflow=20,
        pool_timeout=5,
        pool_recycle=1800,
        pool_pre_ping=True,
        **options,
    )


def _tame_sqlite(made: Engine, *, writes: bool) -> None:
    @event.listens_for(made, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # The driver's own BEGIN comes too late: see on_begin.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000",
                       "cache_size=-32000", "wal_autocheckpoint=8000", "mmap_size=268435456"):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")

    if writes:

        @event.listens_for(made, "begin")
        def on_begin(connection: Any) -> None:
            # A deferred BEGIN that reads, then writes, fails at once with SQLITE_BUSY whatever the timeout.
            if made.url.database:
                _wait_for_turn(made.url.database)
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        @event.listens_for(made, "checkin")
        def on_checkin(*_: object) -> None:
            _pass_turn()  # However the transaction ended, and whoever began it.


# --- the session of the moment --------------------------------------------------------------------------------------

_session: ContextVar[Session | None] = ContextVar("session", default=None)


def _current() -> Session:
    found = _session.get()
    if found is None:
        raise RuntimeError("no session is open: an edge must say reading() or in_transaction()")
    return found


session = cast(Session, LocalProxy(_current))


def has_session() -> bool:
    return _session.get() is not None


@contextmanager
def reading(*, replica: bool = False) -> Iterator[None]:
    """Reads inside; joins the session that is open already. `replica` where a second of staleness does no harm."""
    if has_session():
        yield
        return
    opened = Session(_engines["replica" if replica else "read"], autoflush=False, expire_on_commit=False)
    token = _session.set(opened)
    try:
        yield
    except DBAPIError as error:
        raise _translated(error) from error
    except NoConnectionFree as error:
        raise DatabaseDown from error
    finally:
        _session.reset(token)
        opened.close()


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
    for attempt in range(1, ATTEMPTS + 1):
        opened = Session(_engines["write"], expire_on_commit=False)
        token = _session.set(opened)
        committing = False
        try:
            result = do(*args, **kwargs)
            opened.flush()
            committing = True
            opened.commit()
            _pass_turn()  # Before the session is tidied up: somebody waits.
            break
        except DBAPIError as error:
            opened.rollback()
            unknown = committing and not is_retryable(error)  # The answer to COMMIT was lost: it may have happened.
            if attempt == ATTEMPTS or unknown or not is_retryable(error, disconnects=True):
                raise _translated(error) from error
            log.info("transaction.retry", attempt=attempt, reason=type(error.orig).__name__)
        except NoConnectionFree as error:
            raise DatabaseDown from error
        finally:
            _session.reset(token)
            opened.close()
        time.sleep(random.uniform(0.5, 1.5) * 0.01 * 2**attempt)  # noqa: S311 - jitter, no secret
    for hook in opened.info.get("after_commit", ()):
        hook()
    return result


_turn = threading.local()


def _wait_for_turn(database: str) -> None:
    """SQLite has one writer at a time and lets the others poll; a file lock wakes the next one at once.

    A process that dies gives its turn back. It orders writers and decides nothing: BEGIN IMMEDIATE still does.
    """
    _pass_turn()
    _turn.file = os.open(f"{database}-turn", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(_turn.file, fcntl.LOCK_EX)


def _pass_turn() -> None:
    """Also harmless where this thread has none."""
    if (held := getattr(_turn, "file", None)) is not None:
        _turn.file = None
        os.close(held)


def writes(view: Callable[P, T]) -> Callable[P, T]:
    """For an edge where nothing slow comes first: the whole of it is one transaction."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        return in_transaction(view, *args, **kwargs)

    return wrapped


def after_commit(hook: Callable[[], None]) -> None:
    """Run this once the transaction is committed; never if it is not. It must not raise."""
    session.info.setdefault("after_commit", []).append(hook)


def insert_row(statement: Insert, row: dict[str, Any]) -> int:
    """The id of the new row. For the busiest inserts, with the statement built once; else session.add()."""
    done = cast("CursorResult[Any]", session.execute(statement, row))
    return int(done.inserted_primary_key[0])  # type: ignore[index]


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
    return getattr(cause, "sqlstate", None) == "23505" or _mysql_code(cause) == 1062


def is_retryable(error: DBAPIError, *, disconnects: bool = False) -> bool:
    """The database rolled back and asks for another try.

    MariaDB 1213 deadlock (also raised by COMMIT on Galera), 1205 lock wait, 1020 changed since read, 1305 the
    savepoint is gone, as a deadlock inside it took the whole transaction; PostgreSQL 40001, 40P01; SQLite busy.
    With `disconnects` also a connection that was lost before COMMIT.
    """
    cause = error.orig
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    if getattr(cause, "sqlstate", None) in ("40001", "40P01") or _mysql_code(cause) in (1213, 1205, 1020, 1305):
        return True
    return disconnects and error.connection_invalidated


def _mysql_code(cause: BaseException | None) -> int | None:
    args = getattr(cause, "args", ())
    return args[0] if args and isinstance(args[0], int) else None


def _translated(error: DBAPIError) -> Exception:
    """DatabaseDown for what waiting may mend, the error itself for what is our mistake."""
    # SQLite and MariaDB call a column that is not there operational too.
    is_mistake = (
        getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR or _mysql_code(error.orig) == 1054
    )
    if (isinstance(error, OperationalError) and not is_mistake) or error.connection_invalidated or is_retryable(error):
        log.error("database.unavailable", reason=type(error.orig).__name__)
        return DatabaseDown()
    return error


def ping() -> None:
    """Raises DatabaseDown unless the database answers."""
    with reading():
        session.execute(select(text("1")))
