"""Databases, Redis and brokers in one line, also as several hosts: `redis+sentinel://:pw@a:26379,b:26379/site/0`.

Every ValueError from here is in words of ours: the libraries' repeat the address, and it may hold a password.
"""

import os
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

PORTS = {"redis": 6379, "redis+cluster": 6379, "redis+sentinel": 26379, "amqp": 5672, "amqps": 5671}
MYSQL_TLS = ("ssl_ca", "ssl_cert", "ssl_key", "ssl_check_hostname")
TLS_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")


@dataclass(frozen=True)
class Address:
    """`kind` is the scheme without its TLS: redis, redis+sentinel, redis+cluster, unix, amqp or amqps."""

    kind: str
    tls: bool
    hosts: tuple[tuple[str, int], ...]
    user: str = ""
    password: str = field(default="", repr=False)
    path: str = ""
    options: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def master(self) -> str:
        """The name under which the Sentinels know the master."""
        return self.path.partition("/")[0]

    @property
    def db(self) -> int:
        number = self.options.get("db", "") if self.kind == "unix" else self.path.rpartition("/")[2]
        return int(number) if number.isdigit() else 0

    @property
    def sentinel_password(self) -> str:
        return self.options.get("sentinel_password", "")

    @property
    def tls_options(self) -> dict[str, Any]:
        """As redis-py names them: certificates are always checked, against the system's authorities or these files."""
        return {"ssl_cert_reqs": "required"} | {name: self.options[name] for name in TLS_FILES if name in self.options}

    @property
    def login(self) -> str:
        return f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.password else ""


def read_redis(url: str) -> Address:
    """The address of the store. Raises ValueError."""
    return _read(url, "redis|rediss|unix|redis+sentinel|rediss+sentinel|redis+cluster|rediss+cluster")


def read_broker(url: str) -> Address:
    """The address of Celery's broker. Raises ValueError."""
    if url.startswith(("redis+cluster:", "rediss+cluster:")):
        raise ValueError("Celery cannot work through Redis Cluster; use one Redis, Sentinel or RabbitMQ")
    if url.startswith("sentinel:"):
        raise ValueError("write Sentinel as redis+sentinel://host:26379,host:26379/master-name/0")
    return _read(url, "amqp|amqps|redis|rediss|unix|redis+sentinel|rediss+sentinel")


def _read(url: str, kinds: str) -> Address:
    scheme, _, rest = url.partition("://")
    if not rest or scheme not in kinds.split("|"):
        raise ValueError(f"expected an address that begins with {kinds.replace('|', ':// or ')}://")
    kind = scheme.replace("rediss", "redis")
    parts = urlsplit(f"//{rest}")
    login, _, hosts = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    address = Address(
        kind=kind,
        tls=scheme != kind or kind == "amqps",
        hosts=tuple(_host(host, PORTS[kind]) for host in hosts.split(",")) if kind != "unix" else (),
        user=unquote(user),
        password=unquote(password),
        path=parts.path if kind == "unix" else unquote(parts.path.removeprefix("/")),
        options=dict(parse_qsl(parts.query)),
    )
    _check(address)
    return address


def _host(text: str, default_port: int) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{text}")
        port = default_port if parts.port is None else parts.port
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        raise ValueError("expected a number from 1 to 65535 as its port, after the last colon")
    if not parts.hostname or "%" in parts.hostname or re.search(r"\s", parts.hostname):
        raise ValueError("there is no host in it")
    return parts.hostname, port


def _check(address: Address) -> None:
    known = {
        "unix": {"db"},
        "redis+sentinel": {"sentinel_password"},
    }.get(address.kind, set()) | (set(TLS_FILES) if address.tls and "redis" in address.kind else set())
    for name in address.options.keys() - known:
        raise ValueError(f"{name} is no option of such an address" + (f"; known: {', '.join(known)}" if known else ""))
    match address.kind:
        case "redis" if len(address.hosts) > 1:
            raise ValueError("several hosts are redis+sentinel:// or redis+cluster://")
        case "redis" if not re.fullmatch(r"[0-9]*", address.path):
            raise ValueError("expected the number of a database after the slash: redis://host:6379/0")
        case "redis+sentinel" if not re.fullmatch(r"[^/]+(/[0-9]*)?", address.path):
            raise ValueError("expected the master's name and a database after the hosts: …:26379/master-name/0")
        case "redis+cluster" if address.path not in ("", "0"):
            raise ValueError("a cluster has no numbered databases")
        case "unix" if not address.path.strip("/") or not address.options.get("db", "0").isdigit():
            raise ValueError("expected the path of a socket: unix:///run/redis.sock?db=0")


def check_database(url: str) -> None:
    """Raises ValueError for a pool_mode that is none, and where SQLAlchemy and PyMySQL would forget TLS's authority."""
    from sqlalchemy import make_url

    address = make_url(url)
    if address.query.get("pool_mode", "session") not in ("session", "transaction"):
        raise ValueError("pool_mode: expected session or transaction")
    if address.get_backend_name() not in ("mysql", "mariadb"):
        return
    options = {name: str(value) for name, value in address.query.items() if name.startswith("ssl")}
    for name, value in options.items():
        if name not in MYSQL_TLS:
            raise ValueError(f"{name} is no option of such an address; known: {', '.join(MYSQL_TLS)}")
        if name != "ssl_check_hostname" and not os.access(value, os.R_OK):
            raise ValueError(f"{name}: {value} cannot be read")
    if options and "ssl_ca" not in options:
        raise ValueError("without ssl_ca no certificate of the server is checked")
