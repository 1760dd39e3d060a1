"""Who asks a service that is down, and who does without."""

import time

import pytest

from ihome.kit.breaker import Breaker
from tests.concurrency.racing import race


@pytest.fixture
def breaker():
    return Breaker(pause=5)


@pytest.fixture
def wait(monkeypatch):
    real, passed = time.monotonic, [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: real() + passed[0])

    def pass_by(seconds):
        passed[0] += seconds

    return pass_by


def test_what_works_is_asked(breaker):
    assert breaker.worked() is False
    assert [breaker.is_open() for _ in range(3)] == [False] * 3


def test_what_failed_is_not_asked_for_a_while(breaker):
    assert [breaker.failed("refused"), breaker.failed("refused")] == [True, False]  # The first one is news.
    assert breaker.is_open()
    assert breaker.reason == "refused"


def test_then_one_asks_and_the_others_go_on_without(breaker, wait):
    breaker.failed()
    wait(6)

    assert sorted(race([breaker.is_open] * 8)) == [False] + [True] * 7


def test_when_that_one_was_answered_everybody_asks_again(breaker, wait):
    breaker.failed()
    wait(6)
    breaker.is_open()

    assert breaker.worked() is True
    assert not breaker.is_open()


def test_when_that_one_failed_too_or_is_never_heard_of_another_one_asks_later(breaker, wait):
    breaker.failed()
    for _ in range(3):
        wait(6)
        assert [breaker.is_open(), breaker.is_open()] == [False, True]
