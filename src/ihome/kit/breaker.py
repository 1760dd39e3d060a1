"""A service that is down keeps one caller waiting, not all of them."""

import threading
import time


class Breaker:
    """Ask `is_open()` before the call and say `failed()` or `worked()` after it.

    After a failure it is open for `pause` seconds: who comes then does without the service and without waiting. The
    next one tries, and the others go on doing without until that has worked.
    """

    def __init__(self, pause: float) -> None:
        self.pause = pause
        self.reason = ""
        self._again_at = 0.0  # 0: it works.
        self._lock = threading.Lock()

    def is_open(self) -> bool:
        if not self._again_at:
            return False
        with self._lock:
            now = time.monotonic()
            if now < self._again_at:
                return True
            if self._again_at:
                self._again_at = now + self.pause  # This caller tries; the others wait for what it finds.
            return False

    def failed(self, reason: str = "") -> bool:
        """True if it worked until now: worth a line in the log."""
        with self._lock:
            is_news = not self._again_at
            self._again_at = time.monotonic() + self.pause
            self.reason = reason
            return is_news

    def worked(self) -> bool:
        """True if it had failed before."""
        if not self._again_at:
            return False
        with self._lock:
            self._again_at = 0.0
            return True
