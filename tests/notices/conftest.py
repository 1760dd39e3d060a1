"""A configured site without a database: mails go to a folder, both languages are there, today is 20 May 2026."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

import ihome
from ihome import config as configuration
from ihome.config import Config
from ihome.kit import clock, i18n, kv

MESSAGES = Path(ihome.__file__).parent / "translations" / "zh_CN" / "LC_MESSAGES"

Configure = Callable[..., Config]


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Make these the settings of the process, over defaults that suit a test."""

    def activate(**settings: Any) -> Config:
        defaults = {"instance": str(tmp_path), "base_url": "https://rent.example.com", "secret_key": "k" * 32}
        environ = {f"IHOME_{name.upper()}": str(value) for name, value in (defaults | settings).items()}
        monkeypatch.setattr(configuration, "_active", configuration.load(environ))
        return configuration.config()

    return activate


@pytest.fixture(autouse=True)
def _site(configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure()
    kv.connect("", tmp_path / "kv.db")  # Mails are counted there.
    monkeypatch.setattr(clock, "today", lambda: date(2026, 5, 20))


@pytest.fixture(scope="session")
def chinese() -> Catalog:
    """All Chinese texts, whether the mails' are still a file of their own or merged."""
    merged = Catalog(locale="zh_CN")
    for path in sorted(MESSAGES.glob("*.po")):
        for message in read_po(io.BytesIO(path.read_bytes()), locale="zh_CN"):
            if message.id and message.string and not message.fuzzy:
                merged[message.id] = message
    return merged


@pytest.fixture(autouse=True)
def _catalogues(chinese: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, chinese)
    compiled.seek(0)
    known = {"zh": Translations(compiled), "en": NullTranslations()}
    monkeypatch.setattr(i18n, "catalogue", known.__getitem__)
