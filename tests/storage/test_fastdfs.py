"""FastDFS: servers that close, die, stall, name others, and what is wrong with an address."""

import time
from contextlib import closing

import pytest

from ihome.config import ConfigError
from ihome.storage import fastdfs
from ihome.storage.fastdfs import read_trackers
from ihome.storage.media import StorageDown, open_storage
from ihome.storage.pictures import sized

KEY = "houses/7/room-l.webp"


@pytest.fixture
def storage(fastdfs_storage):
    return fastdfs_storage


def why(ask, *args):
    with pytest.raises(StorageDown) as down:
        ask(*args)
    return down.value.facts["reason"]


def test_an_address_names_trackers():
    assert read_trackers("fastdfs://one:22000,10.0.0.2,[fd00::1]:22001") == [
        ("one", 22000), ("10.0.0.2", 22122), ("fd00::1", 22001)]  # fmt: skip
    assert read_trackers("fastdfs://one/") == [("one", 22122)]


@pytest.mark.parametrize("url", ["fastdfs://", "fastdfs://one,", "fastdfs://one:port", "fastdfs://one:0",
                                 "fastdfs://one:70000", "fastdfs://user@one", "fastdfs://one/group1",
                                 "fastdfs://one?x=1"])  # fmt: skip
def test_a_wrong_address_is_refused(url):
    with pytest.raises(ConfigError, match=r"IHOME_STORAGE_URL: .*fastdfs://TRACKER:22122"):
        open_storage(url)


def test_a_picture_of_every_size_has_the_name_that_fastdfs_gave_it(storage, cluster):
    key = storage.put(KEY, b"large")
    storage.put(sized(key, "m"), b"middle")

    assert fastdfs.FILE.fullmatch(key)
    assert sorted(cluster.files) == sorted(
        name.removeprefix("group1/").encode() for name in (key, key.replace(".webp", "-m.webp"))
    )


def test_a_size_of_a_picture_that_is_gone_is_not_kept(storage):
    key = storage.put(KEY, b"large")
    storage.delete(key)

    assert "No such file" in why(storage.put, sized(key, "m"), b"x")


def test_connections_are_used_again(storage, cluster):
    for number in range(10):
        storage.get(storage.put(KEY, b"%d" % number))

    assert [server.accepted for server in cluster.servers] == [1, 0, 1, 1]


def test_connections_that_were_closed_meanwhile_are_replaced(storage, cluster):
    key = storage.put(KEY, b"picture")
    for _ in range(3):
        for server in cluster.servers:
            server.drop_connections()

        assert storage.get(key) == b"picture"
        assert storage.size(storage.put(KEY, b"other")) == 5


def test_a_connection_that_closes_as_it_is_asked_is_replaced(storage, cluster, monkeypatch):
    """The server closes between the look at the connection and the question."""
    key = storage.put(KEY, b"picture")
    monkeypatch.setattr(
        storage, "_take_idle", lambda address: storage._idle[address].pop() if storage._idle[address] else None
    )
    for server in cluster.servers:
        server.drop_connections()

    assert storage.get(key) == b"picture"


def test_the_other_tracker_is_asked_where_one_is_dead(storage, cluster):
    cluster.trackers[0].kill()

    key = storage.put(KEY, b"picture")
    cluster.trackers[0].accepted = 0

    assert storage.get(key) == b"picture"


@pytest.mark.parametrize("blind_for", [0, 3])
def test_the_other_storage_is_asked_where_one_has_died(storage, cluster, blind_for):
    """At once, or after the trackers have named the dead one a few times more."""
    keys = [storage.put(KEY, b"%d" % number) for number in range(4)]
    cluster.kill_storage(1, blind_for=blind_for)

    assert [storage.get(key) for key in keys] == [b"0", b"1", b"2", b"3"]
    assert storage.get(storage.put(KEY, b"new")) == b"new"


def test_without_a_storage_all_is_down(storage, cluster):
    key = storage.put(KEY, b"picture")
    cluster.kill_storage(0)
    cluster.kill_storage(1)

    for ask in (lambda: storage.put(KEY, b"x"), lambda: storage.get(key), lambda: storage.delete(key)):
        assert "127.0.0.1:" in why(ask)


def test_without_a_tracker_all_is_down_at_once(storage, cluster):
    for tracker in cluster.trackers:
        tracker.kill()
    began = time.monotonic()

    assert "Connection refused" in why(storage.put, KEY, b"x")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("stalled", ["trackers", "storages"])
def test_servers_that_stall_are_down_in_bounded_time(storage, cluster, monkeypatch, stalled):
    monkeypatch.setattr(fastdfs, "WAIT", 2.0)
    monkeypatch.setattr(fastdfs, "TRACKER_WAIT", 1.0)
    key = storage.put(KEY, b"picture")
    for server in getattr(cluster, stalled):
        server.is_stalled = True

    for ask in (lambda: storage.put(KEY, b"x"), lambda: storage.get(key)):
        began = time.monotonic()
        assert "timed out" in why(ask)
        assert time.monotonic() - began < 10


def test_a_stalled_tracker_does_not_keep_the_other_from_answering(storage, cluster, monkeypatch):
    monkeypatch.setattr(fastdfs, "TRACKER_WAIT", 1.0)
    cluster.trackers[0].is_stalled = True

    assert storage.get(storage.put(KEY, b"picture")) == b"picture"


def test_an_answer_that_breaks_off_gives_no_half_picture(storage, cluster, monkeypatch):
    key = storage.put(KEY, b"picture" * 1000)
    for server in cluster.storages:
        server.dies_in_answer = True
    began = time.monotonic()

    assert "closed the connection in the middle" in why(storage.get, key)
    assert time.monotonic() - began < 10

    for server in cluster.storages:
        server.dies_in_answer = False
    assert storage.get(key) == b"picture" * 1000


def test_a_full_disk_is_named(storage, cluster):
    for server in cluster.storages:
        server.is_full = True

    assert "No space left on device" in why(storage.put, KEY, b"x")


def test_what_is_no_fastdfs_is_down(seaweedfs, monkeypatch):
    monkeypatch.setattr(fastdfs, "TRACKER_WAIT", 1.0)
    host = seaweedfs.host
    with closing(open_storage(f"fastdfs://{host}")) as storage:
        assert host in why(storage.put, KEY, b"x")


def test_a_command_that_is_unknown_is_refused_by_the_fake(cluster):
    """What the client may rely on is what real servers know."""
    with closing(fastdfs.FastDFS([cluster.trackers[0].address])) as storage, pytest.raises(fastdfs.Refused):
        storage._ask(cluster.storages[0].address, 99, b"", time.monotonic() + 10)
