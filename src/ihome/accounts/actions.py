"""What people do with their accounts."""

import secrets
from datetime import date, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from ihome.accounts import queries
from ihome.accounts.errors import (
    AddressRegistered,
    AdultsOnly,
    AlreadyVerified,
    IdentityRequired,
    IdentityUsed,
    NameTaken,
)
from ihome.accounts.identity_number import IdentityNumber
from ihome.accounts.models import Identity, LoginSession, User, hash_number
from ihome.config import config
from ihome.kit import crypto, outbox
from ihome.kit.db import is_duplicate_key, session, utcnow

SESSION_LASTS = timedelta(days=30)
NAME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def promise_code(email: str, code: str, purpose: str, language: str) -> None:
    """Have this 6-digit code mailed: purpose is "register" or "reset"."""
    outbox.add("code.made", email=email, code=code, purpose=purpose, language=language)


def register(email: str, password_hash: str, language: str) -> User:
    """A new person, called 用户 and eight characters until they choose a name.

    Raises AddressRegistered: the unique key decides between two at the same moment.
    """
    name = "用户" + "".join(secrets.choice(NAME_ALPHABET) for _ in range(8))
    user = User(email=email.lower(), password_hash=password_hash, name=name, language=language)
    session.add(user)
    _flush_or(AddressRegistered)
    return user


def open_session(user_id: int, replaces: str | None) -> str:
    """A new session's token; the one that this browser had before ends (its id changes at sign-in)."""
    if replaces:
        close_session(replaces)
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(user_id=user_id, token_hash=hash_token(token), expires_at=utcnow() + SESSION_LASTS))
    return token


def close_session(token: str) -> None:
    session.execute(delete(LoginSession).where(LoginSession.token_hash == hash_token(token)))


def close_all_sessions(user: User) -> None:
    session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))


def forget_expired_sessions() -> int:
    done = session.execute(delete(LoginSession).where(LoginSession.expires_at < utcnow()))
    return int(done.rowcount)  # type: ignore[attr-defined]


def hash_token(token: str) -> str:
    return crypto.keyed_hash(config().secret_key, "session", token)


def set_password(user: User, password_hash: str) -> None:
    """All sessions of the user end: whoever knew the old password is out."""
    user.password_hash = password_hash
    close_all_sessions(user)


def rehash_password(user_id: int, password_hash: str) -> None:
    """The same password under today's parameters; sessions go on."""
    session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))


def set_avatar(user: User, key: str) -> None:
    if user.avatar_url:
        outbox.add("picture.dropped", key=user.avatar_url)
    user.avatar_url = key


def set_name(user: User, name: str) -> None:
    """Raises NameTaken."""
    user.name, user.chose_name = name, True
    _flush_or(NameTaken)


def set_language(user: User, language: str) -> None:
    user.language = language


def verify_identity(user: User, real_name: str, number: IdentityNumber) -> Identity:
    """Raises AlreadyVerified or IdentityUsed. One number, one account: the 15-digit form counts as its 18-digit one."""
    if queries.find_identity(user.id):
        raise AlreadyVerified
    if queries.is_number_used(hash_number(number.long_form)):
        raise IdentityUsed
    identity = Identity(
        user_id=user.id, real_name=real_name, address_code=number.address_code, abandoned=number.abandoned,
        address=number.address, birthday_code=number.birthday.isoformat(), constellation=number.constellation,
        chinese_zodiac=number.chinese_zodiac, sex=number.sex, length=number.length, check_bit=number.check_bit,
    )  # fmt: skip
    identity.seal(number.long_form)
    session.add(identity)
    _flush_or(IdentityUsed)
    return identity


def require_verified_adult(user_id: int, today: date) -> None:
    """Raises IdentityRequired or AdultsOnly."""
    identity = queries.find_identity(user_id)
    if identity is None:
        raise IdentityRequired
    if not identity.is_adult(today):
        raise AdultsOnly


def reseal_identities() -> int:
    """Encrypt every number under the newest key and hash it under today's hash key; how many changed."""
    changed = 0
    for identity in session.scalars(select(Identity)):
        number = identity.open_number()
        if crypto.key_number(identity.number) != max(config().identity_keys) or (
            identity.number_hash != hash_number(number)
        ):
            identity.seal(number)
            changed += 1
    return changed


def _flush_or(taken: type[Exception]) -> None:
    """Write now; a duplicate key means that somebody has it."""
    try:
        session.flush()
    except IntegrityError as clash:
        if is_duplicate_key(clash):
            raise taken from clash
        raise
