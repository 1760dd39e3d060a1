"""Commands about orders."""

import click

from ihome.orders import tasks


@click.group()
def orders() -> None:
    """Orders: what the scheduler does, now."""


@orders.command()
def expire() -> None:
    """Cancel requests that were not answered in time."""
    click.echo(f"Cancelled {tasks.expire_requests()} unanswered requests.")


@orders.command()
def finish() -> None:
    """Let guests comment on stays that are over."""
    click.echo(f"{tasks.finish_stays()} stays are over.")


commands = [orders]
