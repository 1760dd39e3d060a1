"""The file of a backup: a tar that is written and read in a stream, whatever its size.

    header.json               format, schema revision, when it was made, the tables in the order to fill them with the
                              kinds of their columns
    rows/TABLE/NUMBER.jsonl.gz    some thousand rows, an array a line, in the order of the columns
    pictures/KEY              as the storage gave it
    manifest.json             how many rows and pictures there are, and the digest of each table and of all pictures

The digest of a set is the sum of the SHA-256 of its members, so the order in which a database gives its rows back does
not count: the same site has the same digests, wherever it is kept.
"""

import gzip
import hashlib
import io
import os
import secrets
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

import orjson
from pydantic import BaseModel, ValidationError

FORMAT = 1
HEADER, MANIFEST, ROWS, PICTURES = "header.json", "manifest.json", "rows/", "pictures/"
LEVEL = 3  # Of gzip: half the time of the usual 6 for a tenth more bytes.

Kind = Literal["int", "text", "bool", "instant", "date", "bytes", "json"]


class BadArchive(Exception):
    """What is wrong with this file, in one line."""


class Counted(BaseModel):
    """A set: how many members it has, and their digest."""

    count: int = 0
    sha256: str = f"{0:064x}"


class Header(BaseModel):
    """What the file is, before anything else of it is read."""

    format: int
    revision: str
    made_at: str
    tables: dict[str, dict[str, Kind]]


class Manifest(BaseModel):
    """What the file holds; it comes last, so a file without it was cut off."""

    tables: dict[str, Counted]
    pictures: Counted


class Digest:
    """Counts members in whatever order they come."""

    def __init__(self) -> None:
        self.count = self.total = 0

    def add(self, *parts: bytes) -> None:
        self.count += 1
        self.total += int.from_bytes(hashlib.sha256(b"\0".join(parts)).digest())

    def counted(self) -> Counted:
        return Counted(count=self.count, sha256=f"{self.total % 2**256:064x}")


class Digests:
    """Of all tables, and of the pictures."""

    def __init__(self, tables: Iterable[str]) -> None:
        self.tables = {table: Digest() for table in tables}
        self.pictures = Digest()

    def manifest(self) -> Manifest:
        tables = {name: digest.counted() for name, digest in self.tables.items()}
        return Manifest(tables=tables, pictures=self.pictures.counted())


# --- writing ----------------------------------------------------------------------------------------------------------


