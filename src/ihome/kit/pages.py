"""What every page's template may use: texts, money, dates, versioned static files, who is signed in."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for

from ihome.config import config
from ihome.kit import clock, i18n
from ihome.kit.dates import format_day, format_time
from ihome.kit.money import format_yuan


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def install(app: Flask) -> None:
    folder = Path(app.static_folder or "")

    def static(name: str) -> str:
        """The address of a static file with its fingerprint, so that browsers may keep it for ever."""
        return url_for("static", filename=name, v=_fingerprint(folder / name))

    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 24 * 3600
    tools: dict[str, Callable[..., Any]] = {**i18n.translations_for_jinja(), "static": static, "config": config}
    app.jinja_env.globals.update(tools, today=clock.today, now=clock.now)
    app.jinja_env.filters.update(yuan=format_yuan, day=format_day, time=format_time)
