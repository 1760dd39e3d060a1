"""Where pictures are kept, chosen by IHOME_STORAGE_URL: put, get, size, delete, keys, url."""

import os
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ihome.kit.errors import AppError
from ihome.kit.i18n import _l

KEY = re.compile(r"(?!(.*/)?\.{1,2}(/|$))[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", re.ASCII)  # No "..": it stays inside.


class StorageDown(AppError):
    errno = "4302"
    errmsg = _l("The picture could not be stored. Please try again.")


class NotStored(AppError):
    errno = "4002"
    errmsg = _l("There is no picture {key} in the storage.")


class Stored(NamedTuple):
    """What a storage knows of a key without fetching it: size in bytes, UTC instant of its last change."""

    key: str
    size: int
    changed_at: datetime


class Storage(ABC):
    """Whole pictures under keys such as houses/7/name-l.webp. All methods raise StorageDown, in bounded time.

    A key that is none (`..`, spaces, an empty one) is a ValueError: nobody but us makes them.
    """

    @abstractmethod
    def put(self, key: str, content: bytes) -> str:
        """Keep these bytes, all of them or nothing; the key they are now found under.

        That is the one asked for, unless the storage names its files itself.
        """

    @abstractmethod
    def get(self, key: str) -> bytes:
        """Raises NotStored."""

    @abstractmethod
    def size(self, key: str) -> int:
        """In bytes, without fetching them. Raises NotStored."""

    @abstractmethod
    def delete(self, key: str) -> None:
        """Forget the key; one that is not there is no error."""

    @abstractmethod
    def listing(self) -> Iterator[Stored]:
        """Everything there is, in no order, a page at a time; drafts that were never finished too (`.name`)."""

    @abstractmethod
    def url(self, key: str) -> str:
        """The absolute URL at which a browser gets it now."""

    def keys(self) -> Iterator[str]:
        """The keys of all that is stored, in no order, a page at a time."""
        return (stored.key for stored in self.listing() if not stored.key.rpartition("/")[2].startswith("."))


def check_key(key: str) -> str:
    """The key. Raises ValueError."""
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no key")
    return key


class LocalFolder(Storage):
    """Files in a folder that the site itself, or nginx, serves."""

    def __init__(self, folder: Path, base_url: str = "") -> None:
        self.folder, self.base_url = folder, base_url

    def put(self, key: str, content: bytes) -> str:
        path = self._path(key)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(content)
            os.replace(draft, path)  # noqa: PTH105 - whoever reads sees all of it or nothing
        except OSError as error:
            with suppress(OSError):  # What keeps a file from being written may keep it from being removed.
                draft.unlink(missing_ok=True)
            raise StorageDown from error
        return key

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise NotStored(key=key) from None
        except OSError as error:
            raise StorageDown from error

    def size(self, key: str) -> int:
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            raise NotStored(key=key) from None
        except OSError as error:
            raise StorageDown from error

    def delete(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StorageDown from error

    def listing(self) -> Iterator[Stored]:
        try:
            for folder, _, names in os.walk(self.folder, onerror=_raise):
                for name in names:
                    path = Path(folder, name)
                    with suppress(FileNotFoundError):  # Deleted since its name was read.
                        found = path.stat()
                        changed_at = datetime.fromtimestamp(found.st_mtime, UTC)
                        yield Stored(path.relative_to(self.folder).as_posix(), found.st_size, changed_at)
        except FileNotFoundError:
            return  # No picture has made the folder yet.
        except OSError as error:
            raise StorageDown from error

    def url(self, key: str) -> str:
        return f"{self.base_url}/{check_key(key)}"

    def _path(self, key: str) -> Path:
        return self.folder / check_key(key)


def _raise(error: OSError) -> None:
    raise error


_storage: Storage | None = None
_base_url = ""


def open_storage(url: str, base_url: str = "") -> Storage:
    """The storage at this URL; `base_url` is where the public finds its keys. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise ValueError(f"IHOME_STORAGE_URL: {parts.scheme}:// is not known; use file:///path/to/folder")
    return LocalFolder(Path(unquote(parts.path)), base_url)


def connect(url: str, base_url: str) -> None:
    """Use the storage at this URL; `base_url` is where the public finds its keys."""
    global _storage, _base_url
    _storage, _base_url = open_storage(url, base_url), base_url


def storage() -> Storage:
    if _storage is None:
        raise RuntimeError("no storage: call ihome.storage.media.connect() first")
    return _storage


def media_url(key: str | None) -> str:
    """The absolute URL of a stored picture, "" for none (contract: every URL in an answer is absolute)."""
    return f"{_base_url}/{key}" if key else ""
