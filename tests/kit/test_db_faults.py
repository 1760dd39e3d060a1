"""Servers that are slow, that change their role, or whose answer to COMMIT is lost."""

import time

import pytest
from sqlalchemy import make_url, text

from ihome.kit import db, engines
from ihome.kit.db import in_transaction, reading, session
from ihome.kit.errors import DatabaseDown
from ihome.orders import queries
from tests import make
from tests.faults.proxy import Proxy
from tests.orders.asking import count_orders, nights_of, place

SLOW = {"mariadb": "SELECT SLEEP(10)", "postgresql": "SELECT pg_sleep(10)"}
HURRY = {"mariadb": "SET SESSION max_statement_time=0.2", "postgresql": "SET SESSION statement_timeout=200"}
ME = {"mariadb": "SELECT CONNECTION_ID()", "postgresql": "SELECT pg_backend_pid()"}
IDLE = {
    "mariadb": "SET SESSION idle_transaction_timeout=1",
    "postgresql": "SET SESSION idle_in_transaction_session_timeout=500",
}
LIMITS = {
    "mariadb": {
        "max_statement_time": f"{engines.STATEMENT}.0",
        "innodb_lock_wait_timeout": f"{engines.LOCK}",
        "idle_transaction_timeout": f"{engines.IDLE}",
    },
    "postgresql": {
        "statement_timeout": f"{engines.STATEMENT}s",
        "lock_timeout": f"{engines.LOCK}s",
        "idle_in_transaction_session_timeout": "1min",
    },
}


@pytest.fixture(params=["mariadb", "postgresql"])
def database(request):
    return request.param


def say(statement):
    return session.execute(text(statement))


# --- time limits ------------------------------------------------------------------------------------------------------


def test_reads_and_writes_have_their_limits(app, database):
    def limits():
        names = LIMITS[database]
        if database == "mariadb":
            return {name: str(say(f"SELECT @@{name}").scalar()) for name in names}
        return {name: say(f"SHOW {name}").scalar() for name in names}

    assert in_transaction(limits) == LIMITS[database]
    with reading():
        assert limits() == LIMITS[database]


def test_a_statement_that_takes_too_long_is_the_databases_fault_and_not_tried_again(app, database):
    tries = []

    def work():
        tries.append(1)
        say(HURRY[database])
        say(SLOW[database])

    begun = time.monotonic()
    with pytest.raises(DatabaseDown):
        in_transaction(work)
    with pytest.raises(DatabaseDown), reading():
        work()
    assert time.monotonic() - begun < 8
    assert len(tries) == 2  # One each.


def test_whoever_stops_asking_in_a_transaction_loses_its_locks_and_does_it_again(app, database):
    tries = []

    def work():
        tries.append(1)
        say(IDLE[database])
        for pause in (2 if len(tries) == 1 else 0, 0):
            found = say("SELECT COUNT(*) FROM ih_clock").scalar()
            time.sleep(pause)
        return found

    assert in_transaction(work) == 0
    assert len(tries) == 2


def test_nothing_is_begun_again_when_time_is_up(app, database, monkeypatch):
    monkeypatch.setattr(db, "PATIENCE", 0)
    tries = []

    def work():
        tries.append(1)
        raise_code(database, DEADLOCK[database])

    with pytest.raises(DatabaseDown):
        in_transaction(work)
    assert len(tries) == 1


# --- a server that can no longer do the work --------------------------------------------------------------------------

DEADLOCK = {"mariadb": 1213, "postgresql": "40P01"}


def raise_code(database, number):
    """The server itself says so, as it would if it were so."""
    if database == "mariadb":
        say(f"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO={number}, MESSAGE_TEXT='as it is said'")
    else:
        say(f"DO $$ BEGIN RAISE EXCEPTION 'as it is said' USING ERRCODE = '{number}'; END $$")


@pytest.mark.parametrize(
    ("database", "number"),
    [("mariadb", 1047), ("mariadb", 1290), ("postgresql", "25006"), ("mariadb", 1213), ("postgresql", "40P01")],
    indirect=["database"],
)
def test_a_server_out_of_service_costs_the_connection_and_a_deadlock_does_not(app, database, number):
    """A node that left its cluster (1047) answers as if all were well: only another connection may reach another."""
    connections = []

    def work():
        connections.append(say(ME[database]).scalar())
        if len(connections) == 1:
            raise_code(database, number)

    in_transaction(work)
    assert len(connections) == 2
    assert len(set(connections)) == (1 if number == DEADLOCK[database] else 2)


# --- the answer to COMMIT is lost ------------------------------------------------------------------------------------


COMMIT = {"mariadb": b"\x03COMMIT", "postgresql": b"COMMIT\x00"}  # As the drivers send it.


@pytest.fixture
def proxy(app, config):
    """Between the site and its database."""
    address = make_url(config.database)
    with Proxy((address.host, address.port)) as made:
        db.connect(address.set(port=made.port).render_as_string(hide_password=False))
        make.day(1)  # A first connection to PostgreSQL asks for types, in a transaction of its own.
        yield made
        db.disconnect()


def test_who_asks_again_with_its_key_is_told_of_the_order_that_was_placed(app, database, proxy, monkeypatch):
    """With the rule switched off that finds the guest's open order: the key alone must do it."""
    monkeypatch.setattr(queries, "find_open_order", lambda *_: None)
    house, guest = make.house(), make.user()
    browser = make.browser(app, guest)
    proxy.lose(COMMIT[database], delivers=True)

    assert place(browser, house, key="k1")["errno"] == "4001"
    assert (proxy.lost, count_orders()) == (1, 1)
    again = place(browser, house, key="k1")
    assert again["errno"] == "0"
    assert set(nights_of(house).values()) == {again["data"]["order_id"]}
    assert count_orders() == 1
