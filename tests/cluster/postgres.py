"""PostgreSQL and a streaming replica of it on loopback, for tests: free ports, a folder of its own."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from sqlalchemy import text

from tests.conftest import missing, server_engine
from tests.site_process import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
SETTINGS = "listen_addresses='127.0.0.1'\nfsync=off\nmax_wal_senders=4\n"


def require_postgresql() -> None:
    if not PROGRAMS:
        missing("postgresql")


class Server:
    """One PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Harmless where it runs."""
        if self.runs():
            return
        run("pg_ctl", "start", "-w", "-t", "60", "-D", self.folder, "-l", f"{self.folder}.log",
            "-o", f"-p {self.port} -k {self.folder}")  # fmt: skip
        assert self.ask("SHOW data_directory") == str(self.folder)  # And not a stranger on its port.

    def kill(self) -> None:
        """At once, with whatever is under way; harmless where it does not run."""
        if self.runs():
            run("pg_ctl", "stop", "-m", "immediate", "-w", "-D", self.folder)

    def runs(self) -> bool:
        return (self.folder / "postmaster.pid").exists()

    def promote(self) -> None:
        """Make a replica the primary."""
        run("pg_ctl", "promote", "-w", "-D", self.folder)

    def ask(self, statement: str) -> object:
        with (
            server_engine(f"{self.url}postgres").execution_options(isolation_level="AUTOCOMMIT").connect() as connection
        ):
            found = connection.execute(text(statement))
            return found.scalar() if found.returns_rows else None

    def wait_until(self, statement: str) -> None:
        deadline = time.monotonic() + 30
        while not self.ask(statement):
            assert time.monotonic() < deadline
            time.sleep(0.02)


class Pair:
    """A primary and a replica that follows it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ihome-postgresql-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.primary, self.replica = Server(self.folder / "primary"), Server(self.folder / "replica")

    def start(self) -> None:
        run("initdb", "-D", self.primary.folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        with (self.primary.folder / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        self.primary.start()
        self.primary.ask("CREATE DATABASE ihome")
        run("pg_basebackup", "-D", self.replica.folder, "-R", "-C", "-S", "replica", "-c", "fast", "-U", "postgres",
            "-h", "127.0.0.1", "-p", str(self.primary.port))  # fmt: skip
        self.replica.start()

    def catch_up(self) -> None:
        """Until the replica has all that the primary has now."""
        position = self.primary.ask("SELECT pg_current_wal_lsn()")
        self.replica.wait_until(f"SELECT pg_last_wal_replay_lsn() >= '{position}'")

    def end(self) -> None:
        for server in (self.replica, self.primary):
            server.kill()
        shutil.rmtree(self.folder)


def run(program: str, *words: object) -> None:
    """As the user postgres: its programs refuse root."""
    command = [str(PROGRAMS[-1] / program), *map(str, words)]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", timeout=90)
