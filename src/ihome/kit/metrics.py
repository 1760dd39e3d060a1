"""What processes count while they work; `ihome.scrape` adds what is in the database and hands all of it to Prometheus.

Of several web processes each writes into files of its own, which whoever is asked adds up: `ihome serve` gives them a
folder by PROMETHEUS_MULTIPROC_DIR, which the library reads when it is imported. Without it a process counts alone.
"""

import fcntl
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from ihome.kit.errors import StoreDown
from ihome.kit.kv import store

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
GONE = "0"  # In the name of a file, where others have the id of their process.
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"))
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # Seconds.
YEAR = 365 * 24 * 3600
MAILS = ("sent", "failed", "refused")
ROOM = 2**19  # Bytes of a file of counts. What every route makes needs less than half of it.


def _keep_room() -> None:
    """Have the disk's blocks before they are needed; without them this process counts for itself.

    The library maps files that are holes at first. Where the disk is full when one of them is filled, that is a bus
    error, and the end of the process.
    """
    if not (folder := os.environ.get(FOLDER)):
        return
    files = [Path(folder, f"{kind}_{os.getpid()}.db") for kind in ("counter", "histogram")]
    try:
        for file in files:
            if not file.exists():
                file.write_bytes(bytes(ROOM))
    except OSError:
        for file in files:
            file.unlink(missing_ok=True)
        del os.environ[FOLDER]
        values.ValueClass = values.MutexValue


_keep_room()
_counted = CollectorRegistry()
_requests = Counter(
    "ihome_http_requests", "Requests by route, method and class of status.", ("route", "method", "status"),
    registry=_counted,
)  # fmt: skip
_seconds = Histogram(
    "ihome_http_request_seconds", "Time from a request to its answer.", ("route",), registry=_counted, buckets=BUCKETS
)
_errors = Counter(
    "ihome_errors", "Answers that refuse or fail, by the class of the error.", ("error",), registry=_counted
)
_cache = Counter(
    "ihome_cache_lookups", "Looks into the cache: hit, miss, or store_down.", ("outcome",), registry=_counted
)
_looks = {outcome: _cache.labels(outcome) for outcome in ("hit", "miss", "store_down")}

_of_requests: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}  # labels() takes as long as counting.


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """`route` is the rule of the URL map: paths are endless and name people."""
    key = (route, method if method in METHODS else "other", status // 100)
    if (found := _of_requests.get(key)) is None:
        found = _of_requests[key] = (_requests.labels(route, key[1], f"{key[2]}xx"), _seconds.labels(route))
    requests, times = found
    requests.inc()
    times.observe(seconds)


def count_error(error: Exception) -> None:
    _errors.labels(type(error).__name__).inc()


def count_look(outcome: str) -> None:
    """At the cache: "hit", "miss" or "store_down"."""
    _looks[outcome].inc()


def count_mail(outcome: str) -> None:
    """One of MAILS. Kept in the store: workers may be on other machines, and a scrape asks a web process."""
    with suppress(StoreDown):
        store().count(f"metrics_mails_{outcome}", YEAR)


def counted_mails() -> dict[str, int]:
    """Raises StoreDown."""
    return {outcome: int(store().get(f"metrics_mails_{outcome}") or 0) for outcome in MAILS}


def counted() -> Iterable[Metric]:
    """What all processes of this site on this machine have counted since it was started, those that are gone too."""
    if FOLDER not in os.environ:
        return _counted.collect()
    folder = Path(os.environ[FOLDER])
    with (folder / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        _fold(folder)
        files = [str(file) for file in folder.glob("*.db")]
        found: Iterable[Metric] = MultiProcessCollector.merge(files)
    return found


def _fold(folder: Path) -> None:
    """Add the files of processes that are gone to one: a site that is often renewed would have hundreds to read."""
    for file in folder.glob("*_*.db"):
        kind, _, pid = file.stem.rpartition("_")
        if pid == GONE or _is_running(int(pid)):
            continue
        sums = MmapedDict(str(folder / f"{kind}_{GONE}.db"))
        for key, value, timestamp, _position in MmapedDict.read_all_values_from_file(str(file)):
            sums.write_value(key, sums.read_value(key)[0] + value, timestamp)
        sums.close()
        file.unlink()


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
