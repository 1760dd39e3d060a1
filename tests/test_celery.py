"""The outbox through Celery: worker and beat as the documentation starts them, on Redis and on RabbitMQ."""

import json
import logging
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from celery.signals import setup_logging
from kombu import Connection, pools
from kombu.exceptions import OperationalError as BrokerDown
from sqlalchemy import select

from ihome import worker
from ihome.accounts import actions
from ihome.kit import outbox
from ihome.kit.breaker import Breaker
from ihome.kit.db import in_transaction, reading, session
from ihome.kit.log import request_id
from ihome.kit.outbox import OutboxMessage
from tests import make
from tests.conftest import missing
from tests.deploy.front import production
from tests.mail_server import MailServer
from tests.orders.asking import wish
from tests.site_process import ROOT, Site, inside, running_site, stop_group

RABBITMQ = "amqp://guest:guest@127.0.0.1:5672//"


@pytest.fixture(params=["rabbitmq", "redis"])
def broker(request, monkeypatch):
    """The URL of a broker with nothing of ours in it."""
    if request.param == "rabbitmq":
        empty_rabbitmq()
        url = RABBITMQ
    else:
        servers = request.getfixturevalue("redis_servers")
        url = f"redis://{servers.single().host}/0" if request.param == "redis" else servers.replicated()[1]
    pools.reset()
    worker.app._after_fork()  # What the broker before this one left in the pools.
    monkeypatch.setattr(worker, "_broker", Breaker(worker.PAUSE))
    yield url
    outbox.announce_with(None)


def empty_rabbitmq():
    try:
        with Connection(RABBITMQ, connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1)
            for name in ("celery", "schedule"):
                connection.SimpleQueue(name).clear()
    except (OSError, BrokerDown):
        missing("rabbitmq")


@pytest.fixture
def settings(broker):
    return {"broker_url": broker}


