"""A Galera cluster of three MariaDB nodes on loopback, for tests: free ports, a folder of its own, ended by pid."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.conftest import missing, server_engine
from tests.site_process import free_port

PROVIDER = Path("/usr/lib/galera/libgalera_smm.so")
PATIENCE = 90  # Seconds for a node to be in step; 4 on a quiet machine.


def require_galera() -> None:
    for program in ("mariadbd", "rsync"):
        if not shutil.which(program):
            missing(program)
    if not PROVIDER.exists():
        missing("galera-4")


class Node:
    """One MariaDB of the cluster."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.data = folder, folder / "data"
        self.name = name
        self.port, self.group, self.ist, self.sst = (free_port() for _ in range(4))
        self.process: subprocess.Popen[bytes] | None = None
        self.data.mkdir(parents=True)

    @property
    def url(self) -> str:
        return f"mysql://root@127.0.0.1:{self.port}/"

    def command(self, cluster: "Cluster", *options: str) -> list[str]:
        provider = (
            f"gmcast.listen_addr=tcp://127.0.0.1:{self.group};ist.recv_addr=127.0.0.1:{self.ist};"
            f"ist.recv_bind=127.0.0.1:{self.ist};base_port={self.group};gcache.size=32M"
        )
        return [
            "mariadbd", "--no-defaults", *as_mysql(), f"--datadir={self.data}", f"--socket={self.folder}/socket",
            f"--pid-file={self.folder}/pid", "--bind-address=127.0.0.1", f"--port={self.port}", "--skip-name-resolve",
            "--character-set-server=utf8mb4", "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=2",
            "--performance-schema=off", "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON",
            f"--wsrep-provider={PROVIDER}", f"--wsrep-cluster-name={cluster.name}",
            f"--wsrep-cluster-address={cluster.address}", f"--wsrep-node-name={self.name}",
            f"--wsrep-node-address=127.0.0.1:{self.group}", f"--wsrep-node-incoming-address=127.0.0.1:{self.port}",
            "--wsrep-sst-method=rsync", f"--wsrep-sst-receive-address=127.0.0.1:{self.sst}",
            f"--wsrep-provider-options={provider}", *options,
        ]  # fmt: skip

    def start(self, cluster: "Cluster", *options: str) -> None:
        own(self.folder)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(cluster, *options), stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + PATIENCE
        while not self.is_in_step(cluster.name):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.name} did not start:\n{(self.folder / 'log').read_text()[-4000:]}")
            time.sleep(0.1)

    def is_in_step(self, cluster: str) -> bool:
        """Whether this very node, not a stranger on its port, takes part."""
        try:
            with server_engine(self.url).connect() as connection:
                found = connection.execute(
                    text(
                        "SELECT @@wsrep_cluster_name, VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
                        " WHERE VARIABLE_NAME = 'wsrep_local_state_comment'"
                    )
                ).one()
        except DBAPIError:
            return False
        return tuple(found) == (cluster, "Synced")

    def kill(self) -> None:
        """As if the plug were pulled: the server and whatever it had started."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
            self.process = None


class Cluster:
    """Three nodes, of which any two can go on."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ihome-galera-"))
        self.folder.chmod(0o755)
        self.name = f"ihome-{uuid4().hex[:8]}"
        self.nodes = [Node(self.folder / name, name) for name in ("one", "two", "three")]
        self.address = "gcomm://" + ",".join(f"127.0.0.1:{node.group}" for node in self.nodes)

    def start(self) -> None:
        first, *others = self.nodes
        own(self.folder)
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", *as_mysql(), f"--datadir={first.data}", "--skip-test-db",
             "--auth-root-authentication-method=normal"],
            check=True, capture_output=True,
        )  # fmt: skip
        first.start(self, "--wsrep-new-cluster")
        for node in others:  # They begin empty: the first sends them everything.
            node.start(self)

    def rejoin(self, node: Node) -> None:
        """Start a node that was killed, from where it was: it fetches what it has missed."""
        found = subprocess.run(node.command(self, "--wsrep-recover"), capture_output=True, text=True)
        position = found.stderr.rpartition("Recovered position: ")[2].split()[0]
        node.start(self, f"--wsrep-start-position={position}")

    def end(self) -> None:
        for node in self.nodes:
            node.kill()
        shutil.rmtree(self.folder)


def as_mysql() -> list[str]:
    return ["--user=mysql"] if os.geteuid() == 0 else []


def own(folder: Path) -> None:
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            if path.owner() != "mysql":
                shutil.chown(path, "mysql", "mysql")
