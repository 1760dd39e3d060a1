"""deploy/nginx/ihome.conf, served: what reaches the site, what nginx answers itself, and in what form."""

import io
import re
import socket
import ssl
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from ihome.accounts.actions import open_session
from ihome.archive.models import Archive
from ihome.kit import db
from ihome.kit.db import reading, session
from ihome.kit.http import MAX_BODY
from ihome.kit.kv import store
from tests import make
from tests.conftest import missing
from tests.deploy.front import BROTLI, Front, need_nginx, serving
from tests.site_process import API, free_port, inside
from tests.test_journey import eventually

FOR_EVER = "public, max-age=31536000, immutable"
SIGN_IN = {"email": "nobody@example.com", "password": "a wrong password"}


@pytest.fixture(scope="module")
def both(tmp_path_factory, template):
    with serving(tmp_path_factory.mktemp("nginx"), template) as both:
        yield both


@pytest.fixture(scope="module")
def front(both):
    return both[0]


@pytest.fixture(scope="module")
def site(both):
    return both[1]


@pytest.fixture
def visitor(front):
    with front.client() as client:
        yield client


# --- the connection ---------------------------------------------------------------------------------------------------


def test_plain_http_is_sent_to_https(front):
    answer = httpx.get(f"http://127.0.0.1:{front.plain_port}/search?area_id=2", trust_env=False)

    assert (answer.status_code, answer.headers["Location"]) == (308, f"{front.url}/search?area_id=2")


def test_browsers_speak_http_2(front):
    words = ["curl", "--silent", "--noproxy", "*", "--http2", "--cacert", front.certificate, "--output", "/dev/null"]
    said = subprocess.run([*words, "--write-out", "%{http_version}", front.url], capture_output=True, text=True)

    assert said.stdout == "2"


def test_another_name_gets_no_certificate(front):
    trusting = ssl.create_default_context(cafile=front.certificate)
    with socket.create_connection(("127.0.0.1", front.port), timeout=20) as raw, pytest.raises(ssl.SSLError):
        trusting.wrap_socket(raw, server_hostname="elsewhere.example.com")


def test_a_page_is_https_only_and_says_nothing_of_the_server(visitor):
    answer = visitor.get("/")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["Server"] == "nginx"
    assert all("Secure" in cookie for cookie in answer.headers.get_list("Set-Cookie"))


def test_a_request_keeps_its_id(visitor):
    assert visitor.get("/", headers={"X-Request-ID": "from-the-cdn-1"}).headers["X-Request-ID"] == "from-the-cdn-1"
    made = visitor.get("/", headers={"X-Request-ID": "a b"}).headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", made)


def test_the_connections_to_the_site_are_kept(front, site):
    """A new one for each request costs each a round trip, and a busy node its ports."""

    def known():
        """Whichever end closed one remembers it for a minute."""
        ends = [set(line.split()[1:3]) for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        port = f"0100007F:{site.port:04X}"
        return {end for pair in ends if port in pair for end in pair}

    before = known()
    with front.client("127.0.1.13") as client:
        for _ in range(40):
            assert client.get("/").status_code == 200
    assert len(known() - before) <= 4  # One for each process of the site, and again where one has rested too long.


def test_no_address_of_a_person_stands_in_the_log(front, visitor):
    visitor.get(f"{API}/get_email_codes/somebody@example.com?image_code=ABCD")

    eventually(lambda: f'"path":"{API}/get_email_codes/***"' in front.log())  # nginx writes it after the answer.
    assert "somebody" not in front.log()
    assert "ABCD" not in front.log()


# --- files ------------------------------------------------------------------------------------------------------------


def test_every_file_of_a_page_is_kept_for_ever(visitor):
    addresses = set(re.findall(r'"(/static/[^"#]+)', visitor.get("/").text))
    assert any("/js-" in address for address in addresses)

    for address in addresses:
        answer = visitor.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOR_EVER), address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        again = visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


def test_a_file_that_is_not_there_is_not_kept(visitor):
    for address in ("/static/css/none.css", "/static/js-0123456789/none.js", "/static/js-0123456789/../x.js"):
        answer = visitor.get(address)
        assert answer.status_code == 404, address
        assert "Cache-Control" not in answer.headers


