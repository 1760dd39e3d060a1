"""The process that web server and worker are children of: it restarts one that dies and ends all in order.

`python -m ihome.supervisor '{"name": ["command", "word"]}'`. It imports nothing of the site, because what it imports
stays in memory for as long as the site runs: 10 MB instead of 70.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

GRACE = 12  # Seconds for a child to finish what is under way.
MOST_DEATHS = 5


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
    deaths = 0
    while not stopping:
        time.sleep(0.2)
        for name, child in children.items():
            if child.poll() is not None and not stopping:
                deaths += 1
                if deaths > MOST_DEATHS:
                    _log("serve.gave_up", child=name, code=child.returncode)
                    _stop(children)
                    return 1
                _log("serve.restart", child=name, code=child.returncode)
                time.sleep(min(deaths, 5))
                children[name] = _start(commands[name])
    _stop(children)
    return 0


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, start_new_session=True, env=os.environ)  # noqa: S603 - our own commands


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
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def _log(event: str, **facts: object) -> None:
    """In the form of the others' logs, which are set up only when there is something to say."""
    import structlog

    from ihome.kit.log import set_up

    set_up("info", as_json=os.environ.get("IHOME_ENV") == "production")
    structlog.get_logger().warning(event, **facts)


if __name__ == "__main__":
    sys.exit(run(json.loads(sys.argv[1])))
