"""Redis in all its shapes: TLS and passwords, a socket, Sentinel and Cluster; what happens when it goes."""

import subprocess
import time
from statistics import median

import pytest
from redis import Redis

from ihome.kit.errors import StoreDown
from ihome.kit.kv import PAUSE, TIMEOUT, RedisStore
from tests.site_process import free_port

PASSWORD = "p@ss/w:rd?"
QUOTED = "p%40ss%2Fw%3Ard%3F"


def assert_works(store):
    store.set("key", "值", 60)
    assert store.get("key") == "值"
    assert store.add("key", "2", 60) is False
    assert [store.count("n", 60), store.count("n", 60)] == [1, 2]
    assert [store.take("key"), store.take("key")] == ["值", None]
    store.delete("n")


def wait_until_it_works(store, seconds=30):
    """How long it took."""
    began = time.monotonic()
    while True:
        try:
            store.set("are you there", "1", 5)
        except StoreDown:
            assert time.monotonic() - began < seconds
            time.sleep(0.1)
        else:
            return time.monotonic() - began


def seconds_until_refused(store):
    began = time.monotonic()
    with pytest.raises(StoreDown):
        store.get("key")
    return time.monotonic() - began


def test_a_password_and_a_numbered_database(redis_servers):
    server = redis_servers.single(password=PASSWORD)
    assert_works(RedisStore(f"redis://:{QUOTED}@{server.host}/3"))

    RedisStore(f"redis://default:{QUOTED}@{server.host}/3", "site:").set("key", "1", 60)
    assert Redis(port=server.port, password=PASSWORD, db=3, decode_responses=True).get("site:key") == "1"


@pytest.mark.parametrize("login", ["", ":wrong@"])
def test_a_wrong_password_says_nothing_of_it(redis_servers, login, capfd):
    server = redis_servers.single(password="hunter2")
    with pytest.raises(StoreDown) as down:
        RedisStore(f"redis://{login}{server.host}/0").get("key")

    assert "wrong" not in str(down.value.__cause__).replace("WRONGPASS", "")
    assert "hunter2" not in capfd.readouterr().err


def test_a_socket(redis_servers, tmp_path):
    redis_servers.single("--unixsocket", str(tmp_path / "redis.sock"))

    assert_works(RedisStore(f"unix://{tmp_path}/redis.sock?db=2"))


@pytest.fixture
def certificate(tmp_path):
    """For 127.0.0.1, and its own authority."""
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test"
    options = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"]
    subprocess.run([*make.split(), *options], check=True, capture_output=True)
    return tmp_path


