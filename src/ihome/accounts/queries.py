"""Finding people."""

from sqlalchemy import bindparam, func, select

from ihome.accounts.models import Identity, LoginSession, User
from ihome.kit.db import session, utcnow
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


# Asked by nearly every request, so built once.
_SESSION_USER = (
    select(User)
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(LoginSession.token_hash == bindparam("token_hash"), LoginSession.expires_at > bindparam("now"))
    .where(User.is_active)
)


def find_session_user(token_hash: str) -> User | None:
    """Whose session this is, while it lasts and the account is active: a copy that outlives the open session."""
    found = session.scalar(_SESSION_USER, {"token_hash": token_hash, "now": utcnow()})
    if found:
        session.expunge(found)  # Or a rollback would expire it, and the error could not be said in its language.
    return found


def count_sessions(user: User) -> int:
    """How many browsers this person is signed in with."""
    wanted = select(func.count()).where(LoginSession.user_id == user.id, LoginSession.expires_at > utcnow())
    return session.scalar(wanted) or 0


def find_identity(user: User) -> Identity | None:
    return session.scalar(select(Identity).where(Identity.user_id == user.id))


def is_number_used(number_hash: str) -> bool:
    return bool(session.scalar(select(func.count()).where(Identity.number_hash == number_hash)))
