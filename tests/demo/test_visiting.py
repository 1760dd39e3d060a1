"""Visiting the demo city: signing in with the password or with a tap, and searching."""

from datetime import timedelta

import pytest

from ihome.demo.city import ACCOUNTS, PASSWORD
from ihome.demo.load import load_city
from ihome.kit import clock
from tests.browser_double import Browser


@pytest.fixture
def settings():
    return {"demo": "1"}


def switch(visitor, body, **headers):
    headers = {"X-CSRFToken": visitor.csrf_token} | headers
    return visitor.client.post("/demo/sign-in", json=body, headers=headers)


@pytest.fixture
def city(app):
    load_city(draw=lambda wanted: wanted)
    return app


def test_the_known_accounts_sign_in_with_the_known_password(city):
    for email in (*ACCOUNTS.values(), "l02@example.com", "g07@example.com"):
        visitor = Browser(city)
        assert visitor.post("/sessions", {"email": email, "password": PASSWORD})["errno"] == "0"
        assert visitor.get("/users/user_info")["data"]["email"] == email


def test_a_tap_signs_in_as_one_after_the_other(city):
    visitor = Browser(city)
    for who, email in ACCOUNTS.items():
        answer = switch(visitor, {"who": who}).get_json()
        assert answer["errno"] == "0"
        assert visitor.get("/sessions")["data"] == answer["data"]
        assert visitor.get("/users/user_info")["data"]["email"] == email


def test_search_finds_other_houses_on_other_days(city):
    visitor, found = Browser(city), []
    for ahead in (3, 10, 17, 24):
        night = str(clock.today() + timedelta(days=ahead))
        pages = [visitor.get("/houses", start_date=night, end_date=night, page=page, limit=50) for page in (1, 2)]
        found.append(frozenset(house["house_id"] for page in pages for house in page["data"]["houses"]))
    assert all(30 < len(houses) < 85 for houses in found)
    assert len(set(found)) == len(found)
    assert len(frozenset.intersection(*found)) >= 6, "some are free all the time"


@pytest.mark.parametrize("body", [{"who": "root"}, {"who": "guest@example.com"}, {}, {"who": None}, {"who": ["guest"]}])
def test_nobody_else(visitor, body):
    answer = switch(visitor, body).get_json()
    assert answer["errno"] == "4103"
    assert "who" in answer["errors"]


def test_before_the_city_is_loaded(visitor):
    assert switch(visitor, {"who": "guest"}).get_json()["errno"] == "4002"


def test_another_site_cannot_switch(visitor):
    refused = switch(visitor, {"who": "guest"}, **{"X-CSRFToken": "forged"})
    assert refused.status_code == 400
    assert visitor.get("/sessions")["errno"] == "4101"


class TestWithoutDemoMode:
    @pytest.fixture
    def settings(self):
        return {}

    def test_there_is_no_such_address(self, visitor):
        assert switch(visitor, {"who": "guest"}).status_code == 404
