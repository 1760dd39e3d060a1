"""Who is asking: the session cookie and the current user, for the edges."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Response, g, request

from ihome.accounts import actions, queries
from ihome.accounts.errors import OperatorsOnly
from ihome.accounts.models import User
from ihome.accounts.queries import Visitor
from ihome.kit import i18n
from ihome.kit.browser import asked_language, set_cookie
from ihome.kit.db import in_transaction, reading
from ihome.kit.errors import DatabaseDown, NotSignedIn

P = ParamSpec("P")
T = TypeVar("T")

COOKIE = "session"


def current_user() -> User:
    """Who is signed in, as a row of the session that is open. Raises NotSignedIn."""
    return queries.get_user(current_user_id())


def current_user_id() -> int:
    """Raises NotSignedIn."""
    return visitor().id


def find_current_user_id() -> int | None:
    found = find_visitor()
    return found.id if found else None


def visitor() -> Visitor:
    """Who is signed in: for what names people and does not change them. Raises NotSignedIn."""
    g.is_personal = True  # The answer is nobody else's business.
    found = find_visitor()
    if found is None:
        raise NotSignedIn
    return found


def public_reads(view: Callable[P, T]) -> Callable[P, T]:
    """For what everybody may look at. A stranger is shown what a replica has; who is signed in, their own changes."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        with reading(replica=COOKIE not in request.cookies):
            return view(*args, **kwargs)

    return wrapped


def find_visitor() -> Visitor | None:
    """Looked up once a request; without a cookie, not at all."""
    if "visitor" not in g:
        token = request.cookies.get(COOKIE)
        found = None
        if token:
            g.is_unknown = True  # A look-up that failed does not say that nobody is signed in.
            with reading():
                found = queries.find_visitor(actions.hash_token(token))
        g.visitor, g.is_unknown = found, False
    known: Visitor | None = g.visitor
    return known


def find_shown_visitor() -> Visitor | None:
    """For language and head of a page, an error's too: None as well where the database has already failed to say."""
    if COOKIE in request.cookies and not g.get("is_unknown"):
        with suppress(DatabaseDown):
            return find_visitor()
    return None


def find_current_user() -> User | None:
    user_id = find_current_user_id()
    return queries.get_user(user_id) if user_id else None


def current_operator() -> User:
    """Raises NotSignedIn or OperatorsOnly."""
    user = current_user()
    if not user.is_operator:
        raise OperatorsOnly
    return user


def sign_in(answer: Response, user_id: int) -> Response:
    """Open a session for the user and give this browser its cookie."""
    token = in_transaction(actions.open_session, user_id, request.cookies.get(COOKIE))
    set_cookie(answer, COOKIE, token, max_age=int(actions.SESSION_LASTS.total_seconds()))
    return answer


def drop_cookie(answer: Response) -> Response:
    answer.delete_cookie(COOKIE, path="/")
    return answer


def language() -> str:
    """The saved language of who is signed in, else what the browser asks for (contract: Conventions)."""
    found = find_shown_visitor()
    return found.language if found and found.language in i18n.LANGUAGES else asked_language()
