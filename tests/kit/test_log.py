"""Lines of the log: the fields that docs/operating.md promises, one id through all of it, nobody's data."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog

from ihome.kit import log, outbox
from tests import make
from tests.orders.asking import wish

DOCUMENT = Path(__file__).parents[2] / "docs" / "operating.md"


@pytest.fixture
def lines(app, capfd, monkeypatch):
    """What has been logged since this was last asked for, as a production site writes it."""
    log.set_up("info", as_json=True)
    monkeypatch.setattr(outbox, "log", structlog.get_logger())  # The old one has kept the level of another test.
    capfd.readouterr()
    return lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_request_is_one_line_of_exactly_the_promised_fields(visitor, lines):
    lines()
    visitor.client.get("/api/v1.0/houses/7?token=secret", headers={"X-Request-ID": "from-nginx-1"})

    (line,) = lines()

    promised = re.search(r"A line of a request.*?```json\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert list(line) == list(json.loads(promised[1]))
    assert line | {"timestamp": 0, "ms": 0} == {
        "timestamp": 0, "level": "info", "event": "request", "request_id": "from-nginx-1", "method": "GET",
        "rule": "/api/v1.0/houses/<id:house_id>", "status": 200, "ms": 0,
    }  # fmt: skip
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)
    assert 0 < line["ms"] < 60_000


@pytest.mark.parametrize("asked", ["", "short", "x" * 65, "line\u2028break", "12345678\u0661", '{"a": "b"}'])
def test_an_id_that_could_be_anything_is_replaced(visitor, lines, asked):
    visitor.client.get("/api/v1.0/areas", headers={"X-Request-ID": asked.encode().decode("latin-1")})

    assert re.fullmatch(r"[0-9a-f]{16}", lines()[-1]["request_id"])


def test_one_id_leads_from_the_request_to_what_the_worker_did_for_it(app, lines):
    browser = make.browser(app, make.user())
    outbox.drain()
    house = make.house()
    browser.post("/orders", wish(house, ahead=10), headers={"X-Request-ID": "order-of-anna"})
    lines()

    while outbox.drain():
        pass

    delivered = [line for line in lines() if line["event"] == "outbox.delivered"]
    assert delivered
    assert {line["request_id"] for line in delivered} == {"order-of-anna"}
    assert all({"outbox_id", "topic", "handler", "attempt"} <= line.keys() for line in delivered)


def test_a_journey_leaves_nobodys_data_in_the_log(app, visitor, lines):
    visitor.get("/email_codes", email="geheim@example.com")
    visitor.post("/sessions", {"email": "geheim@example.com", "password": "geheim-password"})
    visitor.client.get("/nowhere/geheim@example.com?email=geheim@example.com")
    outbox.drain()

    assert "geheim" not in json.dumps(lines())
