"""How this program connects to each database, and for how long it waits for one."""

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from ihome.kit import sqlite

# Seconds, each shorter than whoever waits for the answer: a proxy gives up after 60.
CONNECT = 5  # A host that does not answer, or a connection from the pool that has fallen silent.
LOCK = 5  # A row that somebody else holds: a thousand orders long.
STATEMENT = 20  # Anything that a page or the API asks.
ANSWER = 30  # A server that is silent where it should have said that a statement took too long.
IDLE = 60  # A transaction of ours that has stopped asking: it holds locks.

POOL_MODE = "pool_mode"  # An option of ours in the URL of a PostgreSQL, as PgBouncer calls it.
LOOPBACK = ("localhost", "127.0.0.1", "::1")

# The connection is alive, but this server can no longer do the work: another one may, behind a balancer or in the URL.
# MariaDB 1047 left its cluster, 1180 left it during COMMIT, 1053 shuts down, 1290 and 1836 became read-only;
# PostgreSQL 25006 became read-only.
STRANDED = (1047, 1053, 1180, 1290, 1836, "25006")


def make_engine(url: str, *, writes: bool) -> Engine:
    """An engine for transactions, or for reads of one statement each."""
    address = make_url(url)
    # AUTOCOMMIT without a ROLLBACK at return saves a tenth of a search.
    options: dict[str, Any] = {} if writes else {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    options["hide_parameters"] = True  # They are people's names and addresses, and errors are logged.
    match address.get_backend_name():
        case "sqlite":
            made = create_engine(address, connect_args={"timeout": 10}, pool_size=16, max_overflow=32, **options)
            sqlite.tame(made, writes=writes)
            return made
        case "postgresql":
            return _postgresql(address.set(drivername="postgresql+psycopg"), **options)
        case _:
            return _mysql(address, **{"isolation_level": "READ COMMITTED"} | options)


def _pooled(address: URL, **options: Any) -> Engine:
    made = create_engine(
        address, pool_size=10, max_overflow=20, pool_timeout=5, pool_recycle=1800, pool_pre_ping=True, **options
    )
    lost = made.dialect.is_disconnect

    def is_disconnect(error: Any, *connection_and_cursor: Any) -> bool:
        return code(error) in STRANDED or lost(error, *connection_and_cursor)

    # Not the engine's "handle_error" event, which is also asked about what is no disconnect.
    made.dialect.is_disconnect = is_disconnect  # type: ignore[method-assign, assignment]
    ping = made.dialect.do_ping

    def do_ping(connection: Any) -> bool:
        connection._read_timeout = CONNECT
        alive = ping(connection)
        connection._read_timeout = ANSWER
        return alive

    made.dialect.do_ping = do_ping  # type: ignore[method-assign, assignment]
    return made


def wait_long(connection: Connection) -> None:
    """For upgrades and backups: no limit to an answer, until the connection is back in the pool."""
    connection.connection.dbapi_connection._read_timeout = None  # type: ignore[union-attr]


def shares_sessions(address: URL) -> bool:
    """Whether each transaction may get another session of the server: PgBouncer's pool_mode "transaction"."""
    return address.query.get(POOL_MODE) == "transaction"


def code(error: BaseException | None) -> int | str | None:
    """What the database calls this error: a number on MariaDB and MySQL, five letters on PostgreSQL, SQLITE_FULL."""
    args = getattr(error, "args", ())
    if args and isinstance(args[0], int):
        return args[0]
    return getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)


# --- PostgreSQL -----------------------------------------------------------------------------------------------------

_POSTGRESQL = {
    "connect_timeout": CONNECT,
    "keepalives_idle": 10,  # A host that vanished is noticed after ANSWER at most.
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": ANSWER * 1000,
}
# Not the start-up parameter `options`, which PgBouncer refuses.
_SETTINGS = (
    f"SET timezone = 'UTC'; SET statement_timeout = '{STATEMENT}s'; SET lock_timeout = '{LOCK}s';"
    f" SET idle_in_transaction_session_timeout = '{IDLE}s'"
)


def _postgresql(address: URL, **options: Any) -> Engine:
    import psycopg  # Takes 70 ms.

    class Bounded(psycopg.Connection[Any]):
        """Gives up a server that is silent: its own statement_timeout needs a server that works.

        Neither does TCP tell: the host of a process that hangs goes on acknowledging.
        """

        _read_timeout: float | None = ANSWER  # As PyMySQL calls it.

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            try:
                return super().wait(gen, interval, timeout or self._read_timeout)
            except psycopg.errors._WaitTimeout:
                self.pgconn.finish()
                raise psycopg.OperationalError("the server did not answer in time") from None

    made = _pooled(address, connect_args=_POSTGRESQL, **options)

    @event.listens_for(made, "do_connect")
    def do_connect(_dialect: object, _record: object, args: Any, named: Any) -> Any:
        named.pop(POOL_MODE, None)
        if shares_sessions(address):
            # What one transaction sets or prepares there, another one's connection would have.
            return Bounded.connect(*args, **named, prepare_threshold=None)
        connection = Bounded.connect(*args, **named, autocommit=True)
        connection._read_timeout = CONNECT  # A silent server is given up as early as before its greeting.
        try:
            connection.execute(_SETTINGS)
            connection.autocommit = False
        except psycopg.Error:
            connection.close()
            raise
        connection._read_timeout = ANSWER
        return connection

    return made


# --- MariaDB and MySQL ----------------------------------------------------------------------------------------------

# Each reads the comments that are meant for it.
_LIMITS = (
    f"SET SESSION innodb_lock_wait_timeout={LOCK}"
    f" /*M!100301 , max_statement_time={STATEMENT}, idle_transaction_timeout={IDLE} */"
    f" /*!80000 , max_execution_time={STATEMENT * 1000} */"
)


def _mysql(address: URL, **options: Any) -> Engine:
    address = address.set(drivername="mysql+pymysql").update_query_dict({"charset": "utf8mb4"})
    connect_args: dict[str, Any] = {"connect_timeout": CONNECT, "read_timeout": CONNECT, "write_timeout": ANSWER}
    if address.host in LOOPBACK and not any(name.startswith("ssl") for name in address.query):
        connect_args["ssl_disabled"] = True  # Its list of authorities, read for each connection, takes 10 ms.
    made = _pooled(address, connect_args=connect_args, **options)

    @event.listens_for(made, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_LIMITS)
            cursor.execute("SHOW VARIABLES LIKE 'wsrep_on'")
            if cursor.fetchone() == ("wsrep_on", "ON"):
                # Galera: a node shows what another one committed a moment later; who signs in at one app server and
                # is sent to the next would not be known there. 0 of 1000 reads are stale so, else 104.
                cursor.execute("SET SESSION wsrep_sync_wait=1")
        connection._read_timeout = ANSWER  # Until now it had to greet in time: connect_timeout is TCP's alone.

    return made
