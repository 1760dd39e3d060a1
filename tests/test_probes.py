"""`/healthz` and `/readyz`: what machines are told of a site whose services fail, die or hang."""

import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import create_engine, text, update

from ihome import migrations
from ihome.kit import db, schedule
from ihome.kit.db import in_transaction, session, utcnow
from ihome.kit.schedule import Turn
from ihome.kit.watch import BUDGET, Watch
from ihome.probes import MEANING
from ihome.web import create_app
from tests.conftest import configure, missing
from tests.site_process import free_port, running_site

PROMPT = 5  # Seconds: the budget of 2, on a busy machine.


@pytest.fixture
def app(own_app):
    """Nobody has asked it yet."""
    return own_app


def ask(client):
    """The status of the answer, and what it says."""
    answer = client.get("/readyz")
    return answer.status_code, answer.get_json()


# --- the process ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{"database_url": "postgresql://127.0.0.1:1/ihome"}])
def test_a_process_lives_without_its_database(app):
    client = app.test_client()
    client.set_cookie("session", "whoever this is")

    assert client.get("/healthz").status_code == 200
    assert client.get("/", follow_redirects=True).status_code == 503


@pytest.mark.parametrize("settings", [{"log_level": "info"}])
def test_probes_leave_nothing_behind(app, capfd):
    schedule.run_due()
    client = app.test_client()
    client.get("/api/v1.0/areas")
    assert "/api/v1.0/areas" in capfd.readouterr().err

    answers = [client.get("/healthz"), client.get("/readyz")]

    assert capfd.readouterr().err == ""
    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[], []]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store", "no-store"]


# --- what fails at once -----------------------------------------------------------------------------------------------


def test_a_site_with_everything_in_order(app):
    schedule.run_due()

    status, said = ask(app.test_client())

    assert (status, said["status"]) == (200, "ok")
    assert said["checks"] == dict.fromkeys(["database", "schema", "store", "mail", "storage", "worker"], "ok")


@pytest.mark.parametrize(
    ("settings", "name"),
    [({"redis_url": "redis://:secret@127.0.0.1:1/0"}, "store"), ({"mail_url": "smtp://u:secret@127.0.0.1:1"}, "mail"),
     ({"storage_url": "file:///dev/null/media"}, "storage"),
     ({"broker_url": "amqp://guest:secret@127.0.0.1:1//"}, "broker")],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_site_goes_on_without_a_service_and_says_what_is_missing(app, name):
    schedule.run_due()

    status, said = ask(app.test_client())

    assert (status, said["status"]) == (200, "impaired")
    assert {check: text for check, text in said["checks"].items() if text != "ok"} == {name: MEANING[name]}


@pytest.mark.parametrize("settings", [{"database_url": "postgresql://anna:secret@127.0.0.1:1/ihome"}])
def test_a_site_without_its_database_serves_nobody(app):
    status, said = ask(app.test_client())

    assert (status, said["status"]) == (503, "unavailable")
    assert said["checks"]["database"] == MEANING["database"]
    assert said["checks"]["worker"] == said["checks"]["schema"] == "unknown: the database is down"
    assert not [word for word in ("anna", "secret", "127.0.0.1") if word in str(said)]


def test_a_schema_that_is_too_old_takes_a_site_out_of_service(app, monkeypatch):
    revisions = (*migrations.known(), "9999_of_tomorrow")
    monkeypatch.setattr(migrations, "known", lambda: revisions)

    status, said = ask(app.test_client())

    assert (status, said["checks"]["schema"]) == (503, MEANING["schema"])


def test_a_schema_that_is_too_new_does_not(app, monkeypatch):
    """It is there while the processes of a site are renewed one after the other."""
    revisions = migrations.known()[:-1]
    monkeypatch.setattr(migrations, "known", lambda: revisions)

    assert ask(app.test_client())[0] == 200


def test_a_worker_that_is_missing_or_hangs_is_told(app):
    client = app.test_client()
    assert ask(client)[1]["checks"]["worker"] == MEANING["worker"]

    schedule.run_due()
    time.sleep(1.1)  # A finding is kept for a second.
    assert ask(client)[1]["checks"]["worker"] == "ok"

    in_transaction(lambda: session.execute(update(Turn).values(next_at=utcnow() - timedelta(minutes=2))))
    time.sleep(1.1)
    assert ask(client)[1]["checks"]["worker"] == MEANING["worker"]


# --- what hangs -------------------------------------------------------------------------------------------------------


def test_ten_probes_cost_one_check():
    made = []
    watch = Watch(lambda: made.append(1) or "well", kept=60)

    assert all(look(watch) for _ in range(10))
    assert len(made) == 1


def test_a_check_that_hangs_is_waited_for_once_and_not_begun_again():
    made, release = [], threading.Event()
    watch = Watch(lambda: (made.append(1), release.wait(60)), kept=0)
    began = time.monotonic()

    assert look(watch) is None
    first = time.monotonic() - began
    assert [look(watch) for _ in range(10)] == [None] * 10

    assert BUDGET <= first < PROMPT
    assert time.monotonic() - began < first + 1
    assert len(made) == 1
    release.set()


def look(watch):
    watch.look()
    return watch.found()


@contextmanager
def server(command, answers):
    """A server of our own, once it answers."""
    if not shutil.which(command[0]):
        missing(command[0])
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(answers)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.2)


