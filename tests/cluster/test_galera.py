"""Two app servers at two nodes of a Galera cluster: a night is sold once, and a node that dies takes nothing along."""

import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Barrier, Event

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ihome import migrations
from ihome.kit.db import reading, session
from tests import invariants, make
from tests.cluster.galera import Cluster, require_galera
from tests.concurrency.racing import tally
from tests.conftest import server_engine
from tests.orders.asking import count_orders, wish
from tests.site_process import Client, Site, free_port, inside

ROUNDS = 8
GUESTS = 8


@pytest.fixture(scope="module")
def cluster():
    require_galera()
    made = Cluster()
    try:
        made.start()
        with server_engine(made.nodes[0].url).connect() as connection:
            connection.execute(text("CREATE DATABASE ihome"))
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def sites(cluster, template, tmp_path_factory):
    """An app server at the first node and one at the second, with the same secrets; this process is at the third."""
    made = []
    for node in cluster.nodes:
        folder = tmp_path_factory.mktemp("site") / node.name
        shutil.copytree(template, folder)
        made.append(Site(folder, free_port(), database_url=f"{node.url}ihome", log_level="error"))
    with inside(made[2]), ExitStack() as running, ThreadPoolExecutor(2) as pool:
        migrations.upgrade()
        for process in pool.map(Site.start, made[:2]):
            running.callback(stop, process)
        yield made[:2]


def stop(process):
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0


@pytest.fixture(scope="module")
def phones(sites):
    """Guests, signed in in turn at the one app server and at the other."""
    yield [sites[number % 2].client_of(make.user()) for number in range(GUESTS)]
    for site in sites:
        for client in site.clients:
            client.http.close()


@dataclass
class Answer:
    status: int
    errno: str
    order_id: int | None
    took: float


def ask(phone: Client, body: dict, key: str) -> Answer:
    """POST /orders; 0 as the status says that nothing came."""
    headers = {"X-CSRFToken": phone.http.cookies["csrf_token"], "Idempotency-Key": key}
    begun = time.monotonic()
    try:
        answer = phone.http.post("/api/v1.0/orders", json=body, headers=headers)
    except httpx.TransportError:
        return Answer(0, "", None, time.monotonic() - begun)
    said = answer.json()
    return Answer(
        answer.status_code, said["errno"], said.get("data", {}).get("order_id"), time.monotonic() - begun
    )  # fmt: skip


def check_promises():
    with reading():
        invariants.check(session)


# --- a night is sold once --------------------------------------------------------------------------------------------


def test_of_guests_at_both_app_servers_one_gets_the_nights(phones):
    house = make.house()
    bodies = [wish(house, ahead=1 + 3 * number) for number in range(ROUNDS)]
    start = Barrier(GUESTS)

    def book(number):
        for round_, body in enumerate(bodies):
            start.wait(60)
            yield ask(phones[number], body, f"race {round_}")

    with ThreadPoolExecutor(GUESTS) as pool:
        answers = list(pool.map(lambda number: list(book(number)), range(GUESTS)))
    for outcome in zip(*answers, strict=True):
        assert tally([(answer.status, answer.errno) for answer in outcome]) == {
            (200, "0"): 1, (200, "4004"): GUESTS - 1
        }  # fmt: skip
    check_promises()


