"""Commands about calendars."""

import click

from ihome.calendar import actions
from ihome.kit import clock
from ihome.kit.db import in_transaction


@click.group()
def calendar() -> None:
    """Nights that are taken."""


@calendar.command()
def rebuild() -> None:
    """Make the words that search counts by anew from the nights, and say how many houses were wrong."""
    click.echo(f"{in_transaction(lambda: actions.rebuild_words(clock.today()))} houses were wrong.")


commands = [calendar]
