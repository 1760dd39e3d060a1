"""`/metrics`: what Prometheus is told, by whom it may be asked, and that processes add up."""

import os
import re
import shutil
import signal
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select, update

from ihome.kit import db, outbox, schedule
from ihome.kit.cache import cached
from ihome.kit.db import in_transaction, session, utcnow
from ihome.kit.outbox import OutboxMessage
from ihome.notices.delivery import MailDown
from ihome.notices.mails import send_mail
from ihome.orders.models import Ending
from ihome.payments import actions as payments
from ihome.payments.models import Payment, Refund
from tests import make
from tests.site_process import ROOT, Site, running_site

DOCUMENT, ALERTS = ROOT / "docs" / "operating.md", ROOT / "deploy" / "prometheus" / "alerts.yml"
AREAS = ("GET", "/api/v1.0/areas", "2xx")


def read(page):
    """The samples of a page of metrics: {(name, label values in the order of their names…): value}."""
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


@pytest.fixture
def app(own_app):
    """Nobody has asked it yet."""
    return own_app


@pytest.fixture(autouse=True)
def _not_kept(monkeypatch):
    """Each scrape asks the database anew."""
    monkeypatch.setattr("ihome.scrape.KEPT", 0)


@pytest.fixture
def scrape(app):
    def scrape():
        return read(app.test_client().get("/metrics").text)

    return scrape


@pytest.fixture
def grown(scrape):
    """By how much a sample has grown since the test began."""
    before = scrape()
    return lambda *key: scrape().get(key, 0) - before.get(key, 0)


# --- what processes count ---------------------------------------------------------------------------------------------


def test_requests_are_counted_by_route_and_never_by_path(scrape, grown, visitor):
    visitor.request("GET", "/houses/987654")
    visitor.client.open("/nowhere/anna@example.com", method="PROPFIND")

    assert grown("ihome_http_requests_total", "GET", "/api/v1.0/houses/<id:house_id>", "2xx") == 1
    assert grown("ihome_http_request_seconds_count", "/api/v1.0/houses/<id:house_id>") == 1
    assert grown("ihome_http_requests_total", "other", "(none)", "4xx") == 1
    assert grown("ihome_errors_total", "HouseNotFound") == 1
    assert not [key for key in scrape() if "987654" in str(key) or "anna" in str(key)]


def test_every_limit_at_sign_in_is_counted_by_its_error(grown, visitor):
    wrong = {"email": "nobody@example.com", "password": "wrong, again"}
    while visitor.post("/sessions", wrong)["errno"] != "4201":
        pass

    assert grown("ihome_errors_total", "TooManyFailures") == 1
    assert grown("ihome_errors_total", "WrongCredentials") == 5


def test_looks_into_the_cache_are_counted(app, grown, monkeypatch):
    for _ in range(3):
        cached("test", 60, lambda: b"1")
    monkeypatch.setattr("ihome.kit.kv._store.path", Path("/dev/null/kv.db"))
    monkeypatch.setattr("ihome.kit.kv._store._local", object)
    cached("test", 60, lambda: b"1")

    looks = "ihome_cache_lookups_total"
    assert [grown(looks, outcome) for outcome in ("miss", "hit", "store_down")] == [1, 2, 1]


@pytest.mark.parametrize(
    ("settings", "outcome"), [({}, "sent"), ({"mail_url": "smtp://127.0.0.1:1"}, "failed")], ids=["sent", "failed"]
)
def test_mails_are_counted_by_what_came_of_them(grown, outcome):
    try:
        send_mail("code", to="anna@example.com", language="zh", key="1", code="123456", purpose="reset", minutes=5)
    except MailDown:
        assert outcome == "failed"

    assert {name: grown("ihome_mails_total", name) for name in ("sent", "failed", "refused")} == {
        "sent": 0, "failed": 0, "refused": 0, outcome: 1,
    }  # fmt: skip


# --- what the database holds ------------------------------------------------------------------------------------------


def test_orders_payments_and_refunds_are_those_of_the_database(scrape):
    guest, house = make.user(), make.house()
    make.order(guest, house, ahead=3)
    waiting = [make.accepted(guest, house, ahead=ahead) for ahead in (10, 20)]
    make.paid(guest, house, ahead=30)
    in_transaction(lambda: [payments.start_payment(make.get_order(order.id), "sandbox") for order in waiting])
    in_transaction(lambda: session.execute(update(Payment).values(create_time=utcnow() - timedelta(hours=1))))

    found = scrape()

    counts = {key[1]: number for key, number in found.items() if key[0] == "ihome_orders"}
    assert counts == {
        "WAIT_ACCEPT": 1, "WAIT_PAYMENT": 2, "PAID": 1, "WAIT_COMMENT": 0, "COMPLETE": 0, "CANCELED": 0, "REJECTED": 0,
    }  # fmt: skip
    assert found["ihome_payments_open",] == 2
    assert found["ihome_payments_open_oldest_seconds",] == pytest.approx(3600, abs=60)
    assert (found["ihome_refunds_owed",], found["ihome_refunds_owed_oldest_seconds",]) == (0, 0)


def test_a_refund_is_owed_until_the_gateway_confirms_it(scrape):
    house = make.house()
    order = make.accepted(make.user(), house)
    begun = in_transaction(lambda: payments.start_payment(make.get_order(order.id), "sandbox"))
    in_transaction(payments.end_order, order.id, Ending.UNPAID, closed={begun.out_trade_no})
    make.order(make.user(), house)
    in_transaction(payments.confirm, begun.out_trade_no, "T1", begun.amount)  # Too late: another has the nights.
    assert scrape()["ihome_refunds_owed",] == 1

    in_transaction(lambda: payments.mark_refunded(session.scalars(select(Refund.id)).one()))
    assert scrape()["ihome_refunds_owed",] == 0


