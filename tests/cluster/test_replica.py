"""A read replica, that is late or dead: it never decides, and nobody needs it."""

import time

import pytest
from sqlalchemy import select, text

from ihome.kit import clock, db
from ihome.kit.db import in_transaction, reading, session
from ihome.kit.errors import DatabaseDown
from ihome.web import create_app
from tests import make
from tests.browser_double import Browser
from tests.cluster.postgres import Pair, require_postgresql
from tests.conftest import configure, empty, migrate
from tests.orders.asking import place

TITLE = "巢湖边的木屋"


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    require_postgresql()
    made = Pair()
    try:
        made.start()
        migrate(configure(tmp_path_factory.mktemp("site"), database_url=f"{made.primary.url}ihome"))
        yield made
    finally:
        made.end()


@pytest.fixture
def pair(servers):
    """Primary and replica, both running and empty."""
    servers.primary.start()
    servers.replica.start()
    servers.replica.ask("SELECT pg_wal_replay_resume()")
    empty(f"{servers.primary.url}ihome")
    return servers


@pytest.fixture
def connect(pair, tmp_path):
    """Connect this process to a site on these URLs."""

    def connect(url, read_url=""):
        clock._seen = None
        return create_app(configure(tmp_path, database_url=url, database_read_url=read_url))

    yield connect
    db.disconnect()


@pytest.fixture
def site(pair, connect):
    return connect(f"{pair.primary.url}ihome", f"{pair.replica.url}ihome")


@pytest.fixture
def late(pair):
    """From here on the replica learns nothing."""

    def stop():
        pair.catch_up()
        pair.replica.ask("SELECT pg_wal_replay_pause()")
        pair.replica.wait_until("SELECT pg_get_wal_replay_pause_state() = 'paused'")

    return stop


def page(browser, path):
    answer = browser.client.get(path)
    assert answer.status_code == 200
    return answer.text


def test_strangers_read_from_the_replica_and_authors_their_own_changes(site, late):
    landlord = make.landlord()
    author, stranger = make.browser(site, landlord), Browser(site)
    late()
    house = make.house(landlord, title=TITLE)

    for path in ("/search", "/"):
        assert TITLE in page(author, path)
        assert TITLE not in page(stranger, path)
    assert TITLE in page(author, f"/houses/{house.id}")
    assert stranger.client.get(f"/houses/{house.id}").status_code == 404
    assert [len(who.get("/houses")["data"]["houses"]) for who in (author, stranger)] == [1, 0]


def test_who_has_just_signed_in_is_known_on_every_page(site, late):
    house = make.house()
    late()
    person = make.user("anna")
    browser = make.browser(site, person)

    for path in ("/", "/search", f"/houses/{house.id}", "/me"):
        assert person.name in page(browser, path)


def test_a_night_that_the_replica_calls_free_is_still_taken(site, late):
    house, guest, second = make.house(), make.user(), make.user()
    late()

    assert place(make.browser(site, guest), house)["errno"] == "0"
    assert place(make.browser(site, second), house)["errno"] == "4004"


def test_pages_go_on_when_the_replica_dies_and_use_it_again_when_it_is_back(site, pair, monkeypatch):
    make.house(title=TITLE)
    pair.catch_up()
    stranger = Browser(site)
    assert TITLE in page(stranger, "/search")

    pair.replica.kill()
    begun = time.monotonic()
    for _ in range(5):
        assert TITLE in page(stranger, "/search")
    assert time.monotonic() - begun < 10

    monkeypatch.setattr(db, "_replica_rests_until", 0)
    pair.replica.start()
    page(stranger, "/search")
    with reading(replica=True):
        assert session.scalar(text("SELECT pg_is_in_recovery()"))


def test_when_the_primary_dies_nothing_is_decided_by_the_replica(site, pair):
    """Strangers may look; whoever wants more than that is told to come again."""
    house, guest = make.house(title=TITLE), make.user()
    browser, stranger = make.browser(site, guest), Browser(site)
    pair.catch_up()
    pair.primary.kill()

    assert TITLE in page(stranger, "/search")
    assert browser.request("GET", "/user/orders").status_code == 503
    answer = browser.request("POST", "/orders", json={"house_id": house.id})
    assert answer.status_code == 503


def test_a_site_that_knows_both_servers_follows_the_one_that_takes_writes(pair, connect):
    """The last test: the replica does not become one again."""
    both = f"host=127.0.0.1:{pair.replica.port}&host=127.0.0.1:{pair.primary.port}"
    connect(f"postgresql://postgres@/ihome?{both}&target_session_attrs=read-write")
    before = make.user("anna")
    pair.catch_up()

    pair.primary.kill()
    with pytest.raises(DatabaseDown):
        in_transaction(lambda: session.execute(select(1)))
    pair.replica.promote()

    assert make.user("bert").id > before.id
