"""Delivering the outbox and running what is due in one process, where there is no broker."""

import signal
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import FrameType

import structlog

from ihome.kit import db, outbox, schedule
from ihome.kit.errors import DatabaseDown

log = structlog.get_logger()

PAUSE = 0.3  # Seconds between looks: a mail is there within a second.


def run_embedded() -> None:
    """Deliver and schedule until told to stop; what is under way is finished first."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.info("worker.started")
    # A thread of its own: what is due (orders expire, gateways are asked) does not wait for mails, nor they for it.
    scheduler = threading.Thread(target=_repeat, args=(schedule.run_due, stopping))
    scheduler.start()
    with ThreadPoolExecutor(outbox.AT_ONCE) as pool:
        _repeat(_Deliveries(pool).hand_out, stopping)
    scheduler.join()
    db.disconnect()
    log.info("worker.stopped")


def _repeat(do: Callable[[], object], stopping: threading.Event) -> None:
    """At once where there was something to do, else after a while."""
    while not stopping.is_set():
        try:
            if do():
                continue
        except DatabaseDown:
            stopping.wait(2)
        except Exception:
            log.exception("worker.crashed")
            stopping.wait(2)
        stopping.wait(PAUSE)


class _Deliveries:
    """As many as there are threads for are under way; all else waits in the database."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._under_way: dict[Future[bool], int] = {}

    def hand_out(self) -> bool:
        """Fill the threads with what is due, and wait for one of them to be free: False if that takes long."""
        if len(self._under_way) < outbox.AT_ONCE:
            given = set(self._under_way.values())  # Due as ever until a thread has claimed it.
            new = [message_id for message_id in outbox.due(limit=outbox.AT_ONCE) if message_id not in given]
            for message_id in new[: outbox.AT_ONCE - len(given)]:
                self._under_way[self._pool.submit(outbox.deliver, message_id)] = message_id
        done, _ = wait(self._under_way, timeout=PAUSE, return_when=FIRST_COMPLETED)
        for delivery in done:
            del self._under_way[delivery]
            delivery.result()  # A database that is down is _repeat()'s to wait for.
        return bool(done)
