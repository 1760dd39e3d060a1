"""Real-name identity (contract: POST /users/auths, GET /users/real_info)."""

import base64
from collections import Counter
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text
from structlog.testing import CapturingLogger

from ihome.accounts import actions, models, queries
from ihome.accounts.cli import reseal_identities
from ihome.accounts.identity_number import make_identity_number
from ihome.accounts.models import Identity
from ihome.config import activate
from ihome.kit.db import in_transaction, reading, session
from tests import make
from tests.accounts.steps import unfilled
from tests.conftest import configure

NUMBER = make_identity_number("340102", date(1985, 5, 17), 123)
SHORT = NUMBER[:6] + NUMBER[8:17]
MASKED = NUMBER[:3] + "*" * 11 + NUMBER[-4:]


@pytest.fixture
def anna(app):
    return make.user("anna")


@pytest.fixture
def browser(app, anna):
    return make.browser(app, anna)


def verify(browser, number=NUMBER, name="王小明"):
    return browser.post("/users/auths", {"real_name": name, "id_card": number})


def test_a_valid_number_verifies(browser):
    assert verify(browser)["data"] == {"real_name": "王**", "id_card": MASKED}


def test_real_info_shows_it_masked(browser, anna):
    verify(browser)

    assert browser.get("/users/real_info")["data"] == {"user_id": anna.id, "real_name": "王**", "id_card": MASKED}


def test_before_there_is_none(browser):
    assert browser.get("/users/real_info")["errno"] == "4002"


def test_a_stranger_sees_their_own_only(app, browser):
    verify(browser)

    assert make.browser(app, make.user("stranger")).get("/users/real_info")["errno"] == "4002"


@pytest.mark.parametrize(
    "number",
    [SHORT, make_identity_number("810000", date(1990, 1, 2), 7), make_identity_number("820000", date(1990, 1, 2), 8),
     make_identity_number("830000", date(1990, 1, 2), 9), make_identity_number("340102", date(1985, 5, 17), 5).lower(),
     f"  {NUMBER} "],
    ids=["15 digits", "Hong Kong", "Macau", "Taiwan", "lower case", "spaces"],
)  # fmt: skip
def test_all_kinds_of_numbers_are_read(browser, number):
    assert verify(browser, number)["errno"] == "0"


def test_a_number_may_come_as_a_json_number(browser):
    assert verify(browser, int(SHORT))["errno"] == "0"


def test_a_wrong_number_is_told_what_a_right_one_looks_like(browser):
    said = verify(browser, number="123")["errors"]["id_card"]
    assert "18 位" in said
    assert "X" in said


@pytest.mark.parametrize("field", ["real_name", "id_card"])
def test_an_incomplete_form_is_4103(browser, field):
    for wrong_form in unfilled({"real_name": "王小明", "id_card": NUMBER}, field, " ", 1.5, "\x00", "\ud800"):
        answer = browser.post("/users/auths", wrong_form)

        assert answer["errno"] == "4103", wrong_form
        assert field in answer["errors"], wrong_form


BAD_NUMBERS = [
    "1", "x" * 18, "9" * 100, NUMBER[:-1], NUMBER + "0", NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"),
    make_identity_number("990102", date(1985, 5, 17), 1), make_identity_number("340102", date(2500, 1, 1), 1),
    "340102198502301234", "110101000000000000", "３" * 17 + "é",
]  # fmt: skip


def test_what_is_no_valid_number_is_4004(browser):
    for number in BAD_NUMBERS:
        answer = verify(browser, number)

        assert answer["errno"] == "4004", number
        assert "id_card" in answer["errors"], number


def test_who_is_verified_is_not_verified_again(browser):
    verify(browser)

    assert verify(browser)["errno"] == "4003"
    assert verify(browser, make_identity_number("340102", date(1970, 1, 1), 1))["errno"] == "4003"


def test_an_invalid_number_comes_before_already_verified(browser):
    verify(browser)

    assert verify(browser, "1")["errno"] == "4004"


@pytest.mark.parametrize("again", [NUMBER, SHORT, NUMBER.lower()])
def test_a_number_belongs_to_one_account(app, browser, again):
    verify(browser)

    assert verify(make.browser(app, make.user("berta")), again)["errno"] == "4003"


def test_a_number_used_in_its_short_form_is_used(app, browser):
    verify(browser, SHORT)

    assert verify(make.browser(app, make.user("berta")), NUMBER)["errno"] == "4003"


def test_the_row_says_what_the_number_says_and_not_the_number(browser, anna):
    verify(browser)

    with reading():
        row = session.scalars(select(Identity)).one()
        (stored,) = session.execute(text("SELECT number FROM ih_id_card")).one()
    assert NUMBER.encode() not in bytes(stored)
    said = {"address_code": "340102", "abandoned": False, "constellation": "金牛座", "sex": 1, "length": 18}
    assert {name: getattr(row, name) for name in said} == said
    assert row.check_bit == NUMBER[-1]
    assert "合肥市" in row.address
    assert "牛" in row.chinese_zodiac
    assert row.birthday_code.replace("-", "") == "19850517"