@pytest.mark.parametrize("address", ["/", f"{API}/openapi.json", "/static/css/site.css"])
def test_texts_are_compressed_once(visitor, address):
    answer = visitor.get(address, headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Content-Encoding" not in visitor.get(address, headers={"Accept-Encoding": "identity"}).headers


def test_brotli_where_its_module_is(tmp_path):
    need_nginx()
    if not all(Path(module).exists() for module in BROTLI):
        missing("libnginx-mod-http-brotli-filter")
    with Front(tmp_path / "nginx", [free_port()], tmp_path, brotli=True).running() as front, front.client() as visitor:
        answer = visitor.get("/static/css/site.css", headers={"Accept-Encoding": "gzip, br"})

    assert answer.headers["Content-Encoding"] == "br"


@contextmanager
def landlord(front, site, address):
    """A phone on which a landlord is signed in, and the landlord's house."""
    with inside(site), front.phone(address) as phone:
        owner = make.landlord()
        phone.cookies.set("session", db.in_transaction(open_session, owner.id, None))
        yield phone, make.house(owner).id


def upload(phone, house_id, content):
    files = {"house_image": ("a.jpg", content, "image/jpeg")}
    return phone.post(f"{API}/houses/images", files=files, data={"house_id": str(house_id)})


def test_a_picture_goes_in_through_the_site_and_out_without_it(front, site):
    with landlord(front, site, "127.0.1.1") as (phone, house_id):
        url = upload(phone, house_id, make.picture().getvalue()).json()["data"]["image_url"]
        answer = phone.get(url)
        again = phone.get(url, headers={"If-None-Match": answer.headers["ETag"]})

    assert url.startswith(f"{front.url}/media/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert "X-Request-ID" not in answer.headers  # The site was not asked.
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["houses/.draft.webp.1a2b", "houses/notes.txt", "../site/ihome.db", "houses/", ""])
def test_nothing_but_pictures_leaves_the_folder(tmp_path_factory, both, name):
    front, site = both
    folder = site.instance.parent / "media"
    (folder / "houses").mkdir(exist_ok=True)
    for made in ("houses/.draft.webp.1a2b", "houses/notes.txt"):
        (folder / made).write_text("not for everybody")

    with socket.create_connection(("127.0.0.1", front.port), timeout=20) as raw:  # Clients tidy `..` away.
        trusting = ssl.create_default_context(cafile=front.certificate)
        with trusting.wrap_socket(raw, server_hostname="localhost") as line:
            line.sendall(f"GET /media/{name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            assert line.recv(100).split()[1] in (b"404", b"400")


@contextmanager
def archived(front, site, address):
    """A phone of somebody whose copy of their data is made; its file, and where nginx finds it."""
    with landlord(front, site, address) as (phone, house_id):
        upload(phone, house_id, make.picture(900, 700).getvalue())
        phone.post(f"{API}/user/archive")
        eventually(lambda: phone.get(f"{API}/user/archive").json()["data"]["status"] == "ready")
        with reading():
            name = session.scalars(select(Archive.name).order_by(Archive.id.desc())).first()
        yield phone, front.private / f"{name}.zip"


def test_ones_own_data_is_sent_by_nginx_once_the_site_has_said_to_whom(front, site):
    with archived(front, site, "127.0.1.10") as (phone, file):
        answer = phone.get("/me/archive")
        head = phone.head("/me/archive")
        part = phone.get("/me/archive", headers={"Range": "bytes=10-19"})
        at_the_site = httpx.get(
            f"{site.url}/me/archive", headers={"Cookie": f"session={phone.cookies['session']}"}, trust_env=False
        )
        whole = file.read_bytes()

    assert (answer.status_code, answer.content) == (200, whole)
    assert zipfile.is_zipfile(io.BytesIO(answer.content))
    assert (at_the_site.content, at_the_site.headers["X-Accel-Redirect"]) == (b"", f"/private/{file.name}")
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(whole)))
    assert (part.status_code, part.content) == (206, whole[10:20])
    for one in (answer, head, part):
        assert "X-Accel-Redirect" not in one.headers
        assert one.headers["Content-Type"] == "application/zip"
        assert one.headers["Content-Disposition"].startswith("attachment; filename=ihome-")
        assert one.headers["Cache-Control"] == "private, no-store"
        assert one.headers["X-Content-Type-Options"] == "nosniff"


