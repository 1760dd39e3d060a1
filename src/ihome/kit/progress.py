"""How far a command is."""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import click

T = TypeVar("T")


def progress(
    label: str, steps: Iterable[T], length: int, *, weigh: Callable[[T], int] = lambda _: 1, err: bool = False
) -> Iterator[T]:
    """The steps, with a bar on a terminal and a line for each tenth in a log: on stdout, or where `err` on stderr.

    `length` is the sum of what the steps weigh.
    """
    stream = sys.stderr if err else sys.stdout
    if stream.isatty():
        with click.progressbar(length=length, label=label, file=stream) as bar:
            for step in steps:
                yield step
                bar.update(weigh(step))
        return
    click.echo(f"{label} ...", err=err)
    done = 0
    for step in steps:
        yield step
        before, done = done, done + weigh(step)
        if length and done * 10 // length > before * 10 // length:
            click.echo(f"{label}: {min(done * 100 // length, 100)} %", err=err)
