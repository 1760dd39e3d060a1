"""Fixtures: a site of its own for every test, on SQLite or, with --database, on MariaDB or PostgreSQL."""

import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, delete, exists, literal, make_url, select, text, union_all
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from ihome import features, migrations, setup
from ihome.accounts.models import User
from ihome.config import Config, activate, load
from ihome.houses.models import House
from ihome.kit import clock, db, i18n
from ihome.kit.db import Base
from ihome.storage import media
from ihome.web import create_app
from tests import make
from tests.browser_double import Browser
from tests.redis_servers import RedisServers

SERVERS = {
    "mariadb": "mysql://root@127.0.0.1:3306/",
    "postgresql": "postgresql://postgres@127.0.0.1:5432/",
}
SEEDS = {"ih_city_info", "ih_area_info", "ih_facility_info", "alembic_version"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", default="sqlite", choices=["sqlite", *SERVERS], help="Run what uses the site's database on this."
    )


# Files of minutes of work, or of waiting, begin first: else the last of them keeps one worker busy, the others idle.
LONGEST = (
    "test_accessibility.py",
    "test_celery.py",
    "test_reload.py",
    "test_journeys.py",
    "test_races.py",
    "test_galera.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a server, leave out what would only run again as it does without --database.

    That is: tests without `config`, which is what names a database, and those that name theirs themselves.
    """
    items.sort(key=lambda item: item.path.name not in LONGEST)
    if config.getoption("--database") == "sqlite":
        return
    same = [item for item in items if not _follows_option(item)]
    config.hook.pytest_deselected(items=same)
    items[:] = [item for item in items if item not in set(same)]


def _follows_option(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return ("config" in names or "server_databases" in names) and not (
        hasattr(item, "callspec") and "database" in item.callspec.params
    )


def services_required() -> bool:
    """In CI a missing service is a failure; on a laptop its tests are skipped by name."""
    return os.environ.get("TEST_SERVICES") == "required"


def missing(service: str) -> None:
    """Skip, or fail where services are required."""
    if services_required():
        pytest.fail(f"{service} is required here and missing")
    pytest.skip(f"needs {service}, which is not here")


def make_database(kind: str, worker: str) -> str:
    """The URL of an empty database of this kind, for this test worker alone."""
    checkout = zlib.crc32(str(Path(__file__).resolve()).encode())  # Two checkouts may be tested at once.
    name = f"ihome_test_{checkout:x}_{worker}"
    base = SERVERS[kind]
    engine = server_engine(base if kind == "mariadb" else f"{base}postgres").execution_options(
        isolation_level="AUTOCOMMIT"
    )
    try:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name}"))
            if kind == "postgresql":  # No test here pulls the plug; each commit would wait 4 ms for the disk.
                connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    except DBAPIError:
        missing(kind)
    return base + name


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def configure(instance: Path, **settings: str) -> Config:
    environment = {"IHOME_INSTANCE": str(instance), "IHOME_LOG_LEVEL": "error", "IHOME_BASE_URL": "http://localhost"}
    return load(environment | {f"IHOME_{name.upper()}": value for name, value in settings.items()})


def migrate(config: Config) -> None:
    activate(config)
    db.connect(config.database)
    migrations.upgrade()
    db.disconnect()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with secrets, keys and an empty, migrated SQLite database; tests get copies."""
    folder = tmp_path_factory.mktemp("template")
    migrate(configure(folder))
    with closing(sqlite3.connect(folder / "ihome.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    from ihome.payments.providers.sandbox.keys import sandbox_keys

    activate(configure(folder))
    sandbox_keys()  # 2048-bit keys take a while: made once.
    return folder


@pytest.fixture(scope="session")
def server_databases(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """URLs of migrated databases on servers, made when first asked for."""
    return {}


def database_url(kind: str, made: dict[str, str], worker_id: str, folder: Path) -> str:
    """ "" for SQLite; else the URL of this worker's database on the server, migrated and empty but for the seeds."""
    if kind == "sqlite":
        return ""
    if kind not in made:
        url = make_database(kind, worker_id)
        migrate(configure(folder, database_url=url))
        made[kind] = url
    empty(made[kind])
    return made[kind]


def empty(url: str) -> None:
    """Delete what is there, which is little: on a slow disk to TRUNCATE every table takes 400 ms."""
    features.load_models()
    tables = [table for table in reversed(Base.metadata.sorted_tables) if table.name not in SEEDS]
    rows = [select(literal(table.name)).where(exists(select(1).select_from(table))) for table in tables]
    with server_engine(url).begin() as connection:
        filled = set(connection.scalars(union_all(*rows)))
        for table in tables:
            if table.name in filled:
                connection.execute(delete(table))


@cache
def server_engine(url: str) -> Engine:
    address = make_url(url)
    driver = {"mysql": "mysql+pymysql", "postgresql": "postgresql+psycopg"}[address.drivername]
    options = {"ssl_disabled": True} if "mysql" in driver else {}
    return create_engine(address.set(drivername=driver), poolclass=NullPool, connect_args=options)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database of this test; race tests parametrize it."""
    return str(request.config.getoption("--database"))


@pytest.fixture
def settings() -> dict[str, str]:
    """Settings that differ in this test; override it in a module or by parametrizing."""
    return {}


@pytest.fixture
def config(
    tmp_path: Path,
    template: Path,
    database: str,
    server_databases: dict[str, str],
    worker_id: str,
    settings: dict[str, str],
) -> Config:
    instance = tmp_path / "instance"
    shutil.copytree(template, instance)
    url = database_url(database, server_databases, worker_id, instance)
    return configure(instance, **({"database_url": url} if url else {}) | settings)


_applications: dict[str, Flask] = {}


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The site, and this process connected to it.

    The application is that of an earlier test with these settings: making one takes as long as half a test.
    """
    made_with = repr(config.model_dump(exclude={"instance", "database_url"}))
    if made_with in _applications and not config.broker_url:  # Which a test may have taken away from the outbox.
        setup.start(config)
    else:
        _applications[made_with] = create_app(config)
    yield from _lent(_applications[made_with])


@pytest.fixture
def own_app(config: Config) -> Iterator[Flask]:
    """For tests that add to the application, or ask what it remembers: `app` is this one there."""
    yield from _lent(create_app(config))


def _lent(made: Flask) -> Iterator[Flask]:
    clock._seen = None
    i18n.set_language(None)
    made.testing = False  # Errors become answers, as they do for people.
    yield made
    db.disconnect()
    media.storage().close()


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def landlord(app: Flask) -> User:
    return make.landlord()


@pytest.fixture
def house(landlord: User) -> House:
    return make.house(landlord)


@pytest.fixture
def redis_servers(tmp_path: Path) -> Iterator[RedisServers]:
    """Start Redis servers of the test's own."""
    if not shutil.which("redis-server"):
        missing("redis-server")
    made = RedisServers(tmp_path)
    yield made
    made.end()
