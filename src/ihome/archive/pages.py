"""The copy of one's data on the page of one's account, and its download."""

from typing import NamedTuple

from flask import Blueprint, Response, redirect, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from ihome.accounts.signin import current_user_id, find_current_user_id
from ihome.archive import queries
from ihome.archive.errors import ArchiveGone
from ihome.archive.folder import path_of, status_of
from ihome.archive.models import Archive, Status
from ihome.config import config
from ihome.kit.clock import local
from ihome.kit.db import reading, utcnow

pages = Blueprint("archive", __name__)


class Standing(NamedTuple):
    """What the page of one's account shows of it."""

    status: Status
    archive: Archive | None
    can_ask: bool


@pages.app_template_global()
def own_archive() -> Standing:
    """Of who is looking; for a page that needs somebody."""
    with reading():
        archive = queries.find_archive(current_user_id())
    status = status_of(archive)
    can_ask = status == Status.NONE or (archive is not None and archive.can_be_replaced(utcnow()))
    return Standing(status, archive, can_ask)


@pages.get("/me/archive")
def download() -> Response | Redirect:
    """The file, for its owner alone; where nginx is in front it gets the name, and sends the file itself."""
    with reading():
        user_id = find_current_user_id()
        if user_id is None:  # Not back to here: a page that signs in and leads to a file stays as it was.
            return redirect(url_for("accounts.sign_in", next="/me#data"))
        archive = queries.find_archive(user_id)
    if archive is None or archive.ready_at is None or status_of(archive) != Status.READY:
        raise ArchiveGone
    path, shown = path_of(archive.name), f"ihome-{local(archive.ready_at):%Y-%m-%d}.zip"
    if config().x_accel:
        answer = Response(mimetype="application/zip", headers={"X-Accel-Redirect": config().x_accel + path.name})
        answer.headers.set("Content-Disposition", "attachment", filename=shown)
    else:
        try:
            answer = send_file(
                path.resolve(), as_attachment=True, download_name=shown, conditional=False, etag=False, max_age=0
            )
        except FileNotFoundError:  # Its time was over just now.
            raise ArchiveGone from None
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
