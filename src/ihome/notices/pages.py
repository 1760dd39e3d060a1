"""The mailbox of a demo: what would have been mailed, to read in the browser. It shows codes, so never in earnest."""

import re

from flask import Blueprint, Response, make_response, render_template
from markupsafe import Markup, escape

from ihome.config import config
from ihome.kit.errors import PathNotFound
from ihome.notices import delivery

SHOWN = 100
REFRESH = 3  # Seconds.
ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.ASCII)
# The letter brings its own styles and nothing else: no script, no picture, no form.
LETTER_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'; sandbox"

pages = Blueprint("mailbox", __name__)


def _guard() -> None:
    """Raises PathNotFound unless this is a demo that keeps its mails in files."""
    if not (config().demo and delivery.goes_to_files()):
        raise PathNotFound


pages.before_request(_guard)


@pages.after_request
def _forget(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.get("/mailbox")
def mailbox() -> Response:
    """The newest mails; the browser asks again every few seconds."""
    answer = make_response(render_template("notices/mailbox.html", mails=delivery.list_mails(SHOWN)))
    answer.headers["Refresh"] = str(REFRESH)  # As <meta http-equiv="refresh">, which belongs into the head.
    return answer


@pages.get("/mailbox/<name>")
def mail(name: str) -> str:
    found = delivery.read_mail(name)
    return render_template("notices/mail.html", mail=found, text=link_own_pages(found.text))


@pages.get("/mailbox/<name>/letter")
def letter(name: str) -> Response:
    """The HTML part alone, for the frame on its page."""
    answer = make_response(delivery.read_mail(name).html)
    answer.headers["Content-Security-Policy"] = LETTER_CSP
    return answer


def link_own_pages(text: str) -> Markup:
    """The text with links to this site clickable; other addresses, which guests may have typed, stay text."""
    linked, end = Markup(), 0
    for found in ADDRESS.finditer(text):
        url = found.group()
        linked += escape(text[end : found.start()])
        is_own = url == config().base_url or url.startswith(f"{config().base_url}/")
        linked += Markup('<a href="{0}">{0}</a>').format(url) if is_own else escape(url)
        end = found.end()
    return linked + escape(text[end:])
