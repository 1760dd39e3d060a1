"""Pages, styles and scripts leave gzipped. JSON does not: its answers are short, and a proxy in front may do it."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

TEXTS = {"text/html", "text/css", "text/javascript", "image/svg+xml"}
LEAST = 1000  # Bytes: what fits into a packet anyway is left alone.
PAGE_LEVEL, FILE_LEVEL = 4, 9  # A page is made for each visit, a file once.


@lru_cache(maxsize=64)
def _smaller_file(content: bytes) -> bytes:
    return gzip.compress(content, FILE_LEVEL, mtime=0)


def install(app: Flask) -> None:
    @app.after_request
    def shrink(answer: Response) -> Response:
        if answer.mimetype not in TEXTS or answer.status_code == 206 or "Content-Encoding" in answer.headers:
            return answer
        answer.vary.add("Accept-Encoding")
        if request.method != "GET" or not request.accept_encodings.quality("gzip"):  # gzip;q=0 is a no.
            return answer
        is_file = answer.direct_passthrough
        answer.direct_passthrough = False
        content = answer.get_data()
        if len(content) < LEAST:
            return answer
        answer.set_data(_smaller_file(content) if is_file else gzip.compress(content, PAGE_LEVEL, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
        etag, _ = answer.get_etag()
        if etag:
            answer.set_etag(etag, weak=True)  # The same file in other bytes.
        return answer
