"""Finding people."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from ihome.accounts.models import Identity, LoginSession, User, find_sealed, hash_number
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


class Unreadable(NamedTuple):
    """Identity numbers that today's keys do not fit."""

    sealed: Counter[int]  # Those that cannot be opened, by the number of the key that sealed them.
    hashed: int  # Those whose hash is of another hash key: such a number could be registered twice.


def count_unreadable() -> Unreadable:
    """Every number is tried: a key may be there and not be the one that it was. About 10 µs each."""
    sealed: Counter[int] = Counter()
    hashed = 0
    for user_id, number, number_hash in _all_sealed():
        text = find_sealed(user_id, number)
        if text is None:
            sealed[key_number(number)] += 1
        elif hash_number(text) != number_hash:
            hashed += 1
    return Unreadable(sealed, hashed)


def _all_sealed(at_a_time: int = 1000) -> Iterator[Any]:
    """Whose it is, the number, its hash; by pages, because a read is no transaction that could hold a cursor."""
    columns = (Identity.id, Identity.user_id, Identity.number, Identity.number_hash)
    after = 0
    while found := session.execute(
        select(*columns).where(Identity.id > after).order_by(Identity.id).limit(at_a_time)
    ).all():
        yield from (row[1:] for row in found)
        after = found[-1].id


def is_number_used(number_hash: str) -> bool:
    return bool(session.scalar(select(func.count()).where(Identity.number_hash == number_hash)))
