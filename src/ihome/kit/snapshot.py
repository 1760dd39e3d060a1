"""Reading much of the database as it is at one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from ihome.kit import db
from ihome.kit.engines import wait_long


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that sees what was there at its first read. It holds nobody up, and is not for writing.

    Limits of a statement's time are lifted: a table is read by one statement, in a stream.
    """
    dialect = db.engine().dialect
    if dialect.name == "sqlite":
        with db.engine("read").connect() as connection:  # The other engine's transactions wait for their turn to write.
            connection.exec_driver_sql("PRAGMA mmap_size = 0")  # What is read once need not stay in memory.
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.invalidate()
        return
    with db.engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        wait_long(connection)
        if dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        elif dialect.is_mariadb:  # type: ignore[attr-defined]
            connection.exec_driver_sql("SET SESSION max_statement_time = 0")
        try:
            yield connection
        finally:
            connection.invalidate()  # Who comes next has limits.
