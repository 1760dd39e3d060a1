"""The bucket: addresses that are wrong, servers that refuse, stall, die, and addresses that are signed."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from datetime import timedelta

import httpx
import pytest

from ihome.config import ConfigError
from ihome.storage import s3
from ihome.storage.media import NotStored, StorageDown, open_storage
from tests.storage.seaweedfs import KEY, SECRET

ADDRESS = "s3://key:secret@127.0.0.1:9000/pictures"


@pytest.fixture(autouse=True)
def _no_credentials_around(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def why(ask, *args):
    with pytest.raises(StorageDown) as down:
        ask(*args)
    return down.value.facts["reason"]


# --- what the address says --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [("s3://k:s@minio:9000/pictures?tls=off", "http://minio:9000"),
     ("s3://k:s@s3.eu-central-1.amazonaws.com/pictures?region=eu-central-1", "https://s3.eu-central-1.amazonaws.com"),
     ("s3://k:s@oss-cn-hangzhou.aliyuncs.com/pictures?style=virtual", "https://pictures.oss-cn-hangzhou.aliyuncs.com")],
)  # fmt: skip
def test_an_address_says_where_the_bucket_is(url, endpoint):
    found = s3.read_address(url)

    assert (found.endpoint, found.bucket, found.key, found.secret) == (endpoint, "pictures", "k", "s")


def test_a_secret_may_hold_any_sign():
    assert s3.read_address("s3://k:a%2Fb%40c%3Ad%2Be@host/pictures").secret == "a/b@c:d+e"


def test_credentials_may_come_from_the_usual_variables(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "from there")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a/b")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "for an hour")

    here, given = s3.read_address("s3://minio:9000/pictures"), s3.read_address(ADDRESS)

    assert (here.key, here.secret, here.token) == ("from there", "a/b", "for an hour")
    assert (given.key, given.secret, given.token) == ("key", "secret", "")


@pytest.mark.parametrize(
    ("url", "said"),
    [("s3://host/pictures", "AWS_ACCESS_KEY_ID"), ("s3://k:hunter2/x@host/pictures", "%2F"),
     ("s3://k:hunter2@host:port/pictures", "port"), ("s3://k:hunter2@host", "BUCKET"),
     ("s3://k:hunter2@host/Pictures", "BUCKET"), ("s3://k:hunter2@host/a/b", "BUCKET"), ("s3:///pictures", "HOST"),
     ("s3://k:hunter2@host/pictures?tls=no", "tls=on or off"), ("s3://k:hunter2@host/pictures?regoin=x", "region="),
     ("s3://k:hunter2@host/pictures?url=presigned", "region=")],
)  # fmt: skip
def test_a_wrong_address_is_named_without_its_secret(url, said):
    with pytest.raises(ConfigError, match=re.escape(said)) as refused:
        open_storage(url)

    assert str(refused.value).startswith("IHOME_STORAGE_URL: ")
    assert "hunter2" not in str(refused.value)


def test_a_site_starts_without_obstore(tmp_path):
    """It takes time to import, and a process that is forked after its first question hangs at the next."""
    code = "import sys; from ihome.web import create_app; create_app(); sys.exit('obstore' in sys.modules)"
    environment = {"IHOME_INSTANCE": str(tmp_path), "IHOME_STORAGE_URL": ADDRESS, "PATH": os.environ["PATH"]}

    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_signed_address_leads_to_the_picture_as_browsers_want_it(seaweedfs, s3_storage):
    key = s3_storage.put("houses/7/room-l.webp", b"picture")

    answer = httpx.get(open_storage(seaweedfs.url()).url(key))

    assert answer.content == b"picture"
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_without_a_signature_a_private_bucket_says_no(seaweedfs, s3_storage):
    address = open_storage(seaweedfs.url()).url(s3_storage.put("houses/7/room-l.webp", b"picture"))

    assert httpx.get(address.partition("?")[0]).status_code == 403


def test_a_signed_address_outlives_the_answer_that_leads_to_it():
    assert re.search(r"X-Amz-Expires=86400\b", open_storage(ADDRESS).url("avatars/a.webp"))
    assert s3.LED_FOR < s3.SIGNED_FOR <= timedelta(days=7)  # The longest that S3 allows.


def test_more_keys_than_a_page_holds_are_listed(s3_storage):
    for number in range(1005):  # A page has 1000.
        s3_storage.put(f"houses/7/{number}-l.webp", b"x")

    assert len(set(s3_storage.keys())) == 1005


# --- servers that fail ------------------------------------------------------------------------------------------------


def test_a_key_that_is_not_known_is_named(seaweedfs):
    assert why(open_storage(seaweedfs.url(key="NOBODY")).put, "a.webp", b"x").startswith("InvalidAccessKeyId")


def test_a_wrong_secret_is_named_and_not_shown(seaweedfs):
    reason = why(open_storage(seaweedfs.url(secret="wrong")).get, "a.webp")

    assert reason.startswith("SignatureDoesNotMatch")
    assert SECRET not in reason
    assert KEY not in reason


@pytest.mark.parametrize("ask", ["get", "put", "listing"])
def test_a_bucket_that_is_not_there_is_no_picture_that_is_not_there(seaweedfs, ask):
    storage = open_storage(seaweedfs.url("no-such-bucket"))
    asked = {"get": lambda: storage.get("a.webp"), "put": lambda: storage.put("a.webp", b"x"),
             "listing": lambda: list(storage.listing())}  # fmt: skip

    assert "NoSuchBucket" in why(asked[ask])


def test_a_server_that_is_down_is_down_at_once():
    storage = open_storage("s3://k:s@127.0.0.1:1/pictures?tls=off")
    began = time.monotonic()

    assert why(storage.put, "a.webp", b"x") == "no connection"
    assert time.monotonic() - began < 5


def test_tls_with_a_server_that_speaks_http_is_down(seaweedfs):
    assert why(open_storage(seaweedfs.url(options="tls=on")).get, "a.webp") == "no connection"


@contextmanager
def server(serve):
    """A server that does this with each connection; the storage that asks it."""

    def accept():
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    serve(connection)

    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=accept, daemon=True).start()
    with closing(listener):
        yield open_storage(f"s3://k:s@127.0.0.1:{listener.getsockname()[1]}/pictures?tls=off")
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def test_a_server_that_stalls_is_down_in_bounded_time(monkeypatch):
    monkeypatch.setattr(s3, "WAIT", timedelta(seconds=2))
    monkeypatch.setattr(s3, "ONCE_MORE", timedelta(seconds=1))
    over = threading.Event()
    with server(lambda _: over.wait(30)) as storage:
        for ask in (lambda: storage.get("a.webp"), lambda: storage.put("a.webp", b"x"), lambda: list(storage.keys())):
            began = time.monotonic()
            assert why(ask) == "no answer within 2 seconds"
            assert time.monotonic() - began < 10
        over.set()


def test_a_server_that_dies_in_its_answer_gives_no_half_picture():
    def half(connection):
        connection.recv(65536)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nLast-Modified: Wed, 25 Nov 2026 10:00:00 GMT\r\n"
        )
        connection.sendall(b'ETag: "x"\r\n\r\n' + b"x" * 500)

    with server(half) as storage, pytest.raises(StorageDown):
        storage.get("a.webp")


def test_a_server_out_of_order_is_asked_once_more_and_then_down():
    asked = []

    def fail(connection):
        asked.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with server(fail) as storage:
        assert "503" in why(storage.put, "a.webp", b"x")
    assert len(asked) == 2


def test_a_picture_that_is_not_there_is_not_there(s3_storage):
    with pytest.raises(NotStored):
        s3_storage.get("a.webp")