def test_the_outbox_counts_what_waits_what_is_late_and_what_was_given_up(app, scrape):
    make.order(make.user(), make.house())
    before = scrape()
    in_transaction(outbox.add, "picture.dropped", after=timedelta(hours=1), key="houses/1/later-l.webp")
    in_transaction(lambda: session.execute(update(OutboxMessage).values(create_time=utcnow() - timedelta(minutes=5))))

    found = scrape()
    assert found["ihome_outbox_waiting",] == before["ihome_outbox_waiting",] + 1
    assert found["ihome_outbox_waiting_oldest_seconds",] == pytest.approx(300, abs=60)

    in_transaction(lambda: session.execute(update(OutboxMessage).values(state=outbox.FAILED)))
    found = scrape()
    assert (found["ihome_outbox_waiting",], found["ihome_outbox_waiting_oldest_seconds",]) == (0, 0)
    assert found["ihome_outbox_failed",] == before["ihome_outbox_waiting",] + 1


def test_tasks_say_when_they_ran_last(scrape):
    schedule.run_due()

    ran = scrape()["ihome_task_last_run_timestamp_seconds", "payments.tasks.expire_unpaid_orders"]

    assert ran == pytest.approx(time.time(), abs=60)


def test_without_a_database_what_was_counted_is_still_told(app, scrape):
    assert scrape()["ihome_database_up",] == 1
    db.connect("postgresql://127.0.0.1:1/ihome")

    found = scrape()

    assert found["ihome_database_up",] == 0
    assert not [key for key in found if key[0] == "ihome_orders"]
    assert [key for key in found if key[0] == "ihome_http_requests_total"]


# --- who may ask ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "peer", "forwarded", "status"),
    [
        ({}, "127.0.0.1", None, 200),
        ({}, "::1", None, 200),
        ({}, "10.0.0.7", None, 404),
        ({}, "127.0.0.1", "10.0.0.7", 404),
        ({}, "127.0.0.1", "127.0.0.1", 404),  # From a proxy that nobody has named: it may be anybody.
        ({"trusted_proxies": "127.0.0.1"}, "127.0.0.1", "10.0.0.7", 404),
        ({"trusted_proxies": "127.0.0.1"}, "127.0.0.1", None, 200),
        ({"trusted_proxies": "127.0.0.1", "metrics_from": "10.0.0.0/8"}, "127.0.0.1", "10.0.0.7", 200),
        ({"trusted_proxies": "127.0.0.1", "metrics_from": "10.0.0.0/8"}, "127.0.0.1", "10.0.0.7, 8.8.8.8", 404),
        ({"metrics_from": "10.0.0.7"}, "10.0.0.7", None, 200),
        ({"metrics_from": "10.0.0.7"}, "127.0.0.1", None, 404),
    ],
    ids=str,
)
def test_metrics_are_for_those_named_only(app, peer, forwarded, status):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": peer}).status_code == status


def test_every_metric_is_in_the_documentation(scrape, visitor):
    schedule.run_due()
    visitor.get("/houses/987654")  # What was never counted is not there.
    suffixes = re.compile(r"_(total|count|sum|bucket|created)$")
    told = {suffixes.sub("", key[0]) for key in scrape()}

    documented = {suffixes.sub("", name) for name in re.findall(r"`(ihome_[a-z_]+)", DOCUMENT.read_text())}
    assert told == documented
    assert set(re.findall(r"ihome_[a-z_]+", ALERTS.read_text())) <= told


# --- several processes ------------------------------------------------------------------------------------------------


def ask(site, times):
    """Each by a connection of its own, so that both processes get some."""
    for _ in range(times):
        assert httpx.get(f"{site.url}/api/v1.0/areas", trust_env=False).status_code == 200


def counted(site):
    page = httpx.get(f"{site.url}/metrics", trust_env=False, timeout=30)
    return read(page.text)["ihome_http_requests_total", *AREAS]


def pids(site):
    """Of the processes that count."""
    files = (site.instance / "metrics" / str(site.port)).glob("counter_*.db")
    return {int(file.stem.partition("_")[2]) for file in files}


@pytest.mark.skipif(sys.platform != "linux", reason="process ids are taken from the names of files and killed")
def test_processes_add_up_also_the_dead_ones_until_the_site_is_started_anew(tmp_path, template):
    shutil.copytree(template, tmp_path / "site")
    with running_site(tmp_path / "site", "--workers", "2", log_level="error") as site:
        before = counted(site)
        ask(site, 40)
        assert [counted(site) for _ in range(6)] == [before + 40] * 6
        first = pids(site)

        os.kill(max(first), signal.SIGKILL)
        deadline = time.monotonic() + 60
        while not pids(site) - first - {0}:
            assert time.monotonic() < deadline, "no process took its place"
            with suppress(httpx.TransportError):  # Until then nobody may serve.
                ask(site, 1)
            time.sleep(0.2)
        assert counted(site) >= before + 40
        assert 0 in pids(site)  # What the killed one had counted is in a file of those that are gone.
        assert max(first) not in pids(site)
        port = site.port

    again = Site(tmp_path / "site", port)
    process = again.start("--workers", "1")
    try:
        assert counted(again) < 40
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
