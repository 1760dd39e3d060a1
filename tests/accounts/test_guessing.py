"""Many who sign in at the same moment: guesses get the tries that are allowed, right passwords are let in."""

import secrets

import pytest

from ihome.accounts import api, codes
from ihome.kit.kv import store
from tests import make
from tests.accounts.steps import sign_in
from tests.browser_double import Browser
from tests.concurrency.racing import race, tally

AT_ONCE = 32


@pytest.fixture(params=["a SQLite file", "Redis"])
def settings(request):
    if request.param == "Redis":
        server = request.getfixturevalue("redis_servers").single()
        return {"redis_url": f"redis://{server.host}/0"}
    return {}


def sign_in_at_once(app, attempts):
    """How often each errno came of these pairs of address and password, all from one IP."""
    browsers = [Browser(app) for _ in attempts]
    pairs = zip(browsers, attempts, strict=True)
    return tally(race([lambda who=who, what=what: sign_in(who, *what)["errno"] for who, what in pairs]))


def guesses(email="{}@example.com"):
    return [(email.format(secrets.token_hex(4)), "a wrong password") for _ in range(AT_ONCE)]


def test_one_ip_gets_twenty_guesses(app):
    assert sign_in_at_once(app, guesses()) == {"4004": 20, "4201": AT_ONCE - 20}


def test_one_address_gets_five_guesses(app):
    assert sign_in_at_once(app, guesses("anna@example.com")) == {"4004": 5, "4201": AT_ONCE - 5}


def test_a_right_password_after_too_many_guesses_is_not_told(app, monkeypatch):
    """Twenty others fail while its hash is computed."""
    anna, is_password = make.user("anna"), api.is_password

    def slowly(*words):
        for number in range(20):
            codes.note_failure(f"{number}@example.com", "127.0.0.1")
        return is_password(*words)

    monkeypatch.setattr(api, "is_password", slowly)

    assert sign_in(Browser(app), anna.email)["errno"] == "4201"


def test_a_whole_office_signs_in_at_once(app):
    people = [(make.user().email, make.PASSWORD) for _ in range(AT_ONCE)]

    assert sign_in_at_once(app, people) == {"0": AT_ONCE}


def test_the_race_is_real(app, monkeypatch):
    """Where only what was counted before is looked at, more get through, or the tests above prove nothing."""

    def only_count(email, ip):
        store().count(codes.counters_of(email, ip).ip, codes.FAILURES_WINDOW)

    monkeypatch.setattr(codes, "note_failure", only_count)

    assert sign_in_at_once(app, guesses())["4004"] > 20
