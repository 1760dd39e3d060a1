"""New passwords: with a mailed code for who forgot theirs, with the old one for who did not."""

import pytest

from ihome.accounts import codes
from ihome.kit import outbox
from ihome.kit.kv import store
from tests import make
from tests.accounts.steps import new_picture, sign_in, wrong
from tests.browser_double import Browser

NEW = "a new long password"


@pytest.fixture
def anna(app):
    return make.user("anna")


def ask_for_reset(visitor, email, **changed):
    code_id, text = new_picture(visitor)
    return visitor.post(
        "/users/password_resets", {"email": email, "image_code": text, "image_code_id": code_id} | changed
    )


def reset(visitor, email, code, password=NEW):
    body = {"email": email, "email_code": code, "password": password, "confirm_password": password}
    return visitor.put("/users/password_resets", body)


@pytest.fixture
def code(visitor, anna):
    assert ask_for_reset(visitor, anna.email)["errno"] == "0"
    return store().get(codes.keys_of("reset", anna.email).code)


def test_a_code_from_the_mail_sets_a_new_password(app, visitor, anna, code):
    assert reset(visitor, anna.email.upper(), code)["errno"] == "0"

    assert sign_in(Browser(app), anna.email, NEW)["errno"] == "0"
    assert sign_in(Browser(app), anna.email)["errno"] == "4004"


def test_the_code_is_mailed(visitor, config, anna, code):
    assert outbox.drain() == 1

    (mail,) = (config.instance / "mail").glob("*.eml")
    assert code in mail.read_text()


def test_all_sessions_end_with_a_reset(app, visitor, anna, code):
    elsewhere = make.browser(app, anna)

    reset(visitor, anna.email, code)

    assert elsewhere.get("/sessions")["errno"] == "4101"


def test_an_unknown_address_gets_the_same_answers_and_no_mail(visitor, anna):
    known, unknown = (
        [ask_for_reset(visitor, email), ask_for_reset(visitor, email), reset(visitor, email, "12345x")]
        for email in (anna.email, "nobody@example.com")
    )

    assert [answer["errno"] for answer in known] == ["0", "4201", "4004"]
    assert known == unknown
    assert outbox.drain() == 1


def test_an_unknown_address_has_no_code_that_works(visitor):
    ask_for_reset(visitor, "nobody@example.com")
    code = store().get(codes.keys_of("reset", "nobody@example.com").code)

    assert reset(visitor, "nobody@example.com", code or "123456")["errno"] in ("4002", "4004")


def test_the_picture_comes_first(visitor, anna):
    assert ask_for_reset(visitor, "anna")["errno"] == "4004"
    assert ask_for_reset(visitor, anna.email, image_code="----")["errno"] == "4004"
    assert ask_for_reset(visitor, anna.email, image_code_id="0f8fad5b-d9cb-469f-a165-70867728950e")["errno"] == "4002"
    assert ask_for_reset(visitor, anna.email, image_code=None)["errno"] == "4103"


def test_a_code_for_registering_resets_nothing(visitor, anna):
    store().set(f"email_code_{anna.email}", "123456", 300)

    assert reset(visitor, anna.email, "123456")["errno"] == "4002"


def test_a_reset_code_is_used_once(visitor, anna, code):
    reset(visitor, anna.email, code)

    assert reset(visitor, anna.email, code, "another long password")["errno"] == "4002"


def test_the_fifth_wrong_try_burns_a_reset_code(visitor, anna, code):
    assert [reset(visitor, anna.email, wrong(code))["errno"] for _ in range(5)] == ["4004"] * 5

    assert reset(visitor, anna.email, code)["errno"] == "4002"


@pytest.mark.parametrize(
    ("changed", "errno"),
    [
        ({"confirm_password": "different"}, "4103"),
        ({"email": "anna"}, "4004"),
        ({"password": "short", "confirm_password": "short"}, "4103"),
        ({"email_code": None}, "4103"),
    ],
)
def test_a_mistake_in_the_form_keeps_the_code(visitor, anna, code, changed, errno):
    good = {"email": anna.email, "email_code": code, "password": NEW, "confirm_password": NEW}
    assert visitor.put("/users/password_resets", good | changed)["errno"] == errno

    assert reset(visitor, anna.email, code)["errno"] == "0"


# --- changing it ------------------------------------------------------------------------------------------------------


def change(browser, current=make.PASSWORD, password=NEW, confirm_password=None):
    body = {"current_password": current, "password": password, "confirm_password": confirm_password or password}
    return browser.put("/users/password", body)


def test_the_old_password_changes_it(app, anna):
    browser = make.browser(app, anna)

    assert change(browser)["errno"] == "0"
    assert sign_in(Browser(app), anna.email, NEW)["errno"] == "0"
    assert sign_in(Browser(app), anna.email)["errno"] == "4004"


def test_other_sessions_end_and_this_one_gets_a_new_id(app, anna):
    here, elsewhere = make.browser(app, anna), make.browser(app, anna)
    before = here.client.get_cookie("session").value

    change(here)

    assert elsewhere.get("/sessions")["errno"] == "4101"
    assert here.get("/sessions")["data"]["user_id"] == anna.id
    assert here.client.get_cookie("session").value != before


@pytest.mark.parametrize(
    ("values", "errno"),
    [
        ({"current": "not it"}, "4106"),
        ({"current": "not it", "confirm_password": "different"}, "4103"),
        ({"password": "short"}, "4103"),
        ({"current": ""}, "4103"),
    ],
)
def test_what_is_wrong_changes_nothing(app, anna, values, errno):
    assert change(make.browser(app, anna), **values)["errno"] == errno

    assert sign_in(Browser(app), anna.email)["errno"] == "0"


def test_guessing_the_old_password_is_limited(app, anna):
    browser = make.browser(app, anna)

    assert [change(browser, current="not it")["errno"] for _ in range(6)] == ["4106"] * 5 + ["4201"]
    assert change(browser)["errno"] == "4201"


@pytest.mark.parametrize("prefix", ["time_", "tries_"])
def test_no_address_opens_anothers_account(app, visitor, prefix):
    """What is kept of one address must not be a code for another: "1" was, once, for time_bob@ when bob@ had asked."""
    victim = make.user(f"{prefix}bob")
    asked_for = victim.email.removeprefix(prefix)
    ask_for_reset(visitor, asked_for)
    reset(visitor, asked_for, "000000")

    for guess in ("1", "2"):
        assert reset(visitor, victim.email, guess)["errno"] == "4002"


def test_only_six_digits_are_a_code(visitor, anna, code):
    store().set(codes.keys_of("reset", anna.email).code, "1", 300)

    assert reset(visitor, anna.email, "1")["errno"] == "4002"
