"""From the file of a backup into an empty site, on whichever database and storage that is."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ihome import migrations, setup
from ihome.backup import archive, dump
from ihome.backup.archive import BadArchive, Header, Kind, Manifest
from ihome.backup.dump import Show
from ihome.config import config
from ihome.kit import db
from ihome.kit.db import UtcDateTime, in_transaction, session
from ihome.storage.media import storage

SEEDED = {"ih_city_info", "ih_area_info", "ih_facility_info"}  # By migrations: an empty site has these rows.
TYPES: dict[Kind, Any] = {
    "int": sa.BigInteger(), "text": sa.Text(), "bool": sa.Boolean(), "instant": UtcDateTime(), "date": sa.Date(),
    "bytes": sa.LargeBinary(), "json": sa.JSON(),
}  # fmt: skip
READ: dict[Kind, Callable[[Any], Any]] = {
    "instant": datetime.fromisoformat, "date": date.fromisoformat, "bytes": bytes.fromhex,
}  # fmt: skip


class NotEmpty(Exception):
    """There is something in the database that a restore would have to mix with."""


def restore(path: Path, show: Show) -> Manifest:
    """Fill this site from the file; begun again after an interruption, it starts over. Raises BadArchive or NotEmpty.

    Nothing is written before all of the file has been read and held against its manifest. Pictures come first, because
    putting one twice does no harm; then all rows in one transaction.
    """
    header = archive.read_header(path)
    if header.revision not in migrations.known():
        raise BadArchive(f"{path} was made by a newer program (schema {header.revision}); restore with that one")
    _refuse_what_is_there(header)
    manifest = archive.check(path)
    for key, content in show("Pictures", archive.pictures(path), manifest.pictures.count):
        storage().put(key, content)
    _move_schema(header.revision)
    in_transaction(_fill, path, header, manifest, show)
    migrations.upgrade()
    return manifest


def _refuse_what_is_there(header: Header) -> None:
    if storage().names_files:
        raise NotEmpty(
            "IHOME_STORAGE_URL: this storage names its files itself; restore into a folder or a bucket, then"
            " move: ihome storage migrate"
        )
    with db.engine("read").connect() as connection:
        there = header.tables.keys() & set(sa.inspect(connection).get_table_names())
        counted = sa.select(sa.func.count())
        counts = {name: connection.scalar(counted.select_from(sa.table(name))) for name in sorted(there - SEEDED)}
    if found := [f"{count} in {name}" for name, count in counts.items() if count]:
        raise NotEmpty(f"the database is not empty: it has rows, {', '.join(found)}")


def _move_schema(revision: str) -> None:
    """To that of the file, also back: there is nothing yet that could be lost."""
    known = migrations.known()
    at = migrations.revision()
    if at in known and known.index(at) > known.index(revision):
        migrations.downgrade(revision)
    else:
        migrations.upgrade(revision)


def _fill(path: Path, header: Header, manifest: Manifest, show: Show) -> None:
    targets = {name: _target(name, columns) for name, columns in header.tables.items()}
    for name in reversed(targets):
        session.execute(sa.delete(targets[name]))
    chunks = sum(-(-counted.count // dump.CHUNK) for counted in manifest.tables.values())
    for name, rows in show("Rows", archive.rows(path), chunks):
        db.execute(sa.insert(targets[name]), _as_values(header.tables[name], rows))
    for name, target in targets.items():
        count = session.scalar(sa.select(sa.func.count()).select_from(target))
        if count != manifest.tables[name].count:
            raise BadArchive(f"{name} has {count} rows instead of {manifest.tables[name].count}: nothing is restored")
        _set_sequence(name, header.tables[name])


def _target(name: str, columns: dict[str, Kind]) -> sa.TableClause:
    """As the file describes it: the models of today may know other columns than the schema of that day."""
    return sa.table(name, *(sa.column(column, TYPES[kind]) for column, kind in columns.items()))


def _as_values(columns: dict[str, Kind], rows: Iterable[list[Any]]) -> list[dict[str, Any]]:
    read = [(name, READ.get(kind)) for name, kind in columns.items()]
    return [
        {
            name: of_text(value) if of_text and value is not None else value
            for (name, of_text), value in zip(read, row, strict=True)
        }
        for row in rows
    ]


def _set_sequence(name: str, columns: dict[str, Kind]) -> None:
    """PostgreSQL counts on by itself, whatever ids were inserted; the others go on after the highest."""
    if session.get_bind().dialect.name != "postgresql" or columns.get("id") != "int":
        return
    sequence = session.scalar(sa.select(sa.func.pg_get_serial_sequence(name, "id")))
    if sequence:
        highest = session.scalar(sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(name)))
        session.execute(sa.select(sa.func.setval(sequence, highest or 1, highest is not None)))


# --- trying it --------------------------------------------------------------------------------------------------------


def verify(path: Path, show: Show) -> Manifest:
    """Restore the file into an empty site of its own and compare every row and picture. Raises BadArchive."""
    with _another_site():
        manifest = restore(path, show)
        header = archive.read_header(path)
        if header.revision != migrations.known()[-1]:
            return manifest  # Migrations have changed rows since: counts and hashes were held against it before.
        if wrong := archive.differences(manifest, dump.site_manifest()):
            raise BadArchive(f"{path} does not restore to what it was made of: {'; '.join(wrong)}")
    return manifest


@contextmanager
def _another_site() -> Iterator[None]:
    """This process on an empty SQLite database and an empty folder of pictures, and back."""
    settings = config()
    with tempfile.TemporaryDirectory(prefix="ihome-verify-") as folder:
        empty = {"database_url": f"sqlite:///{folder}/ihome.db", "database_read_url": ""}
        empty |= {"storage_url": f"file://{folder}/media", "media_base_url": ""}
        setup.start(settings.model_copy(update=empty))
        try:
            yield
        finally:
            setup.start(settings)
