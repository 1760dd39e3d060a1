"""Finding people."""

from collections import Counter
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from ihome.accounts.errors import IdentityUnreadable
from ihome.accounts.models import Identity, LoginSession, User, open_sealed
from ihome.kit.crypto import key_number
from ihome.kit.db import execute, session, utcnow
from ihome.kit.errors import NotFound


def find_user(email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email.lower()))


def get_user(user_id: int) -> User:
    """Raises NotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def is_registered(email: str) -> bool:
    return bool(session.scalar(select(func.count()).where(User.email == email.lower())))


class Visitor(NamedTuple):
    """Who is signed in, as far as nearly every request must know."""

    id: int
    name: str
    avatar_url: str | None
    language: str | None


_VISITOR = (  # Built once, and columns, not a User: a signed-in request begins with it.
    select(*(getattr(User, name) for name in Visitor._fields))
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(LoginSession.token_hash == bindparam("token_hash"), LoginSession.expires_at > bindparam("now"))
    .where(User.is_active)
)


def find_visitor(token_hash: str) -> Visitor | None:
    """Whose session this is, while it lasts and the account is active."""
    found = execute(_VISITOR, {"token_hash": token_hash, "now": utcnow()}).one_or_none()
    return Visitor._make(found) if found else None


def count_sessions(user: User) -> int:
    """How many browsers this person is signed in with."""
    wanted = select(func.count()).where(LoginSession.user_id == user.id, LoginSession.expires_at > utcnow())
    return session.scalar(wanted) or 0


def find_identity(user_id: int) -> Identity | None:
    return session.scalar(select(Identity).where(Identity.user_id == user_id))


def count_sealed_by_lost_keys() -> Counter[int]:
    """How many identity numbers today's keys do not open, by the number of the key; the newest of each is tried."""
    opens: dict[int, bool] = {}
    lost: Counter[int] = Counter()
    for user_id, sealed in session.execute(select(Identity.user_id, Identity.number).order_by(Identity.id.desc())):
        key = key_number(sealed)
        if key not in opens:
            try:
                opens[key] = bool(open_sealed(user_id, sealed))
            except IdentityUnreadable:
                opens[key] = False
        lost[key] += not opens[key]
    return +lost


def is_number_used(number_hash: str) -> bool:
    return bool(session.scalar(select(func.count()).where(Identity.number_hash == number_hash)))
