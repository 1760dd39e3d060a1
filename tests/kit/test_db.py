"""Transactions against real databases: what is retried, what is not, and what a lost connection means."""

import errno
import sqlite3
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from ihome.accounts.models import LoginSession, User
from ihome.accounts.queries import get_user
from ihome.kit import db, sqlite
from ihome.kit.db import (
    after_commit,
    execute,
    in_transaction,
    is_duplicate_key,
    lock,
    reading,
    savepoint,
    session,
    utcnow,
    writes,
)
from ihome.kit.errors import AppError, DatabaseDown
from tests import make
from tests.site_process import free_port

ALL = ("sqlite", "mariadb", "postgresql")
SERVERS = ("mariadb", "postgresql")


@pytest.fixture(params=ALL)
def database(request):
    return request.param


only_servers = pytest.mark.parametrize("database", SERVERS, indirect=True)
only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def anna(app):
    return make.user("anna", avatar_url="0")


@pytest.fixture
def bert(app):
    return make.user("bert", avatar_url="0")


def count(person):
    """Add one to this person's number, which is kept where it does no harm."""
    row = get_user(person.id)
    lock(row)
    row.avatar_url = str(int(row.avatar_url or 0) + 1)
    session.flush()


def number_of(person):
    with reading():
        return int(get_user(person.id).avatar_url)


def together(*steps):
    """Run the steps in threads; what each returned or raised."""
    results: list[object] = [None] * len(steps)

    def run(place, step):
        try:
            results[place] = step()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return results


# --- a transaction is all or nothing ----------------------------------------------------------------------------------


def test_what_is_done_stays(anna):
    assert in_transaction(lambda: count(anna) or "done") == "done"
    assert number_of(anna) == 1


@pytest.mark.parametrize("error", [AppError, ValueError, KeyboardInterrupt])
def test_what_raises_leaves_nothing(anna, error):
    def fail():
        count(anna)
        raise error

    with pytest.raises(error):
        in_transaction(fail)
    assert number_of(anna) == 0


def test_what_is_ours_to_refuse_is_not_tried_again(anna):
    tries = []

    def refuse():
        tries.append(1)
        raise AppError

    with pytest.raises(AppError):
        in_transaction(refuse)
    assert len(tries) == 1


def test_a_change_is_written_even_if_nothing_asked_for_a_flush(anna):
    in_transaction(lambda: setattr(get_user(anna.id), "avatar_url", "7"))

    assert number_of(anna) == 7


def test_transactions_do_not_nest(anna):
    with pytest.raises(RuntimeError, match="nest"):
        in_transaction(lambda: in_transaction(count, anna))
    assert number_of(anna) == 0
    with reading(), pytest.raises(RuntimeError, match="nest"):
        in_transaction(count, anna)


def test_without_a_session_nothing_is_read(app):
    with pytest.raises(RuntimeError, match="no session"):
        session.scalar(select(1))
    in_transaction(lambda: None)
    with pytest.raises(RuntimeError, match="no session"):
        session.scalar(select(1))


def test_reading_inside_a_transaction_sees_its_changes(anna):
    def look():
        count(anna)
        with reading():
            return get_user(anna.id).avatar_url

    assert in_transaction(look) == "1"


def test_rows_can_be_looked_at_when_the_transaction_is_over(anna):
    row = in_transaction(lambda: get_user(anna.id))

    assert row.email == anna.email


def test_a_decorated_view_is_a_transaction(anna):
    @writes
    def view(person):
        count(person)
        return "answer"

    assert view(anna) == "answer"
    assert number_of(anna) == 1


def test_an_instant_comes_back_to_the_microsecond_and_in_utc(anna):
    beijing = timezone(timedelta(hours=8))
    instant = datetime(2026, 5, 1, 7, 30, 15, 123456, tzinfo=beijing)
    in_transaction(lambda: session.add(LoginSession(user_id=anna.id, token_hash="h", expires_at=instant)))

    with reading():
        found = session.scalar(select(LoginSession.expires_at))
    assert found == instant
    assert found.tzinfo is UTC
    with reading():
        assert session.scalar(select(LoginSession.id).where(LoginSession.expires_at == instant))


