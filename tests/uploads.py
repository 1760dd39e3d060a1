"""Uploads as browsers send them, and stored pictures as browsers get them."""

import io
from typing import Any

from PIL import Image

from tests.browser_double import Browser

ORIGIN = "http://localhost"


def multipart(field: str, content: bytes, filename: str = "photo.jpg", **fields: Any) -> dict[str, Any]:
    """Options of Browser.post(): one file and these fields."""
    edge = "----edge-of-a-part"
    part = f'--{edge}\r\nContent-Disposition: form-data; name="'
    texts = "".join(f'{part}{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    head = f'{part}{field}"; filename="{filename}"\r\nContent-Type: image/jpeg\r\n\r\n'
    data = (texts + head).encode() + content + f"\r\n--{edge}--\r\n".encode()
    return {"data": data, "content_type": f"multipart/form-data; boundary={edge}"}


def stored(browser: Browser, url: str) -> bytes:
    """What is served at this URL of an answer."""
    assert url.startswith(ORIGIN + "/")
    with browser.request("GET", url.removeprefix(ORIGIN)) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def open_stored(browser: Browser, url: str) -> Image.Image:
    return Image.open(io.BytesIO(stored(browser, url)))
