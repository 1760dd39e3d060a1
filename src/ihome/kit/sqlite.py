"""SQLite as the database of a site with several threads and processes: readers never wait, writers queue."""

import fcntl
import os
import sqlite3
import threading

import structlog
from sqlalchemy import Engine, event
from sqlalchemy.pool import PoolProxiedConnection

from ihome.kit.errors import DatabaseDown

log = structlog.get_logger()

PATIENCE = 10  # Seconds that a writer waits: for its turn among the threads, then for SQLite's own lock.

PRAGMAS = (
    "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={PATIENCE * 1000}", "cache_size=-32000",
    "wal_autocheckpoint=8000",
)  # fmt: skip
# What others write makes a connection map the file anew, page by page: a tenth of the orders. A search gains as much.
FOR_READS = "mmap_size=268435456"


def tame(engine: Engine, *, writes: bool) -> None:
    """Set up each connection; where it `writes`, a transaction begins as a writer, in its turn."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # The driver's own BEGIN comes too late: see begin().
        for pragma in PRAGMAS if writes else (*PRAGMAS, FOR_READS):
            connection.execute(f"PRAGMA {pragma}")

    if not writes:
        return
    database = engine.url.database

    def begin(connection: PoolProxiedConnection) -> None:
        # A deferred BEGIN that reads, then writes, fails at once with SQLITE_BUSY whatever the timeout.
        if database:
            wait_for_turn(database)
        connection.driver_connection.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]

    # Not the engine's "begin" event: with one, SQLAlchemy looks for listeners around every statement, too.
    engine.dialect.do_begin = begin  # type: ignore[method-assign, assignment]

    @event.listens_for(engine, "checkin")
    def on_checkin(*_: object) -> None:
        pass_turn()  # However the transaction ended, and whoever began it.


_turn = threading.local()
_mine = threading.Lock()  # One thread of a process waits at a time, so that processes take turns, not threads.


def wait_for_turn(database: str) -> None:
    """SQLite has one writer at a time and lets the others poll; a file lock wakes the next one at once.

    A process that dies gives its turn back. It orders writers and decides nothing: BEGIN IMMEDIATE still does.
    Raises DatabaseDown where the turn does not come: who holds it hangs, the folder cannot be written, no file is left.
    """
    pass_turn()
    if not _mine.acquire(timeout=PATIENCE):
        log.error("database.unavailable", reason="another writer does not end")
        raise DatabaseDown
    try:
        file = os.open(f"{database}-turn", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)  # Without a limit, but for one thread of the process only.
        except OSError:
            os.close(file)
            raise
    except OSError as error:
        _mine.release()
        log.error("database.unavailable", reason=type(error).__name__)
        raise DatabaseDown from error
    _turn.file = file


def pass_turn() -> None:
    """Also harmless where this thread has none."""
    if (held := getattr(_turn, "file", None)) is not None:
        _turn.file = None
        os.close(held)
        _mine.release()
