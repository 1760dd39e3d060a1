"""The private folder (IHOME_PRIVATE): files are written whole, looked at, and removed. An edge's helper."""

import os
import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import structlog

from ihome.archive.errors import ArchiveGone
from ihome.archive.models import Archive, Status
from ihome.config import config
from ihome.kit import outbox
from ihome.kit.db import utcnow

log = structlog.get_logger()

NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)
OURS = re.compile(r"\.?([0-9a-f]{32})\.zip", re.ASCII)  # With a dot: not finished.
ABANDONED = 120  # Seconds in which nothing was written: whoever wrote it is dead.
STRAY = 3600  # Seconds after which a file without a row is nobody's; a node may hear of a row late.


def path_of(name: str) -> Path:
    """Raises ArchiveGone, also for a name that no archive can have."""
    if not NAME.fullmatch(name):
        raise ArchiveGone
    return config().private_folder / f"{name}.zip"


def status_of(archive: Archive | None) -> Status:
    """How it stands, by the row and the file."""
    if archive is None or archive.is_over(utcnow()):
        return Status.NONE
    if archive.ready_at is None:
        return Status.PREPARING
    try:
        return Status.READY if path_of(archive.name).stat().st_size else Status.NONE
    except (OSError, ArchiveGone):
        return Status.NONE


@contextmanager
def new_file(name: str) -> Iterator[IO[bytes]]:
    """A file to write, seen under its name once all of it is on the disk; after an error nothing is left of it.

    The group may read it, if it may enter the folder: so nginx is let in. Raises OSError, or outbox.TryLater while
    somebody else writes it.
    """
    path = path_of(name)
    draft = path.with_name(f".{path.name}")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        if time.time() - draft.stat().st_mtime < ABANDONED:
            raise outbox.TryLater("another worker is making it")
        draft.unlink()
    file = os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640), "wb")
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def remove_strays(named: Collection[str]) -> int:
    """Remove our files that no row names; how many. One that cannot be removed is logged, and tried again next time."""
    removed = 0
    for path in _files(config().private_folder):
        found = OURS.fullmatch(path.name)
        try:
            if found and found[1] not in named and time.time() - path.stat().st_mtime > STRAY:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            pass  # Another worker was faster.
        except OSError as error:
            log.error("archive.not_removed", file=path.name, reason=error.strerror)
    return removed


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []  # Nobody has asked yet.
    except OSError as error:
        log.error("archive.folder_unreadable", reason=error.strerror)
        return []
