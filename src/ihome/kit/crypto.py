"""Secrets at rest and keyed hashes."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def keyed_hash(key: str, *parts: str) -> str:
    """HMAC-SHA256 in hex. `parts` are joined by NUL, so that ("a", "bc") is not ("ab", "c")."""
    return hmac.new(key.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def encrypt(keys: Mapping[int, bytes], plain: str, *, bound_to: str) -> bytes:
    """AES-256-GCM under the newest key: key number (1 byte), nonce (12), ciphertext.

    `bound_to` says whose it is; the bytes cannot be moved to another row and still be read.
    """
    number = max(keys)
    nonce = secrets.token_bytes(12)
    return bytes([number]) + nonce + AESGCM(keys[number]).encrypt(nonce, plain.encode(), bound_to.encode())


def decrypt(keys: Mapping[int, bytes], sealed: bytes, *, bound_to: str) -> str:
    """Raises KeyError for a key that was taken away, cryptography's InvalidTag for anything tampered with."""
    return AESGCM(keys[sealed[0]]).decrypt(sealed[1:13], sealed[13:], bound_to.encode()).decode()


def key_number(sealed: bytes) -> int:
    return sealed[0]
