"""Commands about money."""

import click

from ihome.payments import tasks


@click.group()
def payments() -> None:
    """Payments: what the scheduler does, now."""


@payments.command()
def expire() -> None:
    """Cancel accepted orders that were not paid in time."""
    click.echo(f"Cancelled {tasks.expire_unpaid_orders()} unpaid orders.")


@payments.command()
def check() -> None:
    """Ask the gateway about payments whose notice has not come."""
    tasks.ask_about_open_payments()


commands = [payments]
