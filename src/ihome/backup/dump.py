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
from ihome.upkeep.queries import PLACES

LEFT_OUT = {
    "ih_login_session",  # An old backup shall not open sessions that were ended since: everybody signs in again.
    "ih_archive",  # Their files are left out, too: whoever wants a copy of their data asks again.
    "ih_schedule",  # Every job has its turn at once.
}
CHUNK = 2000  # Rows in memory at a time.
PICTURES = {place.row.__tablename__: place for place in PLACES}
KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (UtcDateTime, "instant"), (Date, "date"), (LargeBinary, "bytes"), (Boolean, "bool"), (JSON, "json"),
    (Integer, "int"), (String, "text"),
)  # fmt: skip

Named = set[tuple[str, bool]]  # Pictures that rows name: the key, and whether it is kept in sizes.
Show = Callable[[str, Iterable[Any], int], Iterator[Any]]  # The steps, with a bar of this length.


def back_up(path: Path, show: Show) -> Manifest:
    """Write the file, readable for its owner alone. Raises OSError, or StorageDown."""
    header = Header(format=FORMAT, revision=migrations.known()[-1], made_at=utcnow().isoformat(), tables=kinds())
    named: Named = set()
    with writing(path, header) as archive:
        with snapshot() as connection:
            chunks = sum(-(-_count(connection, table) // CHUNK) for table in tables())
            read = ((table, rows) for table in tables() for rows in _read(connection, table, named))
            for table, rows in show("Rows", read, chunks):
                archive.add_rows(table.name, rows)
        for found in show("Pictures", _pictures(named), len(named)):
            for key, content in found:
                archive.add_picture(key, content)
        return archive.add_manifest()


def site_manifest() -> Manifest:
    """What a backup of this site would hold, counted without writing one."""
    digests = Digests(kinds())
    named: Named = set()
    with snapshot() as connection:
        for table in tables():
            for rows in _read(connection, table, named):
                for row in rows:
                    digests.tables[table.name].add(row_line(row))
    for found in _pictures(named):
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


def _read(connection: Connection, table: Table, named: Named) -> Iterator[Sequence[Row[Any]]]:
    """The table, CHUNK rows at a time. Collects the pictures that its rows name."""
    place = PICTURES.get(table.name)
    for rows in connection.execution_options(yield_per=CHUNK).execute(select(table)).partitions():
        if place:
            named.update((key, place.in_sizes) for row in rows if (key := getattr(row, place.column.key)))
        yield rows


def _pictures(named: Named) -> Iterator[list[tuple[str, bytes]]]:
    """Each picture in its sizes. One that is gone meanwhile, or was lost before, is missing here too."""
    for key, in_sizes in sorted(named):
        found = []
        for one in all_sizes(key) if in_sizes else [key]:
            with suppress(NotStored):
                found.append((one, storage().get(one)))
        yield found
