"""`once`: what was done under a key is not done again, on every database and with many at once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ihome.kit.db import in_transaction, reading, session, utcnow
from ihome.kit.errors import AppError, BadInput
from ihome.kit.idempotency import KEPT, IdempotencyKeyReused, RememberedAnswer, forget_old, once

BODY = {"house_id": 1}
DAY = timedelta(hours=24)


@pytest.fixture(params=["sqlite", "mariadb", "postgresql"])
def database(request):
    return request.param


@pytest.fixture
def done(app):
    """How often it was done."""
    return []


def ask(done, key="k", *, user=1, endpoint="POST /orders", body=BODY, then=None):
    def do():
        done.append(1)
        if then:
            then()
        return {"number": len(done)}

    return in_transaction(lambda: once(user, endpoint, key, body, do))["number"]


def rows():
    with reading():
        return session.scalars(select(RememberedAnswer).order_by(RememberedAnswer.create_time)).all()


def grow_old(span):
    in_transaction(lambda: session.execute(update(RememberedAnswer).values(create_time=utcnow() - span)))


def test_without_a_key_everything_is_done(done):
    assert [ask(done, key) for key in (None, None, "", "")] == [1, 2, 3, 4]
    assert rows() == []


def test_with_a_key_it_is_done_once(done):
    assert [ask(done) for _ in range(3)] == [1, 1, 1]
    assert len(done) == 1


def test_another_body_under_the_key_is_refused(done):
    ask(done)
    with pytest.raises(IdempotencyKeyReused):
        ask(done, body={"house_id": 2})
    assert len(done) == 1


def test_the_order_of_fields_is_not_another_body(done):
    assert [ask(done, body={"a": 1, "b": 2}), ask(done, body={"b": 2, "a": 1})] == [1, 1]


def test_another_user_or_endpoint_is_another_key(done):
    assert [ask(done), ask(done, user=2), ask(done, endpoint="POST /orders/payment")] == [1, 2, 3]


def test_keys_that_look_alike_are_two(done):
    """MariaDB compares text without regard to case or trailing blanks unless it is told otherwise."""
    assert [ask(done, key) for key in ("key", "KEY", "key ", "kéy", "键" * 200)] == [1, 2, 3, 4, 5]


def test_a_key_too_long_is_refused(done):
    with pytest.raises(BadInput):
        ask(done, "k" * 201)
    assert done == []


def test_the_key_itself_is_not_kept(done):
    ask(done, "a-secret-key")

    assert "a-secret-key" not in rows()[0].key


def test_what_failed_may_be_tried_again(done):
    def fail():
        raise AppError

    with pytest.raises(AppError):
        ask(done, then=fail)
    assert rows() == []
    assert [ask(done), ask(done)] == [2, 2]


def test_a_key_is_good_for_24_hours(done):
    ask(done)
    grow_old(DAY - timedelta(minutes=1))
    assert ask(done) == 1
    grow_old(DAY + timedelta(minutes=1))
    assert [ask(done), ask(done)] == [2, 2]
    assert len(rows()) == 1


def test_an_old_key_takes_another_body(done):
    ask(done)
    grow_old(DAY + timedelta(minutes=1))

    assert ask(done, body={"house_id": 2}) == 2
    with pytest.raises(IdempotencyKeyReused):
        ask(done)


def test_old_answers_are_forgotten(done):
    ask(done, "old")
    grow_old(KEPT + timedelta(minutes=1))
    ask(done, "new")

    assert in_transaction(forget_old) == 1
    assert len(rows()) == 1
    assert ask(done, "new") == 2


THREADS, ROUNDS = 8, 6


def race(done, key):
    """Many at once under this key; what each was told."""
    start, told = threading.Barrier(THREADS), []

    def run():
        start.wait(10)
        told.append(ask(done, key))

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


def test_of_many_at_once_one_does_it_and_all_hear_of_it(done):
    for number in range(1, ROUNDS + 1):
        assert len(set(race(done, f"k{number}"))) == 1
        assert len(rows()) == number
    answers = {row.answer["number"] for row in rows()}
    assert len(answers) == ROUNDS


def test_of_many_that_find_an_old_key_one_does_it(done):
    """Whoever forgets the old answer must not forget the new one that another has just given."""
    for _ in range(ROUNDS):
        ask(done, "k")
        grow_old(DAY + timedelta(minutes=1))
        before = len(rows())
        told = race(done, "k")
        assert (len(told), len(set(told)), len(rows())) == (THREADS, 1, before)


def test_if_the_first_of_many_fails_another_does_it(done):
    """On MariaDB those who waited for the key then deadlock among themselves, and are tried again."""
    for number in range(ROUNDS):
        failed = threading.Event()

        def fail_once(failed=failed):
            if not failed.is_set():
                failed.set()
                raise AppError

        start, told = threading.Barrier(THREADS), []

        def run(start=start, told=told, number=number, fail_once=fail_once):
            start.wait(10)
            try:
                told.append(ask(done, f"k{number}", then=fail_once))
            except AppError as error:
                told.append(type(error).__name__)

        threads = [threading.Thread(target=run) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        answers = [answer for answer in told if answer != "AppError"]
        assert (told.count("AppError"), len(answers), len(set(answers))) == (1, THREADS - 1, 1)
