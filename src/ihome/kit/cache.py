"""Answers that are dear to make, kept in the store; of many that miss at once, one makes it.

The cache never fails a request: with the store down everything is computed.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, cast

from dogpile.cache import make_region, register_backend
from dogpile.cache.api import (
    NO_VALUE,
    BackendFormatted,
    CacheBackend,
    CacheMutex,
    KeyType,
    SerializedReturnType,
)
from dogpile.cache.region import CacheRegion

from ihome.kit import metrics
from ihome.kit.errors import StoreDown
from ihome.kit.kv import store

HELD = 3  # Seconds: an answer takes milliseconds to make.


class StoreBackend(CacheBackend):
    """dogpile over the site's own store: text in, text out, never pickle."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        self.ttl: int = arguments["ttl"]

    def get_serialized(self, key: KeyType) -> SerializedReturnType:
        found = store().get(key)
        return NO_VALUE if found is None else found.encode()

    def set_serialized(self, key: KeyType, value: bytes) -> None:
        store().set(key, value.decode(), self.ttl)

    def get(self, key: KeyType) -> BackendFormatted:
        return self.get_serialized(key)

    def set(self, key: KeyType, value: BackendFormatted) -> None:
        self.set_serialized(key, value)  # type: ignore[arg-type]

    def delete(self, key: KeyType) -> None:
        store().delete(key)

    def get_mutex(self, key: KeyType) -> CacheMutex:
        return StoreMutex(f"{key}:making")


class StoreMutex(CacheMutex):
    """Held for HELD seconds at most, so a process that dies while making an answer delays it only so long."""

    def __init__(self, key: str) -> None:
        self.key = key

    def acquire(self, wait: bool = True) -> bool:
        deadline = time.monotonic() + HELD
        while not store().add(self.key, "1", HELD):
            if not wait:
                return False
            if time.monotonic() > deadline:
                break  # Better made twice than never.
            time.sleep(0.005)
        return True

    def release(self) -> None:
        with suppress(StoreDown):
            store().delete(self.key)

    def locked(self) -> bool:
        return store().get(self.key) is not None


register_backend("ihome.store", __name__, "StoreBackend")  # type: ignore[no-untyped-call]
_regions: dict[int, CacheRegion] = {}


def cached(key: str, ttl: int, make: Callable[[], bytes]) -> bytes:
    """`make()`, or what it returned for this key within the last `ttl` seconds. Values are UTF-8 text (JSON)."""
    was_there = True

    def missed() -> bytes:
        nonlocal was_there
        was_there = False
        return make()

    region = _regions.get(ttl) or _regions.setdefault(
        ttl,
        make_region(serializer=bytes, deserializer=bytes).configure(
            "ihome.store", expiration_time=ttl, arguments={"ttl": 2 * ttl}
        ),
    )
    try:
        found = region.get(key)  # Without a look for the lock of this key: a fifth of a hit.
        if found is NO_VALUE:
            found = region.get_or_create(key, missed)
    except StoreDown:
        metrics.count_look("store_down")
        return make()
    metrics.count_look("hit" if was_there else "miss")
    return cast(bytes, found)


def forget(key: str) -> None:
    with suppress(StoreDown):
        store().delete(key)
