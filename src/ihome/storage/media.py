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

import structlog

from ihome.config import ConfigError
from ihome.kit.errors import AppError
from ihome.kit.i18n import _l

log = structlog.get_logger()

KEY = re.compile(r"(?!(.*/)?\.{1,2}(/|$))[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", re.ASCII)  # No "..": it stays inside.


class StorageDown(AppError):
    """Why is for operators: in the log, and in `facts["reason"]`."""

    errno = "4302"
    errmsg = _l("The picture could not be stored. Please try again.")

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        log.error("storage.down", reason=reason)


class NotStored(AppError):
    errno = "4002"
    errmsg = _l("There is no picture {key} in the storage.")


class KeepsNoList(AppError):
    errno = "4201"
    errmsg = _l("This storage keeps no list of its pictures; only the database knows them.")


class Stored(NamedTuple):
    """What a storage knows of a key without fetching it: size in bytes, UTC instant of its last change."""

    key: str
    size: int
    changed_at: datetime


class Storage(ABC):
    """Whole pictures under keys such as houses/7/name-l.webp. All methods raise StorageDown, in bounded time.

    A key that is none (`..`, spaces, an empty one) is a ValueError: nobody but us makes them.
    """

    names_files = False  # True: put() answers with a key of the storage's own choice, and there is no listing.

    @abstractmethod
    def put(self, key: str, content: bytes) -> str:
        """Keep these bytes, all of them or nothing; the key they are now found under.

        That is the one asked for, unless the storage `names_files`: then the other sizes of a picture are put under
        sized() of the key that its largest got.
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
        """Everything there is, in no order, a page at a time; drafts that were never finished too (`.name`).

        Raises KeepsNoList where the storage `names_files`.
        """

    @abstractmethod
    def url(self, key: str) -> str:
        """The absolute URL at which a browser gets it now."""

    def close(self) -> None:
        """Let go of connections."""
        return

    def keys(self) -> Iterator[str]:
        """The keys of all that is stored, in no order, a page at a time. Raises KeepsNoList."""
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
            raise _down(error) from error
        return key

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise NotStored(key=key) from None
        except OSError as error:
            raise _down(error) from error

    def size(self, key: str) -> int:
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            raise NotStored(key=key) from None
        except OSError as error:
            raise _down(error) from error

    def delete(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise _down(error) from error

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
            raise _down(error) from error

    def url(self, key: str) -> str:
        return f"{self.base_url}/{check_key(key)}"

    def _path(self, key: str) -> Path:
        return self.folder / check_key(key)


def _raise(error: OSError) -> None:
    raise error


def _down(error: OSError) -> StorageDown:
    return StorageDown(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror))


_storage: Storage | None = None
_base_url = ""


def open_storage(url: str, public_url: str = "") -> Storage:
    """The storage at this URL; `public_url` is where the public finds its keys. Raises ConfigError."""
    match urlsplit(url).scheme:
        case "file":
            return LocalFolder(Path(unquote(urlsplit(url).path)), public_url)
        case "s3":
            from ihome.storage.s3 import open_bucket  # Its library only where there is a bucket.

            return open_bucket(url, public_url)
        case "fastdfs":
            from ihome.storage.fastdfs import open_fastdfs

            return open_fastdfs(url, public_url)
    raise ConfigError("IHOME_STORAGE_URL: expected an address that begins with file://, s3:// or fastdfs://")


def connect(url: str, public_url: str = "", site_url: str = "") -> None:
    """Use the storage at this URL. Raises ConfigError.

    The public finds its keys under `public_url`; without one under `site_url`, where the site serves a folder and
    leads on to a private bucket.
    """
    global _storage, _base_url
    if _storage:
        _storage.close()
    _base_url = public_url or site_url
    _storage = open_storage(url, _base_url if url.startswith("file:") else public_url)


def storage() -> Storage:
    if _storage is None:
        raise RuntimeError("no storage: call ihome.storage.media.connect() first")
    return _storage


def media_url(key: str | None) -> str:
    """The absolute URL of a stored picture, "" for none (contract: every URL in an answer is absolute)."""
    return f"{_base_url}/{key}" if key else ""
