"""`ihome doctor`: every service that is configured, asked once, with a short wait."""

import re
import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ihome import migrations
from ihome.accounts.queries import count_unreadable
from ihome.config import ConfigError, config
from ihome.kit import db, kv, log, outbox
from ihome.kit.db import reading
from ihome.kit.errors import DatabaseDown, StoreDown
from ihome.kit.i18n import set_language
from ihome.notices import delivery
from ihome.payments.gateway import check_keys, gateway
from ihome.payments.providers.alipay.errors import BadSignature, GatewayError, GatewayRefused
from ihome.storage import media

WAIT = 3.0  # Seconds for broker and mail server; database and Redis have their own few.


class Ill(Exception):
    """What is wrong, and the setting or command that mends it."""


class SchemaAhead(Ill):
    """Another program, newer than this one, has moved the schema on; this one can still work with it."""


class Finding(NamedTuple):
    state: str  # "ok", "WRONG", or "skip" where what it needs is wrong.
    name: str
    said: str


def examine() -> Iterator[Finding]:
    """One finding for each check, in the order in which to mend what is wrong."""
    set_language("en")
    log.set_up("critical", as_json=config().is_production)  # What is wrong is said here, once.
    needs = {"schema": "database", "identities": "schema", "outbox": "schema"}
    wrong = set()
    for name, check in checks().items():
        if needs.get(name) in wrong:
            wrong.add(name)
            yield Finding("skip", name, f"first mend: {needs[name]}")
            continue
        try:
            yield Finding("ok", name, check())
        except Exception as error:  # Whatever it is, the other checks are still worth making.
            wrong.add(name)
            told = isinstance(error, (Ill, ConfigError))
            yield Finding("WRONG", name, str(error) if told else f"{type(error).__name__}: {_line(error)}")


def checks() -> dict[str, Callable[[], str]]:
    """What can be asked of this configuration: each says what it found, or raises, Ill where the way out is known."""
    settings = config()
    checks: dict[str, Callable[[], str]] = {
        "configuration": lambda: settings.env,
        "instance": lambda: check_writable(settings.instance, "IHOME_INSTANCE"),
        "database": _database,
        "schema": check_schema,
    }
    elsewhere = (settings.database_url, settings.redis_url, settings.storage_url, settings.mail_url, settings.private)
    if all(elsewhere):
        del checks["instance"]
    if settings.database_read_url:
        checks["replica"] = _replica
    checks |= {"identities": _identities, "outbox": _outbox, "store": _store}
    if settings.private:
        checks["private"] = lambda: check_writable(settings.private_folder, "IHOME_PRIVATE")
    if settings.broker_url:
        checks["broker"] = _broker
    return checks | {"mail": _mail, "storage": _storage, "payments": _payments}


