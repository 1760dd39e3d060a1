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


def web_command(host: str, port: int, workers: int) -> list[str]:
    # --workers-kill-timeout: without it a TERM during start-up hangs granian for ever.
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "ihome.web:create_app",
        "--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", "8",
        "--backlog", "1024", "--backpressure", "64", "--no-ws", "--workers-kill-timeout", "10",
        "--respawn-failed-workers", "--log-level", "error",
    ]  # fmt: skip


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
    check_port(host, port)
    # Where no public address is set, it is this one: links in mails and the gateway's answers must come back here.
    os.environ.setdefault("IHOME_BASE_URL", f"http://{host}:{port}")
    os.environ[metrics.FOLDER] = str(_metrics_folder(port))
    commands = {"web": web_command(host, port, workers)}
    if with_worker and not config().broker_url:
        commands["worker"] = [sys.executable, "-m", "ihome.cli", "worker"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "ihome.supervisor", json.dumps(commands)])  # noqa: S606 - our own
