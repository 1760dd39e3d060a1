"""A MariaDB and a PostgreSQL of the tests' own: on a free port, in a folder of their own, killed and started again."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from tests.conftest import missing
from tests.site_process import free_port

PATIENCE = 60  # Seconds for a server to answer; less than one on a quiet machine.


class DatabaseServer:
    """Its files survive kill(); `start()` brings it back with what was committed."""

    user: str
    driver: str
    options: tuple[str, ...] = ()  # More of its command line, from the next start on.

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ihome-faults-"))
        self.folder.chmod(0o755)  # It runs as a user of its own.
        self.address = ("127.0.0.1", free_port())
        (self.folder / "data").mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)
            shutil.chown(self.folder / "data", self.user)
        self.initialize()
        self.start()
        self.run("CREATE DATABASE ihome")

    def url(self, port: int = 0, database: str = "ihome") -> str:
        raise NotImplementedError

    def initialize(self) -> None:
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.as_user(self.command()), stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()[-3000:]
            assert time.monotonic() < deadline, (self.folder / "log").read_text()[-3000:]
            time.sleep(0.1)

    def kill(self) -> None:
        """As if the plug were pulled."""
        os.kill(int((self.folder / "data" / self.pid_file).read_text().split()[0]), 9)
        self.process.wait(30)

    def end(self) -> None:
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder)

    def answers(self) -> bool:
        try:
            self.run("SELECT 1")
        except DBAPIError:
            return False
        return True

    def run(self, statement: str) -> None:
        address = make_url(self.url(database=self.admin_database)).set(drivername=self.driver)
        engine = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))

    def as_user(self, command: list[str]) -> list[str]:
        """Neither server runs as root."""
        return ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", *command] if (
            os.geteuid() == 0
        ) else command  # fmt: skip

    pid_file: str
    admin_database: str


class MariaDB(DatabaseServer):
    user, driver, pid_file, admin_database = "mysql", "mysql+pymysql", "pid", "mysql"

    def url(self, port: int = 0, database: str = "ihome") -> str:
        return f"mysql://root@127.0.0.1:{port or self.address[1]}/{database}"

    def initialize(self) -> None:
        made = ["mariadb-install-db", "--no-defaults", f"--datadir={self.folder}/data", "--skip-test-db"]
        subprocess.run(
            self.as_user([*made, "--auth-root-authentication-method=normal"]), check=True, capture_output=True
        )

    def command(self) -> list[str]:
        return [
            "mariadbd", "--no-defaults", f"--datadir={self.folder}/data", f"--socket={self.folder}/socket",
            f"--pid-file={self.folder}/data/pid", "--bind-address=127.0.0.1", f"--port={self.address[1]}",
            "--skip-name-resolve", "--character-set-server=utf8mb4", "--innodb-buffer-pool-size=64M",
            "--innodb-flush-log-at-trx-commit=2", "--performance-schema=off", *self.options,
        ]  # fmt: skip


class PostgreSQL(DatabaseServer):
    user, driver, pid_file, admin_database = "postgres", "postgresql+psycopg", "postmaster.pid", "postgres"

    def url(self, port: int = 0, database: str = "ihome") -> str:
        return f"postgresql://postgres@127.0.0.1:{port or self.address[1]}/{database}"

    def initialize(self) -> None:
        made = [program("initdb"), "-D", f"{self.folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]
        subprocess.run(self.as_user([*made, "--locale=C.UTF-8"]), check=True, capture_output=True)

    def command(self) -> list[str]:
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        set_to = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [program("postgres"), "-D", f"{self.folder}/data", "-p", str(self.address[1]), *set_to, *self.options]


SERVERS = {"mariadb": MariaDB, "postgresql": PostgreSQL}
PROGRAMS = {"mariadb": "mariadbd", "postgresql": "postgres"}


def program(name: str) -> str:
    """Where Debian keeps PostgreSQL's, it is in no PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or ""


def make_server(kind: str) -> DatabaseServer:
    if not program(PROGRAMS[kind]):
        missing(kind)
    return SERVERS[kind]()
