"""Sign-in, registration and one's own page."""

import pytest

from tests import make
from tests.page_reader import answer_of, read, where

HOSTILE = ["//evil.com", "/\\evil.com", "\\\\evil.com", "https://evil.com", "javascript:alert(1)", "/\t/evil.com",
           "\n//evil.com", "/\r\nSet-Cookie: a=b", "evil.com", "/%5Cevil.com\\", ""]  # fmt: skip


def signin_target(page):
    return next(form["data-next"] for form in page.forms if form.get("data-api", "").endswith("/sessions"))


def test_sign_in_leads_back_to_where_one_was(visitor):
    page = read(visitor, "/signin?next=/houses/7?check_in%3D2026-06-03%23book")
    assert signin_target(page) == "/houses/7?check_in=2026-06-03#book"
    assert any(link.startswith("/register?next=/houses/7") for link in page.links)


@pytest.mark.parametrize("target", HOSTILE)
def test_sign_in_leads_to_no_other_site(app, visitor, target):
    query = {"next": target}
    html = visitor.client.get("/signin", query_string=query).get_data(as_text=True)
    assert 'data-next="/"' in html
    signed_in = make.browser(app, make.user())
    for path in ("/signin", "/register", "/language/en"):
        answer = signed_in.client.get(path, query_string=query)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_who_is_signed_in_needs_no_door(app):
    assert where(make.browser(app, make.user()), "/signin?next=/trips") == "/trips"


def test_the_api_still_says_4101(visitor):
    assert visitor.get("/user/orders")["errno"] == "4101"


def test_registering_asks_for_what_the_api_wants(visitor):
    page = read(visitor, "/register")
    names = {field["name"] for field in page.fields}
    assert {"email", "image_code", "email_code", "password", "confirm_password"} <= names
    assert {"POST /api/v1.0/users"} <= page.calls()


def test_ones_page_masks_the_identity(app):
    page = read(make.browser(app, make.landlord()), "/me")
    assert "王小明" not in page.words
    assert "*" in page.words
    assert "POST /api/v1.0/users/auths" not in page.calls()


def test_who_is_not_verified_can_be(app):
    assert "POST /api/v1.0/users/auths" in read(make.browser(app, make.user()), "/me").calls()


def test_a_visitor_chooses_the_language(visitor):
    answer = answer_of(visitor, "/language/en?next=/search?area_id%3D3")
    assert answer.headers["Location"] == "/search?area_id=3"
    assert visitor.client.get_cookie("lang").value == "en"
    assert '<html lang="en">' in read(visitor, "/signin", "zh").html


def test_the_language_of_who_is_signed_in_is_saved(app):
    assert "PUT /api/v1.0/users/language" in read(make.browser(app, make.user()), "/").calls()


def test_there_are_two_languages(visitor):
    assert answer_of(visitor, "/language/fr").status_code == 404


def test_who_came_to_verify_goes_back(app):
    page = read(make.browser(app, make.user()), "/me?next=/houses/new")
    assert "/houses/new" in [form.get("data-next") for form in page.forms]
    assert "/houses/new" in read(make.browser(app, make.landlord()), "/me?next=/houses/new").links


def test_nobody_is_led_to_another_site_from_there(app):
    page = read(make.browser(app, make.landlord()), "/me?next=//evil.example")
    assert [link for link in page.links if "evil" in link] == []


def test_one_sees_on_how_many_devices_one_is_signed_in(app):
    person = make.user()
    make.browser(app, person)
    assert "2 台设备" in read(make.browser(app, person), "/me").words


def test_the_language_is_chosen_there_for_pages_and_mails(app):
    browser = make.browser(app, make.user())
    page = read(browser, "/me")
    form = next(
        form
        for form in page.forms
        if form.get("data-api") == "PUT /api/v1.0/users/language" and "{language}" in form["data-next"]
    )
    chosen = browser.put("/users/language", {"language": "en"})["data"]["language"]
    assert where(browser, form["data-next"].format(language=chosen)) == "/me#language"
    assert '<html lang="en">' in read(browser, "/me").html
