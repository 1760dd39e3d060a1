"""What is stored against what the rows name. An edge's helper."""

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from ihome.kit.db import reading
from ihome.storage.media import NotStored, Storage, Stored
from ihome.storage.pictures import PICTURE, owners
from ihome.upkeep.queries import PLACES, Naming, list_namings

BATCH = 200  # Rows read at once.
THREADS = 8  # That wait for the storage.
DRAFT = re.compile(r"(?:(.*)/)?\.([\w-]+\.webp)\.[0-9a-f]{8}", re.ASCII)  # What a killed process leaves in a folder.


def each_batch() -> Iterator[list[Naming]]:
    """Every row that names a picture, a batch at a time; what is added meanwhile may be missed."""
    for place in PLACES:
        after_id = 0
        while True:
            with reading():
                batch = list_namings(place, after_id, BATCH)
            if not batch:
                break
            yield batch
            after_id = batch[-1].row_id


def find_orphans(storage: Storage, before: datetime) -> Iterator[Stored]:
    """Pictures that were stored before then and that no row names; what is no picture of ours is left alone.

    Before then, because an upload is stored first and named afterwards. Keeps the names in memory, some 100 bytes each.
    Raises StorageDown or KeepsNoList.
    """
    named = {naming.key for batch in each_batch() for naming in batch}
    for stored in storage.listing():
        if stored.changed_at < before and _is_ours(stored.key) and not owners(stored.key) & named:
            yield stored


def _is_ours(key: str) -> bool:
    draft = DRAFT.fullmatch(key)
    return PICTURE.fullmatch(f"{draft[1]}/{draft[2]}" if draft else key) is not None


def find_missing(storage: Storage, step: Iterable[list[Naming]]) -> Iterator[tuple[Naming, str]]:
    """The rows of these batches that name a picture that is not stored, and the key that is missing.

    Raises StorageDown.
    """

    def missing(naming: Naming) -> list[tuple[Naming, str]]:
        return [(naming, key) for key in naming.keys if not _is_there(storage, key)]

    with ThreadPoolExecutor(THREADS) as threads:
        for batch in step:
            for found in threads.map(missing, batch):
                yield from found


def _is_there(storage: Storage, key: str) -> bool:
    try:
        storage.size(key)
    except NotStored:
        return False
    return True
