"""Registering with a mailed code (contract: POST /users)."""

import pytest

from ihome.kit.kv import store
from tests import make
from tests.accounts.steps import mailed_code, register, sign_in, unfilled, wrong
from tests.browser_double import Browser

ANNA = "anna@example.com"
FIELDS = ("email", "email_code", "password", "confirm_password")


@pytest.fixture
def code(visitor):
    return mailed_code(visitor, ANNA)


def test_a_visitor_registers_and_is_signed_in(visitor, code):
    assert register(visitor, "Anna@Example.com", code)["errno"] == "0"

    me = visitor.get("/users/user_info")["data"]
    assert me["email"] == ANNA
    assert me["name"].startswith("用户")
    assert len(me["name"]) == 2 + 8


def test_the_password_works_afterwards(app, visitor, code):
    register(visitor, ANNA, code)

    assert sign_in(Browser(app), "ANNA@example.com")["errno"] == "0"


def test_two_people_have_different_names(app, visitor):
    names = set()
    for email in (ANNA, "berta@example.com"):
        browser = Browser(app)
        register(browser, email, mailed_code(browser, email))
        names.add(browser.get("/sessions")["data"]["name"])

    assert len(names) == 2


@pytest.mark.parametrize("field", FIELDS)
def test_an_incomplete_form_is_4103_and_names_the_field(visitor, field):
    body = {"email": ANNA, "email_code": "123456", "password": make.PASSWORD, "confirm_password": make.PASSWORD}
    for wrong_form in unfilled(body, field):
        answer = visitor.post("/users", wrong_form)

        assert answer["errno"] == "4103", wrong_form
        assert field in answer["errors"], wrong_form


def test_passwords_that_differ_are_4103(visitor, code):
    answer = register(visitor, ANNA, code, confirm_password="something else")

    assert answer["errno"] == "4103"
    assert "confirm_password" in answer["errors"]


def test_a_bad_address_is_4004(visitor):
    for address in ("anna", "a/b@example.com"):  # The path of the code's endpoint has no room for a slash.
        assert register(visitor, address, "123456")["errno"] == "4004"


def test_a_weak_password_is_4103_and_names_the_field(visitor, code):
    weak = ("short77", "x" * 129, ANNA, ANNA.upper(), "password", "Password1", "12345678", "aaaaaaaaaa", "qwertyuiop")
    for password in weak:
        answer = register(visitor, ANNA, code, password)

        assert answer["errno"] == "4103", password
        assert "password" in answer["errors"], password


@pytest.mark.parametrize("password", ["k7#mQz!p", "长城 和 故宫 与 天坛", "zq" + "v7x" * 42, "  leading space"])
def test_a_password_has_8_to_128_characters_of_any_kind(app, visitor, code, password):
    assert register(visitor, ANNA, code, password)["errno"] == "0"
    assert sign_in(Browser(app), ANNA, password)["errno"] == "0"


def test_spaces_around_a_password_belong_to_it(app, visitor, code):
    register(visitor, ANNA, code, "  leading space")

    assert sign_in(Browser(app), ANNA, "leading space")["errno"] == "4004"


def test_without_a_code_is_4002(visitor):
    assert register(visitor, ANNA, "123456")["errno"] == "4002"


def test_a_code_of_another_address_is_4002(visitor, code):
    assert register(visitor, "berta@example.com", code)["errno"] == "4002"


def test_a_wrong_code_is_4004(visitor, code):
    assert register(visitor, ANNA, wrong(code))["errno"] == "4004"


def test_a_code_is_used_up_by_registering(app, visitor, code):
    register(visitor, ANNA, code)

    assert register(Browser(app), ANNA, code)["errno"] == "4002"


def test_an_address_registered_meanwhile_is_4003(app, visitor):
    person = make.user()
    store().set(f"email_code_{person.email}", "123456", 300)  # Asked for just before the other one registered.

    assert register(visitor, person.email, "123456")["errno"] == "4003"
    assert visitor.get("/sessions")["errno"] == "4101"


@pytest.mark.parametrize(
    ("body", "errno"),
    [
        ({"email": "anna", "password": "x", "confirm_password": ""}, "4103"),  # incomplete before the address
        ({"email": "anna", "password": "x", "confirm_password": "y"}, "4103"),  # differ before the address
        ({"email": "anna", "password": "x", "confirm_password": "x"}, "4004"),  # the address before the strength
        ({"password": "x", "confirm_password": "x"}, "4103"),  # the strength before the code
        ({}, "4002"),  # whether there is a code before whether it is right
    ],
)
def test_the_checks_run_in_the_contracts_order(visitor, body, errno):
    good = {"email": ANNA, "email_code": "000000", "password": make.PASSWORD, "confirm_password": make.PASSWORD}

    assert visitor.post("/users", good | body)["errno"] == errno


@pytest.mark.parametrize(
    "mistake", [{"confirm_password": "y"}, {"email": "anna"}, {"password": "x", "confirm_password": "x"}]
)
def test_a_mistake_elsewhere_does_not_use_the_code_up(visitor, code, mistake):
    good = {"email": ANNA, "email_code": code, "password": make.PASSWORD, "confirm_password": make.PASSWORD}
    for _ in range(6):
        assert visitor.post("/users", good | mistake)["errno"] != "0"

    assert register(visitor, ANNA, code)["errno"] == "0"


def test_a_wrong_code_for_a_registered_address_is_4004_not_4003(visitor):
    person = make.user()
    store().set(f"email_code_{person.email}", "123456", 300)

    assert register(visitor, person.email, "654321")["errno"] == "4004"
