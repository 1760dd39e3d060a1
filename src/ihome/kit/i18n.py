"""Texts in the reader's language: Chinese first, English complete.

Sentences are written in English in the code and looked up in the catalogues of `translations/`. The language is a
context variable, so requests, mails and commands each speak their own without knowing of Flask.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations

LANGUAGES = {"zh": "zh_CN", "en": "en"}
DEFAULT = "zh"

_language: ContextVar[str | Callable[[], str] | None] = ContextVar("language", default=None)


def language() -> str:
    """The reader's language: "zh" or "en"."""
    chosen = _language.get()
    if chosen is None:
        return DEFAULT
    if callable(chosen):  # Looked up only when a text is needed: most JSON answers need none.
        chosen = chosen()
        _language.set(chosen)
    return chosen


def set_language(chosen: str | Callable[[], str] | None) -> None:
    _language.set(chosen)


@contextmanager
def speaking(chosen: str | None) -> Iterator[None]:
    """Texts inside are in this language (mails speak the recipient's)."""
    token = _language.set(chosen if chosen in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def catalogue(name: str) -> NullTranslations:
    return Translations.load(Path(__file__).parent.parent / "translations", [LANGUAGES[name]])


def gettext(message: str, **facts: object) -> str:
    """The message in the reader's language, with its {placeholders} filled."""
    found = str(catalogue(language()).ugettext(message)) if message else ""
    return found.format(**facts) if facts else found


def ngettext(one: str, many: str, number: int, **facts: object) -> str:
    found = str(catalogue(language()).ungettext(one, many, number))
    return found.format(number=number, **facts)


class Text:
    """A sentence that is translated when it is shown, not when the module is loaded."""

    def __init__(self, message: str, **facts: object) -> None:
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return gettext(self.message, **self.facts)

    def __repr__(self) -> str:
        return f"Text({self.message!r})"

    def __html__(self) -> str:
        from markupsafe import escape  # Jinja's own; imported late because only pages need it.

        return str(escape(str(self)))


_ = gettext
_l = Text


def translations_for_jinja() -> dict[str, Any]:
    return {"_": gettext, "gettext": gettext, "ngettext": ngettext, "language": language}
