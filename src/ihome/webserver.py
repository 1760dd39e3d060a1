"""The web server: granian on sockets that somebody else holds. `python -m ihome.webserver APPLICATION FD…`.

The supervisor keeps them, one for each process, so who waits in their queues is served by whichever process comes next.
granian's own go with the process that made them, and so do those who wait.
"""

import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

BACKLOG = 1024
THREADS = 8
# Take no more connections, answer on those that are there, and close each after its answer.
LEAVE = signal.SIGUSR1
CLOSE = signal.SIGUSR2  # The same, and nobody else will take them.

Application = Callable[..., Any]


class Server(MPServer):
    def __init__(self, sockets: list[socket.socket], **options: Any) -> None:
        super().__init__(workers=len(sockets), **options)
        self._sockets = sockets

    def _init_shared_socket(self) -> None:
        """There is none: each process has its own."""

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> WorkerProcess:  # type: ignore[override]
        self._ssp, self._sso = None, self._sockets[idx]
        self._shd = SocketHolder(self._sso.fileno(), False, BACKLOG)  # type: ignore[call-arg, assignment]
        own = partial(load, self._sso.fileno(), os.fstat(self._sso.fileno()).st_ino)
        return super()._spawn_worker(idx, target, partial(own, self.target))


def serve(application: str, sockets: list[socket.socket]) -> None:
    """Serve until TERM. Each process says on stdout that it is "ready", or that the application is "broken"."""
    for for_workers in (LEAVE, CLOSE):
        signal.signal(for_workers, signal.SIG_IGN)
    sys.stdout = sys.stderr  # Where granian logs to.
    Server(
        sockets, target=application, interface=Interfaces.WSGI, blocking_threads=THREADS, backpressure=64,
        # Where it also waits for HTTP/2, it drops a connection that has not said anything yet when it ends.
        http=HTTPModes.http1, websockets=False, log_level=LogLevels.error, respawn_failed_workers=True,
        workers_kill_timeout=10,  # Without it a TERM during start-up hangs granian for ever.
    ).serve()  # fmt: skip


def load(number: int, inode: int, application: str) -> Application:
    """In a process that serves this socket: the application, which on LEAVE lets go of its connections one by one."""
    from ihome.config import ConfigError  # Here, because the process that starts the others keeps what it imports.

    is_leaving = False

    def leave(told: int, _frame: object) -> None:
        nonlocal is_leaving
        is_leaving = True
        with suppress(OSError):
            if os.fstat(number).st_ino == inode:
                _stop_listening(number, for_good=told == CLOSE)

    # Before it loads, which takes a second. What it has of granian ignores TERM until it serves, and the site would
    # wait for it, and with it those who are served by the others, until granian kills them all.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(LEAVE, leave)
    signal.signal(CLOSE, leave)
    module, _, factory = application.partition(":")
    try:
        app: Application = getattr(import_module(module), factory)()
    except BaseException as error:
        os.write(1, b"broken\n")
        if isinstance(error, ConfigError):  # Of a renewal: what a start refuses, the command line has refused before.
            sys.exit(f"ihome: {error}")
        raise

    def answer(environ: dict[str, Any], start: Application) -> Iterable[bytes]:
        if not is_leaving:
            return app(environ, start)  # type: ignore[no-any-return]
        return app(  # type: ignore[no-any-return]
            environ, lambda status, headers, *error: start(status, [*headers, ("Connection", "close")], *error)
        )

    os.write(1, b"ready\n")
    os.dup2(2, 1)  # Nobody reads on.
    return answer


def _stop_listening(number: int, *, for_good: bool) -> None:
    """Put a socket that nobody knows in the place of this one, which the next processes serve on.

    granian takes new connections until the moment it ends, and the last ones would be lost.
    """
    deaf = socket.create_server(("127.0.0.1", 0))
    deaf.setblocking(False)
    with socket.socket(fileno=os.dup(number)) as one:
        _forget(number)
        if for_good:
            # Refused, a balancer asks the next node at once; in the queue of a socket that nobody serves it waits, and
            # is lost.
            with suppress(OSError):  # On macOS.
                one.shutdown(socket.SHUT_RD)
        os.dup2(deaf.fileno(), number)


def _forget(number: int) -> None:
    """Have granian's event loop watch this socket no more: at one that is shut it would look for ever."""
    if not hasattr(select, "epoll"):
        return
    loops = [one for one in Path("/proc/self/fd").iterdir() if _target(one) == "anon_inode:[eventpoll]"]
    for loop in loops:
        with select.epoll.fromfd(os.dup(int(loop.name))) as watching, suppress(OSError):  # It watches others.
            watching.unregister(number)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


if __name__ == "__main__":
    serve(sys.argv[1], [socket.socket(fileno=int(number)) for number in sys.argv[2:]])
