"""Commands about stored pictures."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta

import click

from ihome.config import ConfigError, config
from ihome.kit import log
from ihome.kit.clock import read_span
from ihome.kit.db import reading, utcnow
from ihome.kit.progress import progress
from ihome.storage import media
from ihome.upkeep.checking import each_batch, find_missing, find_orphans
from ihome.upkeep.moving import Journal, Move, Stopped, is_same_place
from ihome.upkeep.queries import Naming, count_namings

CENTURY = timedelta(days=36500)


@click.group()
def storage() -> None:
    """Where pictures are kept (IHOME_STORAGE_URL)."""


def _age(_: click.Context, __: click.Parameter, text: str) -> timedelta:
    try:
        age = read_span(text)
    except ValueError as error:
        raise click.BadParameter(f"expected {error}") from None
    if not timedelta() <= age <= CENTURY:
        raise click.BadParameter("expected 0s to 36500d")
    return age


@storage.command()
@click.option("--delete", is_flag=True, help="Delete them; without, they are only told.")
@click.option("--older-than", default="24h", show_default=True, callback=_age, help="An upload may be under way.")
def orphans(delete: bool, older_than: timedelta) -> None:
    """Tell, or delete, pictures that no row names."""
    with reading():
        if delete and not count_namings():
            raise click.ClickException("IHOME_DATABASE_URL: no row names a picture; is this the right database?")
    count = size = 0
    for stored in find_orphans(media.storage(), utcnow() - older_than):
        if delete:
            media.storage().delete(stored.key)
        click.echo(f"{stored.key}\t{stored.size} bytes")
        count, size = count + 1, size + stored.size
    told = f"{count} orphans, {size / 1e6:.1f} MB"
    click.echo(f"Deleted {told}." if delete else f"{told}. Nothing was deleted; --delete does.")


@storage.command()
def missing() -> None:
    """Tell rows that name a picture which is not stored; ends with 1 where there are some."""
    found = list(find_missing(media.storage(), _watched("Looking")))
    for naming, key in found:
        click.echo(f"{_row(naming)}\t{key}")
    click.echo(f"{len(found)} files are missing.")
    sys.exit(1 if found else 0)


@storage.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def migrate(source: str, target: str) -> None:
    """Copy all pictures that rows name FROM one storage TO another, as IHOME_STORAGE_URL writes them.

    The site goes on meanwhile. Killed or stopped, it is run again and goes on.
    """
    if is_same_place(source, target):
        raise click.ClickException("FROM and TO are the same storage")
    is_live = is_same_place(config().storage, target)
    if not is_live and not is_same_place(config().storage, source):
        raise click.ClickException("IHOME_STORAGE_URL: it is neither FROM nor TO; the rows name what is there")
    with ExitStack() as stack:
        here, there = (
            stack.enter_context(closing(_open(url, side))) for url, side in ((source, "FROM"), (target, "TO"))
        )
        journal = stack.enter_context(closing(_journal(target))) if there.names_files else None
        try:
            moved = Move(here, there, journal, is_live=is_live).run(_watched("Copying"))
        except Stopped as stopped:
            raise click.ClickException(f"{stopped}\nRun it again: it goes on where it was.") from None
    click.echo(f"Copied {moved.copied} pictures; {moved.already_there} were there already.")
    if moved.renamed:
        click.echo(f"{moved.renamed} rows have the new names.")
    for naming in moved.missing:
        click.echo(f"not in FROM: {_row(naming)}\t{naming.key}")
    if not is_live:
        click.echo("Now set IHOME_STORAGE_URL to TO, IHOME_MEDIA_BASE_URL to where the public finds it, and restart.")
        click.echo("Then run this again: it copies what was uploaded meanwhile.")
    if not is_live and journal:
        click.echo("TO names its files itself: the rows get the new names then, and old pictures are seen again.")
        click.echo(f"Until then {journal.path} remembers these names: keep it.")
    sys.exit(1 if moved.missing else 0)


def _open(url: str, side: str) -> media.Storage:
    try:
        return media.open_storage(url)
    except ConfigError as error:
        raise click.ClickException(str(error).replace("IHOME_STORAGE_URL", side)) from None


def _journal(target: str) -> Journal:
    try:
        return Journal(config().instance, target)
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(f"IHOME_INSTANCE: {config().instance} cannot be written: {error}") from None


def _row(naming: Naming) -> str:
    return f"{naming.place.name} {naming.row_id}"


def _watched(label: str) -> Iterator[list[Naming]]:
    """The rows that name pictures, in batches; it shows how many are done."""
    log.set_up("critical", as_json=config().is_production)  # What stops it is said by the command, once.
    with reading():
        total = count_namings()
    yield from progress(label, each_batch(), total, weigh=len, err=True)


commands = [storage]
