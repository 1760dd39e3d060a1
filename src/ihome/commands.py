"""Commands that belong to no feature: serve, worker, db, outbox, clock, doctor."""

import re
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click

from ihome.config import config
from ihome.kit import clock, db, kv, outbox
from ihome.kit.db import in_transaction, reading
from ihome.kit.errors import AppError
from ihome.payments.gateway import check_keys

SPAN = re.compile(r"(?P<number>-?[0-9]{1,9})(?P<unit>[smhd])")
MOST_AHEAD = timedelta(days=20 * 365)  # Of the business clock, either way: beyond it dates end or have no calendar.
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@click.command()
@click.option("--host", default=None, help="Address to bind; in development only loopback.")
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 256), default=2, show_default=True, help="Web processes.")
@click.option("--worker/--no-worker", "with_worker", default=True, help="Also run worker and scheduler.")
def serve(host: str | None, port: int, workers: int, with_worker: bool) -> None:
    """Serve the site (with worker and scheduler unless IHOME_BROKER_URL is set)."""
    from ihome import migrations
    from ihome.serve import serve as run

    bind = host or "127.0.0.1"
    if not config().is_production and bind not in ("127.0.0.1", "localhost", "::1"):
        raise click.ClickException("development shows mails and codes to anyone: it binds loopback only")
    _check_folders()
    if not config().uses_sandbox:
        check_keys()
    if not migrations.is_current():
        raise click.ClickException("the database has not the newest schema; run: ihome db upgrade")
    run(bind, port, workers, with_worker)


@click.command()
def worker() -> None:
    """Deliver mails and other after-effects, and run what is scheduled."""
    from ihome.embedded import run_embedded

    run_embedded()


@click.group("db")
def database() -> None:
    """The database's schema."""


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the schema up to the newest (or the given) revision."""
    from ihome import migrations

    _migrate(migrations.upgrade, revision)
    click.echo("The database is up to date.")


@database.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the schema back to a revision ("base" removes everything)."""
    from ihome import migrations

    _migrate(migrations.downgrade, revision)


def _migrate(move: Callable[[str], None], revision: str) -> None:
    from alembic.util import CommandError

    try:
        move(revision)
    except CommandError as error:
        raise click.ClickException(f"{error} (revisions are files of migrations/versions, head and base)") from None


@click.group("outbox")
def outbox_group() -> None:
    """What was promised and is not delivered yet."""


@outbox_group.command("failed")
@click.option("--retry", is_flag=True, help="Put them back in the queue.")
def failed(retry: bool) -> None:
    """List messages that were given up."""
    with reading():
        for message in outbox.failed_messages():
            click.echo(f"{message.id}\t{message.handler}\t{message.attempts} attempts\t{message.last_error}")
    if retry:
        click.echo(f"Put back {in_transaction(outbox.retry_failed)}.")


@outbox_group.command("drain")
def drain() -> None:
    """Deliver what is due now, and stop."""
    delivered = 0
    while done := outbox.drain():
        delivered += done
    click.echo(f"Delivered {delivered}.")


@click.group("clock")
def clock_group() -> None:
    """The business clock of a demo or test site."""


@clock_group.command("show")
def show() -> None:
    """The site's time now."""
    click.echo(f"{clock.local_text(clock.now())} ({clock.offset()} ahead)")


# Without ignore_unknown_options -3d would be an option.
@clock_group.command("advance", context_settings={"ignore_unknown_options": True})
@click.argument("span")
def advance(span: str) -> None:
    """Move time on by SPAN: 90m, 24h, 3d; or back: -3d."""
    parts = SPAN.fullmatch(span)
    if not parts:
        raise click.ClickException("SPAN is a number of at most 9 digits and a unit: 90m, 24h, 3d")
    try:
        ahead = clock.offset() + timedelta(**{UNITS[parts["unit"]]: int(parts["number"])})
    except OverflowError:
        ahead = timedelta.max
    if abs(ahead) > MOST_AHEAD:
        raise click.ClickException("SPAN is too much: the clock stays within 20 years of real time")
    _move_clock(ahead)


@clock_group.command("reset")
def reset() -> None:
    """Back to real time."""
    _move_clock(timedelta())


def _move_clock(ahead: timedelta) -> None:
    if config().is_production:
        raise click.ClickException("IHOME_ENV: a production site's clock cannot be moved")
    in_transaction(clock.set_offset, ahead)
    clock.wait_until_seen()
    click.echo(f"{clock.local_text(clock.now())}")


def _check_folders() -> None:
    """Raises ClickException, naming the setting, where a folder that this site writes to cannot be written."""
    settings = config()
    folders = {}
    if not (settings.database_url and settings.redis_url):
        folders["IHOME_INSTANCE"] = settings.instance
    if settings.database_url.startswith("sqlite:"):
        folders["IHOME_DATABASE_URL"] = Path(db.engine().url.database or "").parent
    for name, folder in folders.items():
        _check_writable(folder, name)


def _check_writable(folder: Path, setting: str) -> None:
    """By writing: permissions do not say that a disk is full or mounted read-only."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        raise click.ClickException(f"{setting}: {folder} cannot be written: {error.strerror}") from None


@click.command()
def doctor() -> None:
    """Check every configured service and say what is wrong."""
    checks = {
        "configuration": lambda: config().env,
        "database": _check_database,
        "schema": _check_schema,
        "store": _check_store,
        "mail": lambda: urlsplit(config().mail).scheme,
        "outbox": _check_outbox,
    }
    broken = 0
    for name, check in checks.items():
        try:
            click.echo(f"ok    {name}: {check()}")
        except (AppError, click.ClickException) as error:
            broken += 1
            click.echo(f"WRONG {name}: {error}")
    sys.exit(1 if broken else 0)


def _check_database() -> str:
    db.ping()
    return db.engine().dialect.name


def _check_schema() -> str:
    from ihome import migrations

    if not migrations.is_current():
        raise click.ClickException("not the newest; run: ihome db upgrade")
    return "newest"


def _check_store() -> str:
    kv.store().set("doctor", "1", 5)
    return "redis" if config().redis_url else "sqlite file"


def _check_outbox() -> str:
    with reading():
        failed_count = len(outbox.failed_messages())
        if failed_count:
            raise click.ClickException(f"{failed_count} messages were given up; see: ihome outbox failed")
        return f"{outbox.waiting()} waiting"


commands = [serve, worker, database, outbox_group, clock_group, doctor]
