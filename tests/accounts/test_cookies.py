"""Cookies and the proof against forgery (contract: Conventions)."""

from http.cookies import SimpleCookie

import pytest

from tests import make
from tests.accounts.steps import sign_in
from tests.browser_double import API, Browser


@pytest.fixture
def anna(app):
    return make.user("anna")


def cookies_of(answer):
    found = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        found.load(line)
    return found


def post(browser, path="/sessions", **headers):
    """A sign-in with a body that is not even looked at where the token is wrong."""
    return browser.request("POST", path, json={"email": "x@example.com", "password": "x"}, headers=headers)


def test_get_sessions_sets_the_token_where_it_is_absent(app):
    client = app.test_client()

    first, second = client.get(f"{API}/sessions"), client.get(f"{API}/sessions")

    assert cookies_of(first)["csrf_token"].value
    assert "csrf_token" not in cookies_of(second)


def test_script_can_read_the_token_but_not_the_session(app, anna):
    client = app.test_client()
    token = cookies_of(client.get(f"{API}/sessions"))["csrf_token"]
    session = cookies_of(
        client.post(
            f"{API}/sessions",
            json={"email": anna.email, "password": make.PASSWORD},
            headers={"X-CSRFToken": token.value},
        )
    )["session"]

    assert not token["httponly"]
    assert session["httponly"]
    assert session["path"] == token["path"] == "/"


@pytest.mark.parametrize(
    ("settings", "secure"), [({}, ""), ({"base_url": "https://rent.example.com"}, True)], ids=["http", "https"]
)
def test_cookies_are_secure_exactly_on_https_and_always_lax(app, anna, secure):
    client = app.test_client()
    opened = cookies_of(client.get(f"{API}/sessions", base_url="https://localhost"))
    signed_in = client.post(
        f"{API}/sessions",
        json={"email": anna.email, "password": make.PASSWORD},
        headers={"X-CSRFToken": opened["csrf_token"].value},
        base_url="https://localhost",
    )

    cookies = [*opened.values(), *cookies_of(signed_in).values()]
    assert {cookie.key for cookie in cookies} >= {"csrf_token", "session"}
    assert {cookie["secure"] for cookie in cookies} == {secure}
    assert {cookie["samesite"] for cookie in cookies} == {"Lax"}


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/sessions"), ("PUT", "/users/password"), ("DELETE", "/sessions")]
)
def test_an_unsafe_request_without_the_token_is_400(app, method, path):
    client = app.test_client()
    client.get(f"{API}/sessions")

    for sent in ({}, {"X-CSRFToken": ""}, {"X-CSRFToken": "x"}, {"X-CSRFToken": "0" * 64}, {"X-CSRFToken": "é"}):
        answer = client.open(API + path, method=method, json={}, headers=sent)

        assert answer.status_code == 400, sent
        assert answer.get_json()["errno"] == "4201", sent


def test_the_token_is_looked_at_before_anything_else(app):
    answer = app.test_client().post(f"{API}/houses/info", data="not json", content_type="text/plain")

    assert (answer.status_code, answer.get_json()["errno"]) == (400, "4201")


def test_reading_needs_no_token(app):
    assert app.test_client().get(f"{API}/houses").status_code == 200


def test_a_planted_token_is_worthless(visitor):
    visitor.client.set_cookie("csrf_token", "planted", domain="localhost")

    assert post(visitor, **{"X-CSRFToken": "planted"}).status_code == 400


def test_another_browsers_token_is_worthless(app, visitor):
    other = Browser(app)
    visitor.client.set_cookie("csrf_token", other.csrf_token, domain="localhost")

    assert post(visitor, **{"X-CSRFToken": other.csrf_token}).status_code == 400


def test_the_header_must_equal_the_cookie(visitor):
    token = visitor.csrf_token
    visitor.client.set_cookie("csrf_token", "something else", domain="localhost")

    assert post(visitor, **{"X-CSRFToken": token}).status_code == 400


def test_the_token_outlives_sign_in_and_sign_out_so_other_tabs_stay_valid(visitor, anna):
    token = visitor.csrf_token

    for step in (
        lambda: sign_in(visitor, anna.email),
        lambda: visitor.delete("/sessions"),
        lambda: sign_in(visitor, anna.email),
    ):
        assert step()["errno"] == "0"
        visitor.get("/sessions")
        assert visitor.csrf_token == token
        assert post(visitor, **{"X-CSRFToken": token}).status_code == 200


def test_a_foreign_origin_is_refused(visitor):
    foreign = ("https://evil.example", "http://localhost.evil.example", "null", "http://localhost:8080")

    assert post(visitor, Origin="http://localhost").status_code == 200
    assert {origin: post(visitor, Origin=origin).status_code for origin in foreign} == dict.fromkeys(foreign, 400)


class TestWhereTheSiteHasAName:
    @pytest.fixture
    def settings(self):
        return {"base_url": "https://rent.example.com"}

    @pytest.mark.parametrize(
        ("origin", "status"), [("https://rent.example.com", 200), ("http://rent.example.com", 400)]
    )
    def test_its_own_origin_is_not_foreign(self, app, origin, status):
        client = app.test_client()
        token = cookies_of(client.get(f"{API}/sessions", base_url="https://localhost"))["csrf_token"].value

        answer = client.post(
            f"{API}/sessions", json={}, base_url="https://localhost", headers={"X-CSRFToken": token, "Origin": origin}
        )

        assert answer.status_code == status


def test_signing_out_drops_the_cookie(visitor, anna):
    sign_in(visitor, anna.email)

    visitor.delete("/sessions")

    assert visitor.client.get_cookie("session") is None
