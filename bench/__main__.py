"""`make bench`: ratios only, all of one run; FULL=1 adds 100,000 houses. Exit code 1 where a target is missed."""

import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
from tests.site_process import free_port

from bench import load
from bench.site import environment, ihome, serving, started, tree_memory
from ihome.demo.generate import HOT_WEEK_STARTS

ROUNDS, SECONDS = 7, 1
NIGHTS = 10
SORTS = ("new", "price-inc", "price-des")
missed: list[str] = []


def main() -> None:
    sizes = [10_000, 100_000] if os.environ.get("FULL") else [10_000]
    print(f"granian, 2 processes of 8 threads; SQLite; {ROUNDS} rounds of {SECONDS} s each, medians; 16 connections")
    pages = {}
    with tempfile.TemporaryDirectory(prefix="ihome-bench-") as folder:
        for houses in sizes:
            instance = Path(folder, str(houses))
            instance.mkdir()
            ihome(instance, "db", "upgrade")
            ihome(instance, "data", "generate", "--houses", str(houses), "--nights", str(NIGHTS))
            print(f"\n{houses:,} houses with {NIGHTS} nights each")
            compare_searches(instance, speedup=20 if houses == 10_000 else 100)
            if houses == 10_000:
                compare_with_hello(instance)
                place_orders(instance)
            pages[houses] = page_times(instance)
        if len(sizes) == 2:
            print()
            for kind in ("quiet", "hot"):
                growth = pages[100_000][kind] / pages[10_000][kind]
                report(f"page 1, {kind} dates: 100,000 houses against 10,000", growth, "x", at_most=4)
        measure_memory(Path(folder, "memory"))
    if missed:
        print("\nMissed: " + "; ".join(missed))
        sys.exit(1)


def report(what: str, value: float, unit: str, *, at_least: float | None = None, at_most: float | None = None) -> None:
    """Print a figure beside its target."""
    is_met = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    target = f"≥ {at_least:g}" if at_least is not None else f"≤ {at_most:g}"
    print(f"  {what:<66}{value:9.1f} {unit}   target {target} {unit}{'' if is_met else '   MISSED'}")
    if not is_met:
        missed.append(what)


# --- requests -------------------------------------------------------------------------------------------------------