def test_a_row_says_when_it_was_made_and_changed(anna):
    before = anna.update_time
    assert before <= utcnow()
    in_transaction(count, anna)

    changed = in_transaction(lambda: get_user(anna.id))
    assert changed.create_time == anna.create_time
    assert changed.update_time > before


# --- many at once ----------------------------------------------------------------------------------------------------


def test_no_update_is_lost_under_a_lock(anna):
    def work():
        for _ in range(5):
            in_transaction(count, anna)

    assert together(*[work] * 8) == [None] * 8
    assert number_of(anna) == 40


def test_lock_reads_the_row_again_as_it_is_now(anna):
    seen = []

    def late():
        row = get_user(anna.id)
        if db.engine().dialect.name != "sqlite":  # There the transaction itself is the lock.
            (failed,) = together(lambda: in_transaction(count, anna))
            assert failed is None
        lock(row)
        seen.append(row.avatar_url)

    in_transaction(late)
    assert seen == (["0"] if db.engine().dialect.name == "sqlite" else ["1"])


def test_lock_does_not_forget_what_was_changed_before(anna):
    def work():
        row = get_user(anna.id)
        row.avatar_url = "7"
        lock(row)
        assert row.avatar_url == "7"

    in_transaction(work)
    assert number_of(anna) == 7


@only_servers
@pytest.mark.parametrize("nested", [False, True], ids=["plain", "in a savepoint"])
def test_who_loses_a_deadlock_does_everything_again(anna, bert, nested):
    """Two transactions take two rows in opposite order. In a savepoint MariaDB answers ROLLBACK TO with 1305."""
    meeting, tries = threading.Barrier(2), []

    def work(first, second):
        tries.append(first.id)
        count(first)
        if len(tries) <= 2:
            meeting.wait(10)
        if nested:
            with savepoint():
                count(second)
        else:
            count(second)

    assert together(
        lambda: in_transaction(work, anna, bert), lambda: in_transaction(work, bert, anna)
    ) == [None, None]  # fmt: skip
    assert len(tries) >= 3  # On a busy machine the loser may be back before the winner has woken, and lose again.
    assert (number_of(anna), number_of(bert)) == (2, 2)


def test_a_savepoint_also_undoes_what_goes_past_the_session(anna):
    change = update(User.__table__).where(User.__table__.c.id == anna.id)

    def work():
        execute(change, {"avatar_url": "1"})
        with suppress(ZeroDivisionError), savepoint():
            execute(change, {"avatar_url": "2"})
            raise ZeroDivisionError

    in_transaction(work)
    assert number_of(anna) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_serialization_failure_is_tried_again(anna):
    tries = []

    def work():
        tries.append(1)
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        row = get_user(anna.id)
        if len(tries) == 1:
            together(lambda: in_transaction(count, anna))
        row.avatar_url = str(int(row.avatar_url) + 1)

    in_transaction(work)
    assert len(tries) == 2
    assert number_of(anna) == 2


@only_servers
def test_a_lock_that_was_waited_for_in_vain_is_tried_again(anna, database):
    held, tries, release = threading.Event(), [], threading.Event()

    def hold():
        count(anna)
        held.set()
        assert release.wait(20)

    def work():
        assert held.wait(10)
        tries.append(1)
        if len(tries) == 2:
            release.set()
        limit = "innodb_lock_wait_timeout=1" if database == "mariadb" else "lock_timeout='1s'"
        session.execute(text(f"SET SESSION {limit}"))
        count(anna)

    assert together(lambda: in_transaction(hold), lambda: in_transaction(work)) == [None, None]
    assert len(tries) == 2
    assert number_of(anna) == 2


@pytest.fixture
def impatient():
    """Writers of this process wait 20 ms for SQLite's lock, not ten seconds; and somebody else holds it."""
    db.engine().dispose()

    @event.listens_for(db.engine(), "connect")
    def hurry(connection, _record):
        connection.execute("PRAGMA busy_timeout=20")

    blocker = sqlite3.connect(db.engine().url.database, isolation_level=None, check_same_thread=False)
    blocker.execute("BEGIN IMMEDIATE")
    yield blocker
    blocker.close()


