"""One's own profile: data, avatar, nickname, language (contract: Account)."""

import re
from zoneinfo import ZoneInfo

import pytest

from tests import make
from tests.browser_double import Browser
from tests.page_reader import read
from tests.uploads import multipart, open_stored


@pytest.fixture
def anna(app):
    return make.user("anna")


@pytest.fixture
def browser(app, anna):
    return make.browser(app, anna)


def upload(browser, content, name="me.jpg"):
    return browser.post("/users/avatar", **multipart("avatar", content, name))


def test_user_info(browser, anna):
    answer = browser.get("/users/user_info")

    assert answer["errno"] == "0"
    assert answer["data"].pop("create_time")
    assert answer["data"] == {"user_id": anna.id, "name": anna.name, "email": anna.email, "avatar_url": ""}


def test_create_time_is_a_time_in_the_sites_zone(browser, anna):
    shown = browser.get("/users/user_info")["data"]["create_time"]

    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", shown)
    assert shown == anna.create_time.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M:%S")


# --- avatar -----------------------------------------------------------------------------------------------------------


def test_an_avatar_is_stored_and_shown(browser):
    answer = upload(browser, make.picture().read())

    url = answer["data"]["avatar_image_url"]
    assert url.startswith("http://localhost/")
    assert browser.get("/users/user_info")["data"]["avatar_url"] == url
    picture = open_stored(browser, url)
    assert picture.width == picture.height


def test_the_second_avatar_replaces_the_first(browser):
    first, second = (upload(browser, make.picture().read())["data"]["avatar_image_url"] for _ in range(2))

    assert first != second
    assert browser.get("/users/user_info")["data"]["avatar_url"] == second


@pytest.mark.parametrize("sent", [{}, {"avatar": "just text"}, {"picture": (make.picture(), "me.jpg")}])
def test_no_file_is_4002(browser, sent):
    answer = browser.post("/users/avatar", data=sent, content_type="multipart/form-data")

    assert answer["errno"] == "4002"


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"<html><script>alert(1)</script></html>", make.picture().read()[:200],
     b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ids=["empty", "text", "html", "truncated", "svg"],
)  # fmt: skip
def test_what_is_no_picture_is_4004(browser, content):
    assert upload(browser, content)["errno"] == "4004"
    assert browser.get("/users/user_info")["data"]["avatar_url"] == ""


def test_a_picture_over_10_mb_is_4004(browser):
    assert upload(browser, make.picture().read() + b"\0" * (10 * 1024 * 1024))["errno"] == "4004"


def test_a_body_over_12_mb_is_413(browser):
    answer = browser.request("POST", "/users/avatar", **multipart("avatar", bytes(13 * 10**6)))

    assert answer.status_code == 413
    assert answer.get_json()["errno"] == "4103"


def test_an_avatar_that_cannot_be_stored_is_4302(browser, config):
    (config.instance / "media").write_text("a file where the folder should be")

    assert upload(browser, make.picture().read())["errno"] == "4302"


# --- nickname ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nickname", ["a", "小" * 32, "<b>&amp;", "Robert'); DROP TABLE", "🏠🌊", "👨‍👩‍👧"])
def test_a_nickname_has_1_to_32_characters(browser, nickname):
    assert browser.post("/users/nickname", {"nickname": nickname})["data"] == {"nickname": nickname}
    assert browser.get("/sessions")["data"]["name"] == nickname


def test_spaces_around_a_nickname_are_dropped(browser):
    assert browser.post("/users/nickname", {"nickname": "  anna  "})["data"] == {"nickname": "anna"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("an\u200bna", "anna"), ("王\u200d伟", "王伟"), ("\ufeff 家 \u2060", "家"), ("a\u3164b", "ab"),
        ("家\ufe0f", "家"), ("😀\u200d", "😀"), ("❤️‍🔥", "❤️‍🔥"), ("🧑🏽‍🚀", "🧑🏽‍🚀"), ("🏳️‍🌈", "🏳️‍🌈"),
    ],
)  # fmt: skip
def test_what_nobody_sees_is_dropped_from_a_nickname(browser, typed, kept):
    """Else two people could have names that look the same."""
    assert browser.post("/users/nickname", {"nickname": typed})["data"] == {"nickname": kept}


def test_any_other_nickname_is_4103(browser, anna):
    for nickname in ("", "   ", "小" * 33, None, True, 1.5, [], {}, "a\x00b", "\ud800",
                     "a\nb", "\u202eanna", "\u200b", "\ufeff\u3164", "\x01"):  # fmt: skip
        answer = browser.post("/users/nickname", {"nickname": nickname})

        assert answer["errno"] == "4103", nickname
        assert "nickname" in answer["errors"], nickname
    assert browser.get("/sessions")["data"]["name"] == anna.name


def test_a_form_without_a_nickname_is_4103(browser):
    assert browser.post("/users/nickname", {})["errno"] == "4103"


def test_a_taken_nickname_is_4003(app, browser):
    berta = make.user("berta")

    assert browser.post("/users/nickname", {"nickname": berta.name})["errno"] == "4003"


def test_ones_own_nickname_is_not_taken(browser, anna):
    assert browser.post("/users/nickname", {"nickname": anna.name})["errno"] == "0"


def test_a_nickname_given_up_is_free(app, browser, anna):
    browser.post("/users/nickname", {"nickname": "somebody else"})

    assert make.browser(app, make.user()).post("/users/nickname", {"nickname": anna.name})["errno"] == "0"


# --- nobody sees another's address ------------------------------------------------------------------------------------


def test_no_answer_shows_an_address_to_a_stranger(app, anna):
    landlord = make.landlord()
    house = make.house(landlord)
    make.stayed(anna, house)

    for looker in (Browser(app), make.browser(app, make.user("stranger"))):
        for path in (f"/houses/{house.id}", "/houses", "/houses/index"):
            text = looker.request("GET", path).text
            assert "@" not in text


@pytest.mark.parametrize(("saved", "told"), [(None, "还没有保存语言"), ("zh", "都使用这种语言")])
def test_the_account_says_which_language_is_saved(app, saved, told):
    page = read(make.browser(app, make.user(language=saved)), "/me")
    assert told in page.words
    assert page.html.count(" checked") == (saved is not None)
