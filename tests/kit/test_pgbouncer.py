"""PgBouncer before PostgreSQL: with its settings as they are, and where transactions share the server's sessions."""

import os
import shutil
import subprocess
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from ihome import migrations
from ihome.kit import db
from ihome.kit.engines import make_engine
from tests.conftest import SERVERS, missing, server_engine
from tests.site_process import free_port

SETTINGS = """\
[databases]
postgres = host=127.0.0.1 port=5432 dbname=postgres user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = 1
"""


@pytest.fixture
def pooler(tmp_path):
    """`pooler(mode)`: the URL at which a PgBouncer answers that has one session of the server for everybody."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin") or missing("pgbouncer")
    started = []

    def start(mode):
        file, port = tmp_path / "pgbouncer.ini", free_port()
        drop_root = "user = nobody\n" if os.geteuid() == 0 else ""
        file.write_text(SETTINGS.format(port=port, mode=mode) + drop_root)
        started.append(subprocess.Popen([program, "-q", str(file)], stderr=subprocess.DEVNULL))
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        deadline = time.monotonic() + 20
        while not answers(url):
            assert time.monotonic() < deadline
            assert started[-1].poll() is None
            time.sleep(0.05)
        return url

    try:
        server_engine(SERVERS["postgresql"] + "postgres").connect().close()
    except DBAPIError:
        missing("postgresql")
    yield start
    for process in started:
        process.kill()
        process.wait()


def answers(url):
    try:
        server_engine(url).connect().close()
    except DBAPIError:
        return False
    return True


def ask_in_turn(url):
    """Two connections ask the same question until psycopg prepares it."""
    engine = make_engine(url, writes=False)
    try:
        with engine.connect() as one, engine.connect() as another:
            for number in range(20):
                for connection in (one, another):
                    assert connection.scalar(text("SELECT :number + 1"), {"number": number}) == number + 1
    finally:
        engine.dispose()


def test_a_session_of_its_own_has_its_limits(pooler):
    engine = make_engine(pooler("session"), writes=True)
    with engine.connect() as connection:
        limits = [connection.scalar(text(f"SHOW {name}")) for name in ("statement_timeout", "lock_timeout", "timezone")]
    engine.dispose()

    assert limits == ["20s", "5s", "UTC"]


def test_shared_sessions_hold_nothing_of_ours_and_have_to_be_named(pooler):
    url = pooler("transaction")

    ask_in_turn(f"{url}?pool_mode=transaction")
    with pytest.raises(ProgrammingError, match="prepared statement"):
        ask_in_turn(url)


def test_a_migration_asks_for_a_session_of_its_own():
    db.connect("postgresql://postgres@127.0.0.1:5432/postgres?pool_mode=transaction")
    with pytest.raises(migrations.SessionNeeded):
        migrations.upgrade()
    db.disconnect()
