"""Redis servers of a test's own: one, with replicas and Sentinels, or a cluster; on free ports, ended by their ids."""

import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from redis import Redis, RedisError

from tests.site_process import free_port

MASTER = "site"  # The name by which the Sentinels know the master.
SENTINEL = f"""\
sentinel monitor {MASTER} 127.0.0.1 {{port}} 2
sentinel down-after-milliseconds {MASTER} 2000
sentinel failover-timeout {MASTER} 3000
"""


class RedisServer:
    """A redis-server that can be frozen, killed, and started again with nothing in it."""

    def __init__(self, folder: Path, *options: str, password: str = "", certificate: Path | None = None) -> None:
        self.port, self.password = free_port(), password
        self.host = f"127.0.0.1:{self.port}"
        self.folder = folder / str(self.port)
        self.folder.mkdir()
        self.client = Redis(port=self.port, password=password or None, decode_responses=True, socket_timeout=5)
        self.command = ["redis-server", *options, "--port", str(self.port), "--bind", "127.0.0.1"]
        self.command += ["--dir", str(self.folder), "--logfile", str(self.folder / "log")]
        self.command += ["--requirepass", password] if password else []
        self.tls_host = ""
        if certificate:  # Also among themselves; the port without TLS is for the test's own client.
            self.tls_host = f"127.0.0.1:{(port := free_port())}"
            files = [("cert", "cert.pem"), ("key", "key.pem"), ("ca-cert", "cert.pem")]
            self.command += [part for kind, name in files for part in (f"--tls-{kind}-file", f"{certificate}/{name}")]
            self.command += ["--tls-port", str(port), "--tls-auth-clients", "no", "--tls-replication", "yes"]
            self.command += ["--tls-cluster", "yes"] if "--cluster-enabled" in options else []
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command)
        self.wait_for(self.client.ping)

    def wait_for(self, is_so, seconds=30):
        deadline = time.monotonic() + seconds
        while True:
            with suppress(RedisError, OSError):
                if is_so():
                    return
            assert time.monotonic() < deadline, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.05)

    def freeze(self) -> None:
        """It takes connections and says nothing, as where a disk or a network hangs."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class RedisServers:
    """What a test has started, and `end()` ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[RedisServer] = []
        self.certificate: Path | None = None  # The folder of one, where what is started next shall speak TLS.

    def single(self, *options: str, password: str = "") -> RedisServer:
        options = ("--save", "", *options)
        self.started.append(RedisServer(self.folder, *options, password=password, certificate=self.certificate))
        return self.started[-1]

    def replicated(self) -> tuple[RedisServer, str]:
        """A master with two replicas, and the address at which three Sentinels tell which of them it is."""
        master = self.single()
        for _ in range(2):
            self.single("--replicaof", *(master.tls_host or master.host).split(":"))
        sentinels = [self._sentinel(master) for _ in range(3)]
        for sentinel in sentinels:  # A failover needs all of this to be known.
            sentinel.wait_for(lambda asked=sentinel: knows_all(asked.client.sentinel_master(MASTER)))
        hosts = ",".join(sentinel.tls_host or sentinel.host for sentinel in sentinels)
        return master, f"redis{'s' if self.certificate else ''}+sentinel://{hosts}/{MASTER}/0"

    def sentinel(self, master: RedisServer, password: str) -> str:
        """The address at which one Sentinel tells of this master; it lets in those only who know its password."""
        return f"redis+sentinel://{self._sentinel(master, password).host}/{MASTER}/0"

    def _sentinel(self, master: RedisServer, password: str = "") -> RedisServer:
        path = self.folder / f"sentinel-{len(self.started)}.conf"
        lets_in = f"sentinel auth-pass {MASTER} {master.password}\n" if master.password else ""
        path.write_text(SENTINEL.format(port=(master.tls_host or master.host).split(":")[1]) + lets_in)
        options = (str(path), "--sentinel")
        self.started.append(RedisServer(self.folder, *options, password=password, certificate=self.certificate))
        return self.started[-1]

    def cluster(self, nodes: int = 3, replicas: int = 0) -> list[RedisServer]:
        """Nodes of a cluster; each of its masters has so many replicas."""
        # The bus has a port of its own, ten thousand above unless said otherwise.
        options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"]
        made = [self.single(*options, "--cluster-port", str(free_port())) for _ in range(nodes)]
        hosts = [node.host for node in made]
        create = ["redis-cli", "--cluster", "create", *hosts, "--cluster-replicas", str(replicas), "--cluster-yes"]
        subprocess.run(create, check=True, capture_output=True, timeout=60)
        for node in made:
            node.wait_for(lambda asked=node: asked.client.cluster("info")["cluster_state"] == "ok")
        return made

    def end(self) -> None:
        for server in self.started:
            server.client.close()
            server.kill()


def knows_all(master: dict[str, int]) -> bool:
    return (master["num-slaves"], master["num-other-sentinels"]) == (2, 2)
