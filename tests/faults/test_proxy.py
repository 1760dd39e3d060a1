"""The proxy that the tests of faults trust."""

import socket
import threading
import time
from contextlib import closing, suppress

import pytest

from tests.faults.proxy import Proxy


@pytest.fixture
def proxy():
    """In front of a server that sends back what it gets."""
    listener = socket.create_server(("127.0.0.1", 0))

    def echo(connection):
        with suppress(OSError), connection:
            while data := connection.recv(65536):
                connection.sendall(data)

    def serve():
        with suppress(OSError):
            while True:
                threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    with closing(listener), Proxy(listener.getsockname()) as made:
        yield made
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def client(proxy):
    with socket.create_connection(proxy.address, 5) as made:
        assert say(made, b"hello") == b"hello"
        yield made


def say(client, data):
    client.sendall(data)
    return client.recv(len(data), socket.MSG_WAITALL)


def test_latency_and_rate(proxy, client):
    proxy.latency(0.2)
    began = time.monotonic()
    assert say(client, b"slow") == b"slow"
    assert 0.4 <= time.monotonic() - began < 3

    proxy.heal()
    proxy.rate(100_000)
    began = time.monotonic()
    assert say(client, b"x" * 40_000) == b"x" * 40_000
    assert 0.4 <= time.monotonic() - began < 5


def test_what_stalls_goes_on_where_it_stopped(proxy, client):
    proxy.stall()
    client.settimeout(0.3)
    with pytest.raises(TimeoutError):
        say(client, b"later")
    with socket.create_connection(proxy.address, 1):  # Is taken, as by a server that hangs.
        pass

    proxy.heal()
    client.settimeout(5)
    assert client.recv(5) == b"later"


def test_reset_ends_what_is_open_and_serves_what_comes(proxy, client):
    proxy.reset()

    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with socket.create_connection(proxy.address, 5) as another:
        assert say(another, b"hello") == b"hello"


def test_refuse(proxy, client):
    proxy.refuse()

    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with pytest.raises(ConnectionResetError), socket.create_connection(proxy.address, 5) as another:
        another.recv(1)


def test_cut_after_some_bytes(proxy, client):
    proxy.cut_after(10)

    client.sendall(b"x" * 20)
    with pytest.raises(ConnectionResetError):
        client.recv(20, socket.MSG_WAITALL)
    with socket.create_connection(proxy.address, 5) as another:
        assert say(another, b"x" * 20) == b"x" * 20  # Once only.


@pytest.mark.parametrize("delivers", [True, False])
def test_an_answer_is_lost(proxy, client, delivers):
    proxy.lose(b"COMMIT", delivers=delivers)
    assert say(client, b"BEGIN") == b"BEGIN"

    with pytest.raises(ConnectionResetError):
        say(client, b"COMMIT")
    assert proxy.lost == 1
