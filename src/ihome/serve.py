"""`ihome serve`: web server and worker as children of one process that looks after them."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType

import click
import structlog

from ihome.config import config

log = structlog.get_logger()

GRACE = 12  # Seconds for a child to finish what is under way.


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
                if deaths > 5:
                    log.error("serve.gave_up", child=name, code=child.returncode)
                    _stop(children)
                    return 1
                log.warning("serve.restart", child=name, code=child.returncode)
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
            log.warning("serve.killed", pid=child.pid)
        _signal_group(child, signal.SIGKILL)
        child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def serve(host: str, port: int, workers: int, with_worker: bool) -> int:
    """The site at host:port, with worker and scheduler unless a broker has its own."""
    check_port(host, port)
    # Where no public address is set, it is this one: links in mails and the gateway's answers must come back here.
    os.environ.setdefault("IHOME_BASE_URL", f"http://{host}:{port}")
    commands = {"web": web_command(host, port, workers)}
    if with_worker and not config().broker_url:
        commands["worker"] = [sys.executable, "-m", "ihome.cli", "worker"]
    return run(commands)
