"""Threads that start at the same moment."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

THREADS = 8
ROUNDS = 5


def race(steps: Sequence[Callable[[], object]]) -> list[object]:
    """Take all steps at once, each in a thread of its own; what each returned, or the name of what it raised."""
    start = threading.Barrier(len(steps))

    def run(step: Callable[[], object]) -> object:
        start.wait(30)
        try:
            return step()
        except Exception as error:
            return type(error).__name__

    with ThreadPoolExecutor(len(steps)) as pool:
        return [future.result(60) for future in [pool.submit(run, step) for step in steps]]


def tally(results: list[object]) -> dict[object, int]:
    """How often each outcome came."""
    return {outcome: results.count(outcome) for outcome in results}
