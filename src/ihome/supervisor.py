"""The process that web server and worker are children of: it restarts one that dies, renews them and ends all in order.

`python -m ihome.supervisor '{"name": ["command", "word"]}' FD…`. It imports nothing of the site, because what it
imports stays in memory for as long as the site runs: 10 MB instead of 70. It holds the sockets that `web` serves on,
so nobody who waits in their queues is lost with a process.

HUP renews: the commands are started once more, and when all processes of the new `web` say that they are ready the old
ones leave. Where it does not come up, the old ones stay. To `web` USR1 means that others take its place, USR2 that the
site ends.
"""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import FrameType

GRACE = 12  # Seconds for a child to finish what is under way.
DRAIN = 5  # Seconds for a front server to let go of an old web server's connections: more than its keepalive_timeout.
PATIENCE = 60  # Seconds for a new web server to come up.
MOST_DEATHS = 5  # Of one child within WINDOW seconds; one more, and the site is given up.
WINDOW = 60.0
PR_SET_PDEATHSIG = 1

Child = subprocess.Popen[bytes]
Children = dict[str, Child]


class Leaver:
    """A child of before a renewal; `told` to end, or still answering."""

    def __init__(self, child: Child, *, told: bool) -> None:
        self.child, self.told = child, told
        self.since = time.monotonic()


class Supervisor:
    def __init__(self, commands: dict[str, list[str]], sockets: Sequence[int] = ()) -> None:
        self.commands, self.sockets = commands, sockets
        self.children: Children = {}
        self.coming: Children = {}  # Of a renewal, until all of them are there.
        self.leaving: list[Leaver] = []
        self.deaths: dict[str, list[float]] = {name: [] for name in commands}
        self.since, self.heard = 0.0, b""  # Of it: since when, and what its web server has said.
        self.is_stopping = self.is_renewing = False

    def run(self) -> int:
        """Run the commands until a signal comes. The exit code is 0 after a signal, 1 where a child cannot live."""
        self._listen_to_signals()
        self.children = self._start_all()
        while not self.is_stopping:
            time.sleep(0.2)
            if self.is_renewing:
                self._begin_renewal()
            if self.coming:
                self._go_on_with_renewal()
            self._see_off()
            for name, child in self.children.items():
                if child.poll() is not None and not self.is_stopping and not self._revive(name, child):
                    self._stop()
                    return 1
        self._stop()
        return 0

    def _listen_to_signals(self) -> None:
        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.is_stopping = True

        def renew(_signal: int, _frame: FrameType | None) -> None:
            self.is_renewing = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        # In a terminal HUP means that its window was closed.
        signal.signal(signal.SIGHUP, stop if os.isatty(0) else renew)

    def _start_all(self) -> Children:
        return {name: self._start(name) for name in self.commands}

    def _start(self, name: str) -> Child:
        """A group of its own: Ctrl-C reaches this process alone, which then ends the others in order."""
        is_web = name == "web"
        return subprocess.Popen(  # noqa: S603 - our own commands
            self.commands[name] + [str(fd) for fd in self.sockets if is_web],
            pass_fds=self.sockets if is_web else (),
            stdout=subprocess.PIPE if is_web else None,  # On which it says that it is ready.
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()),
        )

    # --- one that dies --------------------------------------------------------------------------------------------

    def _revive(self, name: str, child: Child) -> bool:
        """Start this child again; False where it has died too often."""
        now = time.monotonic()
        self.deaths[name] = [then for then in self.deaths[name] if now - then < WINDOW] + [now]
        if len(self.deaths[name]) > MOST_DEATHS:
            _log("serve.gave_up", child=name, code=child.returncode)
            return False
        _log("serve.restart", child=name, code=child.returncode)
        _bury(child)
        time.sleep(min(len(self.deaths[name]), 5))
        self.children[name] = self._start(name)
        return True

    # --- renewal --------------------------------------------------------------------------------------------------

    def _begin_renewal(self) -> None:
        self.is_renewing = False
        _end(self.coming.values())  # Of a renewal that was overtaken: what they loaded may be old already.
        self.coming, self.since, self.heard = self._start_all(), time.monotonic(), b""

    def _go_on_with_renewal(self) -> None:
        self._listen()
        # One that is broken lives on for a while: granian tries it again.
        dead = [
            name
            for name, child in self.coming.items()
            if child.poll() is not None or (name == "web" and b"broken" in self.heard)
        ]
        if dead or time.monotonic() - self.since > PATIENCE:
            _log("serve.not_renewed", children=dead, reason="died" if dead else "not ready in time")
            _end(self.coming.values())
            self.coming = {}
        elif self._is_ready():
            self._let_go(self.children)
            self.children, self.coming = self.coming, {}
            _log("serve.renewed")

    def _listen(self) -> None:
        web = self.coming.get("web")
        if web and web.stdout and select.select([web.stdout], [], [], 0)[0]:
            self.heard += os.read(web.stdout.fileno(), 4096)

    def _is_ready(self) -> bool:
        return "web" not in self.coming or self.heard.count(b"ready") >= max(1, len(self.sockets))

    def _let_go(self, children: Children) -> None:
        """A web server answers for DRAIN seconds more, but keeps no connection; a worker finishes what it has begun."""
        for name, child in children.items():
            is_web = name == "web"
            _signal_group(child, signal.SIGUSR1 if is_web else signal.SIGTERM)
            self.leaving.append(Leaver(child, told=not is_web))

    def _see_off(self) -> None:
        for leaver in [*self.leaving]:
            passed = time.monotonic() - leaver.since
            if leaver.child.poll() is not None or passed > DRAIN + GRACE:
                _bury(leaver.child)
                self.leaving.remove(leaver)
            elif passed > DRAIN and not leaver.told:
                _signal_group(leaver.child, signal.SIGTERM)
                leaver.told = True

    def _stop(self) -> None:
        for children in (self.children, self.coming):
            if "web" in children:
                _signal_group(children["web"], signal.SIGUSR2)
        # Of two signals at once a thread that handles none may take both, and Python's main thread sleeps on.
        time.sleep(0.1)
        _end([*self.children.values(), *self.coming.values(), *(leaver.child for leaver in self.leaving)])


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


def _end(children: Iterable[Child]) -> None:
    """TERM to each group, and KILL to what is left of it after GRACE seconds."""
    ending = list(children)
    for child in ending:
        _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for child in ending:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _log("serve.killed", pid=child.pid)
        _bury(child)


def _bury(child: Child) -> None:
    """Kill what is left of its group. A web server that was killed leaves processes on the port."""
    _signal_group(child, signal.SIGKILL)
    child.wait()
    if child.stdout:
        child.stdout.close()


def _signal_group(child: Child, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):  # The latter on macOS, for a group of zombies.
        os.killpg(child.pid, number)


def _log(event: str, **facts: object) -> None:
    """In the form of the others' logs, which are set up only when there is something to say."""
    import structlog

    from ihome.kit.log import set_up

    set_up("info", as_json=os.environ.get("IHOME_ENV") == "production")
    structlog.get_logger().warning(event, **facts)


if __name__ == "__main__":
    sys.exit(Supervisor(json.loads(sys.argv[1]), [int(fd) for fd in sys.argv[2:]]).run())
