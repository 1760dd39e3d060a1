"""Asking what may hang, for those who cannot wait: probes and the scrape of metrics."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger()
T = TypeVar("T")

BUDGET = 2.0  # Seconds in which an answer has to be there.


class Watch(Generic[T]):
    """A question in a thread of its own, one at a time: what hangs, hangs once, and nobody waits long for it."""

    def __init__(self, ask: Callable[[], T], kept: float) -> None:
        """`kept`: for how many seconds an answer, or that there was none, is good enough."""
        self._ask, self._kept = ask, kept
        self._lock, self._done = threading.Lock(), threading.Event()
        self._is_asking = False
        self._answer: T | None = None
        self._began = self._ended = float("-inf")

    def look(self) -> None:
        """Begin to ask, unless that is under way or was done just now."""
        with self._lock:
            now = time.monotonic()
            if self._is_asking or now - self._ended < self._kept:
                return
            self._is_asking, self._began = True, now
            self._done.clear()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            answer = self._ask()
        except Exception as error:
            log.warning("watch.no_answer", asked=self._ask.__name__, reason=type(error).__name__)
            answer = None
        with self._lock:
            self._answer, self._ended, self._is_asking = answer, time.monotonic(), False
            self._done.set()

    def found(self) -> T | None:
        """The answer; None where there was none within BUDGET seconds of asking."""
        return self._answer if self._done.wait(max(self._began + BUDGET - time.monotonic(), 0)) else None