class Writer:
    """Adds parts in the order of the format; what it counted becomes the manifest."""

    def __init__(self, tar: tarfile.TarFile, header: Header) -> None:
        self._tar, self._parts = tar, 0
        self.digests = Digests(header.tables)
        self._add(HEADER, header.model_dump_json(indent=1).encode())

    def add_rows(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        lines = [row_line(row) for row in rows]
        for line in lines:
            self.digests.tables[table].add(line)
        self._parts += 1
        content = gzip.compress(b"\n".join(lines), LEVEL, mtime=0)
        self._add(f"{ROWS}{table}/{self._parts:06d}.jsonl.gz", content)

    def add_picture(self, key: str, content: bytes) -> None:
        self.digests.pictures.add(key.encode(), content)
        self._add(PICTURES + key, content)

    def add_manifest(self) -> Manifest:
        manifest = self.digests.manifest()
        self._add(MANIFEST, manifest.model_dump_json(indent=1).encode())
        return manifest

    def _add(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = len(content), 0o600
        self._tar.addfile(member, io.BytesIO(content))
        self._tar.members.clear()  # type: ignore[attr-defined] # Else a million pictures are a million objects.


@contextmanager
def writing(path: Path, header: Header) -> Iterator[Writer]:
    """A file that is there once the block has ended without an error; for its owner's eyes only. Raises OSError."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w|") as tar:
                yield Writer(tar, header)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def row_line(row: Sequence[Any]) -> bytes:
    """The same bytes for the same row of any database: instants in UTC, keys of JSON sorted."""
    return orjson.dumps(tuple(row), default=_binary, option=orjson.OPT_SORT_KEYS)


def _binary(value: object) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    raise TypeError(f"no column has {type(value).__name__}")


# --- reading ----------------------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """A member of the tar, read when it is wanted: what is not wanted is skipped without reading."""

    name: str
    read: Any


def read_header(path: Path) -> Header:
    """Raises BadArchive, also for a format that is newer than this program."""
    for part in _parts(path):
        if part.name != HEADER:
            break
        content = part.read()
        try:
            found = orjson.loads(content)
            if found["format"] > FORMAT:
                raise BadArchive(
                    f"{path} was made by a newer program (format {found['format']}); restore with that one"
                )
            return Header.model_validate(found)
        except (ValueError, TypeError, KeyError, ValidationError):
            break
    raise BadArchive(f"{path} is no backup of ihome")


def check(path: Path) -> Manifest:
    """Read all of it and hold it against its manifest. Raises BadArchive."""
    digests = Digests(read_header(path).tables)
    manifest: Manifest | None = None
    for part in _parts(path):
        if part.name.startswith(ROWS):
            if (digest := digests.tables.get(_table(part))) is None:
                raise BadArchive(f"{path} is damaged: it does not say what {_table(part)} is")
            for line in _lines(path, part):
                digest.add(line)
        elif part.name.startswith(PICTURES):
            digests.pictures.add(part.name.removeprefix(PICTURES).encode(), part.read())
        elif part.name == MANIFEST:
            manifest = Manifest.model_validate_json(part.read())
    if manifest is None:
        raise BadArchive(f"{path} is cut off: its end is missing")
    if damaged := differences(manifest, digests.manifest()):
        raise BadArchive(f"{path} is damaged: {'; '.join(damaged)}")
    return manifest


def differences(wanted: Manifest, found: Manifest) -> list[str]:
    """What is not as it was, in words."""
    pairs = {name: (counted, found.tables.get(name, Counted())) for name, counted in wanted.tables.items()}
    pairs["pictures"] = (wanted.pictures, found.pictures)
    return [
        f"{name}: {is_.count} instead of {was.count}" if is_.count != was.count else f"{name}: another content"
        for name, (was, is_) in pairs.items()
        if was != is_
    ]


def rows(path: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    """Each table's rows, some thousand at a time, in the order to fill them. Raises BadArchive."""
    for part in _parts(path):
        if part.name.startswith(ROWS):
            yield _table(part), [orjson.loads(line) for line in _lines(path, part)]
        elif part.name != HEADER:
            return


def pictures(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each picture with its key. Raises BadArchive."""
    for part in _parts(path):
        if part.name.startswith(PICTURES):
            yield part.name.removeprefix(PICTURES), part.read()


def _parts(path: Path) -> Iterator[Part]:
    with _told_of(path), tarfile.open(path, "r:") as tar:
        while (member := tar.next()) is not None:
            yield Part(member.name, lambda member=member: _content(path, tar, member))
            tar.members.clear()  # type: ignore[attr-defined] # Else a million pictures are a million objects.


def _content(path: Path, tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    with _told_of(path):
        file = tar.extractfile(member)
        return file.read() if file else b""


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """What goes wrong while reading this file, as BadArchive."""
    try:
        yield
    except tarfile.ReadError:
        raise BadArchive(f"{path} is cut off, or no backup of ihome") from None
    except OSError as error:
        raise BadArchive(f"{path} cannot be read: {error.strerror}") from None


def _table(part: Part) -> str:
    return part.name.split("/")[1]


def _lines(path: Path, part: Part) -> list[bytes]:
    try:
        content = gzip.decompress(part.read())
    except (OSError, EOFError, zlib.error):
        raise BadArchive(f"{path} is damaged: {part.name}") from None
    return content.split(b"\n") if content else []
