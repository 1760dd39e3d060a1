"""Which language people read (contract: Conventions): the saved one, the cookie, the browser's, Chinese."""

import io

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.support import NullTranslations, Translations
from flask import Response

from ihome.kit import i18n
from tests import make
from tests.accounts.steps import mailed_code, register
from tests.browser_double import API, Browser

ENGLISH = "Please sign in first."


@pytest.fixture(autouse=True)
def _two_catalogues(monkeypatch):
    """A Chinese catalogue of one sentence: these tests are about the choice, not about the translation."""
    chinese, compiled = Catalog(locale="zh_CN"), io.BytesIO()
    chinese.add(ENGLISH, "请先登录。")
    write_mo(compiled, chinese)
    compiled.seek(0)
    monkeypatch.setattr(i18n, "catalogue", {"zh": Translations(compiled), "en": NullTranslations()}.__getitem__)


@pytest.fixture
def app(own_app):
    own_app.add_url_rule(f"{API}/language", view_func=lambda: Response(i18n.language()))
    return own_app


def language_of(browser, **headers):
    return browser.request(
        "GET", "/language", headers={name.replace("_", "-"): value for name, value in headers.items()}
    ).text


def test_chinese_by_default(visitor):
    assert visitor.get("/users/user_info")["errmsg"] == "请先登录。"


def test_errmsg_follows_the_language(visitor):
    answer = visitor.request("GET", "/users/user_info", headers={"Accept-Language": "en"})

    assert answer.get_json()["errmsg"] == ENGLISH


ACCEPTED = {
    "en": "en", "en-US,en;q=0.9": "en", "en-AU": "en", "zh-CN,zh;q=0.9,en;q=0.8": "zh", "zh-TW": "zh",
    "fr, en;q=0.5": "en", "en;q=0.4, zh;q=0.6": "zh", "fr": "zh", "": "zh", "*": "zh", "\x7f;;q=x": "zh",
}  # fmt: skip


def test_the_browsers_language(visitor):
    assert {header: language_of(visitor, Accept_Language=header) for header in ACCEPTED} == ACCEPTED


def test_the_cookie_comes_before_the_browsers_language(visitor):
    for cookie, accepted, language in (("en", "zh", "en"), ("zh", "en", "zh"), ("fr", "en", "en"), ("", "en", "en")):
        visitor.client.set_cookie("lang", cookie, domain="localhost")

        assert language_of(visitor, Accept_Language=accepted) == language, cookie


def test_the_saved_language_comes_before_both(app):
    browser = make.browser(app, make.user())
    browser.client.set_cookie("lang", "zh", domain="localhost")

    assert browser.put("/users/language", {"language": "en"})["errno"] == "0"

    assert language_of(browser, Accept_Language="zh") == "en"


@pytest.mark.parametrize("cookie", ["zh", "en"])
def test_without_a_saved_language_the_cookie_counts(app, cookie):
    browser = make.browser(app, make.user(language=None))
    browser.client.set_cookie("lang", cookie, domain="localhost")

    assert language_of(browser, Accept_Language="fr") == cookie


def test_a_strangers_language_is_their_own(app):
    make.browser(app, make.user()).put("/users/language", {"language": "en"})

    assert language_of(make.browser(app, make.user("stranger"))) == "zh"
    assert language_of(Browser(app)) == "zh"


def test_only_chinese_and_english_can_be_saved(app):
    browser = make.browser(app, make.user())
    for sent in ("fr", "", None, True, 1, [], "EN\x00"):
        answer = browser.put("/users/language", {"language": sent})

        assert answer["errno"] == "4103", sent
        assert "language" in answer["errors"], sent


def test_who_registers_in_english_is_spoken_to_in_english(app):
    browser = Browser(app)
    browser.client.set_cookie("lang", "en", domain="localhost")
    register(browser, "anna@example.com", mailed_code(browser, "anna@example.com"))
    browser.client.delete_cookie("lang", domain="localhost")

    assert language_of(browser) == "en"
