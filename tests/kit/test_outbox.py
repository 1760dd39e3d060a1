"""What was promised is sent: at least once, whoever dies in between, and never lost."""

import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ihome.accounts.actions import promise_code
from ihome.kit import outbox
from ihome.kit.db import in_transaction, reading, session, utcnow
from ihome.kit.errors import AppError
from ihome.kit.outbox import GIVE_UP, LEASE, GiveUp, OutboxMessage
from ihome.notices.delivery import list_mails

SOON = timedelta(seconds=2)


@pytest.fixture
def heard(app, monkeypatch):
    """What the handler of the topic "test.said" was given; its next failures are in `heard.errors`."""

    class Heard(list):
        def __init__(self):
            super().__init__()
            self.errors = []

    made = Heard()
    monkeypatch.setattr(outbox, "_handlers", dict(outbox._handlers))
    monkeypatch.setattr(outbox, "_topics", {topic: list(names) for topic, names in outbox._topics.items()})

    @outbox.on("test.said")
    def hear(words):
        made.append(words)
        if made.errors:
            raise made.errors.pop(0)

    return made


def say(words="hello", **options):
    in_transaction(lambda: outbox.add("test.said", words=words, **options))


def messages():
    with reading():
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def only():
    (message,) = messages()
    return message


def later(span):
    """So much time passes: what was due by then is due now."""

    def move():
        for message in session.scalars(select(OutboxMessage)):
            message.run_at -= span

    in_transaction(move)


# --- the promise -----------------------------------------------------------------------------------------------------


def test_what_was_promised_is_delivered_once_and_leaves_nothing(heard):
    say("a secret")
    assert only().payload == {"words": "a secret"}

    assert [outbox.drain(), outbox.drain()] == [1, 0]
    assert heard == ["a secret"]
    assert messages() == []


def test_a_promise_is_made_together_with_its_cause(heard):
    def fail():
        outbox.add("test.said", words="never")
        raise AppError

    with pytest.raises(AppError):
        in_transaction(fail)
    assert outbox.drain() == 0
    assert heard == []


def test_each_handler_of_a_topic_has_a_promise_of_its_own(heard):
    @outbox.on("test.said")
    def hear_too(words):
        heard.append(words.upper())

    heard.errors = [ValueError()]
    say("hello")

    assert outbox.drain() == 1
    assert sorted(heard) == ["HELLO", "hello"]
    assert only().handler == "tests.kit.test_outbox.hear"


def test_a_topic_that_nobody_hears_is_a_mistake(app):
    with pytest.raises(KeyError):
        in_transaction(lambda: outbox.add("nobody.hears"))


def test_what_was_promised_first_is_delivered_first(heard):
    for words in "abc":
        say(words)
    outbox.drain()

    assert heard == ["a", "b", "c"]


def test_a_promise_for_later_waits(heard):
    say(after=timedelta(minutes=5))
    assert outbox.drain() == 0

    later(timedelta(minutes=5))
    assert outbox.drain() == 1


def test_a_drain_takes_so_many_and_no_more(heard):
    for number in range(5):
        say(str(number))

    assert [outbox.drain(limit=2) for _ in range(4)] == [2, 2, 1, 0]


# --- trying again ----------------------------------------------------------------------------------------------------


def test_what_fails_is_tried_again_after_a_while(heard):
    heard.errors = [ValueError("no network")]
    say()

    assert outbox.drain() == 0
    waiting = only()
    assert (waiting.state, waiting.attempts, waiting.last_error) == ("waiting", 1, "ValueError: no network")
    assert abs(waiting.run_at - utcnow() - timedelta(seconds=5)) < SOON
    assert outbox.drain() == 0  # Not yet.
    later(timedelta(seconds=6))
    assert outbox.drain() == 1
    assert (heard, messages()) == (["hello", "hello"], [])


def test_each_pause_is_longer_than_the_last_up_to_four_hours(heard):
    heard.errors = [ValueError()] * (GIVE_UP - 1)
    say()
    pauses = []
    for _ in range(GIVE_UP - 1):
        outbox.drain()
        pauses.append(round((only().run_at - utcnow()).total_seconds()))
        later(timedelta(seconds=pauses[-1] + 1))

    assert pauses[:4] == [5, 15, 45, 135]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 4 * 3600
    assert 12 * 3600 < sum(pauses) < 36 * 3600  # About a day, as the module says.
    assert outbox.drain() == 1


def test_in_the_end_it_is_given_up_and_kept(heard):
    heard.errors = [ValueError("still down")] * GIVE_UP
    say()
    for _ in range(GIVE_UP):
        outbox.drain()
        later(timedelta(days=1))

    failed = only()
    assert (failed.state, failed.attempts, failed.last_error) == ("failed", GIVE_UP, "ValueError: still down")
    assert (outbox.drain(), len(heard)) == (0, GIVE_UP)
    with reading():
        assert [message.id for message in outbox.failed_messages()] == [failed.id]
        assert outbox.waiting() == 0


def test_what_cannot_work_is_given_up_at_once(heard):
    heard.errors = [GiveUp("no such mailbox")]
    say()
    outbox.drain()

    assert (only().state, only().attempts, only().last_error) == ("failed", 1, "GiveUp: no such mailbox")


