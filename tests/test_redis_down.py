"""A running site whose Redis refuses, hangs, forgets or fails over: it shows and books, and what protects is closed."""

import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import make
from tests.orders.asking import wish
from tests.site_process import API, inside, running_site

SHORTLY = 6  # Seconds: Redis is waited for once, for one; the rest is the machine.


@pytest.fixture
def site(tmp_path, template):
    """`with site(redis_url) as site:` a site on this Redis."""

    @contextmanager
    def start(redis_url: str) -> Iterator[Visited]:
        folder = tmp_path / "site"
        shutil.copytree(template, folder)
        options = ("--workers", "1", "--no-worker")
        with running_site(folder, *options, redis_url=redis_url, log_level="error") as running, inside(running):
            yield Visited(running)

    return start


class Visited:
    """The site with a house, and people at it; no call may take longer than SHORTLY."""

    def __init__(self, site) -> None:
        self.house, self.site = make.house(), site
        self.guest = site.client_of(make.user("guest"))
        self.visitor = site.client()
        self.someone = make.user()
        self.ahead = 0

    def call(self, who, method, path, **options):
        began = time.monotonic()
        headers = {"X-CSRFToken": who.http.cookies["csrf_token"]}
        answer = who.http.request(method, path, headers=headers, **options)
        assert time.monotonic() - began < SHORTLY, path
        return answer

    def assert_shows_and_books(self) -> None:
        house = f"/houses/{self.house.id}"
        for path in ("/", "/search", house, f"{API}/areas", f"{API}/houses/index", f"{API}{house}", f"{API}/houses"):
            answer = self.call(self.visitor, "GET", path)
            assert answer.status_code == 200, path
        assert self.house.title in self.call(self.visitor, "GET", house).text
        assert self.call(self.guest, "GET", f"{API}/users/user_info").json()["errno"] == "0"
        self.ahead += 7
        body, key = wish(self.house, self.ahead), {"Idempotency-Key": str(uuid.uuid4())}
        headers = {"X-CSRFToken": self.guest.http.cookies["csrf_token"]} | key
        answers = [self.guest.http.post(f"{API}/orders", json=body, headers=headers).json() for _ in range(2)]
        assert answers[0]["errno"] == "0"
        assert answers[0] == answers[1]  # The key is remembered in the database.

    def protected(self):
        """What asking for a picture, a code, and signing in are answered."""
        code_id = str(uuid.uuid4())
        query = {"image_code": "ABCD", "image_code_id": code_id}
        password = {"email": self.someone.email, "password": make.PASSWORD}
        return [
            self.call(self.visitor, "GET", f"{API}/get_image_codes/{code_id}"),
            self.call(self.visitor, "GET", f"{API}/get_email_codes/new@example.com", params=query),
            self.call(self.visitor, "POST", f"{API}/sessions", json=password),
        ]

    def assert_closed(self) -> None:
        for answer in self.protected():
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "5"
            assert answer.json() == {"errno": "4001", "errmsg": "验证服务暂时不可用，请稍后再试。"}

    def open_again(self) -> bool:
        return [answer.status_code for answer in self.protected()] == [200] * 3

    def wait_until_open(self, seconds=30) -> None:
        deadline = time.monotonic() + seconds
        while not self.open_again():
            assert time.monotonic() < deadline
            time.sleep(0.2)


@pytest.mark.parametrize("way", ["kill", "freeze"])
def test_redis_goes_and_comes_back(site, redis_servers, way):
    redis = redis_servers.single()
    with site(f"redis://{redis.host}/0") as visited:
        assert visited.open_again()
        visited.assert_shows_and_books()

        getattr(redis, way)()
        visited.assert_closed()
        visited.assert_shows_and_books()

        redis.start() if way == "kill" else redis.thaw()
        visited.wait_until_open()
        visited.assert_shows_and_books()


def test_a_site_starts_without_its_redis_and_finds_it_later(site, redis_servers):
    redis = redis_servers.single()
    redis.kill()
    with site(f"redis://{redis.host}/0") as visited:
        visited.assert_closed()
        visited.assert_shows_and_books()

        redis.start()
        visited.wait_until_open()


def test_a_page_waits_once_for_a_redis_that_hangs(site, redis_servers):
    redis = redis_servers.single()
    with site(f"redis://{redis.host}/0") as visited:
        visited.assert_shows_and_books()
        redis.freeze()
        began = time.monotonic()
        for _ in range(5):
            visited.call(visited.visitor, "GET", f"{API}/areas")
            visited.call(visited.visitor, "GET", f"{API}/houses/{visited.house.id}")

        assert time.monotonic() - began < SHORTLY  # Without a breaker ten calls wait a second and more each.


def test_a_redis_that_forgot_costs_codes_and_counts_only(site, redis_servers):
    redis = redis_servers.single()
    with site(f"redis://{redis.host}/0") as visited:
        order = visited.guest.post("/orders", wish(visited.house, 3))
        code_id = str(uuid.uuid4())
        visited.call(visited.visitor, "GET", f"{API}/get_image_codes/{code_id}")
        text = redis.client.get(f"image_code_{code_id}")
        redis.client.flushall()

        query = {"image_code": text, "image_code_id": code_id}
        assert visited.visitor.get("/get_email_codes/new@example.com", **query)["errno"] == "4002"
        assert visited.guest.get("/users/user_info")["errno"] == "0"  # Sessions are rows of the database.
        assert [found["order_id"] for found in visited.guest.get("/user/orders")["data"]["orders"]] == [
            order["data"]["order_id"]
        ]
        visited.assert_shows_and_books()


def test_a_failover_is_survived(site, redis_servers):
    """kill -9 of the master: pages and bookings go on, what protects is closed, within seconds open again."""
    master, url = redis_servers.replicated()
    with site(url) as visited:
        assert visited.open_again()
        master.kill()

        visited.assert_closed()
        visited.assert_shows_and_books()
        visited.wait_until_open()
        visited.assert_shows_and_books()
