"""How far a command is."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click

T = TypeVar("T")


def progress(label: str, steps: Iterable[T], length: int) -> Iterator[T]:
    """The steps, with a bar on a terminal and a line for each tenth in a log."""
    if sys.stdout.isatty():
        with click.progressbar(steps, length=length, label=label) as bar:
            yield from bar
        return
    click.echo(f"{label} ...")
    for done, step in enumerate(steps, 1):
        yield step
        if length and done * 10 // length > (done - 1) * 10 // length:
            click.echo(f"{label}: {min(done * 100 // length, 100)} %")
