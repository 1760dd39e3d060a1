"""The pages of one's account, and what every page knows: who is looking, and where to send whom to sign in."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from ihome.accounts import queries
from ihome.accounts.queries import Visitor
from ihome.accounts.signin import current_user, find_current_user_id, find_shown_visitor
from ihome.kit import clock
from ihome.kit.browser import LANGUAGE_COOKIE, set_cookie
from ihome.kit.db import reads
from ihome.kit.errors import NotSignedIn
from ihome.kit.http import error_answer, is_api_request
from ihome.storage.media import media_url

pages = Blueprint("accounts", __name__)


# --- for every page -------------------------------------------------------------------------------------------------


@pages.app_template_global()
def viewer() -> Visitor | None:
    """Who is looking; nobody when that cannot be found out, so that the page of an outage can be shown."""
    return find_shown_visitor()


pages.app_template_filter("media")(media_url)


@pages.after_app_request
def keep_private(answer: Response) -> Response:
    """A page says who is signed in: no proxy keeps it, and the browser asks again.

    A page that is one person's is not kept at all: after signing out, "back" would show it to whoever comes next.
    """
    if answer.mimetype == "text/html":
        kept = "no-store" if g.get("is_personal") else "no-cache"
        answer.headers.setdefault("Cache-Control", f"private, {kept}")
    return answer


@pages.app_errorhandler(NotSignedIn)
def ask_to_sign_in(error: NotSignedIn) -> Response | Redirect:
    """A page that needs somebody leads to sign-in and back; the API says 4101."""
    if is_api_request() or request.method != "GET":
        return error_answer(error)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def local_path(text: str | None) -> str:
    """A path of this site to go on to; the start page for anything that could lead elsewhere.

    Browsers drop tabs and line breaks and take a backslash for a slash, so "/\\t/evil.com" is another site.
    """
    if not text or not text.startswith("/") or text.startswith("//") or "\\" in text or min(text) < " ":
        return "/"
    return text


# --- pages ----------------------------------------------------------------------------------------------------------


@pages.get("/signin")
def sign_in() -> str | Redirect:
    return _door("accounts/sign_in.html")


@pages.get("/register")
def register() -> str | Redirect:
    return _door("accounts/register.html")


def _door(template: str) -> str | Redirect:
    """A page for who is not signed in; others go on to where they wanted."""
    after = _wanted()
    return redirect(after) if find_current_user_id() else _onward(template, after)


@pages.get("/reset-password")
def reset_password() -> str:
    return _onward("accounts/reset_password.html", _wanted())


def _wanted() -> str:
    return local_path(request.args.get("next"))


def _onward(template: str, after: str) -> str:
    """This page of the door, which leads to `after` in the end; `onward` is for links to the others."""
    return render_template(template, after=after, onward={"next": after} if after != "/" else {})


@pages.get("/me")
@reads
def me() -> str:
    """Profile, identity and safety of who is signed in. `next` is where somebody came from to verify their identity."""
    user = current_user()
    identity = queries.find_identity(user.id)
    asked = request.args.get("next")
    return render_template(
        "accounts/me.html",
        user=user,
        identity=identity.masked() if identity else None,
        is_adult=identity is not None and identity.is_adult(clock.today()),
        after=local_path(asked) if asked else None,
        sessions=queries.count_sessions(user),
    )


@pages.get("/language/<any(zh, en):chosen>")
def choose_language(chosen: str) -> Redirect:
    """Remember the language of this browser and go back; a saved one (PUT /users/language) comes before it."""
    answer = make_response(redirect(local_path(request.args.get("next"))))
    set_cookie(answer, LANGUAGE_COOKIE, chosen, script=True)
    return answer
