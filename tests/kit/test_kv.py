"""The store of short-lived keys, as a SQLite file and as Redis: the same promises."""

import secrets
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing

import pytest
from redis import Redis

from ihome.kit.errors import StoreDown
from ihome.kit.kv import RedisStore, SqliteStore
from tests.conftest import missing

REDIS = "redis://127.0.0.1:6379/9"
THREADS = 12


@pytest.fixture(params=["sqlite", "redis"])
def kind(request):
    return request.param


@pytest.fixture
def place(kind, tmp_path):
    """What two stores must agree on to be one: a file, or a prefix in Redis that no other test has."""
    if kind == "sqlite":
        return tmp_path / "kv.db"
    prefix = f"test-{secrets.token_hex(6)}:"
    try:
        RedisStore(REDIS, prefix).set("is it there", "1", 1)
    except StoreDown:
        missing("Redis")
    return prefix


def connect(kind, place, prefix=""):
    """A store of its own, as another process has one."""
    return SqliteStore(place, prefix) if kind == "sqlite" else RedisStore(REDIS, place + prefix)


@pytest.fixture
def store(kind, place):
    return connect(kind, place)


@pytest.fixture
def wait(kind, place, monkeypatch):
    """`wait(5)`: five seconds have passed. Redis has a clock of its own: there the keys grow older instead."""
    real, passed = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + passed[0])

    def grow_older(seconds):
        redis = Redis.from_url(REDIS)
        for key in redis.scan_iter(f"{place}*"):
            left = redis.pttl(key) - round(seconds * 1000)
            redis.pexpire(key, left) if left > 0 else redis.delete(key)
        redis.close()

    def pass_by(seconds):
        passed[0] += seconds
        if kind == "redis":
            grow_older(seconds)

    return pass_by


def together(work):
    """What so many threads returned that did this at the same moment."""
    gate, results = threading.Barrier(THREADS), []

    def run(number):
        gate.wait()
        results.append(work(number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == THREADS
    return results


def test_a_value_is_kept(store):
    store.set("key", "值 🏠", 60)

    assert store.get("key") == "值 🏠"


def test_what_was_never_set_is_none(store):
    assert store.get("key") is None
    assert store.take("key") is None
    store.delete("key")


def test_the_last_value_counts(store):
    store.set("key", "1", 60)
    store.set("key", "2", 60)

    assert store.get("key") == "2"


def test_deleted_is_gone(store):
    store.set("key", "1", 60)
    store.delete("key")

    assert store.get("key") is None


def test_taken_once(store):
    store.set("key", "1", 60)

    assert [store.take("key"), store.take("key"), store.get("key")] == ["1", None, None]


def test_added_only_where_absent(store):
    assert [store.add("key", "1", 60), store.add("key", "2", 60), store.get("key")] == [True, False, "1"]


def test_counted_from_one(store):
    assert [store.count("key", 60) for _ in range(3)] == [1, 2, 3]
    assert store.get("key") == "3"


def test_all_keys_expire(store, wait):
    store.set("set", "1", 60)
    store.set("taken", "1", 60)
    store.add("added", "1", 60)
    store.count("counted", 60)
    wait(59)
    assert store.get("set") == "1"
    wait(2)

    assert store.get("set") is None
    assert store.take("taken") is None
    assert store.add("added", "2", 60)
    assert store.count("counted", 60) == 1


def test_counting_does_not_prolong(store, wait):
    store.count("key", 60)
    wait(40)
    assert store.count("key", 60) == 2
    wait(40)

    assert store.count("key", 60) == 1


def test_a_failed_add_does_not_prolong(store, wait):
    store.add("key", "1", 60)
    wait(40)
    store.add("key", "2", 60)
    wait(40)

    assert store.get("key") is None


def test_setting_again_prolongs(store, wait):
    store.set("key", "1", 10)
    store.set("key", "1", 60)
    wait(11)

    assert store.get("key") == "1"


def test_another_process_sees_the_same(kind, place, store):
    store.set("key", "1", 60)
    other = connect(kind, place)

    assert other.take("key") == "1"
    assert store.get("key") is None


def test_prefixes_keep_sites_apart(kind, place):
    one, two = connect(kind, place, "one:"), connect(kind, place, "two:")
    one.set("key", "1", 60)

    assert two.get("key") is None
    assert connect(kind, place).get("one:key") == "1"


def test_of_many_takers_one_gets_it(kind, place, store):
    for round_ in range(5):
        store.set("key", str(round_), 60)

        taken = together(lambda _: connect(kind, place).take("key"))

        assert Counter(taken) == {str(round_): 1, None: THREADS - 1}


def test_of_many_adders_one_succeeds(kind, place, store):
    added = together(lambda number: connect(kind, place).add("key", str(number), 60))

    assert Counter(added) == {True: 1, False: THREADS - 1}


def test_no_count_is_lost_or_given_twice(kind, place, store):
    def count(_):
        own = connect(kind, place)
        return [own.count("key", 60) for _ in range(20)]

    counted = [number for numbers in together(count) for number in numbers]

    assert sorted(counted) == list(range(1, 20 * THREADS + 1))


def test_one_store_serves_many_threads(store):
    assert sorted(together(lambda _: store.count("key", 60))) == list(range(1, THREADS + 1))


def test_the_file_does_not_grow_with_what_expired(tmp_path, monkeypatch):
    store, real = SqliteStore(tmp_path / "kv.db"), time.time
    for number in range(600):
        store.set(f"key {number}", "x" * 100, 1)
    monkeypatch.setattr(time, "time", lambda: real() + 2)
    for number in range(600):
        store.set(f"late {number}", "x", 60)

    with closing(sqlite3.connect(tmp_path / "kv.db")) as file:
        assert file.execute("SELECT count(*) FROM kv").fetchone()[0] < 700


def test_a_store_that_is_not_there_says_so(tmp_path):
    (tmp_path / "a file").write_text("")
    for store in (SqliteStore(tmp_path / "a file" / "kv.db"), RedisStore("redis://127.0.0.1:1/0")):
        for use in (
            lambda it: it.get("key"),
            lambda it: it.set("key", "1", 60),
            lambda it: it.add("key", "1", 60),
            lambda it: it.take("key"),
            lambda it: it.count("key", 60),
            lambda it: it.delete("key"),
        ):
            with pytest.raises(StoreDown):
                use(store)
