"""Passwords: argon2id, and which ones are too weak."""

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's profile: 18 ms and 19 MiB; the library's default takes 98 ms and 64 MiB for every sign-in.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Takes the same time for an account that does not exist (`password_hash` None)."""
    try:
        matches = _hasher.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    return _hasher.check_needs_rehash(password_hash)


def is_weak(password: str, email: str) -> bool:
    """Shorter than 8 or longer than 128, the address or its name, one or two characters repeated, a common one."""
    plain = password.lower()
    return (
        not 8 <= len(password) <= 128
        or plain in (email.lower(), email.lower().partition("@")[0])
        or len(set(plain)) <= 2
        or plain in _common()
    )


@cache
def _nobodys_hash() -> str:
    return hash_password("nobody has this password")


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text().split())