@pytest.fixture
def celery(config, broker):
    """Start `celery -A ihome.worker …`; all of it is stopped at the end."""
    started = []
    environment = Site(config.instance, 1, broker_url=broker, database_url=config.database_url).environment

    def start(*words, program="ihome.worker", **settings):
        command = [sys.executable, "-m", "celery", "-A", program, *words, "-l", "info"]
        own = environment | {f"IHOME_{name.upper()}": value for name, value in settings.items()}
        with (config.instance / f"celery-{len(started)}-{words[0]}.log").open("ab") as log:
            process = subprocess.Popen(command, env=own, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        stop_group(process)


def promise_mail(address=""):
    address = address or f"{secrets.token_hex(4)}@example.com"
    in_transaction(actions.promise_code, address, "123456", "register", "zh")


def mails(config):
    return len(list((config.instance / "mail").glob("*.eml")))


def log_of(config, name="*"):
    return "".join(log.read_text() for log in sorted(config.instance.glob(f"celery-{name}.log")))


def wait_for_mails(config, number, seconds=60):
    wait_until(config, lambda: mails(config) >= number, seconds)


def wait_until(config, is_so, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, log_of(config)[-4000:]
        time.sleep(0.1)


def kill(process):
    """kill -9 of all of it, children too."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def worker_and_beat(celery, config, beat="tests.swift_beat", **settings):
    return [
        celery("worker", **settings),
        celery("beat", "--schedule", str(config.instance / secrets.token_hex(4)), program=beat, **settings),
    ]


@pytest.fixture
def post():
    """A mail server that counts, for a mail in the folder is the same file when it comes twice."""
    server = MailServer()
    yield server
    server.stop()


def test_a_worker_delivers_what_the_site_promises_and_says_so(app, config, celery):
    celery("worker")
    token = request_id.set("5f0c3a9be7d1a204")
    promise_mail()
    request_id.reset(token)

    wait_for_mails(config, 1)
    wait_until(config, lambda: re.search("outbox.delivered .*request_id=5f0c3a9be7d1a204", log_of(config)))


def test_the_sweep_finds_what_the_broker_was_not_told(app, config, celery):
    """Promised while no broker was there to be told: beat's sweep delivers it."""
    outbox.announce_with(None)
    promise_mail()

    worker_and_beat(celery, config)

    wait_for_mails(config, 1)


def test_a_worker_killed_in_mid_task_loses_nothing(app, config, celery):
    """In the middle of a mail whose server is slow to greet. The new worker has to wait until the lease is over."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        killed = celery("worker", mail_url=f"smtp://127.0.0.1:{server.getsockname()[1]}?tls=none")
        promise_mail()
        connection, _ = server.accept()
        kill(killed)
        connection.close()
    pass_lease()
    assert mails(config) == 0

    worker_and_beat(celery, config)

    wait_for_mails(config, 1)
    wait_until(config, nothing_waits)


def pass_lease():
    """A minute goes by."""

    def move():
        (message,) = session.scalars(select(OutboxMessage))
        assert (message.attempts, message.state) == (1, outbox.WAITING)
        message.run_at -= outbox.LEASE

    in_transaction(move)


def nothing_waits():
    with reading():
        return outbox.waiting() == 0 and not outbox.failed_messages()


def test_two_beats_two_workers_and_an_embedded_one_do_no_harm(app, config, celery, post):
    """No mail twice, and each job once per turn."""
    settings = {"mail_url": post.url, "log_level": "debug"}
    for _ in range(2):
        worker_and_beat(celery, config, beat="ihome.worker", **settings)
    wait_until(config, lambda: log_of(config, "*-worker").count(" ready.") == 2)  # Else the third has all of it.
    site = Site(config.instance, 1, database_url=config.database_url, **settings)
    with (config.instance / "celery-embedded.log").open("ab") as log:
        embedded = subprocess.Popen([sys.executable, "-m", "ihome.cli", "worker"], env=site.environment, stderr=log)
    try:
        for number in range(30):
            promise_mail(f"good{number}@example.com")
        wait_until(config, lambda: len(turns(config)) >= 4 and post.taken.total() >= 30)
        time.sleep(3)  # For what comes twice.
    finally:
        embedded.terminate()
        embedded.wait(30)

    assert (post.taken.total(), set(post.taken.values())) == (30, {1})
    assert [name for name in ("0-worker", "2-worker") if "outbox.delivered" not in log_of(config, name)] == []
    began = turns(config)  # Written down a little after they were claimed.
    assert len(began) <= (began[-1] - began[0] + timedelta(seconds=3)) / timedelta(seconds=5) + 1


def turns(config):
    """When a job that is due every five seconds was run, by whichever worker."""
    found = re.findall(r"(\S+)Z \[debug +\] schedule.turn +job=orders.tasks.finish_stays", log_of(config))
    return sorted(datetime.fromisoformat(moment) for moment in found)


def test_addresses_that_hang_hold_up_neither_other_mails_nor_the_schedule(app, config, celery, post):
    """One after the other they would take two minutes, four at a time half a minute."""
    for number in range(12):
        promise_mail(f"hang{number}@example.com")
    worker_and_beat(celery, config, beat="ihome.worker", mail_url=post.url, log_level="debug")
    wait_until(config, lambda: post.asked.total() >= 12)

    for number in range(6):
        promise_mail(f"good{number}@example.com")

    wait_until(config, lambda: post.taken.total() >= 6 and turns(config), seconds=20)


@pytest.mark.parametrize(("production", "first"), [(True, "{"), (False, "2")])
def test_celery_logs_in_the_form_of_the_site(monkeypatch, capsys, production, first):
    monkeypatch.setattr(worker, "_settings", lambda: SimpleNamespace(log_level="info", is_production=production))
    setup_logging.send(None)
    logging.getLogger("celery.worker.consumer").warning("Connection to broker lost")
    logging.getLogger("celery.app.trace").info("Task succeeded")

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(first)
    assert "Connection to broker lost" in line


@pytest.mark.parametrize("broker", ["redis"], indirect=True)
def test_in_production_a_worker_logs_json_and_names_nobody(app, config, celery, post, tmp_path):
    settings = production(tmp_path, "https://rent.example.com", tmp_path / "media") | {"log_level": "info"}
    celery("worker", **settings | {"mail_url": post.url})
    promise_mail("somebody@example.com")
    wait_until(config, lambda: "outbox.delivered" in log_of(config))

    assert "somebody" not in log_of(config)
    _banner, _, lines = log_of(config).rpartition("\n\n")
    said = [json.loads(line) for line in lines.splitlines()]
    assert "outbox.delivered" in [line["event"] for line in said]
    assert all({"event", "level", "timestamp"} <= line.keys() for line in said)


# --- a broker that goes ---------------------------------------------------------------------------------------------


def test_a_broker_that_is_down_fails_no_request(app, config, monkeypatch):
    monkeypatch.setattr(worker.app.conf, "broker_url", "redis://127.0.0.1:1/0")
    pools.reset()
    worker.app._after_fork()

    promise_mail()

    assert outbox.drain() == 1
    assert mails(config) == 1


@pytest.mark.parametrize("broker", ["redis"], indirect=True)
def test_a_broker_that_hangs_costs_one_request_a_second(app, broker, redis_servers):
    promise_mail()
    redis_servers.started[0].freeze()
    took = []
    for _ in range(10):
        began = time.monotonic()
        promise_mail()
        took.append(time.monotonic() - began)

    assert sum(took) < worker.PATIENCE + 3
    with reading():
        assert outbox.waiting() == 11


@pytest.mark.parametrize("broker", ["redis"], indirect=True)
def test_guests_book_while_the_broker_hangs(tmp_path, template, broker, redis_servers):
    folder = tmp_path / "site"
    shutil.copytree(template, folder)
    with running_site(folder, "--workers", "1", broker_url=broker, log_level="error") as site, inside(site):
        guest, house = site.client_of(make.user("guest")), make.house()
        redis_servers.started[0].freeze()
        began = time.monotonic()
        answers = [guest.post("/orders", wish(house, ahead=7 * week))["errno"] for week in range(1, 7)]

        assert answers == ["0"] * 6
        assert time.monotonic() - began < 6
        with reading():
            assert outbox.waiting() == 6


@pytest.mark.parametrize("broker", ["redis"], indirect=True)
def test_worker_and_beat_wait_for_a_broker_that_comes_later(app, broker, redis_servers, config, celery):
    server = redis_servers.started[0]
    server.kill()
    promise_mail()
    running = worker_and_beat(celery, config)
    wait_until(config, lambda: log_of(config).count("onnect") >= 4)
    assert [process.poll() for process in running] == [None, None]

    server.start()

    wait_for_mails(config, 1, seconds=90)


@pytest.mark.parametrize("broker", ["sentinel"], indirect=True)
def test_a_failover_of_the_broker_is_survived(app, broker, redis_servers, config, celery):
    """A worker that loses its master goes on, or ends at once (kombu 5.7) and is started again, as systemd does it."""
    worker, _ = worker_and_beat(celery, config)
    promise_mail()
    wait_for_mails(config, 1)

    redis_servers.started[0].kill()
    promise_mail()

    def is_delivered():
        nonlocal worker
        if worker.poll() is not None:
            time.sleep(3)  # RestartSec
            worker = celery("worker")
        return mails(config) >= 2

    wait_until(config, is_delivered, seconds=120)


@pytest.mark.parametrize("broker", ["redis"], indirect=True)
@pytest.mark.parametrize("command", ["worker", "beat"])
@pytest.mark.parametrize(("url", "said"), [("", "is required"), ("redis://:hunter2@127.0.0.1:port", "its port")])
def test_what_is_wrong_with_the_setting_is_one_line(config, celery, command, url, said):
    assert celery(command, broker_url=url).wait(60) != 0

    *_, line = log_of(config).strip().splitlines()
    assert line.startswith("ihome: IHOME_BROKER_URL: ")
    assert said in line
    assert "Traceback" not in log_of(config)
    assert "hunter2" not in log_of(config)
