"""The web server: granian on sockets that somebody else holds. `python -m ihome.webserver APPLICATION FD…`.

The supervisor keeps them, one for each process, so who waits in their queues is served by whichever process comes next.
granian's own go with the process that made them, and so do those who wait.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

BACKLOG = 1024
THREADS = 8
LEAVE = signal.SIGUSR1  # Take no more connections, answer on those that are there, and close each after its answer.

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
        return super()._spawn_worker(idx, target, callback_loader)


def serve(application: str, sockets: list[socket.socket]) -> None:
    """Serve until TERM. Each process says "ready" on stdout when it has loaded the application."""
    signal.signal(LEAVE, signal.SIG_IGN)  # It is for the processes that this one starts.
    sys.stdout = sys.stderr  # Where granian logs to.
    numbers = {one.fileno(): os.fstat(one.fileno()).st_ino for one in sockets}
    Server(
        sockets, target=application, interface=Interfaces.WSGI, blocking_threads=THREADS, backpressure=64,
        # Where it also waits for HTTP/2, it drops a connection that has not said anything yet when it ends.
        http=HTTPModes.http1, websockets=False, log_level=LogLevels.error, respawn_failed_workers=True,
        workers_kill_timeout=10,  # Without it a TERM during start-up hangs granian for ever.
    ).serve(target_loader=partial(load, numbers))  # fmt: skip


def load(sockets: dict[int, int], application: str) -> Application:
    """In a process that serves: the application, which on LEAVE lets go of its connections one by one."""
    from ihome.config import ConfigError  # Here, because the process that starts the others keeps what it imports.

    module, _, factory = application.partition(":")
    try:
        app: Application = getattr(import_module(module), factory)()
    except ConfigError as error:  # Of a renewal: what a start refuses, the command line has refused before.
        sys.exit(f"ihome: {error}")
    is_leaving = False

    def leave(_signal: int, _frame: object) -> None:
        nonlocal is_leaving
        is_leaving = True
        _stop_listening(sockets)

    def answer(environ: dict[str, Any], start: Application) -> Iterable[bytes]:
        if not is_leaving:
            return app(environ, start)  # type: ignore[no-any-return]
        return app(  # type: ignore[no-any-return]
            environ, lambda status, headers, *error: start(status, [*headers, ("Connection", "close")], *error)
        )

    signal.signal(LEAVE, leave)
    os.write(1, b"ready\n")
    os.dup2(2, 1)  # Nobody reads on.
    return answer


def _stop_listening(sockets: dict[int, int]) -> None:
    """Put a socket that nobody knows in the place of each of these, which the next processes serve on.

    granian takes new connections until the moment it ends, and the last ones would be lost.
    """
    deaf = socket.create_server(("127.0.0.1", 0))
    deaf.setblocking(False)
    for number, inode in sockets.items():
        with suppress(OSError):
            if os.fstat(number).st_ino == inode:
                os.dup2(deaf.fileno(), number)


if __name__ == "__main__":
    serve(sys.argv[1], [socket.socket(fileno=int(number)) for number in sys.argv[2:]])
