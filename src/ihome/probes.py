"""What machines ask: `/healthz`, the process lives; `/readyz`, what the site can do at the moment; `/metrics`.

They are answered before anything of the site is touched: no session, no language, no line in the log.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import orjson
from flask import Flask
from werkzeug.wrappers import Request, Response

from ihome import doctor, scrape
from ihome.kit import schedule
from ihome.kit.db import reading
from ihome.kit.watch import Watch

KEPT = 1.0  # Seconds for which a finding is given again: ten probes cost one.
KEPT_OUTSIDE, OUTSIDE = 30.0, ("broker", "mail", "storage")  # Asking these means to sign in or to write somewhere.
LATE = timedelta(minutes=1)  # A worker looks several times a second, and the most frequent job runs every 5 s.

# What it means for people where a check fails. Why it fails, hosts and all, `ihome doctor` says: here anybody may ask.
MEANING = {
    "database": "down: everything answers 503",
    "schema": "not the newest: run ihome db upgrade",
    "replica": "down: the database is asked in its place",
    "store": "down: codes and sign-in answer 503",
    "broker": "down: mails and other after-effects wait",
    "mail": "down: mails wait",
    "storage": "down: no pictures can be uploaded",
    "worker": "none at work: mails wait, orders do not expire",
}
NEEDED = ("database", "schema")
NEEDS_DATABASE = ("schema", "worker")

Watches = dict[str, Watch[str]]


def install(app: Flask) -> None:
    """Open these doors in front of the site, to every method: none of them does anything."""
    watches, holdings = _watches(), Watch(scrape.look_up, scrape.KEPT)
    site = app.wsgi_app

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/healthz":
                found = healthz()
            case "/readyz":
                found = readyz(watches)
            case "/metrics" if scrape.may_see(Request(environ)):
                found = scrape.answer(holdings)
            case _:
                return site(environ, start_response)
        return found(environ, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]


def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


def readyz(watches: Watches) -> Response:
    """503 only where the site cannot serve; all else it survives, and says what is missing meanwhile."""
    for watch in watches.values():
        watch.look()
    well = {name: watch.found() is not None for name, watch in watches.items()}
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


def _watches() -> Watches:
    found = doctor.checks() | {"schema": _schema, "worker": _worker}
    return {name: Watch(found[name], KEPT_OUTSIDE if name in OUTSIDE else KEPT) for name in MEANING if name in found}


def _schema() -> str:
    """A newer schema is no reason to take this process out of service: while a site is renewed there are both."""
    with suppress(doctor.SchemaAhead):
        doctor.check_schema()
    return "it can be worked with"


def _worker() -> str:
    with reading():
        late_by = schedule.late_by()
    if late_by is None or late_by > LATE:
        raise RuntimeError("no worker runs what is due")
    return "at work"
