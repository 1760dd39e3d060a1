"""What happens by itself, about as often as it should, on one worker at a time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from ihome.kit import schedule
from ihome.kit.db import in_transaction, reading, session, utcnow
from ihome.kit.schedule import Turn

HOUR = timedelta(hours=1)


@pytest.fixture
def ran(app, monkeypatch):
    """The names of the jobs that ran, of which there are two; a name in `ran.fails` fails."""

    class Ran(list):
        def __init__(self):
            super().__init__()
            self.fails = set()

    made = Ran()
    monkeypatch.setattr(schedule, "_jobs", {})

    def job(name, interval):
        def run():
            made.append(name)
            if name in made.fails:
                raise ValueError(name)

        run.__name__ = name
        schedule.every(interval)(run)

    job("hourly", HOUR)
    job("daily", 24 * HOUR)
    return made


def pass_time(span):
    def move():
        for turn in session.scalars(select(Turn)):
            turn.next_at -= span

    in_transaction(move)


def test_a_job_runs_at_once_and_then_when_its_turn_comes(ran):
    for _ in range(3):
        schedule.run_due()
    assert ran == ["hourly", "daily"]

    pass_time(HOUR)
    for _ in range(3):
        schedule.run_due()
    assert ran == ["hourly", "daily", "hourly"]


def test_not_a_moment_before_its_turn(ran):
    schedule.run_due()
    pass_time(HOUR - timedelta(seconds=5))
    schedule.run_due()

    assert ran.count("hourly") == 1


def test_after_a_long_night_a_job_runs_once_and_not_for_every_turn_it_missed(ran):
    schedule.run_due()
    pass_time(100 * HOUR)
    for _ in range(3):
        schedule.run_due()

    assert ran.count("hourly") == 2
    with reading():
        assert session.get(Turn, "tests.kit.test_schedule.hourly").next_at > utcnow() + HOUR / 2


def test_a_job_that_fails_does_not_stop_the_others_and_has_its_next_turn(ran):
    ran.fails = {"hourly"}
    schedule.run_due()
    assert ran == ["hourly", "daily"]

    pass_time(HOUR)
    schedule.run_due()
    assert ran == ["hourly", "daily", "hourly"]


def test_a_turn_that_was_claimed_is_not_there_for_another(ran):
    schedule.run_due()
    pass_time(HOUR)
    name = "tests.kit.test_schedule.hourly"

    assert [in_transaction(schedule._claim, name, HOUR) for _ in range(2)] == [True, False]


def test_jobs_may_open_transactions(ran):
    def work():
        in_transaction(lambda: ran.append("work"))

    schedule.every(HOUR)(work)
    schedule.run_due()
    assert "work" in ran


def test_the_site_has_its_jobs(app):
    """Who forgets to import a feature's tasks would have orders that never expire."""
    assert {
        "orders.tasks.expire_requests", "orders.tasks.finish_stays", "payments.tasks.expire_unpaid_orders",
        "payments.tasks.ask_about_open_payments",
    } <= schedule._jobs.keys()  # fmt: skip


def test_old_keys_and_sessions_are_forgotten_by_a_job(app):
    """Otherwise these tables only ever grow."""
    from ihome.accounts.models import LoginSession
    from ihome.kit.idempotency import RememberedAnswer
    from tests import make

    person = make.user()
    long_ago = utcnow() - timedelta(days=60)

    def fill():
        session.add(LoginSession(user_id=person.id, token_hash="h", expires_at=long_ago))
        session.add(
            RememberedAnswer(user_id=person.id, endpoint="e", key="k", body_hash="b", answer={}, create_time=long_ago)
        )

    in_transaction(fill)
    schedule.run_due()
    with reading():
        assert session.scalars(select(LoginSession.id)).all() == []
        assert session.scalars(select(RememberedAnswer.key)).all() == []
