"""HUP renews a site under load, and nobody notices: no request is lost, none is done twice."""

import itertools
import shutil
import signal
import sysconfig
import threading
import time
import venv
from contextlib import ExitStack

import httpx
import pytest

from ihome.accounts.actions import open_session
from ihome.kit import db
from tests import make
from tests.deploy.front import serving
from tests.orders.asking import count_orders
from tests.site_process import API, ROOT, Site, children_of, free_port, inside

RENEWALS = 2  # What was renewed once can be renewed again.
WEB_AND_WORKER = 2  # What the supervisor of a site runs.


class Load:
    """Clients that read and book, each as soon as it is answered, until the block ends."""

    def __init__(self, phones, house_id):
        self.phones, self.house_id = phones, house_id
        self.nights = map(make.day, itertools.count(1))
        self.answered, self.booked, self.failed = 0, 0, []
        self._is_over = threading.Event()
        self._counting = threading.Lock()

    def __enter__(self):
        self._threads = [threading.Thread(target=self._go_on, args=(phone,)) for phone in self.phones]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        for thread in self._threads:
            thread.join(60)

    def _go_on(self, phone):
        while not self._is_over.is_set():
            for ask in (self._read, self._book):
                try:
                    outcome = ask(phone)
                except httpx.HTTPError as error:
                    outcome = repr(error)
                with self._counting:
                    self.answered += 1
                    self.booked += outcome == (200, "0")
                    self.failed += [outcome] if outcome not in (200, (200, "0"), (200, "4103")) else []
            time.sleep(0.12)  # Whoever writes faster is stopped by nginx.

    def _read(self, phone):
        return phone.get("/search?area_id=2").status_code

    def _book(self, phone):
        with self._counting:
            night = str(next(self.nights))
        answer = phone.post(f"{API}/orders", json={"house_id": self.house_id, "start_date": night, "end_date": night})
        return answer.status_code, answer.json()["errno"]


def signed_in(client):
    """The client with the cookies of somebody new; sent as they are, as the site's own address is no https."""
    given = client.get(f"{API}/sessions").headers.get_list("Set-Cookie")
    cookies = dict(cookie.split(";")[0].split("=", 1) for cookie in given)
    cookies["session"] = db.in_transaction(open_session, make.user().id, None)
    client.cookies.clear()
    client.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    client.headers["X-CSRFToken"] = cookies["csrf_token"]
    return client


@pytest.fixture
def release(tmp_path):
    """Upgrade as docs/upgrading.md says: a new folder with an environment of its own, then the link is put on it."""

    def upgrade(name, damage=""):
        folder = tmp_path / "releases" / name
        for part in ("src", "migrations"):
            shutil.copytree(ROOT / part, folder / part)  # Compiled, as pip leaves it.
        venv.create(folder / ".venv", symlinks=True)
        packages = next(folder.glob(".venv/lib/python*/site-packages"))
        (packages / "all.pth").write_text(f"{folder / 'src'}\n{sysconfig.get_path('purelib')}\n")
        base = folder / "src/ihome/templates/base.html"
        base.write_text(base.read_text().replace("</head>", f'<meta name="release" content="{name}"></head>'))
        with (folder / "src/ihome/web.py").open("a") as web:
            web.write(damage)
        link = tmp_path / "next"
        link.symlink_to(folder)
        link.replace(tmp_path / "current")

    upgrade("first")
    return upgrade


@pytest.fixture
def python(tmp_path):
    """By way of the link, as the service names it."""
    return str(tmp_path / "current/.venv/bin/python")


def renew(site, number):
    site.process.send_signal(signal.SIGHUP)
    wait_for_log(site, "serve.renewed", number)


def wait_for_log(site, event, times=1):
    wait_until(lambda: (site.instance / "serve.log").read_text().count(event) >= times)


def wait_until(is_so):
    deadline = time.monotonic() + 120  # The supervisor itself waits 60 s for a program that does not come up.
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("way", ["through nginx", "directly"])
def test_no_request_is_lost_and_new_program_and_settings_answer(tmp_path, template, release, python, way):
    with serving(tmp_path, template, python) as (front, site), inside(site), ExitStack() as stack:
        made = [(address, keeps) for address in range(1, 5) for keeps in (True, False)]
        phones = [stack.enter_context(client(front, site, way, *one)) for one in made]
        with Load([signed_in(phone) for phone in phones], make.house().id) as load:
            for number in range(1, RENEWALS + 1):
                release(f"number-{number}")
                with (tmp_path / "ihome.env").open("a") as settings:
                    settings.write(f"IHOME_MEDIA_BASE_URL=https://cdn{number}.example.com\n")
                renew(site, number)
            wait_until(lambda: len(children_of(site.process.pid)) == WEB_AND_WORKER)  # The last of the old has left.
            pages = [phones[0].get("/") for _ in range(20)]

        assert load.failed == []
        assert load.answered > 200
        assert load.booked == count_orders() > 20
        assert all(f'name="release" content="number-{RENEWALS}"' in page.text for page in pages)
        assert all(f"https://cdn{RENEWALS}." in page.headers["Content-Security-Policy"] for page in pages)


def test_a_program_that_does_not_start_changes_nothing(tmp_path, template, release, python):
    with serving(tmp_path, template, python) as (_, site):
        release("broken", damage="raise SystemExit('broken')")
        site.process.send_signal(signal.SIGHUP)
        wait_for_log(site, "serve.not_renewed")

        assert 'content="first"' in httpx.get(site.url, trust_env=False).text


def client(front, site, way, number, keeps):
    if way == "through nginx":
        return front.client(f"127.0.2.{number}{int(keeps)}", keeps=keeps)
    limits = httpx.Limits(max_keepalive_connections=10 if keeps else 0)
    return httpx.Client(base_url=site.url, trust_env=False, timeout=30, limits=limits)


def test_two_nodes_are_taken_out_and_restarted_one_after_the_other(tmp_path, template):
    """As docs/upgrading.md says; the nodes share a database."""
    with serving(tmp_path, template) as (front, first), inside(first), ExitStack() as stack:
        second = Site(first.instance, free_port())
        second.environment = first.environment
        second.start("--no-worker")
        ports = [first.port, second.port]
        phones = [stack.enter_context(front.client(f"127.0.3.{number}", keeps=False)) for number in range(1, 7)]
        front.reload(ports)
        with Load([signed_in(phone) for phone in phones], make.house().id) as load:
            for node in (first, second):
                front.reload([port for port in ports if port != node.port])
                node.process.terminate()
                assert node.process.wait(30) == 0
                node.start("--no-worker")
                front.reload(ports)
        second.process.terminate()
        second.process.wait(30)

        assert load.failed == []
        assert load.booked == count_orders() > 20
