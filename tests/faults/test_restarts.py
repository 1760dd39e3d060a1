"""A database that is killed and started again: the site goes on by itself, and what was confirmed is there."""

import threading
import time
import uuid

import pytest

from tests import make
from tests.faults.conftest import BACK
from tests.faults.people import assert_down, assert_good

AT_ONCE = 10  # Seconds.


@pytest.fixture(scope="module")
def people(database_server, visit):
    with visit("--no-worker", database_url=database_server.url()) as found:
        yield found


def test_between_two_requests(database_server, people):
    people.persist(BACK)
    database_server.kill()
    assert_down(people.do(), within=AT_ONCE)

    database_server.start()
    people.persist(BACK)
    assert_good(people.do(), within=AT_ONCE)
    people.check_nothing_lost()


def test_in_the_middle_of_them(database_server, people):
    """Guests book all the while, and ask again with the same key when they were told 503."""
    people.persist(BACK)
    guests = [people.site.client_of(make.user("guest")) for _ in range(4)]
    stopping, answers = threading.Event(), []

    def keep_booking(guest):
        while not stopping.is_set():
            body, key = next(people.bodies), str(uuid.uuid4())
            for _ in range(300):
                answers.append(answer := people.book(body, key, guest))
                if answer.is_good:
                    break
                time.sleep(0.2)

    at_work = [threading.Thread(target=keep_booking, args=(guest,)) for guest in guests]
    for thread in at_work:
        thread.start()
    for _ in range(2):
        wait_for_more(people, 3)
        database_server.kill()
        time.sleep(0.5)
        database_server.start()
    wait_for_more(people, len(guests) + 1)
    stopping.set()
    for thread in at_work:
        thread.join()

    assert {answer.status for answer in answers} == {200, 503}
    assert max(answer.after for answer in answers) < AT_ONCE
    people.check_nothing_lost()


def wait_for_more(people, orders):
    enough, deadline = len(people.booked) + orders, time.monotonic() + BACK
    while len(people.booked) < enough:
        assert time.monotonic() < deadline
        time.sleep(0.05)
