"""A site as people run it: `ihome serve` in processes of its own, on a free port, talked to over HTTP."""

import os
import random
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from ihome import setup
from ihome.accounts.actions import open_session
from ihome.accounts.models import User
from ihome.config import load
from ihome.kit import clock, db

API = "/api/v1.0"
ROOT = Path(__file__).parents[1]
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # Never used: everything here is http. Reading authorities takes 25 ms.


_ports_given: set[int] = set()
_choose = random.SystemRandom()  # Hypothesis seeds the usual one, in every worker alike.


def free_port() -> int:
    """A port to listen on, now or later: none of those the system takes for connections that go out."""
    while True:
        port = _choose.randrange(11_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _ports_given:
                _ports_given.add(port)
                return port


class Site:
    """A running site and its command line."""

    def __init__(self, instance: Path, port: int, **settings: str) -> None:
        self.instance = instance
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.python = sys.executable
        self.clients: list[Client] = []
        kept = {name: value for name, value in os.environ.items() if not name.startswith("IHOME_")}
        self.environment = kept | {"IHOME_INSTANCE": str(instance), "IHOME_BASE_URL": self.url}
        self.environment |= {f"IHOME_{name.upper()}": value for name, value in settings.items()}

    def command(self, *words: str) -> str:
        """Run `ihome …`; its output. Raises CalledProcessError."""
        done = subprocess.run(
            [self.python, "-m", "ihome.cli", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        with (self.instance / "serve.log").open("ab") as log:
            started = subprocess.Popen(
                [self.python, "-m", "ihome.cli", "serve", "--port", str(self.port), *options],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            if started.poll() is not None:
                break
            try:
                if httpx.get(f"{self.url}{API}/areas", trust_env=False).status_code == 200:
                    self.process = started
                    return started
            except httpx.TransportError:
                time.sleep(0.1)
        started.kill()
        raise RuntimeError(f"the site did not start:\n{(self.instance / 'serve.log').read_text()}")

    def client(self) -> "Client":
        made = Client(self.url)
        self.clients.append(made)
        return made

    def client_of(self, person: User) -> "Client":
        """A phone on which this person is signed in; needs inside()."""
        made = self.client()
        made.http.cookies.set("session", db.in_transaction(open_session, person.id, None))
        return made


def children_of(pid: int) -> set[int]:
    """Their ids. Linux only."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return {int(child) for task in tasks for child in (task / "children").read_text().split()}


def stop_group(leader: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group, and its children: by force where it takes more than 15 s."""
    if leader.poll() is not None:
        return
    os.killpg(leader.pid, signal.SIGTERM)
    try:
        leader.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(leader.pid, signal.SIGKILL)
        leader.wait()


@contextmanager
def running_site(instance: Path, *options: str, **settings: str) -> Iterator[Site]:
    """A migrated site that serves until the block ends; then it must stop by itself, cleanly."""
    site = Site(instance, free_port(), **settings)
    site.command("db", "upgrade")
    process = site.start(*options)
    try:
        yield site
    finally:
        for client in site.clients:
            client.http.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


@contextmanager
def inside(site: Site, **changed: str) -> Iterator[None]:
    """This process is one of the running site's meanwhile, but for the settings that are `changed`.

    Its rows can be made and looked at directly.
    """
    environment = site.environment | {f"IHOME_{name.upper()}": value for name, value in changed.items()}
    settings = load({name: value for name, value in environment.items() if name.startswith("IHOME_")})
    setup.start(settings.model_copy(update={"log_level": "error"}))
    clock._seen = None
    try:
        yield
    finally:
        db.disconnect()


class Client:
    """A phone app: cookies, CSRF token, envelopes."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=30, verify=PLAIN)
        self.http.get(f"{API}/sessions")

    def call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        headers = {"X-CSRFToken": self.http.cookies.get("csrf_token") or ""} | options.pop("headers", {})
        found: dict[str, Any] = self.http.request(method, API + path, headers=headers, **options).json()
        return found

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.call("GET", path, params=query)

    def post(self, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
        return self.call("POST", path, json=body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
        return self.call("PUT", path, json=body, **options)
