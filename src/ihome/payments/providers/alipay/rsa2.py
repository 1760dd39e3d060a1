"""RSA2, the signature of Alipay: SHA256withRSA (PKCS #1 v1.5), base64, over sorted `key=value` pairs.

Both ends of the wire: the client's, and what a gateway of our own needs to answer it.
Documents «自行实现签名» and «自行实现验签».
"""

import base64
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

MIN_KEY_BITS = 2048  # What RSA2 asks for.


def load_private_key(text: str) -> RSAPrivateKey:
    """A private key from PEM or bare base64 as Alipay's key tool writes it, PKCS #1 or PKCS #8.

    Raises ValueError if it is no unencrypted RSA key of at least 2048 bits.
    """
    try:
        if "-----BEGIN" in text:
            key = serialization.load_pem_private_key(text.encode(), password=None)
        else:
            key = serialization.load_der_private_key(_bare(text), password=None)
    except TypeError as encrypted:
        raise ValueError("the private key is encrypted") from encrypted
    if not isinstance(key, RSAPrivateKey) or key.key_size < MIN_KEY_BITS:
        raise ValueError("not an RSA private key of at least 2048 bits")
    return key


def load_public_key(text: str) -> RSAPublicKey:
    """A public key from PEM or from the bare base64 that Alipay's console shows.

    Raises ValueError if it is no RSA key of at least 2048 bits.
    """
    if "-----BEGIN" in text:
        key = serialization.load_pem_public_key(text.encode())
    else:
        key = serialization.load_der_public_key(_bare(text))
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_KEY_BITS:
        raise ValueError("not an RSA public key of at least 2048 bits")
    return key


def _bare(text: str) -> bytes:
    return base64.b64decode("".join(text.split()), validate=True)


def canonical(params: Mapping[str, str], *, without: tuple[str, ...] = ("sign",)) -> str:
    """The text to be signed: keys sorted, empty values and the keys of `without` left out."""
    return "&".join(f"{key}={value}" for key, value in sorted(params.items()) if value and key not in without)


def sign_text(text: str, private_key: RSAPrivateKey) -> str:
    """The signature of this exact text; a gateway signs the raw JSON of its response object so."""
    return base64.b64encode(private_key.sign(text.encode(), PKCS1v15(), hashes.SHA256())).decode()


def verify_text(text: str, signature: str | None, public_key: RSAPublicKey) -> bool:
    """Whether this is the signature of this exact text. Garbage is False, never an error."""
    if not isinstance(signature, str):
        return False
    try:
        raw = base64.b64decode(signature, validate=True)
        public_key.verify(raw, text.encode(), PKCS1v15(), hashes.SHA256())
    except (ValueError, InvalidSignature):
        return False
    return True


def sign(params: Mapping[str, str], private_key: RSAPrivateKey) -> str:
    """The `sign` of a request: everything but itself, `sign_type` included."""
    return sign_text(canonical(params), private_key)


def verify_request(params: Mapping[str, str], signature: str | None, public_key: RSAPublicKey) -> bool:
    """Whether a request's signature is good: the gateway's half of `sign`. Never raises."""
    return verify_text(canonical(params), signature, public_key)


NOTICE_WITHOUT = ("sign", "sign_type")


def sign_notice(params: Mapping[str, str], private_key: RSAPrivateKey) -> str:
    """The `sign` of notify or return parameters: the gateway's half of `verify`."""
    return sign_text(canonical(params, without=NOTICE_WITHOUT), private_key)


def verify(params: Mapping[str, str], signature: str | None, public_key: RSAPublicKey) -> bool:
    """Whether the signature of notify or return parameters is good. Never raises.

    The documents leave open whether empty values count here, and Alipay's own SDKs differ (PHP
    drops them, Java keeps them), so a signature over either text is Alipay's word.
    """
    if verify_text(canonical(params, without=NOTICE_WITHOUT), signature, public_key):
        return True
    kept = "&".join(f"{key}={value}" for key, value in sorted(params.items()) if key not in NOTICE_WITHOUT)
    return verify_text(kept, signature, public_key)
