"""What every page's template may use: texts, money, dates, versioned static files, who is signed in."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_from_directory, url_for

from ihome.config import config
from ihome.kit import clock, i18n
from ihome.kit.dates import format_day, format_span, format_time
from ihome.kit.money import format_yuan


@cache
def _fingerprint(path: Path) -> str:
    """Of a file, or of all files in a folder."""
    files = sorted(path.rglob("*.*")) if path.is_dir() else [path]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]


def install(app: Flask) -> None:
    folder = Path(app.static_folder or "")

    def static(name: str) -> str:
        """The address of a static file with its fingerprint, so that browsers may keep it for ever.

        Modules have that of all of them in their path: then `import "./app.js"` means the same one as the page's.
        """
        if name.startswith("js/"):
            return url_for("module", version=_fingerprint(folder / "js"), name=name.removeprefix("js/"))
        return url_for("static", filename=name, v=_fingerprint(folder / name))

    @app.get("/static/js-<version>/<path:name>")
    def module(version: str, name: str) -> Response:  # noqa: ARG001 - it has done its work in the address
        return send_from_directory(folder / "js", name)

    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600
    tools: dict[str, Callable[..., Any]] = {**i18n.translations_for_jinja(), "static": static, "config": config}
    app.jinja_env.globals.update(tools, today=clock.today, now=clock.now)
    app.jinja_env.filters.update(yuan=format_yuan, day=format_day, time=format_time, span=format_span)
