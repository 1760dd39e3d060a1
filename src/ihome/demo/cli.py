"""`ihome demo`: fill a demo city, and serve it."""

import os
import sys

import click

from ihome import migrations


@click.group()
def demo() -> None:
    """The demo city, for looking around and for development."""


@demo.command()
@click.option("--port", default=5000, show_default=True)
def serve(port: int) -> None:
    """What `make run` does: database, demo city, and the site with worker and scheduler."""
    from ihome.serve import serve as run

    os.environ["IHOME_DEMO"] = "1"
    migrations.upgrade()
    sys.exit(run("127.0.0.1", port, 2, with_worker=True))


commands = [demo]
