"""Asking for the copy of one's data, and what becomes of it."""

import secrets

from sqlalchemy import delete, update

from ihome.accounts.models import User
from ihome.archive import queries
from ihome.archive.models import KEPT_FOR, Archive
from ihome.kit import outbox
from ihome.kit.db import lock, session, utcnow


def ask_for_archive(user: User, *, lost: str | None = None) -> Archive:
    """This person's archive: the one that is being made or is new, else another, which is promised.

    `lost` is the name of one that is of no use any more: over, or without its file.
    """
    lock(user)  # Of two tabs the second finds what the first has asked for; on a cluster the unique key sees to it.
    now = utcnow()
    archive = queries.find_archive(user.id)
    if archive and archive.name != lost and not archive.can_be_replaced(now):
        return archive
    if archive is None:
        archive = Archive(user_id=user.id)
        session.add(archive)
    archive.name, archive.asked_at, archive.kept_until = secrets.token_hex(16), now, now + KEPT_FOR
    archive.ready_at = archive.size = None
    session.flush()
    outbox.add("archive.asked", name=archive.name)
    return archive


def mark_ready(name: str, size: int) -> None:
    """The file is there, with so many bytes. Who says so first has the person told."""
    now = utcnow()
    marked = session.execute(
        update(Archive)
        .where(Archive.name == name, Archive.ready_at.is_(None))
        .values(ready_at=now, size=size, kept_until=now + KEPT_FOR)
    )
    if marked.rowcount:  # type: ignore[attr-defined]
        outbox.add("archive.ready", name=name)


def forget_expired() -> None:
    """The rows; their files are then nobody's."""
    session.execute(delete(Archive).where(Archive.kept_until <= utcnow()))