def test_nobody_else_gets_it(front, site):
    with archived(front, site, "127.0.1.11") as (phone, file), front.client("127.0.1.12") as stranger:
        name, whole = file.name, file.read_bytes()
        for asking in (phone, stranger):
            for address in (
                f"/private/{name}",
                "/private/",
                f"/private/../private/{name}",
                f"/media/../private/{name}",
            ):
                answer = asking.get(address)
                assert answer.status_code == 404, address
                assert whole not in answer.content
        led = stranger.get("/me/archive")
        assert (led.status_code, led.headers["Location"]) == (302, "/signin?next=/me%23data")

        file.unlink()
        assert phone.get("/me/archive").status_code == 404
    with landlord(front, site, "127.0.1.13") as (another, _):
        assert another.get("/me/archive").status_code == 404


def test_metrics_are_not_for_everybody(visitor):
    answer = visitor.get("/metrics")

    assert answer.status_code == 404
    assert "X-Request-ID" not in answer.headers  # The site was not asked.
    assert visitor.get("/readyz").json()["checks"]["database"] == "ok"


# --- limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "says"), [("zh-CN,zh", "内容过大。"), ("en-GB,en", "That is too large.")])
def test_an_upload_over_the_limit_is_answered_as_the_site_would(front, language, says):
    with front.client("127.0.1.2", headers={"Accept-Language": language}) as phone:
        answer = upload(phone, 1, bytes(MAX_BODY))

    assert (answer.status_code, answer.json()) == (413, {"errno": "4103", "errmsg": says})
    assert answer.headers["Content-Type"] == "application/json"


def test_an_upload_within_the_limit_reaches_the_site(front, site):
    with landlord(front, site, "127.0.1.3") as (phone, house_id):
        answer = upload(phone, house_id, bytes(MAX_BODY - 1000))

    assert (answer.status_code, answer.json()["errno"]) == (200, "4004")  # No picture, says the site.


def failures(address):
    return int(store().get(f"access_nums_login_ip_{address}") or 0)


def test_a_client_cannot_choose_its_address(front, site):
    """The site counts failed sign-ins by address: through nginx it is the peer's, whatever the client claims."""
    forged = {"X-Forwarded-For": "6.6.6.6"}
    with front.phone("127.0.1.4") as phone, inside(site):
        answer = phone.post(f"{API}/sessions", json=SIGN_IN, headers=forged)

        assert answer.json()["errno"] == "4004"
        assert (failures("127.0.1.4"), failures("6.6.6.6")) == (1, 0)


def test_nor_by_asking_the_site_directly(front, site):
    """A peer that is no trusted proxy counts as itself; nginx's own address is trusted, or it would be one client."""
    transport = httpx.HTTPTransport(local_address="127.0.1.5")
    with httpx.Client(transport=transport, base_url=site.url, trust_env=False, timeout=30) as phone, inside(site):
        token = dict(
            cookie.split(";")[0].split("=", 1) for cookie in phone.get(f"{API}/sessions").headers.get_list("Set-Cookie")
        )
        cookies = "; ".join(f"{name}={value}" for name, value in token.items())  # They are Secure: not sent by itself.
        forged = {"X-Forwarded-For": "7.7.7.7", "X-CSRFToken": token["csrf_token"], "Cookie": cookies}
        answer = phone.post(f"{API}/sessions", json=SIGN_IN, headers=forged)

        assert answer.json()["errno"] == "4004"
        assert (failures("127.0.1.5"), failures("7.7.7.7"), failures("127.0.0.1")) == (1, 0, 0)


def at_once(ask, times):
    """The answers to as many of the same request, twenty at a time; those that nginx let through, and the others."""
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: ask(), range(times)))
    return [one for one in answers if one.status_code != 429], [one for one in answers if one.status_code == 429]


