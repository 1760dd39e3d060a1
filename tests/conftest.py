"""Fixtures: a site of its own for every test, on SQLite or, with --database, on MariaDB or PostgreSQL."""

import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from ihome import migrations
from ihome.config import Config, activate, load
from ihome.kit import clock, db, i18n
from ihome.web import create_app
from tests.browser_double import Browser
from tests.redis_servers import RedisServers

SERVERS = {
    "mariadb": "mysql://root@127.0.0.1:3306/",
    "postgresql": "postgresql://postgres@127.0.0.1:5432/",
}
SEEDS = {"ih_city_info", "ih_area_info", "ih_facility_info", "alembic_version"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", default="sqlite", choices=["sqlite", *SERVERS], help="Run all tests on this.")


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
    admin = "mysql+pymysql" if kind == "mariadb" else "postgresql+psycopg"
    address = base.replace("mysql", admin).replace("postgresql", admin) + ("" if kind == "mariadb" else "postgres")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name}"))
    except DBAPIError:
        missing(kind)
    finally:
        engine.dispose()
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
    with sqlite3.connect(folder / "ihome.db") as connection:
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
    engine = create_engine(url.replace("mysql:", "mysql+pymysql:").replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        tables = [name for name in inspect(engine).get_table_names() if name not in SEEDS]
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
        else:
            connection.execute(text("SET FOREIGN_KEY_CHECKS=0"))
            for name in tables:
                connection.execute(text(f"DELETE FROM {name}"))
            connection.execute(text("SET FOREIGN_KEY_CHECKS=1"))
    engine.dispose()


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
    return configure(instance, **({"database_url": url} if url else {}), **settings)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The site, and this process connected to it."""
    clock._seen = None
    i18n.set_language(None)
    made = create_app(config)
    made.testing = False  # Errors become answers, as they do for people.
    yield made
    db.disconnect()


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def redis_servers(tmp_path: Path) -> Iterator[RedisServers]:
    """Start Redis servers of the test's own."""
    if not shutil.which("redis-server"):
        missing("redis-server")
    made = RedisServers(tmp_path)
    yield made
    made.end()