def check_writable(folder: Path, setting: str) -> str:
    """The folder. Raises Ill unless a file can be written there: rights do not say that a disk is full or read-only."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        raise Ill(f"{setting}: {folder} cannot be written: {error.strerror}") from None
    return str(folder)


def _database() -> str:
    if config().database_url.startswith("sqlite:"):
        check_writable(Path(db.engine().url.database or "").parent, "IHOME_DATABASE_URL")
    return _ask("write", "IHOME_DATABASE_URL" if config().database_url else "IHOME_INSTANCE")


def _replica() -> str:
    return _ask("replica", "IHOME_DATABASE_READ_URL")


def _ask(engine: str, setting: str) -> str:
    try:
        with db.engine(engine).connect() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError as error:
        raise Ill(f"{setting}: {_line(error.orig)}") from None
    except DatabaseDown as error:  # SQLite's turn to write, taken in its folder.
        raise Ill(f"{setting}: {_line(error.__cause__ or error)}") from None
    return db.engine(engine).dialect.name


def check_schema() -> str:
    """Raises Ill, SchemaAhead where it is newer than this program."""
    found = migrations.revision()
    if found == migrations.known()[-1]:
        return "newest"
    if found and found not in migrations.known():
        raise SchemaAhead(f"{found} is newer than this program; start the newest one")
    raise Ill("not the newest; run: ihome db upgrade")


def _identities() -> str:
    with reading():
        found = count_unreadable()
    if found.sealed:
        counts = ", ".join(f"{number} under key {key}" for key, number in sorted(found.sealed.items()))
        raise Ill(f"IHOME_IDENTITY_KEYS: identity numbers that its keys do not open: {counts}; bring these keys back")
    if found.hashed:
        raise Ill(
            f"IHOME_IDENTITY_HASH_KEY: {found.hashed} identity numbers are hashed under another one; bring it back, or"
            " run: ihome user reseal-identities"
        )
    return "the keys open what is stored"


def _outbox() -> str:
    with reading():
        failed_count = len(outbox.failed_messages())
        if failed_count:
            raise Ill(f"{failed_count} messages were given up; see: ihome outbox failed")
        return f"{outbox.waiting()} waiting"


def _store() -> str:
    try:
        kv.store().set("doctor", "1", 5)
    except StoreDown as error:
        setting = "IHOME_REDIS_URL" if config().redis_url else "IHOME_INSTANCE"
        raise Ill(f"{setting}: {_line(error.__cause__)}") from None
    return config().redis_url.partition(":")[0] or "sqlite file"


def _broker() -> str:
    from kombu.connection import Connection

    from ihome.worker import celery_settings

    found = celery_settings(config().broker_url, WAIT)
    options, tls = found["broker_transport_options"], found.get("broker_use_ssl")
    try:
        with Connection(found["broker_url"], connect_timeout=WAIT, transport_options=options, ssl=tls) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=2 * WAIT)
            return str(connection.transport_cls)
    except Exception as error:  # Each transport has its own.
        raise Ill(f"IHOME_BROKER_URL: {_line(error)}") from None


def _mail() -> str:
    try:
        delivery.ping(WAIT)
    except delivery.MailDown as error:
        raise Ill(f"{'IHOME_MAIL_URL' if config().mail_url else 'IHOME_INSTANCE'}: {error}") from None
    except ValueError as error:
        raise Ill(str(error)) from None  # Names the setting itself.
    return urlsplit(config().mail).scheme


def _storage() -> str:
    """Kept, given back and forgotten: rights, disks and clusters each fail one of these alone."""
    setting = "IHOME_STORAGE_URL" if config().storage_url else "IHOME_INSTANCE"
    asked = media.storage()
    try:
        key = asked.put(f"avatars/doctor-{secrets.token_hex(8)}.webp", b"doctor")
        given_back = asked.get(key)
        asked.delete(key)
    except (media.StorageDown, media.NotStored) as error:
        raise Ill(f"{setting}: {error.facts.get('reason', error)}") from None
    if given_back != b"doctor":
        raise Ill(f"{setting}: it gave back something else than it was given")
    return urlsplit(config().storage).scheme


def _payments() -> str:
    if config().uses_sandbox:
        return "sandbox"
    check_keys()
    try:
        gateway().query(f"doctor-{secrets.token_hex(8)}")  # A trade that nobody knows is an answer.
    except GatewayRefused as error:  # It does not believe us: another app, another key.
        raise Ill(f"IHOME_ALIPAY_APP_ID, IHOME_ALIPAY_PRIVATE_KEY: {_line(error)}") from None
    except BadSignature as error:
        raise Ill(f"IHOME_ALIPAY_PUBLIC_KEY: {_line(error)}") from None
    except GatewayError as error:
        raise Ill(f"IHOME_PAYMENT_URL: {_line(error)}") from None
    return "alipay, answers"


def _line(error: BaseException | None) -> str:
    """What it says, on one line."""
    text = str(error)
    if text.startswith("No master found"):  # redis-py prints each Sentinel's client, with all of its options.
        asked = re.findall(r"\bhost=([^,]+),port=(\d+).*?>\)>\)> - ([\w:]+)", text)
        text = text.partition(" : ")[0] + "".join(f"; {host}:{port}: {why}" for host, port, why in asked)
    return " ".join(text.split())[:300] or type(error).__name__
