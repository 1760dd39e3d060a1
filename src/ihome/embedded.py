"""Delivering the outbox and running what is due in one process, where there is no broker."""

import signal
import time
from types import FrameType

import structlog

from ihome.kit import db, outbox, schedule
from ihome.kit.errors import DatabaseDown

log = structlog.get_logger()

PAUSE = 0.3  # Seconds between looks: a mail is there within a second.


def run_embedded() -> None:
    """Deliver and schedule until told to stop; what is under way is finished first."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("worker.started")
    while not stopping:
        try:
            schedule.run_due()
            delivered = outbox.drain()
        except DatabaseDown:
            delivered = 0
            time.sleep(2)
        except Exception:
            delivered = 0
            log.exception("worker.crashed")
            time.sleep(2)
        if not delivered:
            time.sleep(PAUSE)
    db.disconnect()
    log.info("worker.stopped")
