"""`ihome serve`: which processes make the site."""

import json
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import click

from ihome.config import config
from ihome.kit import metrics

# Of glibc, in bytes (mallopt(3)). Left to itself it comes to keep freed blocks of up to 32 MB, in each thread: a web
# process through which six huge pictures went held 1 GB.
MMAP_THRESHOLD = {"MALLOC_MMAP_THRESHOLD_": str(4 * 1024 * 1024)}


def check_port(host: str, port: int) -> None:
    """Raises UsageError with the way out where somebody else listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"port {port} is taken ({error.strerror}). Use another one: make run PORT={port + 1}"
            ) from None


def listen(host: str, port: int, number: int) -> list[socket.socket]:
    """A socket for each of this many web processes, over which Linux spreads connections evenly; else one for all.

    Raises ClickException where somebody else listens there.
    """
    check_port(host, port)
    if sys.platform != "linux":
        return [_bound(host, port)] * number
    return [_bound(host, port) for _ in range(number)]


def _bound(host: str, port: int) -> socket.socket:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, kind)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # Connections inherit it.
    made.bind(address)
    made.listen(1024)
    made.set_inheritable(True)
    made.setblocking(False)
    return made


def web_command(application: str = "ihome.web:create_app") -> list[str]:
    """The web server; the numbers of its sockets follow."""
    return [sys.executable, "-m", "ihome.webserver", application]


def _metrics_folder(port: int) -> Path:
    """An empty folder for what the processes of this site count; elsewhere where the instance cannot be written."""
    folder = config().instance.resolve() / "metrics" / str(port)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="ihome-metrics-"))
    return folder


def serve(host: str, port: int, workers: int, with_worker: bool) -> NoReturn:
    """Become the supervisor of the site at host:port, with worker and scheduler unless a broker has its own."""
    sockets = listen(host, port, workers)
    if "base_url" not in config().model_fields_set:
        # It is this one: links in mails and the gateway's answers must come back here.
        os.environ["IHOME_BASE_URL"] = f"http://{host}:{port}"
    os.environ["IHOME_ENV"] = config().env  # Of all settings, what the supervisor needs: the form of its log.
    os.environ.update(MMAP_THRESHOLD | os.environ)
    os.environ[metrics.FOLDER] = str(_metrics_folder(port))
    commands = {"web": web_command()}
    if with_worker and not config().broker_url:
        commands["worker"] = [sys.executable, "-m", "ihome.cli", "worker"]
    sys.stdout.flush()
    become = [sys.executable, "-m", "ihome.supervisor", json.dumps(commands), *(str(one.fileno()) for one in sockets)]
    os.execv(sys.executable, become)  # noqa: S606 - our own
