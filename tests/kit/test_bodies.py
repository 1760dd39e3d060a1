"""Bodies over real sockets: connections outlive an answer that needed none of the body."""

import http.client
import shutil
import socket
import time

import pytest

from ihome.kit.bodies import MOST
from ihome.kit.http import MAX_JSON
from tests.site_process import API, running_site


@pytest.fixture(scope="module")
def site(template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bodies") / "site"
    shutil.copytree(template, folder)
    with running_site(folder, "--workers", "1", "--no-worker") as running:
        yield running


class Line:
    """One connection, on which the head of a request goes out before its body."""

    def __init__(self, site):
        self.socket = socket.create_connection(("127.0.0.1", site.port), timeout=30)

    def ask(self, method, path, body=b"", *headers, pause=0.0):
        """The status of the answer and whether the server wants to close."""
        length = () if not body or "Transfer-Encoding: chunked" in headers else (f"Content-Length: {len(body)}",)
        head = [f"{method} {path} HTTP/1.1", "Host: localhost", *length, *headers]
        self.socket.sendall("\r\n".join([*head, "", ""]).encode())
        if body:
            time.sleep(pause)
            self.socket.sendall(body)
        answer = http.client.HTTPResponse(self.socket, method=method)
        answer.begin()
        answer.read()
        return answer.status, answer.will_close

    def close(self):
        self.socket.close()


@pytest.fixture
def line(site):
    made = Line(site)
    yield made
    made.close()


def in_chunks(content, size=8192):
    parts = (content[at : at + size] for at in range(0, len(content), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


JSON, CHUNKED = "Content-Type: application/json", "Transfer-Encoding: chunked"


@pytest.mark.parametrize("headers", [(JSON,), (JSON, CHUNKED)])
@pytest.mark.parametrize("path", [f"{API}/orders/1/cancel", f"{API}/nowhere", "/healthz"])
def test_a_body_that_nobody_needs_does_not_cost_the_connection(line, path, headers):
    body = b"{}" if CHUNKED not in headers else in_chunks(b"{}")

    assert line.ask("PUT", path, body, *headers, pause=0.3)[1] is False  # Refused: without the CSRF token.
    assert line.ask("GET", f"{API}/areas") == (200, False)


def test_nor_do_hundreds(line):
    for _ in range(300):
        assert line.ask("PUT", f"{API}/orders/1/cancel", b"{}", JSON) == (400, False)


def test_where_much_is_left_the_answer_says_that_the_connection_ends(line):
    assert line.ask("POST", f"{API}/users/avatar", b"x" * (MOST + 1)) == (400, True)


@pytest.mark.parametrize("size", [MAX_JSON, MAX_JSON + 1, MAX_JSON + 100_000])
@pytest.mark.parametrize("headers", [(JSON,), (JSON, CHUNKED)])
def test_json_of_every_length_is_read_or_too_large(site, size, headers):
    client = site.client().http
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    line, content = Line(site), b'{"email": "' + b"a" * (size - 13) + b'"}'
    body = in_chunks(content) if CHUNKED in headers else content

    status, _ = line.ask(
        "POST", f"{API}/sessions", body, f"Cookie: {cookies}", f"X-CSRFToken: {client.cookies['csrf_token']}", *headers
    )

    line.close()
    assert status == (200 if size <= MAX_JSON else 413)
