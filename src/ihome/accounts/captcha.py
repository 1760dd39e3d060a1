"""The picture code: made by the captcha library, kept in the store, good for one try."""

import io
import re
import secrets

from ihome.accounts.errors import PictureExpired, TooManyPictures, WrongPicture
from ihome.kit.crypto import same
from ihome.kit.errors import BadInput
from ihome.kit.kv import store

LASTS = 180  # Seconds (contract: Verification).
PER_IP, WINDOW = 300, 600  # An office shares one address; a robot wants thousands.
PICTURE_ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"  # None of 0/O, 1/I, 2/Z, 5/S, 8/B.
CODE_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


def make_picture(code_id: str, ip: str) -> bytes:
    """A PNG; its text is kept under the id. Raises BadInput, TooManyPictures or StoreDown."""
    _check_id(code_id)
    _count(ip)
    from captcha.image import ImageCaptcha  # 64 ms to import.

    text = "".join(secrets.choice(PICTURE_ALPHABET) for _ in range(4))
    picture: io.BytesIO = ImageCaptcha(width=120, height=40, font_sizes=(28, 31, 34)).generate(text)
    store().set(f"image_code_{code_id}", text, LASTS)
    return picture.getvalue()


def make_audio(code_id: str, ip: str) -> bytes:
    """A WAV that speaks six digits, which replace the text of the picture. Raises BadInput, PictureExpired, …"""
    _check_id(code_id)
    _count(ip)
    if store().get(f"image_code_{code_id}") is None:
        raise PictureExpired
    from captcha.audio import AudioCaptcha

    text = "".join(secrets.choice("0123456789") for _ in range(6))
    sound = bytes(AudioCaptcha().generate(text))
    store().set(f"image_code_{code_id}", text, LASTS)
    return sound


def check_picture(code_id: str, typed: str) -> None:
    """Raises PictureExpired or WrongPicture. Whatever was typed, the picture is used up: it is taken, then compared."""
    kept = store().take(f"image_code_{code_id}") if CODE_ID.fullmatch(code_id) else None
    if kept is None:
        raise PictureExpired
    if not same(kept.lower(), typed.strip().lower()):
        raise WrongPicture


def _check_id(code_id: str) -> None:
    if not CODE_ID.fullmatch(code_id):
        raise BadInput


def _count(ip: str) -> None:
    if store().count(f"access_nums_picture_{ip}", WINDOW) > PER_IP:
        raise TooManyPictures
