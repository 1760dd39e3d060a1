"""A site whose database is slow, silent, gone or lost during COMMIT: 503 in time, and each night sold once."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import make
from tests.faults.people import assert_down, assert_good
from tests.orders.asking import wish

AT_ONCE = 10  # Seconds: nobody is waited for, the rest is the machine.
WAITED = 60  # Some 5 s for each look at a connection, 30 s for an answer that is under way; twice that.


@pytest.fixture(scope="module")
def address(database_server):
    return database_server.address


@pytest.fixture(scope="module")
def site(database_server, proxy, visit):
    """Without a worker, so that nobody but the people asks the database."""
    url = database_server.url
    with visit("--no-worker", database_url=url(proxy.port), directly={"database_url": url()}) as people:
        yield people


def test_a_slow_line_is_slow_and_nothing_else(people, proxy):
    proxy.latency(0.02)  # Each way, for each of some twenty statements.

    assert_good(people.do(), within=20)


def test_a_database_that_falls_silent_is_503_in_time_and_used_again_when_it_speaks(people, proxy):
    proxy.stall()

    assert_down(people.do(), within=WAITED)


def test_a_database_that_is_not_there_is_503_at_once(people, proxy):
    proxy.refuse()

    assert_down(people.do(), within=AT_ONCE)


def test_connections_that_died_while_idle_are_not_noticed(people, proxy):
    proxy.reset()

    assert_good(people.do(), within=AT_ONCE)


@pytest.mark.parametrize("word", [b"token_hash", b"INSERT INTO ih_order_info"], ids=["who asks", "the order"])
def test_a_connection_lost_before_commit_is_another_try(people, proxy, word):
    """Never does a database that fails mean that nobody is signed in."""
    proxy.reset()  # On a fresh connection no statement is prepared, and each is sent with its words.
    body, key, lost = next(people.bodies), str(uuid.uuid4()), proxy.lost
    proxy.lose(word, delivers=True)

    assert people.book(body, key).said in [(200, "0"), (503, "4001")]
    assert proxy.lost == lost + 1
    assert_good({"book": people.book(body, key)}, within=AT_ONCE)


@pytest.mark.parametrize("delivers", [True, False], ids=["committed", "not committed"])
def test_an_order_whose_commit_was_not_answered_is_there_once_when_asked_for_again(people, proxy, delivers):
    """The site cannot know whether it was committed: 503, and the same key gets the one order."""
    body, key, lost = next(people.bodies), str(uuid.uuid4()), proxy.lost
    proxy.lose(b"COMMIT", delivers=delivers)

    assert_down({"book": people.book(body, key)}, within=AT_ONCE)
    assert proxy.lost == lost + 1
    again = [people.book(body, key) for _ in range(2)]
    assert_good(dict(enumerate(again)), within=AT_ONCE)
    assert again[0].data == again[1].data


def test_a_connection_lost_after_commit_is_not_noticed(people, proxy):
    assert_good({"book": people.book()}, within=AT_ONCE)
    proxy.reset()

    assert_good({"book": people.book()}, within=AT_ONCE)


def test_guests_who_want_the_same_nights_while_connections_break(people, proxy):
    """Whoever is told 503 asks again with the same key: of all of them one has each night."""
    guests = [people.site.client_of(make.user("guest")) for _ in range(6)]
    wanted = [(guest, wish(people.house, ahead, 1)) for ahead in (200, 201, 202) for guest in guests]

    def insist(guest, body):
        key = str(uuid.uuid4())
        for _ in range(300):
            if (answer := people.book(body, key, guest)).status == 200:
                return answer.errno
        raise AssertionError(answer)

    broken = proxy.lost
    with ThreadPoolExecutor(len(guests)) as pool:
        asked = [pool.submit(insist, *one) for one in wanted]
        while not all(one.done() for one in asked):
            proxy.lose(b"COMMIT", delivers=True)
            time.sleep(0.2)

    assert sorted(one.result() for one in asked) == ["0"] * 3 + ["4004"] * 15
    assert proxy.lost > broken
