"""What every page's template may use: texts, money, dates, versioned static files, who is signed in."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, url_for

from ihome.config import config
from ihome.kit import clock, i18n
from ihome.kit.money import format_yuan

WEEKDAYS = {
    "zh": ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def format_day(day: date) -> str:
    """6月3日 周三, or Wed 3 Jun."""
    weekday = WEEKDAYS[i18n.language()][day.weekday()]
    if i18n.language() == "zh":
        return f"{day.month}月{day.day}日 {weekday}"
    return f"{weekday} {day.day} {MONTHS[day.month - 1]}"


def format_time(instant: datetime) -> str:
    """The site's wall clock: 6月3日 14:05, or 3 Jun 14:05."""
    at = clock.local(instant)
    day = f"{at.month}月{at.day}日" if i18n.language() == "zh" else f"{at.day} {MONTHS[at.month - 1]}"
    return f"{day} {at:%H:%M}"


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
