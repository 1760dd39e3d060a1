"""Delivering the outbox and running what is due through Celery.

`celery -A ihome.worker worker -l info` and `celery -A ihome.worker beat` where IHOME_BROKER_URL is set. A task carries
only the id of its outbox row, so a lost broker costs a delay, never a task.
"""

import structlog
from celery import Celery
from celery.signals import worker_process_init

from ihome import setup
from ihome.config import ConfigError, load
from ihome.kit import outbox, schedule

log = structlog.get_logger()

SWEEP = 30.0  # Seconds between sweeps for what a lost broker or worker left behind.

app = Celery("ihome")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 600, "unacked_restore_interval": 10, "unacked_restore_throttle": 1},
    task_publish_retry=False,
    worker_hijack_root_logger=False,
    beat_schedule={
        "sweep": {"task": "ihome.sweep", "schedule": SWEEP, "options": {"expires": SWEEP}},
        "tick": {"task": "ihome.tick", "schedule": 5.0, "options": {"expires": 5.0}},
    },
)


@app.task(name="ihome.deliver")
def deliver(message_id: int) -> None:
    outbox.deliver(message_id)


@app.task(name="ihome.sweep")
def sweep() -> None:
    """Deliver what nobody was told of: a broker was down, a worker died, a retry is due."""
    while outbox.drain():
        pass


@app.task(name="ihome.tick")
def tick() -> None:
    schedule.run_due()


def announce(message_id: int) -> None:
    """Tell the broker of a new message. A broker that is down is no error: the sweep finds the row."""
    try:
        deliver.delay(message_id)
    except Exception as error:
        log.warning("broker.unavailable", reason=type(error).__name__)


def use_broker(url: str) -> None:
    app.conf.broker_url = url
    outbox.announce_with(announce)


@app.on_configure.connect  # type: ignore[union-attr]
def _configure(**_: object) -> None:
    """`celery -A ihome.worker` asks for the settings: the environment has them."""
    settings = load()
    if not settings.broker_url:
        raise ConfigError("IHOME_BROKER_URL: is required to work through Celery")
    app.conf.broker_url = settings.broker_url


@worker_process_init.connect
def _in_a_new_process(**_: object) -> None:
    """Each pool process has connections of its own: forked ones cannot be shared."""
    setup.start(load())
    outbox.announce_with(announce)
