"""TLS to a database: the certificate is checked, and the host it is for, and a server without TLS is refused."""

import os
import shutil
import subprocess

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ihome.kit.engines import make_engine
from tests.faults.database_servers import make_server

TLS = {  # How each is told of an authority, where it says whether it is encrypted, and its own certificate and key.
    "mariadb": ("ssl_ca=", "SHOW STATUS LIKE 'Ssl_cipher'", ("--ssl-cert={}", "--ssl-key={}")),
    "postgresql": (
        "sslmode=verify-full&sslrootcert=",
        "SELECT pid, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
        ("-cssl=on", "-cssl_cert_file={}", "-cssl_key_file={}"),
    ),
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Two, each its own authority: one for 127.0.0.1, the other for a host elsewhere."""
    folder = tmp_path_factory.mktemp("tls")
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test"
    for name, host in {"here": "IP:127.0.0.1", "elsewhere": "DNS:db.example.com"}.items():
        options = ["-addext", f"subjectAltName={host}", "-keyout", folder / f"{name}.key", "-out", folder / name]
        subprocess.run([*make.split(), *options], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module", params=TLS)
def server(request):
    made = make_server(request.param)
    made.kind = request.param
    yield made
    made.end()


def show(server, certificates, name):
    """From now on it has this certificate."""
    files = [server.folder / "certificate", server.folder / "key"]
    for source, file in zip([certificates / name, certificates / f"{name}.key"], files, strict=True):
        shutil.copy(source, file)
        file.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(file, server.user)
    _, _, options = TLS[server.kind]
    server.kill()
    server.options = tuple(option.format(files["key" in option]) for option in options)
    server.start()


def cipher(server, authority):
    """What the connection is encrypted with."""
    option, question, _ = TLS[server.kind]
    engine = make_engine(f"{server.url()}?{option}{authority}", writes=True)
    with engine.connect() as connection:
        _, found = connection.execute(text(question)).one()
    engine.dispose()
    return found


def test_a_server_is_believed_only_with_the_certificate_that_was_asked_for(server, certificates):
    here, elsewhere = certificates / "here", certificates / "elsewhere"
    with pytest.raises(DBAPIError, match=r"(?i)support"):  # No TLS at all: nothing is sent in the clear.
        cipher(server, here)

    show(server, certificates, "here")
    assert cipher(server, here).startswith("TLS_")
    with pytest.raises(DBAPIError, match="certificate verify failed"):
        cipher(server, elsewhere)

    show(server, certificates, "elsewhere")
    with pytest.raises(DBAPIError, match=r"not match|mismatch"):
        cipher(server, elsewhere)