@only_sqlite
def test_a_busy_sqlite_is_tried_again(anna, impatient):
    tries = []

    def work():
        tries.append(1)
        if len(tries) == 3:
            impatient.execute("ROLLBACK")
        count(anna)

    in_transaction(work)
    assert len(tries) == 3
    assert number_of(anna) == 1


@only_sqlite
def test_a_sqlite_that_stays_busy_is_down_in_the_end(anna, impatient):
    tries = []

    def work():
        tries.append(1)
        count(anna)

    with pytest.raises(DatabaseDown):
        in_transaction(work)
    assert len(tries) == db.ATTEMPTS
    assert number_of(anna) == 0  # Readers never wait.


# --- a connection that is lost ----------------------------------------------------------------------------------------


def kill(connection_id):
    """The database ends that connection, as a restart or an operator does."""
    verb = "KILL" if db.engine().dialect.name == "mysql" else "SELECT pg_terminate_backend"
    with reading():
        session.execute(text(f"{verb} ({connection_id})" if "pg" in verb else f"{verb} {connection_id}"))


def connection_id():
    return session.scalar(text("SELECT connection_id()" if db.engine().dialect.name == "mysql" else
                               "SELECT pg_backend_pid()"))  # fmt: skip


@only_servers
def test_a_connection_lost_before_the_commit_is_another_try(anna):
    tries = []

    def work():
        tries.append(1)
        count(anna)
        if len(tries) == 1:
            mine = connection_id()
            together(lambda: kill(mine))
        count(anna)

    in_transaction(work)
    assert len(tries) == 2
    assert number_of(anna) == 2


@only_servers
def test_a_connection_lost_during_the_commit_is_never_tried_again(anna):
    """It may have happened: doing it twice would be worse than saying that nobody knows."""
    tries, told, mine = [], [], []

    def work():
        tries.append(1)
        count(anna)
        mine.append(connection_id())
        after_commit(lambda: told.append(1))

    @event.listens_for(db.engine(), "commit")
    def lose(connection):
        together(lambda: kill(mine[0]))

    with pytest.raises(DatabaseDown):
        in_transaction(work)
    event.remove(db.engine(), "commit", lose)
    assert (len(tries), told) == (1, [])
    in_transaction(count, anna)  # The pool has forgotten the dead connection.


@only_servers
def test_a_connection_that_died_in_the_pool_is_not_noticed(anna):
    mine = in_transaction(connection_id)
    kill(mine)

    in_transaction(count, anna)
    assert number_of(anna) == 1


@only_servers
def test_of_a_crowd_as_many_are_connected_as_the_pool_may_hold_and_who_waits_in_vain_is_told(anna, monkeypatch):
    """docs/databases.md counts with this number."""
    pool = db.engine().pool
    most = 30
    has_come, may_leave = threading.Barrier(most + 1), threading.Event()

    def hold():
        connection_id()
        has_come.wait(20)
        may_leave.wait(20)

    crowd = [threading.Thread(target=in_transaction, args=(hold,)) for _ in range(most)]
    for one in crowd:
        one.start()
    has_come.wait(20)
    monkeypatch.setattr(pool, "_timeout", 0.3)  # Five seconds in earnest.
    with pytest.raises(DatabaseDown):
        in_transaction(connection_id)
    assert pool.checkedout() == most

    monkeypatch.setattr(pool, "_timeout", 20)
    late = threading.Thread(target=in_transaction, args=(count, anna))
    late.start()
    may_leave.set()
    for one in [*crowd, late]:
        one.join(20)
        assert not one.is_alive()
    assert number_of(anna) == 1


@only_servers
def test_a_connection_is_replaced_before_the_server_would_end_it(anna, monkeypatch):
    pool = db.engine().pool
    assert pool._recycle == 1800  # MariaDB ends what has rested for eight hours, a firewall often after one.
    mine = in_transaction(connection_id)
    assert in_transaction(connection_id) == mine

    monkeypatch.setattr(pool, "_recycle", 1)
    time.sleep(1.1)
    assert in_transaction(connection_id) != mine


