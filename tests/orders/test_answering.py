"""The landlord's yes or no (contract: PUT /orders/<id>/status)."""

from datetime import timedelta

import pytest

from ihome.kit import clock
from ihome.kit.db import reading
from tests import make
from tests.orders.asking import nights_of, place, status

ACCEPT, REJECT = {"action": "accept"}, {"action": "reject", "reason": "那几天要装修"}


@pytest.fixture
def order_id(as_guest, house):
    return place(as_guest, house)["data"]["order_id"]


def answer(browser, order_id, body):
    return browser.put(f"/orders/{order_id}/status", body)["errno"]


def test_the_landlord_accepts_and_the_guest_has_half_an_hour_to_pay(as_landlord, order_id, house):
    assert answer(as_landlord, order_id, ACCEPT) == "0"

    order = make.read_order(order_id)
    with reading():
        left = order.deadline_at - clock.now()
    assert order.status == "WAIT_PAYMENT"
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    assert len(nights_of(house)) == 2


def test_the_landlord_rejects_with_a_reason_and_the_nights_are_free(as_landlord, as_stranger, order_id, house):
    assert answer(as_landlord, order_id, REJECT) == "0"

    order = make.read_order(order_id)
    assert (order.status, order.comment) == ("REJECTED", "那几天要装修")
    assert nights_of(house) == {}
    assert place(as_stranger, house)["errno"] == "0"


def test_a_no_needs_a_reason(as_landlord, order_id):
    for body in ({"action": "reject"}, {"action": "reject", "reason": "  "}, {"action": "reject", "reason": None}):
        refused = as_landlord.put(f"/orders/{order_id}/status", body)
        assert (refused["errno"], list(refused["errors"])) == ("4103", ["reason"])
    assert status(order_id) == "WAIT_ACCEPT"


def test_a_reason_has_at_most_500_characters(as_landlord, order_id):
    assert answer(as_landlord, order_id, REJECT | {"reason": "由" * 501}) == "4103"
    assert answer(as_landlord, order_id, REJECT | {"reason": "由" * 500}) == "0"


@pytest.mark.parametrize("body", [{}, {"action": "cancel"}, {"action": None}, {"action": ["accept"]}, {"action": True}])
def test_there_are_two_answers(as_landlord, order_id, body):
    assert answer(as_landlord, order_id, body) == "4103"


def test_a_yes_needs_no_reason_and_keeps_none(as_landlord, order_id):
    assert answer(as_landlord, order_id, ACCEPT | {"reason": "欢迎"}) == "0"
    assert make.read_order(order_id).comment is None


def test_nobody_signed_in_is_told_so_first(visitor, order_id):
    assert answer(visitor, order_id, {}) == "4101"


@pytest.mark.parametrize("body", [ACCEPT, REJECT])
def test_only_the_landlord_of_that_house_answers(app, as_guest, as_stranger, order_id, body):
    another_landlord = make.browser(app, make.landlord())

    for somebody in (as_guest, as_stranger, another_landlord):
        assert answer(somebody, order_id, body) == "4201"
    assert status(order_id) == "WAIT_ACCEPT"


def test_an_order_that_does_not_exist_is_answered_like_a_strangers(as_landlord, house):
    assert answer(as_landlord, 999_999, ACCEPT) == "4201"


def test_what_is_sent_is_read_before_whose_it_is(as_stranger, order_id):
    """The contract's row lists 4103 first."""
    assert answer(as_stranger, order_id, {}) == "4103"


@pytest.mark.parametrize("body", [ACCEPT, REJECT])
@pytest.mark.parametrize("first", [ACCEPT, REJECT])
def test_an_answer_is_given_once(as_landlord, order_id, first, body):
    answer(as_landlord, order_id, first)
    before = status(order_id)

    assert answer(as_landlord, order_id, body) == "4201"
    assert status(order_id) == before


def test_what_the_guest_cancelled_cannot_be_accepted(as_guest, as_landlord, order_id):
    assert as_guest.put(f"/orders/{order_id}/cancel")["errno"] == "0"

    assert answer(as_landlord, order_id, ACCEPT) == "4201"
    assert answer(as_landlord, order_id, REJECT) == "4201"


@pytest.mark.parametrize("order_id", ["abc", "-1", "1.5"])
def test_a_path_that_is_no_number_is_no_path(as_landlord, order_id):
    answered = as_landlord.request("PUT", f"/orders/{order_id}/status", json=ACCEPT)

    assert (answered.status_code, answered.get_json()["errno"]) == (404, "4002")


@pytest.mark.parametrize("order_id", ["0", 2**63, "9" * 30])
def test_a_number_that_no_order_can_have_is_answered_as_for_no_order(as_landlord, order_id):
    assert answer(as_landlord, order_id, ACCEPT) == "4201"