@pytest.mark.parametrize(("key", "is_enough"), [("", False), (", PRIMARY KEY (night)", True)], ids=["lock", "key"])
def test_a_lock_holds_on_its_node_only_and_a_key_everywhere(cluster, key, is_enough):
    """The control. Lock the house, look whether the night is free, take it: at two nodes at once."""
    nights = 20
    here, there = (server_engine(f"{node.url}ihome") for node in cluster.nodes[:2])
    with here.begin() as connection:
        connection.execute(text("CREATE OR REPLACE TABLE seat_house (id INT PRIMARY KEY)"))
        connection.execute(text("INSERT INTO seat_house VALUES (1)"))
        connection.execute(text(f"CREATE OR REPLACE TABLE seat (night INT, guest INT {key})"))
    start = Barrier(2)

    def take(engine, guest):
        for night in range(nights):
            start.wait(60)
            with engine.connect() as connection:
                try:
                    connection.execute(text("SELECT id FROM seat_house WHERE id = 1 FOR UPDATE"))
                    if not connection.execute(text(f"SELECT COUNT(*) FROM seat WHERE night = {night}")).scalar():
                        connection.execute(text(f"INSERT INTO seat VALUES ({night}, {guest})"))
                    connection.commit()
                except DBAPIError:
                    connection.rollback()  # 1213: the other one was first. A site would look again.

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(take, (here, there), (1, 2)))
    with here.connect() as connection:
        sold = connection.execute(text("SELECT COUNT(*) FROM seat")).scalar()
        connection.execute(text("DROP TABLE seat, seat_house"))
    assert (sold == nights) == is_enough


# --- a node dies ------------------------------------------------------------------------------------------------------


def test_a_node_that_is_killed_takes_no_confirmed_order_along(cluster, sites, phones):
    """Each guest asks for nights of one's own, one after the other; in the middle of it the second node is killed."""
    houses = [make.house() for _ in phones]
    before = count_orders()
    asked = [[wish(house, ahead=1 + 2 * number, nights=1) for number in range(60)] for house in houses]
    enough = Event()
    answers = [[] for _ in phones]

    def book(number):
        for place, body in enumerate(asked[number]):
            if enough.is_set():
                return
            answers[number].append(ask(phones[number], body, f"stream {place}"))

    with ThreadPoolExecutor(GUESTS) as pool:
        streams = [pool.submit(book, number) for number in range(GUESTS)]
        wait_until(lambda: all(len(found) >= 3 for found in answers))
        cluster.nodes[1].kill()
        heard = [len(found) for found in answers]
        wait_until(lambda: all(len(answers[number]) >= heard[number] + 3 for number in range(GUESTS)))
        enough.set()
        for stream in streams:
            stream.result(90)

    here, there = answers[::2], answers[1::2]
    assert {answer.status for found in here for answer in found} == {200}
    assert {answer.status for found in there for answer in found} == {200, 503}
    assert max(answer.took for found in answers for answer in found) < 30
    confirmed = {answer.order_id for found in answers for answer in found if answer.status == 200}
    with reading():
        there_are = set(session.scalars(text("SELECT id FROM ih_order_info")))
    assert confirmed <= there_are

    # Whoever was left without an answer asks again, at the other app server and with the same key.
    for number, found in enumerate(answers):
        phone = sites[0].client()
        phone.http.cookies.set("session", phones[number].http.cookies["session"])
        for place, answer in enumerate(found):
            if answer.status == 503:
                assert ask(phone, asked[number][place], f"stream {place}").errno == "0"
    assert count_orders() - before == sum(len(found) for found in answers)
    check_promises()


def test_its_app_server_goes_on_by_itself_when_the_node_is_back(cluster, sites, phones):
    cluster.rejoin(cluster.nodes[1])

    body = wish(make.house())
    wait_until(lambda: ask(phones[1], body, "back").errno == "0")
    check_promises()


def test_a_node_without_its_cluster_is_503_until_it_is_one_again(cluster, sites, phones):
    """Two of three die: the one that is left answers 1047 to everything, over connections that are alive."""
    body = wish(make.house())
    for node in cluster.nodes[1:]:
        node.kill()
    written = ask(phones[0], body, "alone")
    read = phones[0].http.get("/api/v1.0/houses")
    assert (written.status, read.status_code) == (503, 503)
    assert written.took + read.elapsed.total_seconds() < 30

    with server_engine(cluster.nodes[0].url).connect() as connection:  # What an operator says who knows that it is so.
        connection.execute(text("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'"))
        connection.invalidate()  # Until it is so, even ROLLBACK is refused.
    wait_until(lambda: ask(phones[0], body, "alone").errno == "0")


def wait_until(is_so, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
