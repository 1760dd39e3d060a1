"""The servers that are measured, each by the web server of `ihome serve`, on free ports of loopback."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.site_process import ROOT, children_of, free_port, stop_group

from ihome.serve import listen, web_command


def environment(instance: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("IHOME_")}
    return kept | {"IHOME_INSTANCE": str(instance), "PYTHONPATH": str(ROOT)} | more


def ihome(instance: Path, *words: str) -> None:
    """Run `ihome …`, its output shown. Raises CalledProcessError."""
    subprocess.run([sys.executable, "-m", "ihome.cli", *words], env=environment(instance), check=True)


@contextmanager
def serving(application: str, instance: Path) -> Iterator[int]:
    """The port of this application factory, until the block ends."""
    port = free_port()
    with ExitStack() as stack:
        sockets = [stack.enter_context(one).fileno() for one in listen("127.0.0.1", port, 2)]
        command = web_command(application) + [str(fd) for fd in sockets]
        env = environment(instance, IHOME_BASE_URL=f"http://127.0.0.1:{port}")
        stack.enter_context(started(command, env, port, sockets))
        yield port


@contextmanager
def started(
    command: list[str], env: dict[str, str], port: int, sockets: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    with Path(env["IHOME_INSTANCE"], "bench.log").open("ab") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True, pass_fds=sockets)
    try:
        _wait_for(port, process)
        yield process
    finally:
        stop_group(process)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(1)  # The second web process.
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not start; see bench.log in its instance folder")


def tree_memory(pid: int) -> float:
    """Megabytes of a process and its descendants; pages that they share are counted once (PSS). Linux only."""
    total = 0
    for process in [pid, *_descendants(pid)]:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def _descendants(pid: int) -> list[int]:
    children = sorted(children_of(pid))
    return children + [below for child in children for below in _descendants(child)]
