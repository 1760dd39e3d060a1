"""What is left of a request's body when it is answered: read where it is short, else the connection ends.

A server that answers before the body has come closes the connection afterwards, unannounced, and the next request on it
is lost: behind nginx that is a 502 for somebody else.
"""

from collections.abc import Callable, Iterable
from typing import IO, Any

from flask import Flask

MOST = 64 * 1024  # Bytes to read for nothing.

Start = Callable[..., Any]


def install(app: Flask) -> None:
    site = app.wsgi_app

    def answer(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        has_body = environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ
        # Without the server's word that its input ends with the body, reading on would wait for the next request.
        if not has_body or not environ.get("wsgi.input_terminated"):
            return site(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            if _is_long(environ["wsgi.input"]):
                headers = [*headers, ("Connection", "close")]
            return start_response(status, headers, *error)

        return site(environ, start)

    app.wsgi_app = answer  # type: ignore[method-assign]


def _is_long(rest: IO[bytes]) -> bool:
    """Read up to MOST bytes of it; whether there are more."""
    left = MOST
    while left > 0:
        part = rest.read(left)
        if not part:
            return False
        left -= len(part)
    return bool(rest.read(1))
