"""`ihome demo` fills a demo city and serves it; `ihome data` fills a city of any size, to measure with."""

import os
import time

import click

from ihome import migrations
from ihome.accounts.passwords import hash_password
from ihome.config import ConfigError, config
from ihome.demo import generate as bulk
from ihome.demo.city import ACCOUNTS, PASSWORD
from ihome.demo.gallery import DrawingFailed
from ihome.demo.load import load_city
from ihome.kit.db import in_transaction
from ihome.kit.progress import progress
from ihome.serve import check_port
from ihome.serve import serve as serve_site

HOST = "127.0.0.1"


@click.group()
def demo() -> None:
    """The demo city, for looking around and for development."""


@demo.command("load")
def load() -> None:
    """Fill the demo city: houses, people, stays, pictures. What is there stays as it is."""
    _refuse_in_production()
    _load()
    _tell_accounts()


@demo.command()
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True)
def serve(port: int) -> None:
    """What `make run` does: database, demo city, and the site with worker and scheduler."""
    _refuse_in_production()
    check_port(HOST, port)  # Said before the long work; decided when the site starts.
    os.environ["IHOME_DEMO"] = "1"  # For the processes that serve.
    _load()
    _tell_accounts()
    click.echo(f"\nServing http://{HOST}:{port}  (Ctrl-C ends it)")
    serve_site(HOST, port, 2, with_worker=True)


@click.group()
def data() -> None:
    """Made-up data in bulk."""


@data.command()
@click.option("--houses", type=click.IntRange(min=1), required=True, help="How many houses to add.")
@click.option("--nights", type=click.IntRange(0, bulk.MOST_NIGHTS), required=True, help="Taken nights of each.")
def generate(houses: int, nights: int) -> None:
    """Add houses with taken nights, to measure with.

    The nights belong to paid orders of 1 to 3 nights in the next 200 days. From 7 nights on, 85 % of the houses are
    taken for a whole week, 60 days ahead.
    """
    _refuse_in_production()
    migrations.upgrade()
    ground = in_transaction(bulk.prepare, houses, hash_password(PASSWORD))
    starts = range(0, houses, bulk.CHUNK)
    chunks = (in_transaction(bulk.add_houses, ground, at, min(bulk.CHUNK, houses - at), nights) for at in starts)
    began = time.monotonic()
    rows = sum(progress("Adding houses", (chunk.row_count for chunk in chunks), len(starts)))
    click.echo(f"Added {houses} houses with what belongs to them: {rows} rows in {time.monotonic() - began:.1f} s.")


def _refuse_in_production() -> None:
    if config().is_production:
        raise ConfigError("IHOME_ENV: made-up people and houses do not belong on a production site")


def _load() -> None:
    migrations.upgrade()
    try:
        loaded = load_city(show=lambda steps, length: progress("Drawing pictures", steps, length))
    except DrawingFailed:
        raise click.ClickException("the pictures could not be drawn (see above)") from None
    click.echo(f"The demo city has {loaded.houses} houses." if loaded.houses else "The demo city is there already.")


def _tell_accounts() -> None:
    click.echo("\nSign in with")
    for who, email in ACCOUNTS.items():
        click.echo(f"  {who:10}{email}")
    click.echo(f"  {'password':10}{PASSWORD}")


commands = [demo, data]
