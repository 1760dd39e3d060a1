"""Short-lived keys: codes, limits, cache. SQLite by default, Redis by URL; atomic across processes either way.

A store that does not answer raises StoreDown: what protects people (codes, sign-in limits) then fails closed.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, cast

import structlog

from ihome.addresses import Address, read_redis
from ihome.kit.breaker import Breaker
from ihome.kit.errors import StoreDown

log = structlog.get_logger()

TIMEOUT = 1.0  # Seconds that Redis has to take a connection, and to answer.
PAUSE = 1.0  # Seconds in which nobody asks again a Redis that did not answer.


class Store(Protocol):
    """Values are text. `ttl` is in seconds, and every key has one."""

    def get(self, key: str) -> str | None: ...
    def set(self, key: str, value: str, ttl: int) -> None: ...
    def add(self, key: str, value: str, ttl: int) -> bool:
        """False, and nothing changed, where the key exists."""

    def take(self, key: str) -> str | None:
        """The value, removed: of several takers one gets it."""

    def count(self, key: str, ttl: int) -> int:
        """One more; `ttl` runs from the first."""

    def delete(self, key: str) -> None: ...


class SqliteStore:
    """A file of its own: losing it on a power cut costs a code or a limit, never an order."""

    def __init__(self, path: Path, prefix: str = "") -> None:
        self.path = path
        self.prefix = prefix
        self._local = threading.local()
        self._writes = 0

    def _run(self, sql: str, *values: object) -> list[Any]:
        try:
            connection: sqlite3.Connection = getattr(self._local, "connection", None) or self._open()
            return connection.execute(sql, values).fetchall()
        except (sqlite3.Error, OSError) as error:
            log.error("store.unavailable", reason=str(error))
            raise StoreDown from error

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=5, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS kv (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL NOT NULL)"
            " WITHOUT ROWID"
        )
        self._local.connection = connection
        return connection

    def get(self, key: str) -> str | None:
        rows = self._run("SELECT value FROM kv WHERE key=? AND expires_at>?", self.prefix + key, time.time())
        return cast(str, rows[0][0]) if rows else None

    def set(self, key: str, value: str, ttl: int) -> None:
        self._sweep()
        self._run("REPLACE INTO kv VALUES (?,?,?)", self.prefix + key, value, time.time() + ttl)

    def add(self, key: str, value: str, ttl: int) -> bool:
        now = time.time()
        rows = self._run(
            "INSERT INTO kv VALUES (?,?,?) ON CONFLICT (key) DO UPDATE"
            " SET value=excluded.value, expires_at=excluded.expires_at WHERE expires_at<=? RETURNING key",
            self.prefix + key, value, now + ttl, now,
        )  # fmt: skip
        return bool(rows)

    def take(self, key: str) -> str | None:
        rows = self._run("DELETE FROM kv WHERE key=? RETURNING value, expires_at>?", self.prefix + key, time.time())
        return cast(str, rows[0][0]) if rows and rows[0][1] else None

    def count(self, key: str, ttl: int) -> int:
        now = time.time()
        rows = self._run(
            "INSERT INTO kv VALUES (?1,'1',?2) ON CONFLICT (key) DO UPDATE SET"
            " value=CASE WHEN expires_at<=?3 THEN '1' ELSE CAST(value+1 AS TEXT) END,"
            " expires_at=CASE WHEN expires_at<=?3 THEN ?2 ELSE expires_at END RETURNING value",
            self.prefix + key, now + ttl, now,
        )  # fmt: skip
        return int(rows[0][0])

    def delete(self, key: str) -> None:
        self._run("DELETE FROM kv WHERE key=?", self.prefix + key)

    def _sweep(self) -> None:
        self._writes += 1
        if self._writes % 500 == 1:
            self._run("DELETE FROM kv WHERE expires_at<=?", time.time())


class RedisStore:
    """Redis, its names and plain-text values as the contract lists them ("Keys in Redis").

    Each call names one key, so that it works on a cluster too.
    """

    COUNT = "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end return n"

    def __init__(self, url: str, prefix: str = "") -> None:
        import redis  # 240 ms: only where it is used.

        self.address = read_redis(url)
        self.prefix = prefix
        self._errors = (redis.RedisError, redis.RedisClusterException, OSError)
        self._outages = (redis.ConnectionError, redis.TimeoutError, redis.RedisClusterException, OSError)
        self._breaker = Breaker(PAUSE)
        self._client: Any = None

    def get(self, key: str) -> str | None:
        return cast("str | None", self._run(lambda redis: redis.get(self.prefix + key)))

    def set(self, key: str, value: str, ttl: int) -> None:
        self._run(lambda redis: redis.set(self.prefix + key, value, ex=ttl))

    def add(self, key: str, value: str, ttl: int) -> bool:
        return bool(self._run(lambda redis: redis.set(self.prefix + key, value, ex=ttl, nx=True)))

    def take(self, key: str) -> str | None:
        return cast("str | None", self._run(lambda redis: redis.getdel(self.prefix + key)))

    def count(self, key: str, ttl: int) -> int:
        return int(self._run(lambda redis: redis.eval(self.COUNT, 1, self.prefix + key, ttl)))

    def delete(self, key: str) -> None:
        self._run(lambda redis: redis.delete(self.prefix + key))

    def _run(self, call: Callable[[Any], Any]) -> Any:
        if self._breaker.is_open():
            raise StoreDown
        try:
            if self._client is None:  # Not before: a cluster's client asks the cluster, which may be down at start.
                self._client = _connect(self.address)
            answer = call(self._client)
        except self._errors as error:
            if not isinstance(error, self._outages):
                log.error("store.refused", reason=type(error).__name__)
            elif self._breaker.failed():
                log.error("store.unavailable", reason=type(error).__name__)
            raise StoreDown from error
        if self._breaker.worked():
            log.info("store.available")
        return answer


def _connect(address: Address) -> Any:
    """The client of redis-py for this kind of address, with its waiting bounded."""
    from redis import Redis, RedisCluster
    from redis.backoff import NoBackoff
    from redis.cluster import ClusterNode
    from redis.retry import Retry
    from redis.sentinel import Sentinel

    # The client's own ten retries would hold a request for 14 s when Redis hangs. Connections that the server has
    # closed meanwhile are found out by the pool. (A Retry that does not count time-outs as errors leaves the
    # connection to a frozen master open, and the next command reads the answer to this one.)
    once: dict[str, Any] = {"retry": Retry(NoBackoff(), 0)}
    waits = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
    known: dict[str, Any] = {"username": address.user or None, "password": address.password or None}
    known |= waits | {"decode_responses": True} | (address.tls_options if address.tls else {})
    if address.kind == "unix":
        return Redis(unix_socket_path=address.path, db=address.db, **once, **known)
    if address.tls:
        known["ssl"] = True
    match address.kind:
        case "redis+sentinel":
            asking = waits | once | ({"ssl": True, **address.tls_options} if address.tls else {})
            asking["password"] = address.sentinel_password or None
            sentinel = Sentinel(address.hosts, sentinel_kwargs=asking, **known, **once)
            return sentinel.master_for(address.master, db=address.db)
        case "redis+cluster":
            return RedisCluster(startup_nodes=[ClusterNode(*host) for host in address.hosts], **once, **known)
    (host, port), *_ = address.hosts
    return Redis(host=host, port=port, db=address.db, **once, **known)


_store: Store | None = None


def connect(redis_url: str, path: Path, prefix: str = "") -> None:
    global _store
    _store = RedisStore(redis_url, prefix) if redis_url else SqliteStore(path, prefix)


def store() -> Store:
    if _store is None:
        raise RuntimeError("no store: call ihome.kit.kv.connect() first")
    return _store
