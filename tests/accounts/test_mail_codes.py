"""Codes sent by mail for registering (contract: GET /get_email_codes/<email>)."""

import logging
from urllib.parse import quote

import pytest

from ihome.kit import log, outbox
from ihome.kit.kv import store
from tests import make
from tests.accounts.steps import ask_for_code, mailed_code, register, wrong
from tests.browser_double import Browser

ANNA = "anna@example.com"


def test_six_digits_are_kept_under_the_address_in_lower_case(visitor):
    answer = ask_for_code(visitor, "Anna@Example.COM")

    assert answer["errno"] == "0"
    assert "data" not in answer
    code = store().get(f"email_code_{ANNA}")
    assert len(code) == 6
    assert code.isdigit()


def test_the_code_is_mailed(visitor, config):
    code = mailed_code(visitor, ANNA)

    assert outbox.drain() == 1

    (mail,) = (config.instance / "mail").glob("*.eml")
    assert code in mail.read_text()


def test_the_answer_does_not_wait_for_the_mail(visitor, config):
    mailed_code(visitor, ANNA)

    assert not list((config.instance / "mail").glob("*.eml"))


@pytest.mark.parametrize("missing", ["image_code", "image_code_id"])
def test_an_incomplete_request_is_4103_and_names_the_field(visitor, missing):
    answer = ask_for_code(visitor, ANNA, **{missing: None})

    assert answer["errno"] == "4103"
    assert missing in answer["errors"]


NO_ADDRESSES = [
    "anna", "anna@", "@example.com", "anna@example", "anna example@example.com", "anna@exa mple.com", "a@b@c.com",
    "anna@example..com", "anna@-example.com", "安娜@example.com", f"{'a' * 250}@example.com", "anna@example.com\n",
]  # fmt: skip


def test_what_is_no_address_is_4103_before_the_picture_is_looked_at(visitor):
    for address in NO_ADDRESSES:
        assert ask_for_code(visitor, quote(address), image_code="----")["errno"] == "4103", address


def test_a_picture_nobody_asked_for_has_expired(visitor):
    assert ask_for_code(visitor, ANNA, image_code_id="0f8fad5b-d9cb-469f-a165-70867728950e")["errno"] == "4002"


def test_an_id_that_no_picture_can_have_has_expired_too(visitor):
    assert ask_for_code(visitor, ANNA, image_code_id="..")["errno"] == "4002"


def test_the_wrong_text_is_4004(visitor):
    assert ask_for_code(visitor, ANNA, image_code="----")["errno"] == "4004"


@pytest.mark.parametrize(("seconds", "errno"), [(0, "4201"), (55, "4201"), (61, "0")])
def test_one_address_gets_a_code_a_minute(visitor, later, seconds, errno):
    mailed_code(visitor, ANNA)
    later(seconds)

    assert ask_for_code(visitor, "ANNA@example.com")["errno"] == errno


def test_a_code_asked_for_too_soon_does_not_replace_the_first(visitor):
    code = mailed_code(visitor, ANNA)

    ask_for_code(visitor, ANNA)

    assert store().get(f"email_code_{ANNA}") == code


def test_the_wrong_text_comes_before_the_cooldown(visitor):
    mailed_code(visitor, ANNA)

    assert ask_for_code(visitor, ANNA, image_code="----")["errno"] == "4004"


def test_twenty_mails_go_out_from_one_ip_in_ten_minutes(app, visitor, later):
    for number in range(20):
        assert ask_for_code(visitor, f"anna{number}@example.com")["errno"] == "0"

    assert ask_for_code(visitor, ANNA)["errno"] == "4201"
    assert ask_for_code(Browser(app, ip="10.0.0.9"), "berta@example.com")["errno"] == "0"
    later(601)
    assert ask_for_code(visitor, ANNA)["errno"] == "0"


def test_a_refused_mail_is_not_sent(visitor):
    mailed_code(visitor, ANNA)
    ask_for_code(visitor, ANNA)

    assert outbox.drain() == 1


def test_a_registered_address_is_4003_in_whatever_case(visitor):
    person = make.user()

    assert ask_for_code(visitor, person.email.upper())["errno"] == "4003"
    assert outbox.drain() == 0


def test_the_cooldown_comes_before_the_registered_address(visitor):
    code = mailed_code(visitor, ANNA)
    register(visitor, ANNA, code)

    assert ask_for_code(visitor, ANNA)["errno"] == "4201"


@pytest.mark.parametrize(("seconds", "errno"), [(290, "0"), (301, "4002")])
def test_a_code_is_valid_for_300_seconds(visitor, later, seconds, errno):
    code = mailed_code(visitor, ANNA)
    later(seconds)

    assert register(visitor, ANNA, code)["errno"] == errno


def test_a_code_survives_four_wrong_tries(visitor):
    code = mailed_code(visitor, ANNA)
    for _ in range(4):
        assert register(visitor, ANNA, wrong(code))["errno"] == "4004"

    assert register(visitor, ANNA, code)["errno"] == "0"


def test_the_fifth_wrong_try_burns_the_code(visitor):
    code = mailed_code(visitor, ANNA)
    for _ in range(5):
        assert register(visitor, ANNA, wrong(code))["errno"] == "4004"

    assert register(visitor, ANNA, code)["errno"] == "4002"


def test_a_new_code_has_its_own_five_tries(visitor, later):
    code = mailed_code(visitor, ANNA)
    for _ in range(4):
        register(visitor, ANNA, wrong(code))
    later(61)
    code = mailed_code(visitor, ANNA)
    for _ in range(4):
        assert register(visitor, ANNA, wrong(code))["errno"] == "4004"

    assert register(visitor, ANNA, code)["errno"] == "0"


def test_the_address_is_masked_in_the_access_log(visitor, monkeypatch, capfd):
    monkeypatch.setattr(log, "_level", logging.INFO)

    ask_for_code(visitor, ANNA)

    written = capfd.readouterr().err
    assert "/get_email_codes/" in written
    assert "anna" not in written


@pytest.mark.parametrize("prefix", ["time_", "tries_"])
def test_nobody_registers_or_blocks_an_address_through_another(visitor, prefix):
    other, code = f"{prefix}{ANNA}", mailed_code(visitor, ANNA)
    register(visitor, ANNA, wrong(code))

    assert register(visitor, other, "1")["errno"] == "4002"
    assert ask_for_code(visitor, other)["errno"] == "0"
    assert register(visitor, ANNA, code)["errno"] == "0"
