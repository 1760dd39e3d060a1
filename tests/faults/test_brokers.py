"""A broker that is reset, gone or hangs: requests go on without it, and the outbox delivers what it was not told."""

import secrets
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest

from ihome.kit import outbox
from ihome.kit.db import reading
from ihome.notices.delivery import list_mails
from tests.conftest import missing
from tests.faults.people import assert_good, eventually
from tests.faults.proxy import Proxy
from tests.faults.rabbitmq_server import PROGRAM, RabbitMQ
from tests.site_process import ROOT, stop_group

SHORTLY = 8  # Seconds: a request waits for a broker once, for one; the rest is the machine.
WORKING = 60  # A worker that has just been started; 5 on a quiet machine.
DELIVERED = 120  # The worker may have to connect again, and has a sweep to wait for.


@pytest.fixture(params=["rabbitmq", "redis"])
def broker(request):
    """It can be killed, and started again."""
    if request.param == "redis":
        yield request.getfixturevalue("redis_servers").single()
        return
    if not PROGRAM.exists():
        missing("rabbitmq-server")
    with closing(RabbitMQ()) as rabbitmq:
        yield rabbitmq


@pytest.fixture
def proxy(broker):
    with Proxy(("127.0.0.1", broker.port)) as made:
        yield made


@pytest.fixture
def people(visit, proxy, broker):
    url = "amqp://guest:guest@127.0.0.1:{}//" if isinstance(broker, RabbitMQ) else "redis://127.0.0.1:{}/0"
    with visit("--workers", "1", broker_url=url.format(proxy.port)) as found:
        yield found


@contextmanager
def celery(site):
    """The worker, with the scheduler in it."""
    name = f"--hostname={secrets.token_hex(4)}@%h"  # RabbitMQ lets a name have one worker, and forgets slowly.
    options = ["-l", "warning", "-c", "1", "-B", "--schedule", str(site.instance / "beat"), name]
    with (site.instance / "celery.log").open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "tests.swift_beat", "worker", *options],
            env=site.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield
    finally:
        stop_group(worker)


def all_delivered(people):
    mailed = {mail.to for mail in list_mails(1000)}
    with reading():
        return outbox.waiting() == 0 and mailed >= {*people.promised, people.landlord.email}


def test_announcements_are_lost_and_no_mail(people, proxy, broker):
    """A slow line, resets, refusals, silence, then a restart, under the site and the worker alike."""

    def told():
        return (people.site.instance / "celery.log").read_text()[-3000:]

    with celery(people.site):
        assert_good(people.do("book", "code"), within=SHORTLY)
        eventually(lambda: all_delivered(people), WORKING, told)

        proxy.latency(0.1)
        for _ in range(3):
            assert_good(people.do(), within=SHORTLY)
        for fault in ("reset", "refuse", "stall"):
            proxy.heal()
            getattr(proxy, fault)()
            for _ in range(3):
                assert_good(people.do(), within=SHORTLY)

        proxy.heal()
        broker.kill()
        assert_good(people.do(), within=SHORTLY)
        broker.start()
        eventually(lambda: all_delivered(people), DELIVERED, told)
    people.check_nothing_lost()
