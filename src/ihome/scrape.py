"""`/metrics`: what the processes of the site count, and what its database holds at the moment."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from werkzeug.wrappers import Request, Response

from ihome.config import config
from ihome.kit import metrics, outbox, schedule
from ihome.kit.browser import address_of, is_in
from ihome.kit.db import reading
from ihome.kit.errors import StoreDown
from ihome.kit.watch import Watch
from ihome.orders import queries as orders
from ihome.payments import queries as payments

KEPT = 10.0  # Seconds for which numbers of the database are given again, whoever scrapes how often.


class Holdings(NamedTuple):
    """Numbers of the database. Ages count from these instants."""

    orders: dict[str, int]
    open_payments: tuple[int, datetime | None]
    owed_refunds: tuple[int, datetime | None]
    outbox: outbox.Backlog
    turns: dict[str, datetime]
    mails: dict[str, int]


def may_see(asked: Request) -> bool:
    """Whether IHOME_METRICS_FROM lets this address in. What a proxy that is not trusted sends on is from anywhere."""
    peer = asked.remote_addr or ""
    if "X-Forwarded-For" in asked.headers and not is_in(config().trusted_proxies, peer):
        return False
    return is_in(config().metrics_from, address_of(asked))


def answer(holdings: Watch[Holdings]) -> Response:
    holdings.look()
    page = generate_latest(Site(holdings.found()))
    return Response(page, content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})


def look_up() -> Holdings:
    mails: dict[str, int] = {}
    with suppress(StoreDown):
        mails = metrics.counted_mails()
    with reading():
        return Holdings(
            orders.count_by_status(), payments.count_open(), payments.count_owed(), outbox.backlog(), schedule.turns(),
            mails,
        )  # fmt: skip


class Site(Collector):
    """Everything there is to scrape; without a database what the processes have counted is still told."""

    def __init__(self, holdings: Holdings | None) -> None:
        self.holdings = holdings

    def collect(self) -> Iterator[Metric]:
        yield from metrics.counted()
        yield GaugeMetricFamily("ihome_database_up", "Whether the database answers.", int(self.holdings is not None))
        if self.holdings:
            yield from _holdings(self.holdings, time.time())


def _holdings(held: Holdings, now: float) -> Iterator[Metric]:
    by_status = GaugeMetricFamily("ihome_orders", "Orders by status.", labels=("status",))
    for status, number in held.orders.items():
        by_status.add_metric((status,), number)
    yield by_status
    for name, what, (number, oldest_at) in (
        ("ihome_payments_open", "Attempts to pay that are neither paid nor closed", held.open_payments),
        ("ihome_refunds_owed", "Refunds that the gateway has not confirmed", held.owed_refunds),
        ("ihome_outbox_waiting", "Messages that are not delivered yet", (held.outbox.waiting, held.outbox.oldest_at)),
    ):
        yield GaugeMetricFamily(name, f"{what}.", number)
        age = now - oldest_at.timestamp() if oldest_at else 0
        yield GaugeMetricFamily(f"{name}_oldest_seconds", f"{what}: age of the oldest.", max(age, 0))
    yield GaugeMetricFamily("ihome_outbox_failed", "Messages that were given up.", held.outbox.failed)
    mails = CounterMetricFamily("ihome_mails", "Mails by what came of them.", labels=("outcome",))
    for outcome, number in held.mails.items():
        mails.add_metric((outcome,), number)
    yield mails
    ran = GaugeMetricFamily("ihome_task_last_run_timestamp_seconds", "When its last turn began.", labels=("task",))
    for task, at in held.turns.items():
        ran.add_metric((task,), at.timestamp())
    yield ran