def today() -> date:
    """In the default zone of a site."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def quiet_search(_connection: int) -> bytes:
    """Three nights somewhere in the two hundred days after the hot week."""
    return _search(today() + timedelta(days=HOT_WEEK_STARTS + 10 + random.randrange(120)))


def hot_search(_connection: int) -> bytes:
    """Three nights in the week when most houses are taken."""
    return _search(today() + timedelta(days=HOT_WEEK_STARTS + random.randrange(4)))


def _search(first: date) -> bytes:
    last = first + timedelta(days=2)
    area, sort = random.randint(1, 9), random.choice(SORTS)
    return load.get(f"/api/v1.0/houses?area_id={area}&start_date={first}&end_date={last}&sort_key={sort}")


def rates(targets: dict[str, tuple[int, load.Request]], *, seconds: float = SECONDS) -> dict[str, float]:
    """Requests a second of each target; rounds are interleaved, so that a slow moment hits all."""
    seen: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, (port, request) in targets.items():
            outcome = load.burst(port, request, seconds=seconds)
            if outcome.errors:
                raise RuntimeError(f"{name}: {outcome.errors} of {outcome.requests} answers were not 200")
            seen[name].append(outcome.rate)
    return {name: statistics.median(found) for name, found in seen.items()}


# --- measurements ---------------------------------------------------------------------------------------------------


def compare_searches(instance: Path, *, speedup: float) -> None:
    with ExitStack() as stack:
        ours = stack.enter_context(serving("ihome.web:create_app", instance))
        naive = stack.enter_context(serving("bench.naive:create_app", instance))
        found = rates(
            {
                "ours, quiet": (ours, quiet_search), "naive, quiet": (naive, quiet_search),
                "ours, hot": (ours, hot_search), "naive, hot": (naive, hot_search),
            }
        )  # fmt: skip
    for kind in ("quiet", "hot"):
        ratio = found[f"ours, {kind}"] / found[f"naive, {kind}"]
        report(f"dated search, {kind} dates, against the naive program", ratio, "x", at_least=speedup)


def compare_with_hello(instance: Path) -> None:
    with ExitStack() as stack:
        hello = stack.enter_context(serving("bench.hello:create_app", instance))
        ours = stack.enter_context(serving("ihome.web:create_app", instance))
        found = rates(
            {
                "hello": (hello, lambda _: load.get("/")),
                "areas": (ours, lambda _: load.get("/api/v1.0/areas")),
                "index": (ours, lambda _: load.get("/api/v1.0/houses/index")),
                "house": (ours, lambda _: load.get(f"/api/v1.0/houses/{random.randint(1, 100)}")),
                "search": (ours, quiet_search),
                "hot search": (ours, hot_search),
            }
        )
    share = {name: 100 * rate / found["hello"] for name, rate in found.items()}
    report("cached JSON (areas), of bare Flask hello", share["areas"], "%", at_least=35)
    report("cached JSON (home), of bare Flask hello", share["index"], "%", at_least=35)
    report("cached house with its version read, of bare Flask hello", share["house"], "%", at_least=20)
    report("cold search, quiet dates, of bare Flask hello", share["search"], "%", at_least=8)
    report("cold search, hot week, of bare Flask hello", share["hot search"], "%", at_least=8)


GUESTS = 32


def place_orders(instance: Path) -> None:
    """Thirty-two guests order random nights of a few houses; then every order is held against the nights."""
    cookies = _sign_in_guests(instance)
    before = _count_orders(instance)

    def order(connection: int) -> bytes:
        first = today() + timedelta(days=300 + random.randrange(200))
        body = {
            "house_id": random.randint(1, 5000),
            "start_date": str(first),
            "end_date": str(first + timedelta(days=2)),
        }
        return load.post("/api/v1.0/orders", orjson.dumps(body), cookies[connection])

    with ExitStack() as stack:
        hello = stack.enter_context(serving("bench.hello:create_app", instance))
        ours = stack.enter_context(serving("ihome.web:create_app", instance))
        hello_rate: list[float] = []
        order_rate: list[float] = []
        placed: set[int] = set()
        for _ in range(ROUNDS):
            hello_rate.append(load.burst(hello, lambda _: load.get("/"), seconds=SECONDS).rate)
            outcome = load.burst(ours, order, seconds=SECONDS, connections=GUESTS, keep=True)
            answers = [orjson.loads(body) for body in outcome.bodies]
            errnos = {answer["errno"] for answer in answers}
            if outcome.errors or errnos - {"0", "4004"}:
                raise RuntimeError(f"orders: {outcome.errors} errors, answers {errnos}")
            # By id: a guest who happens to ask for the same stay again gets the same order back.
            placed |= {answer["data"]["order_id"] for answer in answers if answer["errno"] == "0"}
            order_rate.append(outcome.rate)
    share = 100 * statistics.median(order_rate) / statistics.median(hello_rate)
    report(f"orders ({len(placed):,} placed), of bare Flask hello", share, "%", at_least=6)
    stored = _count_orders(instance) - before
    report("orders answered 0 but not stored, or stored twice", abs(len(placed) - stored), "orders", at_most=0)
    report("nights sold to two orders", _overlaps(instance), "nights", at_most=0)


def _sign_in_guests(instance: Path) -> list[str]:
    """Header lines of signed-in browsers, one for each connection."""
    from ihome import setup
    from ihome.accounts import actions
    from ihome.config import load as load_config
    from ihome.kit import db
    from ihome.kit.browser import token_for

    setup.start(load_config({"IHOME_INSTANCE": str(instance), "IHOME_LOG_LEVEL": "error"}))

    def make() -> list[str]:
        lines = []
        for number in range(GUESTS):
            guest = actions.register(f"bench{number}@example.com", "-", "zh")
            token = actions.open_session(guest.id, None)
            browser = f"bench-browser-{number}"
            cookies = f"session={token}; browser_id={browser}; csrf_token={token_for(browser)}"
            lines.append(f"Cookie: {cookies}\r\nX-CSRFToken: {token_for(browser)}\r\n")
        return lines

    lines = db.in_transaction(make)
    db.disconnect()
    return lines


def _ask(instance: Path, sql: str) -> int:
    with sqlite3.connect(instance / "ihome.db") as connection:
        return int(connection.execute(sql).fetchone()[0])


def _count_orders(instance: Path) -> int:
    return _ask(instance, "SELECT count(*) FROM ih_order_info")


def _overlaps(instance: Path) -> int:
    """Pairs of holding orders of one house that share a night: recomputed from the orders, not from the guard."""
    return _ask(
        instance,
        """SELECT count(*) FROM ih_order_info a JOIN ih_order_info b ON b.house_id = a.house_id AND b.id > a.id
           AND b.begin_date <= a.end_date AND b.end_date >= a.begin_date
           WHERE a.status NOT IN ('CANCELED', 'REJECTED') AND b.status NOT IN ('CANCELED', 'REJECTED')""",
    )


def page_times(instance: Path) -> dict[str, float]:
    """Median seconds of a first page in this process, without HTTP: what grows with the data, if anything does."""
    from ihome import setup
    from ihome.calendar.rules import Stay
    from ihome.config import load as load_config
    from ihome.kit import db
    from ihome.storefront.search import Wanted, search

    setup.start(load_config({"IHOME_INSTANCE": str(instance), "IHOME_LOG_LEVEL": "error"}))
    found = {}
    for kind, start, span in (("quiet", HOT_WEEK_STARTS + 10, 120), ("hot", HOT_WEEK_STARTS, 4)):
        times = []
        for number in range(300):
            first = today() + timedelta(days=start + random.randrange(span))
            stay = Stay(first, first + timedelta(days=3))
            wanted = Wanted(stay=stay, area_id=random.randint(1, 9), sort=SORTS[number % 3])
            begun = time.perf_counter()
            with db.reading(replica=True):
                search(wanted, today=today())
            times.append(time.perf_counter() - begun)
        found[kind] = statistics.median(times)
    db.disconnect()
    return found


def measure_memory(instance: Path) -> None:
    """The whole embedded site with the demo city: supervisor, server, two web processes, worker."""
    instance.mkdir()
    ihome(instance, "db", "upgrade")
    ihome(instance, "demo", "load")
    port = free_port()
    command = [sys.executable, "-m", "ihome.cli", "serve", "--port", str(port)]
    print("\nthe demo city")
    with started(command, environment(instance, IHOME_DEMO="1"), port) as process:
        load.burst(port, lambda _: load.get(f"/api/v1.0/houses/{random.randint(1, 80)}"), seconds=SECONDS)
        load.burst(port, lambda _: load.get("/"), seconds=SECONDS)
        time.sleep(1)
        report("memory of the whole embedded site", tree_memory(process.pid), "MB", at_most=300)


if __name__ == "__main__":
    main()