@pytest.mark.parametrize("scheme", ["mysql://root", "postgresql://postgres"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_database_that_is_down_is_said_to_be_down(visitor, scheme):
    db.connect(f"{scheme}@127.0.0.1:{free_port()}/ihome")

    with pytest.raises(DatabaseDown):
        in_transaction(lambda: session.execute(select(1)))
    with pytest.raises(DatabaseDown), reading():
        session.execute(select(1))
    answer = visitor.request("GET", "/houses/1")
    assert (answer.status_code, answer.get_json()["errno"]) == (503, "4001")
    assert int(answer.headers["Retry-After"]) > 0


# --- after the commit -------------------------------------------------------------------------------------------------


def test_a_hook_runs_when_everybody_can_see_what_was_done(anna):
    seen = []

    def work():
        count(anna)
        after_commit(lambda: seen.append(number_of(anna)))
        assert seen == []

    in_transaction(work)
    assert seen == [1]


def test_a_hook_never_runs_for_what_was_undone(anna):
    seen = []

    def work():
        after_commit(lambda: seen.append(1))
        raise AppError

    with pytest.raises(AppError):
        in_transaction(work)
    in_transaction(lambda: None)
    assert seen == []


def test_a_hook_of_a_try_that_failed_does_not_run(anna):
    tries, told = [], []

    def work():
        tries.append(1)
        number = len(tries)
        after_commit(lambda: told.append(number))
        count(anna)
        if len(tries) == 1:
            raise DBAPIError("x", {}, Deadlock(1213, "Deadlock found"))

    in_transaction(work)
    assert told == [2]
    assert number_of(anna) == 1


class Deadlock(Exception):
    """As drivers of MySQL raise it."""


# --- what databases say ----------------------------------------------------------------------------------------------


def test_a_duplicate_key_is_told_from_other_broken_rules(anna, bert):
    def clash(change):
        with pytest.raises(IntegrityError) as broken:
            in_transaction(lambda: session.execute(change))
        return is_duplicate_key(broken.value)

    mine = update(User).where(User.id == anna.id)
    assert clash(mine.values(email=bert.email))  # A unique column.
    assert clash(mine.values(id=bert.id))  # The primary key.
    assert not clash(mine.values(name=None))
    assert not clash(LoginSession.__table__.insert().values(
        user_id=10**9, token_hash="h", expires_at=utcnow(), create_time=utcnow(), update_time=utcnow()
    ))  # fmt: skip


def test_who_only_looks_through_the_writing_engine_gives_its_turn_back(app):
    """As the schema check does: outside in_transaction(), and in a thread that lives on."""
    with db.engine().connect() as connection:
        connection.execute(text("SELECT 1"))

    waiting = threading.Thread(target=in_transaction, args=(lambda: session.execute(text("SELECT 1")),), daemon=True)
    waiting.start()
    waiting.join(5)
    assert not waiting.is_alive()


@only_sqlite
def test_who_cannot_get_in_line_leaves_the_line_to_others(anna, monkeypatch):
    """No file left to open: 503, and the next one writes as ever."""

    def out_of_files(*_):
        raise OSError(errno.EMFILE, "too many open files")

    with monkeypatch.context() as broken:
        broken.setattr(sqlite.os, "open", out_of_files)
        with pytest.raises(DatabaseDown):
            in_transaction(count, anna)

    assert together(lambda: in_transaction(count, anna)) == [None]


@only_sqlite
def test_nobody_waits_for_ever_behind_a_writer_that_hangs(anna, monkeypatch):
    monkeypatch.setattr(sqlite, "PATIENCE", 0.2)
    hangs, ends = threading.Event(), threading.Event()

    def hang():
        count(anna)
        hangs.set()
        ends.wait(10)

    def come_second():
        hangs.wait(10)
        try:
            in_transaction(count, anna)
        finally:
            ends.set()

    first, second = together(lambda: in_transaction(hang), come_second)
    assert first is None
    assert isinstance(second, DatabaseDown)
    assert number_of(anna) == 1


@only_sqlite
def test_an_error_of_the_database_says_nothing_of_people(anna):
    with pytest.raises(IntegrityError) as broken:
        in_transaction(lambda: session.execute(update(User).where(User.id == anna.id).values(name=None, email="x@y.z")))

    assert "x@y.z" not in str(broken.value)
