"""Finding people."""

from sqlalchemy import func, select

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


def find_session_user(token_hash: str) -> int | None:
    """Whose session this is, while it lasts and the account is active."""
    return session.scalar(
        select(User.id)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(LoginSession.token_hash == token_hash, LoginSession.expires_at > utcnow(), User.is_active)
    )


def find_identity(user: User) -> Identity | None:
    return session.scalar(select(Identity).where(Identity.user_id == user.id))


def is_number_used(number_hash: str) -> bool:
    return bool(session.scalar(select(func.count()).where(Identity.number_hash == number_hash)))
