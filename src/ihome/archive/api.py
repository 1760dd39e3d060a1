"""The copy of one's data over JSON (beyond v1.0)."""

from typing import Any

from flask import Response

from ihome.accounts.signin import current_user, current_user_id
from ihome.archive import actions, queries
from ihome.archive.folder import status_of
from ihome.archive.models import Archive, Status
from ihome.config import config
from ihome.kit.clock import local_text
from ihome.kit.db import in_transaction, reading, reads
from ihome.kit.http import Api, ok

api = Api("archive")


@api.post("/user/archive", auth=True, extension=True)
def ask_for_archive() -> Response:
    """Ask for a copy of one's data; within a day of the last one, that one is the answer."""
    with reading():
        found = queries.find_archive(current_user_id())
    lost = found.name if found and status_of(found) == Status.NONE else None
    return ok(_show(in_transaction(lambda: actions.ask_for_archive(current_user(), lost=lost))))


@api.get("/user/archive", auth=True, extension=True)
@reads
def show_archive() -> Response:
    """How the copy of one's data stands (none, preparing, ready); its size in bytes, until when it is kept."""
    return ok(_show(queries.find_archive(current_user_id())))


def _show(archive: Archive | None) -> dict[str, Any]:
    status = status_of(archive)
    ready = archive if status == Status.READY else None
    return {
        "status": status,
        "size": ready.size if ready else 0,
        "made_at": local_text(ready.ready_at) if ready and ready.ready_at else "",
        "kept_until": local_text(ready.kept_until) if ready else "",
        "url": f"{config().base_url}/me/archive" if ready else "",
    }
