"""`ihome worker`, the process: what hangs or is refused holds up nothing else, and is seen."""

import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import select

from ihome.accounts.actions import promise_code
from ihome.kit import outbox, schedule
from ihome.kit.db import in_transaction, reading, session
from ihome.kit.outbox import OutboxMessage
from tests.mail_server import MailServer
from tests.site_process import Site

PROMPTLY = 30  # Seconds; 6 on an idle machine. One after the other would take those that hang alone 100.


@pytest.fixture
def post():
    server = MailServer()
    yield server
    server.stop()


@contextmanager
def working(config, mail_url):
    """`ihome worker` of this site; its command line."""
    more = {"database_url": config.database_url} if config.database_url else {}
    site = Site(config.instance, 1, mail_url=mail_url, log_level="debug", **more)
    with (config.instance / "worker.log").open("ab") as log:
        worker = subprocess.Popen([sys.executable, "-m", "ihome.cli", "worker"], env=site.environment, stderr=log)
    try:
        yield site
        worker.terminate()
        assert worker.wait(40) == 0
    finally:
        worker.kill()
        worker.wait()


def promise(kind, number):
    """So many mails, to `kind0@example.com` and so on."""
    for at in range(number):
        in_transaction(promise_code, f"{kind}{at}@example.com", "123456", "register", "zh")


def wait_until(is_so, seconds=PROMPTLY):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def waiting_for(kind):
    """Messages to these that wait, with what their last attempt came to."""
    with reading():
        found = session.scalars(select(OutboxMessage).where(OutboxMessage.state == outbox.WAITING))
        return [message for message in found if message.payload["email"].startswith(kind)]


def late_by():
    with reading():
        return schedule.late_by().total_seconds()


def test_addresses_that_hang_or_are_refused_hold_up_nobody_else(app, config, post):
    for kind, number in {"hang": 5, "bad": 3, "later": 2}.items():
        promise(kind, number)
    promise("good", 40)
    with working(config, post.url) as site:
        wait_until(lambda: post.taken.total() == 40)
        wait_until(lambda: len(failed()) == 3)
        assert late_by() < 10  # Orders expire, and gateways are asked, as ever.
        assert set(post.taken.values()) == {1}
        assert [message.last_error for message in waiting_for("later")] == [
            "MailDown: SMTPRecipientsRefused 451 4.3.0"
        ] * 2
        wait_until(lambda: post.asked["later0@example.com"] >= 2)  # Again after five seconds.

        told = site.command("outbox", "failed")
        assert told.count("GiveUp: the mail was refused: SMTPRecipientsRefused 550 5.1.1") == 3
        doctor = subprocess.run(
            [sys.executable, "-m", "ihome.cli", "doctor"], env=site.environment, capture_output=True, text=True
        )
        assert "WRONG outbox: 3 messages were given up; see: ihome outbox failed" in doctor.stdout
        assert "@example.com" not in (config.instance / "worker.log").read_text()
        assert [post.asked[f"bad{number}@example.com"] for number in range(3)] == [1, 1, 1]


def failed():
    with reading():
        return outbox.failed_messages()


def test_a_mail_server_that_hangs_holds_up_nothing_but_mails(app, config):
    with closing(socket.create_server(("127.0.0.1", 0), backlog=100)) as silent:
        promise("any", 100)
        with working(config, f"smtp://127.0.0.1:{silent.getsockname()[1]}?tls=none"):
            wait_until(lambda: all(message.attempts for message in waiting_for("any")))  # One by one: 1000 s.
            key = "houses/1/old"
            in_transaction(lambda: outbox.add("picture.dropped", key=key))
            wait_until(lambda: not dropping(key))
            assert late_by() < 10
        assert {message.last_error for message in waiting_for("any")} == {"MailDown: no answer in time"}


def dropping(key):
    with reading():
        return [
            message
            for message in session.scalars(select(OutboxMessage).where(OutboxMessage.topic == "picture.dropped"))
            if message.payload == {"key": key}
        ]


def test_mails_go_out_once_the_server_is_there_again(app, config, post):
    port = post.port
    post.stop()
    promise("good", 20)
    with working(config, f"smtp://127.0.0.1:{port}?tls=none"):
        wait_until(lambda: all(message.attempts for message in waiting_for("good")))
        post.controller = type(post.controller)(post, hostname="127.0.0.1", port=port)
        post.controller.start()
        wait_until(lambda: post.taken.total() == 20, seconds=60)
        assert set(post.taken.values()) == {1}