def test_whoever_writes_too_fast_is_told_in_the_envelope(front):
    with front.client("127.0.1.6", headers={"Accept-Language": "en"}) as phone:
        passed, refused = at_once(lambda: phone.post(f"{API}/orders", json={}), 300)

        assert len(passed) > 60
        assert refused[-1].json() == {"errno": "4201", "errmsg": "Too many requests. Please wait a little."}
        assert refused[-1].headers["Retry-After"] == "5"
        assert phone.get("/").status_code == 200  # Whoever reads is not held up.
    with front.client("127.0.1.7") as another:
        assert another.post(f"{API}/orders", json={}).status_code == 400  # Without the token.


def test_passwords_are_tried_more_slowly_still(front):
    with front.client("127.0.1.8") as phone:
        passed, refused = at_once(lambda: phone.post(f"{API}/sessions", json=SIGN_IN), 60)

        assert len(passed) > 20
        assert refused
        assert phone.get(f"{API}/sessions").status_code == 200


def test_off_the_api_a_page_says_so(front):
    with front.client("127.0.1.9") as browser:
        _, refused = at_once(lambda: browser.post("/needs-script"), 300)

    assert "请稍等片刻再试" in refused[-1].text


def test_slow_uploads_hold_nobody_up(front):
    """The site has sixteen threads; thirty clients that send a byte now and then would take them all without nginx."""
    with ExitStack() as stack:
        slow = [stack.enter_context(slow_upload(front)) for _ in range(30)]
        with front.client() as visitor:
            for _ in range(10):
                for line in slow:
                    line.sendall(b"x")
                started = time.monotonic()
                assert visitor.get("/").status_code == 200
                assert time.monotonic() - started < 5


@contextmanager
def slow_upload(front) -> Iterator[ssl.SSLSocket]:
    trusting = ssl.create_default_context(cafile=front.certificate)
    with (
        socket.create_connection(("127.0.0.1", front.port), timeout=20) as raw,
        trusting.wrap_socket(raw, server_hostname="localhost") as line,
    ):
        line.sendall(
            f"POST {API}/houses/images HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode()
        )
        yield line


# --- when the site does not answer ------------------------------------------------------------------------------------


def test_a_site_that_is_down_is_said_in_both_languages(tmp_path):
    need_nginx()
    with Front(tmp_path / "nginx", [free_port()], tmp_path).running() as front, front.client() as visitor:
        page = visitor.get("/search")
        answer = visitor.get(f"{API}/areas", headers={"Cookie": "lang=en", "Accept-Language": "zh"})

    assert page.status_code == 502
    assert "网站暂时没有响应" in page.text
    assert "The site does not answer" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert answer.status_code == 503
    assert answer.json() == {"errno": "4001", "errmsg": "The site does not answer. Please try again in a moment."}


class Node:
    """A site of a few lines: it counts what it is asked, and may hang up without an answer, as one that is killed."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_dying = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line:
                self.asked.append(line.recv(65536).split()[0].decode())
                if not self.is_dying:
                    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")


@pytest.fixture
def nodes():
    made = [Node(), Node()]
    yield made
    for node in made:
        node.listener.close()


def test_of_two_nodes_one_may_die(tmp_path, nodes):
    need_nginx()
    nodes[0].is_dying = True
    front = Front(tmp_path / "nginx", [node.port for node in nodes], tmp_path)
    with front.running(), front.client() as visitor, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: visitor.get("/").text, range(40)))

    assert answers == ["ok"] * 40
    assert nodes[0].asked, "it was never asked: this proves nothing"


def test_what_writes_is_never_sent_twice(tmp_path, nodes):
    """The node that died may have booked before it did."""
    need_nginx()
    nodes[0].is_dying = True
    front = Front(tmp_path / "nginx", [node.port for node in nodes], tmp_path)
    with front.running(), front.client() as visitor:
        answers = [visitor.post(f"{API}/orders", json={}).status_code for _ in range(20)]

    assert len(nodes[0].asked) + len(nodes[1].asked) == 20
    assert answers.count(503) == len(nodes[0].asked) > 0