def test_tls_and_an_authority_of_ones_own(redis_servers, certificate):
    tls = ["--tls-cert-file", f"{certificate}/cert.pem", "--tls-key-file", f"{certificate}/key.pem"]
    server = redis_servers.single("--tls-port", str(port := free_port()), *tls, "--tls-auth-clients", "no")

    assert_works(RedisStore(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={certificate}/cert.pem"))
    with pytest.raises(StoreDown) as refused:  # Nobody signed it whom the system knows.
        RedisStore(f"rediss://127.0.0.1:{port}/0").get("key")
    assert "certificate" in str(refused.value.__cause__)
    with pytest.raises(StoreDown):
        RedisStore(f"rediss://{server.host}/0").get("key")


def test_tls_to_sentinels_and_to_the_master_that_they_name(redis_servers, certificate):
    redis_servers.certificate = certificate
    _, url = redis_servers.replicated()

    assert_works(RedisStore(f"{url}?ssl_ca_certs={certificate}/cert.pem"))
    for wrong in (url, url.replace("rediss", "redis")):
        with pytest.raises(StoreDown):
            RedisStore(wrong).get("key")


def test_tls_to_all_nodes_of_a_cluster(redis_servers, certificate):
    redis_servers.certificate = certificate
    nodes = redis_servers.cluster()
    url = f"rediss+cluster://{nodes[0].tls_host}"
    store = RedisStore(f"{url}?ssl_ca_certs={certificate}/cert.pem")

    assert_works(store)
    assert [store.count(f"key {number}", 60) for number in range(30)] == [1] * 30
    assert all(node.client.dbsize() for node in nodes)
    with pytest.raises(StoreDown):
        RedisStore(url).get("key")


# --- one server that goes -------------------------------------------------------------------------------------------


def test_a_server_that_comes_back_is_used_again_and_has_forgotten_everything(redis_servers):
    server = redis_servers.single()
    store = RedisStore(f"redis://{server.host}/0")
    assert_works(store)
    store.set("key", "1", 60)
    server.kill()
    assert seconds_until_refused(store) < TIMEOUT
    server.start()
    wait_until_it_works(store)

    assert store.get("key") is None


def test_a_server_that_is_restarted_between_two_calls_is_not_noticed(redis_servers):
    server = redis_servers.single()
    store = RedisStore(f"redis://{server.host}/0")
    assert_works(store)
    server.kill()
    server.start()

    assert_works(store)


def test_only_the_first_waits_for_a_server_that_hangs(redis_servers):
    server = redis_servers.single()
    store = RedisStore(f"redis://{server.host}/0")
    assert_works(store)
    server.freeze()

    assert seconds_until_refused(store) < TIMEOUT + 1
    began = time.monotonic()
    assert median(seconds_until_refused(store) for _ in range(20)) < 0.1
    assert time.monotonic() - began < PAUSE
    server.thaw()
    wait_until_it_works(store)
    assert_works(store)


def test_an_answer_that_came_too_late_is_not_taken_for_the_next_one(redis_servers):
    server = redis_servers.single()
    store = RedisStore(f"redis://{server.host}/0")
    store.set("one", "1", 60)
    store.set("two", "2", 60)
    server.freeze()
    with pytest.raises(StoreDown):
        store.get("one")
    server.thaw()
    wait_until_it_works(store)

    assert store.get("two") == "2"


# --- Sentinel and Cluster -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["kill", "freeze"])
def test_a_master_that_goes_is_replaced(redis_servers, way):
    master, url = redis_servers.replicated()
    store = RedisStore(url)
    assert_works(store)
    store.set("kept", "1", 600)
    assert master.client.wait(2, 5000) == 2  # Both replicas have it.
    getattr(master, way)()

    assert seconds_until_refused(store) < TIMEOUT + 1
    took = wait_until_it_works(store)
    assert_works(store)
    assert store.get("kept") == "1"
    assert took < 20  # 3 s on an idle machine.


def test_sentinels_that_hang_are_passed_over(redis_servers):
    _, url = redis_servers.replicated()
    redis_servers.started[3].freeze()  # The first of the three.

    assert_works(RedisStore(url))


def test_sentinels_with_a_password_of_their_own(redis_servers):
    server = redis_servers.single(password=PASSWORD)
    url = redis_servers.sentinel(server, password="another")

    assert_works(RedisStore(url.replace("//", f"//:{QUOTED}@") + "?sentinel_password=another"))
    with pytest.raises(StoreDown):
        RedisStore(url.replace("//", f"//:{QUOTED}@")).get("key")


def test_a_master_that_no_sentinel_knows_is_said(redis_servers):
    _, url = redis_servers.replicated()

    with pytest.raises(StoreDown) as down:
        RedisStore(url.replace("/site/", "/another/")).get("key")
    assert "No master found for 'another'" in str(down.value.__cause__)


def test_a_cluster(redis_servers):
    nodes = redis_servers.cluster()
    store = RedisStore(f"redis+cluster://{','.join(node.host for node in nodes)}", "site:")

    for number in range(30):
        assert store.count(f"key {number}", 60) == 1
    assert_works(store)
    assert all(node.client.dbsize() for node in nodes)


def test_a_cluster_is_found_by_any_of_its_nodes_and_one_that_is_down_is_no_error_at_start(redis_servers):
    nodes = redis_servers.cluster()
    store = RedisStore(f"redis+cluster://127.0.0.1:1,{nodes[2].host}")
    assert_works(store)

    down = RedisStore("redis+cluster://127.0.0.1:1")
    assert seconds_until_refused(down) < TIMEOUT + 1


def test_a_master_of_a_cluster_that_is_killed_is_replaced(redis_servers):
    nodes = redis_servers.cluster(6, replicas=1)
    store = RedisStore(f"redis+cluster://{','.join(node.host for node in nodes)}")
    keys = [f"key {number}" for number in range(30)]
    for key in keys:
        store.set(key, "1", 600)
    master = next(node for node in nodes if node.client.info("replication")["role"] == "master")
    assert master.client.wait(1, 5000) == 1  # Its replica has it all.
    master.kill()

    deadline = time.monotonic() + 30  # 5 s on an idle machine.
    while keys:  # A third of them were at the master.
        try:
            assert store.get(keys[-1]) == "1"
            keys.pop()
        except StoreDown:
            assert time.monotonic() < deadline
            time.sleep(0.1)
