"""nginx as deploy/nginx/ihome.conf sets it up, on free ports, in front of a site in production's settings."""

import base64
import getpass
import re
import secrets
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.conftest import missing
from tests.site_process import API, ROOT, Site, children_of, free_port

BROTLI = [f"/usr/lib/nginx/modules/ngx_http_brotli_{name}_module.so" for name in ("filter", "static")]
MAIN = """
{modules}
user {user}; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn; daemon off;
events {{ worker_connections 512; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/ihome.conf;
}}
"""


class Front:
    """A running nginx; its clients come from addresses of their own, so that no test uses up another's limit."""

    def __init__(self, folder: Path, upstreams: list[int], media: Path, *, brotli: bool = False) -> None:
        self.folder = folder
        self.plain_port, self.port = free_port(), free_port()
        self.url = f"https://localhost:{self.port}"
        folder.mkdir()
        self.certificate = make_certificate(folder)
        self.media, self.private, self.brotli = media, media.with_name("private"), brotli
        self.configure(upstreams)
        modules = "".join(f"load_module {path};" for path in BROTLI) if brotli else ""
        (folder / "nginx.conf").write_text(MAIN.format(modules=modules, user=getpass.getuser(), folder=folder))

    def configure(self, upstreams: list[int]) -> None:
        """Write the file as an operator edits it: names, ports, folders."""
        text = (ROOT / "deploy/nginx/ihome.conf").read_text()
        servers = "".join(f"server 127.0.0.1:{port} max_fails=3 fail_timeout=5s;" for port in upstreams)
        for pattern, wanted in [
            (r"    listen \[::\].*\n", ""),
            (r"listen 80\b", f"listen 127.0.0.1:{self.plain_port}"),
            (r"listen 443\b", f"listen 127.0.0.1:{self.port}"),
            (r"server 127\.0\.0\.1:5000 [^;]*;", servers),
            (r"https://rent\.example\.com", self.url),
            (r"/etc/letsencrypt/live/rent\.example\.com", str(self.folder)),
            (r"rent\.example\.com", "localhost"),
            (r"/srv/ihome/current", str(ROOT)),
            (r"/srv/ihome/media", str(self.media)),
            (r"/srv/ihome/private", str(self.private)),
            (r"/var/log/nginx", str(self.folder)),
        ]:
            text, found = re.subn(pattern, wanted, text)
            assert found, f"deploy/nginx/ihome.conf no longer has {pattern}"
        text = re.sub(r"# (brotli.*;)", r"\1", text) if self.brotli else text
        (self.folder / "ihome.conf").write_text(text)

    def reload(self, upstreams: list[int]) -> None:
        """`systemctl reload nginx` after an edit, until what was under way with the old file has ended."""
        self.configure(upstreams)
        old = children_of(self.process.pid)
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 30
        while old & children_of(self.process.pid):
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def client(self, address: str = "127.0.0.1", *, keeps: bool = True, **options: Any) -> httpx.Client:
        """A client that comes from this address of the loopback network, and may keep its connections."""
        trusting = ssl.create_default_context(cafile=self.certificate)
        limits = httpx.Limits(max_keepalive_connections=10 if keeps else 0)
        transport = httpx.HTTPTransport(local_address=address, verify=trusting, limits=limits)
        return httpx.Client(base_url=self.url, transport=transport, trust_env=False, timeout=30, **options)

    @contextmanager
    def phone(self, address: str = "127.0.0.1") -> Iterator[httpx.Client]:
        """A client with the cookies and the header that writing needs."""
        with self.client(address) as made:
            made.get(f"{API}/sessions")
            made.headers["X-CSRFToken"] = made.cookies["csrf_token"]
            yield made

    def log(self) -> str:
        return (self.folder / "ihome.log").read_text()

    @contextmanager
    def running(self) -> Iterator["Front"]:
        command = ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        with (self.folder / "nginx.out").open("wb") as out:
            self.process = process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            deadline = time.monotonic() + 20
            while not (self.folder / "nginx.pid").exists():
                assert process.poll() is None, (self.folder / "nginx.out").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield self
        finally:
            process.terminate()
            process.wait(20)


def need_nginx() -> None:
    for program in ("nginx", "openssl", "curl"):
        if not shutil.which(program):
            missing(program)


def make_certificate(folder: Path) -> Path:
    """A self-signed certificate for localhost, under the names that certbot gives."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "fullchain.pem"


def production(folder: Path, base_url: str, media: Path) -> dict[str, str]:
    """Settings that `IHOME_ENV=production` accepts; mail server and gateway are never asked here."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private, public = folder / "merchant.pem", folder / "alipay.pem"
    pem = serialization.Encoding.PEM
    private.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, encryption_algorithm=serialization.NoEncryption())
    )
    public.write_bytes(key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo))
    return {
        "env": "production", "base_url": base_url, "trusted_proxies": "127.0.0.1/32", "log_level": "error",
        "secret_key": secrets.token_hex(32), "identity_hash_key": secrets.token_hex(32),
        "identity_keys": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "mail_url": "smtp://127.0.0.1:9", "storage_url": f"file://{media}",
        "private": str(media.with_name("private")), "x_accel": "/private/",
        "payment_url": "https://127.0.0.1:9/gateway.do", "alipay_app_id": "2021", "alipay_seller_id": "2088",
        "alipay_private_key": str(private), "alipay_public_key": str(public),
    }  # fmt: skip


@contextmanager
def serving(folder: Path, template: Path, python: str = sys.executable) -> Iterator[tuple[Front, Site]]:
    """nginx before one site in production's settings, run by this Python."""
    need_nginx()
    instance, media, port = folder / "site", folder / "media", free_port()
    shutil.copytree(template, instance)
    media.mkdir()
    front = Front(folder / "nginx", [port], media)
    site = Site(instance, port)
    file = folder / "ihome.env"
    settings = production(folder, front.url, media)
    file.write_text("".join(f"IHOME_{name.upper()}={value}\n" for name, value in settings.items()))
    site.environment["IHOME_ENV_FILE"] = str(file)
    del site.environment["IHOME_BASE_URL"]
    site.python = python
    site.command("db", "upgrade")
    site.start()
    try:
        with front.running():
            yield front, site
    finally:
        site.process.terminate()
        assert site.process.wait(30) == 0
