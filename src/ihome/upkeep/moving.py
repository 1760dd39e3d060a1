"""Copying every picture that a row names to another storage. An edge's helper.

A run that was killed is gone on with by the next one: what is in the target with the same size is not copied again.
Where the target names files itself, a file in the instance folder remembers what became what, and the rows get the new
names once the site uses the target: before that they would lead nowhere.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ihome.kit.db import in_transaction
from ihome.storage.media import NotStored, Storage, StorageDown
from ihome.storage.pictures import SIZES, sized
from ihome.upkeep.actions import rename_pictures
from ihome.upkeep.checking import THREADS
from ihome.upkeep.queries import Naming


class Stopped(Exception):
    """FROM or TO does not answer, or does not give back what it was given."""


@dataclass
class Moved:
    """What a run has done."""

    copied: int = 0
    already_there: int = 0
    renamed: int = 0
    missing: list[Naming] = field(default_factory=list)


def is_same_place(one: str, other: str) -> bool:
    """Whether two URLs mean the same storage, whatever credentials and options they give."""

    def place(url: str) -> tuple[str, str, str]:
        parts = urlsplit(url)
        return parts.scheme, parts.netloc.rpartition("@")[2].lower(), unquote(parts.path).rstrip("/")

    return place(one) == place(other)


class Taken(NamedTuple):
    """A picture's key in the target, None where the source has not got it."""

    key: str | None
    is_copied: bool


class Journal:
    """What became what in a target that names files itself. Outlives kill -9."""

    def __init__(self, folder: Path, target_url: str) -> None:
        """Raises OSError or sqlite3.Error."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = target_url.rpartition("@")[2].rstrip("/")
        self.path = folder / f"moved-{sha256(place.encode()).hexdigest()[:12]}.db"
        self._lock = Lock()
        self._database = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=10)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("CREATE TABLE IF NOT EXISTS moved (old TEXT PRIMARY KEY, new TEXT NOT NULL)")

    def find(self, old: str) -> str | None:
        with self._lock:
            found = self._database.execute("SELECT new FROM moved WHERE old = ?", [old]).fetchone()
        return found[0] if found else None

    def note(self, old: str, new: str) -> None:
        with self._lock:
            self._database.execute("INSERT OR REPLACE INTO moved VALUES (?, ?)", [old, new])

    def close(self) -> None:
        self._database.close()


class Move:
    """Copies from one storage to another; with a journal where the target names files itself."""

    def __init__(self, source: Storage, target: Storage, journal: Journal | None, *, is_live: bool) -> None:
        """`is_live`: the site uses the target already."""
        self._source, self._target, self._journal, self._is_live = source, target, journal, is_live

    def run(self, batches: Iterable[list[Naming]]) -> Moved:
        """Raises Stopped."""
        moved = Moved()
        with ThreadPoolExecutor(THREADS) as threads:
            for batch in batches:
                pictures = {naming.key: naming for naming in batch}  # A picture may be named twice.
                taken = dict(zip(pictures, threads.map(self._take, pictures.values()), strict=True))
                moved.copied += sum(one.is_copied for one in taken.values())
                moved.already_there += sum(one.key is not None and not one.is_copied for one in taken.values())
                moved.missing += [naming for naming in batch if taken[naming.key].key is None]
                renamed = [(naming, key) for naming in batch if (key := taken[naming.key].key) and key != naming.key]
                if renamed and self._is_live:
                    in_transaction(rename_pictures, renamed)
                    moved.renamed += len(renamed)
        return moved

    def _take(self, naming: Naming) -> Taken:
        return self._take_renamed(naming, self._journal) if self._journal else self._take_as_it_is(naming)

    def _take_as_it_is(self, naming: Naming) -> Taken:
        lacking = [key for key in naming.keys if not self._is_same(key)]
        try:
            for key in lacking:
                self._copy(key, key)
        except NotStored:
            return Taken(None, is_copied=False)
        return Taken(naming.key, is_copied=bool(lacking))

    def _is_same(self, key: str) -> bool:
        """There, and as large as here; what is here no more was moved before."""
        with _blaming("TO"):
            there = _size(self._target, key)
        if there is None:
            return False
        with _blaming("FROM"):
            return _size(self._source, key) in (there, None)

    def _take_renamed(self, naming: Naming, journal: Journal) -> Taken:
        for known in (journal.find(naming.key), naming.key if self._is_live else None):
            if known and self._has_all(naming._replace(key=known)):
                return Taken(known, is_copied=False)
        kept: list[str] = []
        try:
            for key, size in zip(naming.keys, SIZES, strict=False):
                kept.append(self._copy(key, sized(kept[0], size) if kept else key))
        except NotStored:
            with suppress(StorageDown):
                for key in kept:
                    self._target.delete(key)
            return Taken(None, is_copied=False)
        journal.note(naming.key, kept[0])
        return Taken(kept[0], is_copied=True)

    def _has_all(self, naming: Naming) -> bool:
        with _blaming("TO"):
            return all(_size(self._target, key) is not None for key in naming.keys)

    def _copy(self, key: str, wanted: str) -> str:
        """The key it is now found under. Raises NotStored where the source has not got it."""
        with _blaming("FROM"):
            content = self._source.get(key)
        with _blaming("TO"):
            kept = self._target.put(wanted, content)
            if _got(self._target, kept) != content:
                raise Stopped(f"TO: {kept} came back other than it was given")
        return kept


def _size(storage: Storage, key: str) -> int | None:
    try:
        return storage.size(key)
    except NotStored:
        return None


def _got(storage: Storage, key: str) -> bytes | None:
    try:
        return storage.get(key)
    except NotStored:
        return None


@contextmanager
def _blaming(side: str) -> Iterator[None]:
    try:
        yield
    except StorageDown as down:
        raise Stopped(f"{side}: {down.facts['reason']}") from None
