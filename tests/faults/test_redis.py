"""A site whose Redis is slow, hangs, goes, forgets or fails over: it shows and books, and what protects is closed."""

import time
import uuid

import pytest

from tests.faults.conftest import BACK
from tests.faults.people import SHOWN, assert_down, assert_good
from tests.redis_servers import RedisServers
from tests.site_process import API

SHORTLY = 6  # Seconds: Redis is waited for once, for one; the rest is the machine.
PROTECTED = ("sign in", "code")
OPTIONS = ("--workers", "1", "--no-worker")


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    servers = RedisServers(tmp_path_factory.mktemp("redis"))
    yield servers.single()
    servers.end()


@pytest.fixture(scope="module")
def address(redis):
    return "127.0.0.1", redis.port


@pytest.fixture(scope="module")
def site(redis, proxy, visit):
    directly = {"redis_url": f"redis://{redis.host}/0"}
    with visit(*OPTIONS, redis_url=f"redis://127.0.0.1:{proxy.port}/0", directly=directly) as people:
        yield people


def assert_closed(people):
    """What protects people is closed, all else goes on."""
    answers = people.do()
    assert_down(answers, within=SHORTLY, but=answers.keys() - set(PROTECTED))
    key, body = str(uuid.uuid4()), next(people.bodies)
    again = [people.book(body, key) for _ in range(2)]
    assert_good(dict(enumerate(again)), within=SHORTLY)
    assert again[0].data == again[1].data  # The key is remembered in the database.


def test_a_slow_line_is_slow_and_nothing_else(people, proxy):
    proxy.latency(0.1)

    assert_good(people.do(), within=SHORTLY)


@pytest.mark.parametrize("fault", ["stall", "refuse"])
def test_a_redis_that_hangs_or_is_not_there(people, proxy, fault):
    getattr(proxy, fault)()

    assert_closed(people)


def test_a_line_on_which_an_answer_takes_too_long_is_as_none(people, proxy):
    proxy.latency(2)

    assert_closed(people)


def test_connections_that_died_while_idle_are_not_noticed(people, proxy):
    proxy.reset()

    assert_good(people.do(), within=SHORTLY)


def test_a_connection_lost_in_the_middle_of_a_question_costs_one_answer(people, proxy):
    proxy.cut_after(20)
    assert people.ask_for_code().said in [(503, "4001"), (200, "0")]

    people.persist(BACK)


def test_a_redis_that_is_killed_and_comes_back_with_nothing_in_it(people, redis):
    redis.kill()
    assert_closed(people)

    redis.start()
    people.persist(BACK)


def test_what_is_closed_says_so_and_when_to_come_again(people, proxy):
    proxy.refuse()
    answer = people.visitor.http.get(f"{API}/get_image_codes/{uuid.uuid4()}")

    assert answer.headers["Retry-After"] == "5"
    assert answer.json() == {"errno": "4001", "errmsg": "验证服务暂时不可用，请稍后再试。"}


def test_a_page_waits_once_for_a_redis_that_hangs(people, proxy):
    proxy.stall()
    began = time.monotonic()
    for _ in range(5):
        assert_good(people.do(*SHOWN), within=SHORTLY)

    assert time.monotonic() - began < SHORTLY  # Without a breaker fifteen pages wait a second and more each.


def test_a_redis_that_forgot_costs_codes_and_counts_only(people, redis):
    booked = people.book()
    code_id = str(uuid.uuid4())
    people.call(people.visitor, "GET", f"{API}/get_image_codes/{code_id}")
    typed = {"image_code": redis.client.get(f"image_code_{code_id}"), "image_code_id": code_id}
    redis.client.flushall()

    assert people.visitor.get("/get_email_codes/new@example.com", **typed)["errno"] == "4002"
    guest = people.at(people.guest)  # Still signed in: sessions are rows of the database.
    assert booked.data["order_id"] in [one["order_id"] for one in guest.get("/user/orders")["data"]["orders"]]


def test_a_site_starts_without_its_redis_and_finds_it_later(visit, redis_servers):
    redis = redis_servers.single()
    redis.kill()
    with visit(*OPTIONS, redis_url=f"redis://{redis.host}/0") as people:
        assert_closed(people)

        redis.start()
        people.persist(BACK)


def test_a_failover_is_survived(visit, redis_servers):
    """kill -9 of the master: pages and bookings go on, what protects is closed, within seconds open again."""
    master, url = redis_servers.replicated()
    with visit(*OPTIONS, redis_url=url) as people:
        people.persist(BACK)
        master.kill()

        assert_closed(people)
        people.persist(BACK)
        people.check_nothing_lost()
