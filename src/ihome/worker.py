"""Delivering the outbox and running what is due through Celery.

`celery -A ihome.worker worker -l info` and `celery -A ihome.worker beat` where IHOME_BROKER_URL is set. A task carries
only the id of its outbox row, so a lost broker costs a delay, never a task.
"""

import logging
import ssl
from typing import Any
from urllib.parse import quote

import structlog
from celery import Celery
from celery.signals import setup_logging, worker_init
from kombu.entity import Queue

from ihome import setup
from ihome.addresses import Address, read_broker
from ihome.config import Config, ConfigError, load
from ihome.kit import log as logs
from ihome.kit import outbox, schedule
from ihome.kit.breaker import Breaker

log = structlog.get_logger()

SWEEP = 30.0  # Seconds between sweeps for what a lost broker or worker left behind.
SWEPT = 500  # Messages at most that one sweep hands out.
PATIENCE = 1.0  # Seconds that a request waits for a broker to take a connection, and to answer.
PAUSE = 5.0  # Seconds in which no request asks again a broker that did not answer.

app = Celery("ihome")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # Whatever the number of cores: the work is waiting for mail servers and the gateway.
    worker_pool="threads",
    worker_concurrency=outbox.AT_ONCE,
    worker_redirect_stdouts=False,  # What is written to stderr would be lost.
    # A message is a hint and its queue durable. RabbitMQ 4 deprecates queues that come and go with each worker.
    worker_enable_remote_control=False,
    task_ignore_result=True,
    task_publish_retry=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,  # A broker that is down for a night is waited for.
    worker_hijack_root_logger=False,
    # A queue of its own: a worker takes turns between its queues, so nothing waits behind all the mails there are.
    task_routes={"ihome.sweep": "schedule", "ihome.tick": "schedule"},
    task_queues=[Queue("celery"), Queue("schedule")],
    # With retry: beat has one connection, and to RabbitMQ it is only made again where publishing may be tried again.
    beat_schedule={
        "sweep": {"task": "ihome.sweep", "schedule": SWEEP, "options": {"expires": SWEEP, "retry": True}},
        "tick": {"task": "ihome.tick", "schedule": 5.0, "options": {"expires": 10.0, "retry": True}},
    },
)
_broker = Breaker(PAUSE)


@app.task(name="ihome.deliver")
def deliver(message_id: int) -> None:
    outbox.deliver(message_id)


@app.task(name="ihome.sweep")
def sweep() -> None:
    """Hand out what nobody was told of: a broker was down, a worker died, a retry is due.

    To all workers, because one that delivered it alone would be held up by a mail server that hangs. What they do not
    get at before the next sweep is dropped, and found by that.
    """
    for message_id in outbox.due(limit=SWEPT):
        deliver.apply_async((message_id,), expires=SWEEP)


@app.task(name="ihome.tick")
def tick() -> None:
    schedule.run_due()


def announce(message_id: int) -> None:
    """Tell the broker of a new message. A broker that is down is no error: the sweep finds the row."""
    if _broker.is_open():
        return
    try:
        deliver.delay(message_id)
    except Exception as error:  # Each transport has its own.
        if _broker.failed():
            log.warning("broker.unavailable", reason=type(error).__name__)
    else:
        if _broker.worked():
            log.info("broker.available")


def use_broker(url: str) -> None:
    """For a web process: announce each message, and let no request wait for a broker that hangs."""
    app.on_configure.disconnect(_configure)  # type: ignore[union-attr]
    app.conf.update(celery_settings(url, PATIENCE))
    outbox.announce_with(announce)


def celery_settings(url: str, timeout: float) -> dict[str, Any]:
    """IHOME_BROKER_URL as Celery's own settings; `timeout` in seconds. Raises ValueError."""
    at = read_broker(url)
    found = {"broker_url": ";".join(_urls(at)), "broker_connection_timeout": timeout, "broker_transport_options": {}}
    if at.kind.startswith("amqp"):
        found["broker_transport_options"] = {"write_timeout": timeout}
        if at.tls:
            found["broker_use_ssl"] = {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": at.hosts[0][0]}
        return found
    # A message is a hint, so one that a worker took down with it may be late; it must not come while that one works.
    options: dict[str, Any] = {
        "visibility_timeout": 600, "unacked_restore_interval": 10, "unacked_restore_throttle": 1,
        "socket_timeout": timeout, "socket_connect_timeout": timeout,
    }  # fmt: skip
    if at.kind == "redis+sentinel":
        options |= {"master_name": at.master, "sentinel_kwargs": _asking(at, timeout)}
    if at.tls:
        found["broker_use_ssl"] = {**at.tls_options, "ssl_cert_reqs": ssl.CERT_REQUIRED}
    return found | {"broker_transport_options": options}


def _urls(at: Address) -> list[str]:
    if at.kind == "unix":
        return [f"redis+socket://{at.login}{at.path}?virtual_host={at.db}"]
    scheme = {"redis+sentinel": "sentinel", "redis": "rediss" if at.tls else "redis"}.get(at.kind, at.kind)
    path = str(at.db) if "redis" in at.kind else quote(at.path, safe="")
    return [f"{scheme}://{at.login}{f'[{host}]' if ':' in host else host}:{port}/{path}" for host, port in at.hosts]


def _asking(at: Address, timeout: float) -> dict[str, Any]:
    """How the Sentinels are asked: with one try each, where redis-py would make eleven."""
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    patience = {"socket_timeout": timeout, "socket_connect_timeout": timeout, "retry": Retry(NoBackoff(), 0)}
    return patience | {"password": at.sentinel_password or None} | ({"ssl": True, **at.tls_options} if at.tls else {})


def _settings() -> Config:
    """Raises SystemExit where they are wrong: what else a signal's receiver raises, Celery logs and forgets."""
    try:
        settings = load()
        if not settings.broker_url:
            raise ConfigError("IHOME_BROKER_URL: is required to work through Celery")
    except ConfigError as error:
        raise SystemExit(f"ihome: {error}") from None
    return settings


@app.on_configure.connect  # type: ignore[union-attr]
def _configure(**_: object) -> None:
    """`celery -A ihome.worker` asks for the settings: the environment has them."""
    app.conf.update(celery_settings(_settings().broker_url, 10))


@setup_logging.connect
def _set_up_log(**_: object) -> None:
    """Worker and beat log as the site does, and IHOME_LOG_LEVEL says how much, not `-l`."""
    settings = _settings()
    logs.set_up(settings.log_level, as_json=settings.is_production)
    for chatty in ("celery.worker.strategy", "celery.app.trace", "celery.beat"):  # Each message, thrice.
        logging.getLogger(chatty).setLevel(logging.WARNING)


@worker_init.connect
def _start(**_: object) -> None:
    setup.start(_settings())
    outbox.announce_with(announce)
