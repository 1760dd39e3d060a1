"""What machines ask: `/healthz`, the process lives; `/readyz`, what the site can do at the moment.

They are answered before anything of the site is touched: no session, no language, no line in the log.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import orjson
from flask import Flask
from werkzeug.wrappers import Request, Response

from ihome import doctor
from ihome.kit import schedule
from ihome.kit.db import reading

BUDGET = 2.0  # Seconds for all checks together, whatever hangs.
KEPT = 1.0  # Seconds for which a finding is given again: ten probes cost one.
KEPT_OUTSIDE, OUTSIDE = 30.0, ("broker", "mail", "storage")  # Asking these means to sign in or to write somewhere.
LATE = timedelta(minutes=1)  # A worker looks several times a second, and the most frequent job runs every 5 s.

# What it means for people where a check fails. Why it fails, hosts and all, `ihome doctor` says: here anybody may ask.
MEANING = {
    "database": "down: everything answers 503",
    "schema": "not the newest: run ihome db upgrade",
    "replica": "down: search and houses answer 503 to who is not signed in",
    "store": "down: codes and sign-in answer 503",
    "broker": "down: mails and other after-effects wait",
    "mail": "down: mails wait",
    "storage": "down: no pictures can be uploaded",
    "worker": "none at work: mails wait, orders do not expire",
}
NEEDED = ("database", "schema")
NEEDS_DATABASE = ("schema", "worker")

Door = Callable[[Request], Response]


def install(app: Flask) -> None:
    """Open these doors in front of the site."""
    watches = _watches()
    doors: dict[str, Door] = {"/healthz": healthz, "/readyz": lambda _: readyz(watches)}
    site = app.wsgi_app

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        door = doors.get(environ["PATH_INFO"])
        if door is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return site(environ, start_response)
        return door(Request(environ))(environ, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]


def healthz(_request: Request) -> Response:
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


def readyz(watches: "dict[str, Watch]") -> Response:
    """503 only where the site cannot serve; all else it survives, and says what is missing meanwhile."""
    deadline = time.monotonic() + BUDGET
    for watch in watches.values():
        watch.look()
    well = {name: watch.is_well(deadline) for name, watch in watches.items()}
    said = {name: "ok" if is_well else MEANING[name] for name, is_well in well.items()}
    if not well["database"]:
        said |= dict.fromkeys(NEEDS_DATABASE, "unknown: the database is down")
    is_ready = all(well[name] for name in NEEDED)
    status = "ok" if all(well.values()) else "impaired" if is_ready else "unavailable"
    return Response(
        orjson.dumps({"status": status, "checks": said}),
        HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
        {"Cache-Control": "no-store"},
        mimetype="application/json",
    )


class Watch:
    """A check in a thread of its own, one at a time: what hangs, hangs once, and nobody waits long for it."""

    def __init__(self, check: Callable[[], object], kept: float) -> None:
        self._check, self._kept = check, kept
        self._lock, self._done = threading.Lock(), threading.Event()
        self._is_running, self._is_well = False, False
        self._began = self._ended = float("-inf")

    def look(self) -> None:
        """Begin to check, unless that is under way or was done just now."""
        with self._lock:
            now = time.monotonic()
            if self._is_running or now - self._ended < self._kept:
                return
            self._is_running, self._began = True, now
            self._done.clear()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self._check()
            self._is_well = True
        except Exception:
            self._is_well = False
        with self._lock:
            self._ended, self._is_running = time.monotonic(), False
            self._done.set()

    def is_well(self, deadline: float) -> bool:
        """What was found; False where that takes longer than until the deadline, or has taken too long before."""
        ends = min(deadline, self._began + BUDGET)
        return self._done.wait(max(ends - time.monotonic(), 0)) and self._is_well


def _watches() -> dict[str, Watch]:
    found = doctor.checks() | {"schema": _schema, "worker": _worker}
    return {name: Watch(found[name], KEPT_OUTSIDE if name in OUTSIDE else KEPT) for name in MEANING if name in found}


def _schema() -> None:
    """A newer schema is no reason to take this process out of service: while a site is renewed there are both."""
    with suppress(doctor.SchemaAhead):
        doctor.check_schema()


def _worker() -> None:
    with reading():
        late_by = schedule.late_by()
    if late_by is None or late_by > LATE:
        raise RuntimeError("no worker runs what is due")
