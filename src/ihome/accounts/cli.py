"""Commands about people."""

import sys

import click

from ihome.accounts import actions, queries
from ihome.accounts.forms import checked_address
from ihome.accounts.passwords import hash_password, is_weak
from ihome.kit.db import in_transaction, reading


@click.group()
def user() -> None:
    """People: make an operator, set a password, take an account out of use."""


def _change(email: str, **values: bool) -> None:
    def change() -> bool:
        found = queries.find_user(email)
        for name, value in values.items():
            setattr(found, name, value)
        if found and values.get("is_active") is False:
            actions.close_all_sessions(found)
        return found is not None

    with reading():
        if queries.find_user(email) is None:
            raise click.ClickException(f"nobody is registered as {email}")
    in_transaction(change)


@user.command()
@click.argument("email")
@click.option("--revoke", is_flag=True, help="Take the right away.")
def operator(email: str, revoke: bool) -> None:
    """Let this person operate the site."""
    _change(email, is_operator=not revoke)


@user.command()
@click.argument("email")
@click.option("--enable", is_flag=True, help="Let them in again.")
def disable(email: str, enable: bool) -> None:
    """Sign this person out and keep them out."""
    _change(email, is_active=enable)


@user.command()
@click.argument("email")
@click.password_option()
def create(email: str, password: str) -> None:
    """Register a person without a code."""
    if is_weak(password, checked_address(email)):
        raise click.ClickException("choose a password of 8 to 128 characters that is not a common one")
    made = in_transaction(actions.register, email, hash_password(password), "zh")
    click.echo(f"{made.id}\t{made.name}")


@user.command("reseal-identities")
def reseal_identities() -> None:
    """Encrypt identity numbers under the newest key (after adding one to IHOME_IDENTITY_KEYS)."""
    click.echo(f"Sealed {in_transaction(actions.reseal_identities)} anew.", file=sys.stdout)


commands = [user]
