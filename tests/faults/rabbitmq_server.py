"""A RabbitMQ of the tests' own, because its queue has one name for all: on free ports, with an epmd of its own."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from kombu import Connection
from kombu.exceptions import OperationalError as BrokerDown

from tests.site_process import free_port

PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # The one in the PATH wants to be root, and changes to a user.
PATIENCE = 90  # Seconds for it to answer; 3 on a quiet machine.


class RabbitMQ:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ihome-rabbitmq-"))
        self.port = free_port()
        (self.folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{self.port}\n")
        settings = {
            "HOME": self.folder, "RABBITMQ_NODENAME": f"ihome{self.port}@localhost", "RABBITMQ_NODE_PORT": self.port,
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1", "RABBITMQ_DIST_PORT": free_port(), "ERL_EPMD_PORT": free_port(),
            "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_MNESIA_BASE": self.folder, "RABBITMQ_LOG_BASE": self.folder,
            "RABBITMQ_PID_FILE": self.folder / "pid", "RABBITMQ_CONF_ENV_FILE": self.folder / "none",
            "RABBITMQ_CONFIG_FILE": self.folder / "rabbitmq.conf",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }  # fmt: skip
        self._as_user = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "rabbitmq")
            self._as_user = ["setpriv", "--reuid=rabbitmq", "--regid=rabbitmq", "--clear-groups"]
        self._environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        self._environment |= {key: str(of) for key, of in settings.items()}
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """With what it has kept."""
        command = [*self._as_user, str(PROGRAM)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self._environment, cwd="/", stdout=log, stderr=log, start_new_session=True
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with Connection(f"amqp://guest:guest@127.0.0.1:{self.port}//", connect_timeout=5) as connection:
                    connection.ensure_connection(max_retries=1, timeout=5)
                    return
            except (OSError, BrokerDown):
                assert self.process.poll() is None, (self.folder / "log").read_text()[-3000:]
                assert time.monotonic() < deadline, (self.folder / "log").read_text()[-3000:]
                time.sleep(0.3)

    def kill(self) -> None:
        """With its epmd, which has left its group and whose environment names the folder."""
        home = f"HOME={self.folder}\0".encode()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if home in (entry / "environ").read_bytes():
                    os.kill(int(entry.name), 9)
            except OSError:
                continue
        self.process.wait(30)

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
