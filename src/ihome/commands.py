"""Commands that belong to no feature: serve, worker, db, outbox, clock, doctor."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import click

from ihome.config import config
from ihome.kit import clock, db, outbox
from ihome.kit.db import in_transaction, reading
from ihome.payments.gateway import check_keys

MOST_AHEAD = timedelta(days=20 * 365)  # Of the business clock, either way: beyond it dates end or have no calendar.


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

    from ihome.migrations import SessionNeeded, TableInUse

    try:
        move(revision)
    except (SessionNeeded, TableInUse) as error:
        raise click.ClickException(str(error)) from None
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
    while done := outbox.drain(limit=10_000):  # All of it: what fails shall not hide what comes after it.
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
    try:
        ahead = clock.offset() + clock.read_span(span)
    except ValueError as error:
        raise click.ClickException(f"SPAN is {error}") from None
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
    from ihome.doctor import Ill, check_writable

    settings = config()
    folders = {}
    if not (settings.database_url and settings.redis_url):
        folders["IHOME_INSTANCE"] = settings.instance
    if settings.database_url.startswith("sqlite:"):
        folders["IHOME_DATABASE_URL"] = Path(db.engine().url.database or "").parent
    for name, folder in folders.items():
        try:
            check_writable(folder, name)
        except Ill as error:
            raise click.ClickException(str(error)) from None


@click.command()
def doctor() -> None:
    """Check every configured service and say what is wrong."""
    from ihome.doctor import examine

    is_ill = False
    for finding in examine():
        click.echo(f"{finding.state:5} {finding.name}: {finding.said}")
        is_ill = is_ill or finding.state != "ok"
    sys.exit(1 if is_ill else 0)


commands = [serve, worker, database, outbox_group, clock_group, doctor]