def test_no_log_or_error_repeats_the_number(browser, capfd):
    answer = verify(browser, NUMBER[:-1] + "é")

    assert NUMBER[:-1] not in str(answer) + "".join(capfd.readouterr())


def born_years_ago(years, days=0):
    """The birthday of somebody who turned this many years old so many days ago."""
    day = make.day(-days)
    return day.replace(year=day.year - years) if (day.month, day.day) != (2, 29) else date(day.year - years, 3, 1)


@pytest.mark.parametrize(("days", "errno"), [(0, "0"), (400, "0"), (-2, "4105")])
def test_who_publishes_is_18(browser, days, errno):
    verify(browser, make_identity_number("340102", born_years_ago(18, days), 77))

    assert browser.post("/houses/info", make.HOUSE)["errno"] == errno


# --- new keys: `ihome user reseal-identities` -------------------------------------------------------------------------

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (7, 8))


class TestNewKeys:
    @pytest.fixture
    def settings(self):
        return {"identity_keys": f"1:{OLD}"}

    @pytest.fixture
    def rotate(self, config, settings):
        """Restart the site with other settings."""

        def activate_with(**changed):
            activate(configure(config.instance, **{**settings, **changed}))

        return activate_with

    def reseal(self):
        done = CliRunner().invoke(reseal_identities)
        assert done.exit_code == 0, done.output
        return done.output

    def test_numbers_can_be_read_while_both_keys_are_there(self, browser, rotate):
        verify(browser)
        rotate(identity_keys=f"1:{OLD} 2:{NEW}")

        assert browser.get("/users/real_info")["data"]["id_card"] == MASKED

    def test_after_resealing_the_old_key_can_go(self, app, browser, rotate):
        verify(browser)
        verify(make.browser(app, make.user()), make_identity_number("340102", date(1970, 1, 1), 1))
        rotate(identity_keys=f"1:{OLD} 2:{NEW}")

        assert "2" in self.reseal()

        rotate(identity_keys=f"2:{NEW}")
        assert browser.get("/users/real_info")["data"]["id_card"] == MASKED

    @pytest.mark.parametrize("keys", [f"2:{NEW}", f"1:{NEW}"], ids=["gone", "another"])
    def test_without_resealing_it_cannot(self, app, anna, browser, rotate, keys, capfd, monkeypatch):
        verify(browser)
        rotate(identity_keys=keys)
        monkeypatch.setattr(models, "log", log := CapturingLogger())

        client = app.test_client()
        client.set_cookie("session", in_transaction(actions.open_session, anna.id, None))
        for path in ("/api/v1.0/users/real_info", "/me"):
            assert client.get(path).status_code == 503, path
        assert browser.get("/users/real_info")["errno"] == "4001"

        assert {(call.method_name, call.args) for call in log.calls} == {("error", ("identity.unreadable",))}
        logged = str(log.calls) + "".join(capfd.readouterr())
        assert "Traceback" not in logged
        assert not any(secret in logged for secret in (NUMBER, "王小明", anna.email))

    def test_resealing_twice_changes_nothing(self, browser, rotate):
        verify(browser)
        rotate(identity_keys=f"1:{OLD} 2:{NEW}")
        self.reseal()

        assert "0" in self.reseal()

    def test_a_number_stays_used_under_a_new_hash_key(self, app, browser, rotate):
        verify(browser)
        rotate(identity_hash_key="a new key of the site's operator!")
        self.reseal()

        assert verify(make.browser(app, make.user()))["errno"] == "4003"

    def test_a_number_moved_to_another_row_is_not_read(self, app, browser, anna):
        verify(browser)
        thief = make.landlord("thief")

        def move():
            rows = {row.user_id: row for row in session.scalars(select(Identity))}
            rows[thief.id].number = rows[anna.id].number

        in_transaction(move)

        assert make.browser(app, thief).get("/users/real_info")["errno"] == "4001"

    def test_every_number_is_tried_and_not_one_of_each_key(self, browser, rotate, monkeypatch):
        """The older of two under key 1 was sealed when that key was another one. Read by pages of one."""
        monkeypatch.setattr(queries._all_sealed, "__defaults__", (1,))
        verify(browser)
        rotate(identity_keys=f"1:{NEW}")
        make.landlord("bob")

        with reading():
            assert queries.count_unreadable() == (Counter({1: 1}), 0)

    def test_numbers_hashed_under_another_key_are_counted(self, browser, rotate):
        verify(browser)
        rotate(identity_hash_key="a new key of the site's operator!")
        make.landlord("bob")

        with reading():
            assert queries.count_unreadable() == (Counter(), 1)
