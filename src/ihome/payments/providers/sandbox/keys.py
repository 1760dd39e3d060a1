"""Who the parties at the sandbox are, and their keys: made once in each instance folder."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ihome.config import config
from ihome.payments.providers.alipay.rsa2 import load_private_key

# Shaped like Alipay's numbers, and nobody's there.
APP_ID = "9021000000000001"
SELLER_ID = "2088000000000001"
BUYER_ID = "2088000000000002"


@dataclass(frozen=True)
class Keys:
    """The merchant signs requests with its key, the gateway answers with its own."""

    merchant: rsa.RSAPrivateKey = field(repr=False)
    gateway: rsa.RSAPrivateKey = field(repr=False)


def sandbox_keys() -> Keys:
    """The keys of this instance folder."""
    return _keys(config().instance.resolve() / "sandbox-keys")


@cache
def _keys(folder: Path) -> Keys:
    return Keys(merchant=_key(folder / "merchant.pem"), gateway=_key(folder / "gateway.pem"))


def _key(path: Path) -> rsa.RSAPrivateKey:
    """The key in this file, made by whichever process comes first."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        with suppress(FileExistsError):
            os.link(draft, path)  # Fails where another process was first; a rename would overwrite its key.
        draft.unlink()
    return load_private_key(path.read_text())
