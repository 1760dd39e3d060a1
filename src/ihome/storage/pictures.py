"""An upload becomes a picture of ours: decoded with limits, turned upright, re-encoded as WebP in three sizes.

Nothing of the file that came in is kept: no EXIF, no GPS, no bytes that another program might run.
"""

import io
import re
import secrets
import threading
import warnings
from contextlib import suppress
from typing import IO

from PIL import Image, ImageOps

from ihome.kit.errors import AppError, StoreDown
from ihome.kit.i18n import _l
from ihome.kit.kv import store
from ihome.storage.media import StorageDown, storage

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")  # MPO, what some cameras write, is read as JPEG.
# The keys we make, and what FastDFS makes of them: whatever else lies in a storage is somebody else's.
PICTURE = re.compile(r"(houses/\d+|avatars|demo|[^/]+/M[0-9A-F]{2}/[0-9A-F]{2}/[0-9A-F]{2})/[\w-]+\.webp", re.ASCII)
SIZES = {"l": 1600, "m": 800, "s": 400}  # Longest side in pixels.
UPLOADS, UPLOADS_WINDOW = 300, 3600  # Of one person: 15 houses with 20 pictures each within an hour.
TURN_WAIT = 5.0  # Seconds to wait for the turn at decoding.

# 40 megapixels are 160 MB while they are decoded (WebP: 600 MB), out of a file of 117 KB: one at a time per process.
_turn = threading.Lock()


class NotAPicture(AppError):
    errno = "4004"
    errmsg = _l("Please choose a picture: JPEG, PNG, WebP or AVIF, at most 10 MB and 40 megapixels.")


class PicturesBusy(AppError):
    errno = "4201"
    errmsg = _l("Many pictures are being uploaded at the moment. Please try again in a few seconds.")


class TooManyUploads(AppError):
    errno = "4201"
    errmsg = _l("That is enough pictures for one hour. Please go on later.")


def count_upload(user_id: int) -> None:
    """Raises TooManyUploads. Without the store nothing is counted: one at a time is still decoded."""
    with suppress(StoreDown):
        if store().count(f"access_nums_upload_{user_id}", UPLOADS_WINDOW) > UPLOADS:
            raise TooManyUploads


def read_picture(upload: IO[bytes]) -> Image.Image:
    """The decoded picture, upright, in RGB, no larger than it is kept. Raises NotAPicture or PicturesBusy.

    The size in pixels stands in the header and is checked before a pixel is decoded: that stops decompression bombs.
    """
    if not _turn.acquire(timeout=TURN_WAIT):
        raise PicturesBusy
    try:
        return _decoded(upload)
    finally:
        _turn.release()


def _decoded(upload: IO[bytes]) -> Image.Image:
    content = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotAPicture
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # Our own limit follows at once.
            found: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS)
        if found.width * found.height > MAX_PIXELS:
            raise NotAPicture
        found.draft("RGB", (SIZES["l"], SIZES["l"]))  # JPEG: decode no more than is needed.
        found.load()  # Of what moves, the first frame.
        return _flat(_upright(_small(found)))
    except Exception as error:  # On broken files Pillow's decoders raise whatever comes: RuntimeError, struct.error, …
        raise NotAPicture from error


def _small(picture: Image.Image) -> Image.Image:
    """No larger than it is kept: before anything else, because whatever is done to it makes a copy."""
    if picture.mode not in ("RGB", "RGBA", "L") or "transparency" in picture.info:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")  # These can be scaled.
    picture.thumbnail((SIZES["l"], SIZES["l"]), reducing_gap=2.0)
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its EXIF says; broken EXIF says nothing."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        return picture


def _flat(picture: Image.Image) -> Image.Image:
    """RGB; what was transparent becomes white."""
    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    return picture.convert("RGB")


def encode(picture: Image.Image, *, method: int = 4) -> bytes:
    """WebP, nothing but pixels. `method` trades time (0) for size (6)."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, method=method, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


def keep_picture(picture: Image.Image, folder: str, *, method: int = 4, name: str | None = None) -> str:
    """Store the picture in all sizes, the smallest last; the key of the largest. Raises StorageDown.

    Under a name nobody can guess, unless one is given; FastDFS gives its own.
    """
    key = f"{folder}/{name or secrets.token_hex(12)}-l.webp"
    largest, kept = picture, []
    try:
        for size, longest in SIZES.items():
            largest = _shrunk(largest, longest)  # Each size from the one before: half the work.
            kept.append(storage().put(sized(key, size), encode(largest, method=method)))
            key = kept[0]
    except StorageDown:
        with suppress(StorageDown):  # What the storage cannot forget now, `ihome storage orphans` finds.
            for one in kept:
                storage().delete(one)
        raise
    return key


def _shrunk(picture: Image.Image, longest: int) -> Image.Image:
    """No side longer than this; never enlarged."""
    small = picture.copy()
    small.thumbnail((longest, longest), reducing_gap=2.0)
    return small


def keep_avatar(picture: Image.Image, *, name: str | None = None) -> str:
    """Store the middle square of the picture, 256 pixels a side; its key. Raises StorageDown."""
    return storage().put(f"avatars/{name or secrets.token_hex(12)}.webp", encode(ImageOps.fit(picture, (256, 256))))


def sized(key: str, size: str) -> str:
    """The key or URL of another size, "l", "m" or "s", of a picture kept in sizes.

    x-l.webp has x-m.webp; a storage that names its files itself calls the largest x.webp.
    """
    stem = key.removesuffix(".webp")
    if stem.endswith("-l"):
        return f"{stem[:-1]}{size}.webp"
    return key if size == "l" else f"{stem}-{size}.webp"


def all_sizes(key: str) -> list[str]:
    """The keys of this picture in its sizes, the largest first."""
    return [sized(key, size) for size in SIZES]


def owners(key: str) -> set[str]:
    """The keys by which a row may name the picture of which this is a size: the other way round of sized()."""
    stem, mark, kind = key.rpartition("-")
    if mark and kind in {f"{size}.webp" for size in SIZES}:
        return {key, f"{stem}-l.webp", f"{stem}.webp"}
    return {key}


def drop_picture(key: str) -> None:
    """Forget a picture in all the sizes it has. Raises StorageDown."""
    for one in all_sizes(key):
        storage().delete(one)
