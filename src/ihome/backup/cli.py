"""Commands that keep a copy of the site and bring it back."""

from collections.abc import Callable
from pathlib import Path

import click

from ihome import migrations
from ihome.accounts.queries import count_unreadable
from ihome.backup.archive import BadArchive, Manifest
from ihome.backup.dump import back_up
from ihome.backup.restore import NotEmpty
from ihome.backup.restore import restore as bring_back
from ihome.backup.restore import verify as try_out
from ihome.kit import outbox
from ihome.kit.db import reading
from ihome.kit.errors import DatabaseDown
from ihome.kit.progress import progress

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--verify", is_flag=True, help="Write nothing: restore FILE into an empty site aside and compare all of it."
)
def backup(file: Path, verify: bool) -> None:
    """Copy the whole site, rows and pictures, into FILE while it serves.

    The secrets are not in it. Keep IHOME_IDENTITY_KEYS and IHOME_IDENTITY_HASH_KEY elsewhere: without them nobody can
    open the identity numbers.
    """
    if verify:
        click.echo(f"{file} restores to what it was made of: {_sizes(_doing(file, lambda: try_out(file, progress)))}.")
        return
    if file.exists():
        raise click.ClickException(f"{file} is there already; give another name")
    if not migrations.is_current():
        raise click.ClickException("the database has not the newest schema; run: ihome db upgrade (or back up with the"
                                   " program that fits it)")  # fmt: skip
    made = _doing(file, lambda: back_up(file, progress))
    click.echo(
        f"{file}: {_sizes(made)}, {file.stat().st_size / 1e6:.1f} MB. It holds people's data: only its owner may"
    )
    click.echo("read it (0600). The secrets are not in it: keep the IHOME_IDENTITY_… keys elsewhere.")


@click.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Bring the site in FILE back into this one, which must be empty. Stop web and worker before.

    The database may be of another kind than the one FILE was made from.
    """
    made = _doing(file, lambda: bring_back(file, progress))
    click.echo(f"Restored {_sizes(made)}. Everybody signs in again.")
    with reading():
        unreadable, waiting = count_unreadable(), outbox.waiting()
    if waiting:
        click.echo(f"{waiting} messages wait as they did then; a worker delivers them, some for the second time.")
    if unreadable.sealed or unreadable.hashed:
        number = unreadable.sealed.total() + unreadable.hashed
        click.echo(
            f"WARNING: IHOME_IDENTITY_KEYS and IHOME_IDENTITY_HASH_KEY do not fit {number} identity numbers: bring back"
            " those that were set when FILE was made (see: ihome doctor)",
            err=True,
        )


def _doing(file: Path, do: Callable[[], Manifest]) -> Manifest:
    """What goes wrong, in one line and without a traceback."""
    try:
        return do()
    except (BadArchive, NotEmpty, migrations.SessionNeeded) as error:
        raise click.ClickException(str(error)) from None
    except DatabaseDown as error:
        raise click.ClickException(f"the database refused: {_cause(error)}") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or file}: {error.strerror or error}") from None


def _cause(error: BaseException) -> str:
    cause = error.__cause__
    return " ".join(str(getattr(cause, "orig", None) or cause or error).split())[:300]


def _sizes(made: Manifest) -> str:
    rows = sum(counted.count for counted in made.tables.values())
    return f"{rows} rows and {made.pictures.count} pictures"


commands = [backup, restore]
