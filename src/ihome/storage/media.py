"""Where pictures are kept, chosen by IHOME_STORAGE_URL: put, url, delete."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from ihome.kit.errors import AppError
from ihome.kit.i18n import _l


class StorageDown(AppError):
    errno = "4302"
    errmsg = _l("The picture could not be stored. Please try again.")


class Storage(Protocol):
    def put(self, key: str, content: bytes) -> None:
        """Keep these bytes under the key. Raises StorageDown."""

    def delete(self, key: str) -> None:
        """Forget the key; one that is not there is no error. Raises StorageDown."""


class LocalFolder:
    """Files in a folder that the site itself, or nginx, serves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: str, content: bytes) -> None:
        path = self.folder / key
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(content)
            os.replace(draft, path)  # noqa: PTH105 - whoever reads sees all of it or nothing
        except OSError as error:
            with suppress(OSError):  # What keeps a file from being written may keep it from being removed.
                draft.unlink(missing_ok=True)
            raise StorageDown from error

    def delete(self, key: str) -> None:
        try:
            (self.folder / key).unlink(missing_ok=True)
        except OSError as error:
            raise StorageDown from error


_storage: Storage | None = None
_base_url = ""


def connect(url: str, base_url: str) -> None:
    """Use the storage at this URL; `base_url` is where the public finds its keys."""
    global _storage, _base_url
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise ValueError(f"IHOME_STORAGE_URL: {parts.scheme}:// is not known; use file:///path/to/folder")
    _storage, _base_url = LocalFolder(Path(unquote(parts.path))), base_url


def storage() -> Storage:
    if _storage is None:
        raise RuntimeError("no storage: call ihome.storage.media.connect() first")
    return _storage


def media_url(key: str | None) -> str:
    """The absolute URL of a stored picture, "" for none (contract: every URL in an answer is absolute)."""
    return f"{_base_url}/{key}" if key else ""
