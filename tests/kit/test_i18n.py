"""Texts in the reader's language."""

import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.support import NullTranslations, Translations

from ihome.kit import i18n
from ihome.kit.i18n import Text, gettext, language, ngettext, set_language, speaking


@pytest.fixture(autouse=True)
def _catalogues(monkeypatch):
    """Two sentences in Chinese; English is what the code says."""
    chinese, compiled = Catalog(locale="zh_CN"), io.BytesIO()
    chinese.add("Hello, {name}!", "你好，{name}！")
    chinese.add(("{number} night", "{number} nights"), ("{number} 晚",))
    write_mo(compiled, chinese)
    compiled.seek(0)
    monkeypatch.setattr(i18n, "catalogue", {"zh": Translations(compiled), "en": NullTranslations()}.__getitem__)
    set_language(None)


def test_chinese_by_default():
    assert language() == "zh"
    assert gettext("Hello, {name}!", name="Anna") == "你好，Anna！"


def test_what_was_chosen():
    set_language("en")

    assert gettext("Hello, {name}!", name="Anna") == "Hello, Anna!"


def test_a_choice_is_made_once_and_only_when_a_text_is_needed():
    asked = []
    set_language(lambda: asked.append(1) or "en")
    assert asked == []

    assert [language(), language(), gettext("x")] == ["en", "en", "x"]
    assert asked == [1]


def test_numbers():
    assert [ngettext("{number} night", "{number} nights", number) for number in (1, 2)] == ["1 晚", "2 晚"]
    with speaking("en"):
        assert [ngettext("{number} night", "{number} nights", number) for number in (1, 2)] == ["1 night", "2 nights"]


def test_a_text_is_translated_when_it_is_shown():
    text = Text("Hello, {name}!", name="Anna")

    shown = []
    for chosen in ("en", "zh"):
        with speaking(chosen):
            shown.append(str(text))

    assert shown == ["Hello, Anna!", "你好，Anna！"]


def test_speaking_ends():
    set_language("en")
    with speaking("zh"):
        assert language() == "zh"

    assert language() == "en"


@pytest.mark.parametrize("unknown", [None, "", "fr", "zh_CN", "EN"])
def test_an_unknown_language_is_chinese(unknown):
    with speaking(unknown):
        assert language() == "zh"


def test_braces_in_a_fact_are_not_placeholders():
    assert gettext("Hello, {name}!", name="{name} {0}") == "你好，{name} {0}！"


def test_a_text_without_a_translation_stays_as_it_is():
    assert gettext("Nobody has translated this.") == "Nobody has translated this."
    assert gettext("") == ""


def test_in_html_a_text_is_escaped():
    assert Text("a < b").__html__() == "a &lt; b"
