"""The `ihome` command."""

import re
import sys
from copy import copy
from functools import wraps
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from ihome import __version__, features, setup
from ihome.config import ConfigError, config, load
from ihome.kit.engines import code
from ihome.kit.errors import AppError
from ihome.kit.i18n import set_language
from ihome.storage.media import StorageDown


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def ihome() -> None:
    """爱家租房: run and look after the site. Settings come from IHOME_… variables."""


def _with_settings(command: click.Command) -> click.Command:
    """They are read when it is run: its --help needs nothing and makes nothing.

    A copy: the feature's own stays as it is, for whoever has a site already.
    """
    command = copy(command)
    if isinstance(command, click.Group):
        command.commands = {name: _with_settings(part) for name, part in command.commands.items()}
    elif run := command.callback:

        @wraps(run)
        def start_and_run(*args: Any, **options: Any) -> Any:
            setup.start(load())
            return run(*args, **options)

        command.callback = start_and_run
    return command


for commands in features.attributes(features.COMMANDS, "commands"):
    for command in commands:
        ihome.add_command(_with_settings(command))


def main() -> None:
    """Errors people can mend are one line, not a traceback."""
    if re.search("[\udc80-\udcff]", "".join(sys.argv)):  # What Python makes of other bytes.
        click.echo("ihome: an argument is not in UTF-8", err=True)
        sys.exit(2)
    try:
        ihome(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except StorageDown as down:
        setting = "IHOME_STORAGE_URL" if config().storage_url else "IHOME_INSTANCE"
        click.echo(f"ihome: {setting}: {down.facts['reason']} (see: ihome doctor)", err=True)
        sys.exit(2)
    except (ConfigError, AppError) as error:
        set_language("en")  # As every line of a command.
        why = code(getattr(error.__cause__, "orig", None))  # SQLITE_FULL, say.
        click.echo(f"ihome: {error} ({why}, see: ihome doctor)" if why else f"ihome: {error}", err=True)
        sys.exit(2)
    except (OperationalError, ProgrammingError) as error:  # No server, no permission, no table.
        click.echo(f"ihome: IHOME_DATABASE_URL: {' '.join(str(error.orig).split())} (see: ihome doctor)", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