def test_an_operator_has_failed_ones_tried_again(heard):
    heard.errors = [GiveUp(), GiveUp()]
    say("one")
    say("two")
    outbox.drain()
    one, two = messages()

    assert in_transaction(outbox.retry_failed, [one.id]) == 1
    assert outbox.drain() == 1
    assert only().id == two.id
    assert in_transaction(outbox.retry_failed) == 1
    assert outbox.drain() == 1
    assert messages() == []
    assert in_transaction(outbox.retry_failed) == 0


def test_a_retried_one_has_all_its_attempts_again(heard):
    heard.errors = [GiveUp(), ValueError()]
    say()
    outbox.drain()
    in_transaction(outbox.retry_failed)
    outbox.drain()

    assert (only().state, only().attempts) == ("waiting", 1)


def test_one_that_fails_does_not_hold_up_the_others(heard):
    heard.errors = [ValueError()]
    for words in "abc":
        say(words)

    assert outbox.drain() == 2
    assert heard == ["a", "b", "c"]


def test_a_handler_that_is_gone_is_an_error_to_be_seen(heard):
    say()
    in_transaction(lambda: session.execute(update(OutboxMessage).values(handler="renamed.away")))

    assert outbox.drain() == 0
    assert (only().state, only().last_error) == ("waiting", "KeyError: 'renamed.away'")


def test_a_handler_may_open_transactions_and_promise_more(heard, monkeypatch):
    @outbox.on("test.asked")
    def answer(words):
        in_transaction(lambda: outbox.add("test.said", words=words + "!"))

    in_transaction(lambda: outbox.add("test.asked", words="well"))
    assert [outbox.drain(), outbox.drain()] == [1, 1]
    assert heard == ["well!"]


# --- leases ----------------------------------------------------------------------------------------------------------


def test_while_one_worker_has_it_no_other_does(heard):
    say()
    at_work, go_on = threading.Event(), threading.Event()

    @outbox.on("test.slow")
    def work():
        at_work.set()
        assert go_on.wait(10)

    in_transaction(lambda: outbox.add("test.slow"))
    slow = messages()[1].id
    worker = threading.Thread(target=outbox.deliver, args=(slow,))
    worker.start()
    assert at_work.wait(10)

    assert outbox.due() == [messages()[0].id]
    assert outbox.deliver(slow) is False
    assert abs(messages()[1].run_at - utcnow() - LEASE) < SOON
    go_on.set()
    worker.join(10)
    assert [message.topic for message in messages()] == ["test.said"]


def test_when_the_lease_runs_out_another_worker_takes_it(heard):
    """The first one, which was only slow, then neither deletes nor puts back what is no longer its own."""
    say()
    first, second = "first", "second"
    message_id = only().id
    assert in_transaction(outbox._claim, message_id, first)
    assert in_transaction(outbox._claim, message_id, second) is None
    later(LEASE)
    assert in_transaction(outbox._claim, message_id, second).attempts == 2

    in_transaction(outbox._finish, message_id, first)
    in_transaction(outbox._put_back, message_id, first, ValueError(), True, 1)
    assert (only().claim, only().state) == (second, "waiting")
    in_transaction(outbox._finish, message_id, second)
    assert messages() == []


def test_what_was_done_by_a_worker_that_died_before_saying_so_is_done_again(heard, monkeypatch):
    """At least once: that is why handlers do not mind."""
    say()
    finish = outbox._finish

    def die(*_):
        monkeypatch.setattr(outbox, "_finish", finish)
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "_finish", die)
    with pytest.raises(KeyboardInterrupt):
        outbox.drain()
    assert (outbox.drain(), heard) == (0, ["hello"])
    later(LEASE)

    assert (outbox.drain(), heard) == (1, ["hello", "hello"])


def test_a_worker_killed_while_it_sends_loses_nothing(app, config):
    """A real `ihome worker`, kill -9, in the middle of a mail that the server is slow to take."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(30)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IHOME_")} | {
        "IHOME_INSTANCE": str(config.instance),
        "IHOME_MAIL_URL": f"smtp://127.0.0.1:{server.getsockname()[1]}?tls=none",
        "IHOME_DATABASE_URL": config.database_url,
    }
    in_transaction(promise_code, "anna@example.com", "042917", "register", "zh")
    worker = subprocess.Popen(
        [sys.executable, "-m", "ihome.cli", "worker"], env=environment, stderr=subprocess.DEVNULL
    )  # fmt: skip
    try:
        connection, _ = server.accept()  # The worker has claimed it and now waits for a greeting.
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
    connection.close()
    server.close()

    waiting = only()
    assert (waiting.state, waiting.attempts, waiting.last_error) == ("waiting", 1, None)
    assert outbox.drain() == 0  # Its lease holds.
    later(LEASE)
    assert outbox.drain() == 1
    (mail,) = list_mails(10)
    assert (mail.to, "042917" in mail.text) == ("anna@example.com", True)
    assert messages() == []


# --- telling a broker -------------------------------------------------------------------------------------------------


def test_a_broker_is_told_after_the_commit_and_only_then(heard):
    told = []

    def announce(message_id):
        told.append(message_id)
        assert only().id == message_id  # Everybody can see it by now.

    outbox.announce_with(announce)
    try:
        say()
        assert told == [only().id]
        with pytest.raises(AppError):
            in_transaction(lambda: outbox.add("test.said", words="never") or fail())
        say_later = timedelta(minutes=1)
        outbox.drain()
        say("later", after=say_later)
        assert len(told) == 1
    finally:
        outbox.announce_with(None)


def fail():
    raise AppError