def readyz(site):
    """What a site process says within PROMPT seconds."""
    answer = httpx.get(f"{site.url}/readyz", trust_env=False, timeout=PROMPT)
    return answer.status_code, answer.json()["checks"]


def lives(site):
    return httpx.get(f"{site.url}/healthz", trust_env=False, timeout=PROMPT).status_code == 200


@pytest.fixture
def folder(tmp_path, template):
    shutil.copytree(template, tmp_path / "site")
    return tmp_path / "site"


def test_a_site_without_redis_says_so_for_as_long_as_that_lasts(folder):
    import redis

    port = free_port()
    client = redis.Redis(port=port, retry=None)

    def answers():
        try:
            return client.ping()
        except redis.RedisError:
            return False

    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    url = f"redis://127.0.0.1:{port}/0"
    with server(command, answers) as process, running_site(folder, "--workers", "1", redis_url=url) as site:
        wait_until(lambda: set(readyz(site)[1].values()) == {"ok"})

        process.send_signal(signal.SIGSTOP)
        wait_until(lambda: readyz(site) == (200, dict.fromkeys(readyz(site)[1], "ok") | {"store": MEANING["store"]}))

        process.send_signal(signal.SIGCONT)
        wait_until(lambda: set(readyz(site)[1].values()) == {"ok"})

        process.kill()
        wait_until(lambda: readyz(site)[1]["store"] == MEANING["store"])
    client.close()


def test_a_site_whose_database_hangs_or_dies_is_out_of_service_and_lives(folder):
    port, data = free_port(), folder / "mariadb"
    if not shutil.which("mariadb-install-db"):
        missing("mariadbd")
    make = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--user=root", "--skip-test-db",
            "--auth-root-authentication-method=normal"]  # fmt: skip
    subprocess.run(make, check=True, capture_output=True)
    engine = create_engine(f"mysql+pymysql://root@127.0.0.1:{port}/", isolation_level="AUTOCOMMIT")

    def answers():
        try:
            with engine.connect() as connection:
                connection.execute(text("CREATE DATABASE IF NOT EXISTS ihome"))
        except db.DBAPIError:
            return False
        return True

    command = ["mariadbd", "--no-defaults", f"--datadir={data}", "--user=root", "--bind-address=127.0.0.1",
               f"--port={port}", f"--socket={data}/s.sock", "--innodb-buffer-pool-size=32M"]  # fmt: skip
    url = f"mysql://root@127.0.0.1:{port}/ihome"
    with server(command, answers) as process, running_site(folder, "--workers", "1", database_url=url) as site:
        wait_until(lambda: set(readyz(site)[1].values()) == {"ok"})

        process.send_signal(signal.SIGSTOP)
        wait_until(lambda: readyz(site)[0] == 503)
        assert readyz(site)[1]["database"] == MEANING["database"]
        assert lives(site)

        process.send_signal(signal.SIGCONT)
        wait_until(lambda: set(readyz(site)[1].values()) == {"ok"})

        process.kill()
        wait_until(lambda: readyz(site)[0] == 503)
        assert lives(site)
    engine.dispose()


def test_what_is_not_configured_is_not_asked(tmp_path, template):
    shutil.copytree(template, tmp_path / "site")
    app = create_app(configure(tmp_path / "site"))
    try:
        assert not {"replica", "broker"} & ask(app.test_client())[1]["checks"].keys()
    finally:
        db.disconnect()
