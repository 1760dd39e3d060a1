"""The process that web server and worker are children of: it restarts one that dies and ends all in order.

`python -m ihome.supervisor '{"name": ["command", "word"]}'`. It imports nothing of the site, because what it imports
stays in memory for as long as the site runs: 10 MB instead of 70.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

GRACE = 12  # Seconds for a child to finish what is under way.
MOST_DEATHS = 5  # Of one child within WINDOW seconds; one more, and the site is given up.
WINDOW = 60.0
PR_SET_PDEATHSIG = 1


def run(commands: dict[str, list[str]]) -> int:
    """Run the commands until a signal comes; restart one that dies. The exit code is 0 after a signal."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # Groups of their own: Ctrl-C reaches this process alone, which then ends the others in order.
    children = {name: _start(command) for name, command in commands.items()}
    deaths: dict[str, list[float]] = {name: [] for name in commands}
    while not stopping:
        time.sleep(0.2)
        for name, child in children.items():
            if child.poll() is not None and not stopping:
                now = time.monotonic()
                deaths[name] = [then for then in deaths[name] if now - then < WINDOW] + [now]
                if len(deaths[name]) > MOST_DEATHS:
                    _log("serve.gave_up", child=name, code=child.returncode)
                    _stop(children)
                    return 1
                _log("serve.restart", child=name, code=child.returncode)
                _signal_group(child, signal.SIGKILL)  # A web server that was killed leaves processes on the port.
                time.sleep(min(len(deaths[name]), 5))
                children[name] = _start(commands[name])
    _stop(children)
    return 0


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own commands
        command, start_new_session=True, env=os.environ, preexec_fn=_end_with(os.getpid())
    )


def _end_with(parent: int) -> Callable[[], None] | None:
    """For a child to say before it begins: TERM to me when this parent dies, also by kill -9. Linux only."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
        if os.getppid() != parent:  # It died before the kernel was asked.
            os._exit(1)

    return ask


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """TERM to each group, and KILL to what is left of it after GRACE seconds."""
    for child in children.values():
        _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _log("serve.killed", pid=child.pid)
        _signal_group(child, signal.SIGKILL)
        child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # The latter on macOS, for a group of zombies.
        os.killpg(child.pid, number)


def _log(event: str, **facts: object) -> None:
    """In the form of the others' logs, which are set up only when there is something to say."""
    import structlog

    from ihome.kit.log import set_up

    set_up("info", as_json=os.environ.get("IHOME_ENV") == "production")
    structlog.get_logger().warning(event, **facts)


if __name__ == "__main__":
    sys.exit(run(json.loads(sys.argv[1])))
