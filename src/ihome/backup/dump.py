"""From a site that serves into the file of a backup."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, Integer, LargeBinary, Row, String, Table, func, select

from ihome import migrations
from ihome.backup.archive import FORMAT, Digests, Header, Kind, Manifest, row_line, writing
from ihome.kit.db import Base, UtcDateTime, utcnow
from ihome.kit.snapshot import snapshot
from ihome.storage.media import NotStored, storage
from ihome.storage.pictures import all_sizes

LEFT_OUT = {
    "ih_login_session",  # An old backup shall not open sessions that were ended since: everybody signs in again.
    "ih_schedule",  # Every job has its turn at once.
}
CHUNK = 2000  # Rows in memory at a time.
NAMES_PICTURE = {"ih_house_image": "url", "ih_user_profile": "avatar_url"}
KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (UtcDateTime, "instant"), (Date, "date"), (LargeBinary, "bytes"), (Boolean, "bool"), (JSON, "json"),
    (Integer, "int"), (String, "text"),
)  # fmt: skip

Show = Callable[[str, Iterable[Any], int], Iterator[Any]]  # The steps, with a bar of this length.


def back_up(path: Path, show: Show) -> Manifest:
    """Write the file, readable for its owner alone. Raises OSError, or StorageDown."""
    header = Header(format=FORMAT, revision=migrations.known()[-1], made_at=utcnow().isoformat(), tables=kinds())
    keys: set[str] = set()
    with writing(path, header) as archive:
        with snapshot() as connection:
            chunks = sum(-(-_count(connection, table) // CHUNK) for table in tables())
            read = ((table, rows) for table in tables() for rows in _read(connection, table, keys))
            for table, rows in show("Rows", read, chunks):
                archive.add_rows(table.name, rows)
        for found in show("Pictures", _pictures(keys), len(keys)):
            for key, content in found:
                archive.add_picture(key, content)
        return archive.add_manifest()


def site_manifest() -> Manifest:
    """What a backup of this site would hold, counted without writing one."""
    digests = Digests(kinds())
    keys: set[str] = set()
    with snapshot() as connection:
        for table in tables():
            for rows in _read(connection, table, keys):
                for row in rows:
                    digests.tables[table.name].add(row_line(row))
    for found in _pictures(keys):
        for key, content in found:
            digests.pictures.add(key.encode(), content)
    return digests.manifest()


def tables() -> list[Table]:
    """In the order in which rows may point at rows."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def kinds() -> dict[str, dict[str, Kind]]:
    return {table.name: {column.name: _kind(column.type) for column in table.columns} for table in tables()}


def _kind(type_: Any) -> Kind:
    return next(kind for class_, kind in KINDS if isinstance(type_, class_))


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _read(connection: Connection, table: Table, keys: set[str]) -> Iterator[Sequence[Row[Any]]]:
    """The table, CHUNK rows at a time. Collects the keys of the pictures that its rows name."""
    named = NAMES_PICTURE.get(table.name)
    for rows in connection.execution_options(yield_per=CHUNK).execute(select(table)).partitions():
        if named:
            keys.update(key for row in rows if (key := getattr(row, named)))
        yield rows


def _pictures(keys: set[str]) -> Iterator[list[tuple[str, bytes]]]:
    """The sizes of each picture. One that is gone meanwhile, or was lost before, is missing here too."""
    for key in sorted(keys):
        found = []
        for one in all_sizes(key):
            with suppress(NotStored):
                found.append((one, storage().get(one)))
        yield found
