"""The outbox through Celery: worker and beat as the documentation starts them, on Redis and on RabbitMQ."""

import os
import secrets
import signal
import subprocess
import sys
import time

import pytest
import redis
from kombu import Connection, pools
from kombu.exceptions import OperationalError as BrokerDown

from ihome import worker
from ihome.accounts import actions
from ihome.kit import outbox
from ihome.kit.db import in_transaction
from tests.conftest import missing

BROKERS = {"redis": "redis://127.0.0.1:6379/8", "rabbitmq": "amqp://guest:guest@127.0.0.1:5672//"}


@pytest.fixture(params=sorted(BROKERS))
def broker(request):
    """The URL of a broker with nothing of ours in it."""
    url = BROKERS[request.param]
    try:
        with Connection(url, connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1)
            connection.SimpleQueue("celery").clear()
    except (OSError, redis.RedisError, BrokerDown):
        missing(request.param)
    pools.reset()
    worker.app._after_fork()  # What the broker before this one left in the pools.
    yield url
    outbox.announce_with(None)


@pytest.fixture
def settings(broker):
    return {"broker_url": broker}


@pytest.fixture
def celery(config, broker):
    """Start `celery -A ihome.worker …`; all of it is stopped at the end."""
    started = []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IHOME_")}
    environment |= {"IHOME_INSTANCE": str(config.instance), "IHOME_BROKER_URL": broker}
    environment |= {"IHOME_DATABASE_URL": config.database_url} if config.database_url else {}

    def start(*words):
        log = (config.instance / "celery.log").open("ab")
        name = f"--hostname={secrets.token_hex(4)}@%h"  # RabbitMQ lets a name have one worker, and forgets slowly.
        command = [sys.executable, "-m", "celery", "-A", "ihome.worker", *words, name]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        log.close()
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def promise_mail():
    in_transaction(actions.promise_code, f"{secrets.token_hex(4)}@example.com", "123456", "register", "zh")


def mails(config):
    return len(list((config.instance / "mail").glob("*.eml")))


def wait_for_mails(config, number, seconds=40):
    deadline = time.monotonic() + seconds
    while mails(config) < number:
        assert time.monotonic() < deadline, (config.instance / "celery.log").read_text()[-4000:]
        time.sleep(0.2)


def test_a_worker_delivers_what_the_site_promises(app, config, celery):
    celery("worker", "-l", "info", "--pool", "prefork", "-c", "1")
    promise_mail()

    wait_for_mails(config, 1)


def test_the_sweep_finds_what_the_broker_was_not_told(app, config, celery):
    """Promised while no broker was there to be told: beat's sweep delivers it."""
    outbox.announce_with(None)
    promise_mail()

    celery("worker", "-l", "info", "-c", "1", "-B", "--schedule", str(config.instance / "beat"))

    wait_for_mails(config, 1, seconds=60)


def test_a_broker_that_is_down_fails_no_request(app, config, monkeypatch):
    monkeypatch.setattr(worker.app.conf, "broker_url", "redis://127.0.0.1:1/0")
    pools.reset()
    worker.app._after_fork()

    promise_mail()

    assert outbox.drain() == 1
    assert mails(config) == 1
