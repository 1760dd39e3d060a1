"""Commands about people."""

import sys

import click

from ihome.accounts import actions, queries
from ihome.accounts.forms import checked_address
from ihome.accounts.models import User
from ihome.accounts.passwords import hash_password, is_weak
from ihome.kit.db import in_transaction, reading


@click.group()
def user() -> None:
    """People: make an operator, set a password, take an account out of use."""


def _find(email: str) -> User:
    with reading():
        found = queries.find_user(email)
    if found is None:
        raise click.ClickException(f"nobody is registered as {email}")
    return found


def _change(email: str, **values: bool) -> None:
    person = _find(email)

    def change() -> None:
        found = queries.get_user(person.id)
        for name, value in values.items():
            setattr(found, name, value)
        if not found.is_active:
            actions.close_all_sessions(found)

    in_transaction(change)


@user.command()
@click.argument("email")
@click.option("--revoke", is_flag=True, help="Take the right away.")
def operator(email: str, revoke: bool) -> None:
    """Let this person operate the site."""
    _change(email, is_operator=not revoke)
    click.echo(f"{email} {'no longer operates' if revoke else 'operates'} the site.")


@user.command()
@click.argument("email")
@click.option("--enable", is_flag=True, help="Let them in again.")
def disable(email: str, enable: bool) -> None:
    """Sign this person out and keep them out."""
    _change(email, is_active=enable)
    click.echo(f"{email} {'may sign in again' if enable else 'is signed out and kept out'}.")


@user.command()
@click.argument("email")
@click.password_option()
def create(email: str, password: str) -> None:
    """Register a person without a code."""
    password_hash = _hash(password, checked_address(email))
    made = in_transaction(actions.register, email, password_hash, "zh")
    click.echo(f"{made.id}\t{made.name}")


@user.command("password")
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read it from standard input: one line.")
def set_password(email: str, password_stdin: bool) -> None:
    """Set a password, which is asked for, and sign this person out everywhere."""
    found = _find(email)
    typed = _line_of_stdin() if password_stdin else _prompt()
    password_hash = _hash(typed, found.email)
    in_transaction(lambda: actions.set_password(queries.get_user(found.id), password_hash))
    click.echo(f"{found.email} has a new password and is signed out everywhere.")


def _prompt() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _line_of_stdin() -> str:
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.ClickException("the password on standard input is not in UTF-8") from None


def _hash(password: str, email: str) -> str:
    if is_weak(password, email):
        raise click.ClickException("choose a password of 8 to 128 characters that is not a common one")
    return hash_password(password)


@user.command("reseal-identities")
def reseal_identities() -> None:
    """Encrypt identity numbers under the newest key (after adding one to IHOME_IDENTITY_KEYS)."""
    click.echo(f"Sealed {in_transaction(actions.reseal_identities)} anew.", file=sys.stdout)


commands = [user]
