"""A request sent again is not done again (contract: `Idempotency-Key`)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from ihome.kit.db import in_transaction, session, utcnow
from ihome.kit.idempotency import RememberedAnswer
from ihome.orders import queries
from tests import make
from tests.orders.asking import count_orders, place, wish


@pytest.fixture(autouse=True)
def _only_the_key_helps(monkeypatch):
    """The same guest, house and dates are the same open order anyway: that would hide what the key does."""
    monkeypatch.setattr(queries, "find_open_order", lambda *_: None)


def grow_old(span):
    """The remembered answers were given so long ago."""
    in_transaction(lambda: session.execute(update(RememberedAnswer).values(create_time=utcnow() - span)))


def test_without_a_key_each_request_counts(as_guest, house):
    assert [place(as_guest, house)["errno"] for _ in range(2)] == ["0", "4004"]


def test_the_same_key_and_body_is_the_same_order(as_guest, house):
    first, again = (place(as_guest, house, key="k1") for _ in range(2))

    assert first["errno"] == "0"
    assert again == first
    assert count_orders() == 1


def test_the_same_key_with_another_body_is_refused(as_guest, house):
    place(as_guest, house, ahead=10, key="k1")

    assert place(as_guest, house, ahead=20, key="k1")["errno"] == "4103"
    assert place(as_guest, house, ahead=20, key="k2")["errno"] == "0"


def test_how_the_body_is_written_does_not_matter(as_guest, house):
    first = place(as_guest, house, key="k1")
    body = dict(reversed(wish(house, house_id=str(house.id), more="ignored").items()))

    assert as_guest.post("/orders", body, headers={"Idempotency-Key": "k1"}) == first


def test_another_persons_key_is_another_key(as_guest, as_stranger, house):
    mine = place(as_guest, house, ahead=10, key="k1")["data"]["order_id"]
    theirs = place(as_stranger, house, ahead=20, key="k1")["data"]["order_id"]

    assert mine != theirs


def test_another_endpoints_key_is_another_key(as_guest, as_landlord, house):
    order_id = place(as_guest, house, key="k1")["data"]["order_id"]
    as_landlord.put(f"/orders/{order_id}/status", {"action": "accept"})

    paying = as_guest.post(f"/orders/{order_id}/payment", headers={"Idempotency-Key": "k1"})
    assert paying["errno"] == "0"


def test_one_key_pays_one_order(as_guest, guest, house):
    first, second = make.accepted(guest, house, ahead=10), make.accepted(guest, house, ahead=20)
    headers = {"Idempotency-Key": "k1"}
    assert as_guest.post(f"/orders/{first.id}/payment", headers=headers)["errno"] == "0"
    assert as_guest.post(f"/orders/{first.id}/payment", headers=headers)["errno"] == "0"

    assert as_guest.post(f"/orders/{second.id}/payment", headers=headers)["errno"] == "4103"


def test_what_was_refused_is_not_remembered(as_guest, as_stranger, as_landlord, house):
    theirs = place(as_stranger, house)["data"]["order_id"]
    assert place(as_guest, house, key="k1")["errno"] == "4004"
    as_landlord.put(f"/orders/{theirs}/status", {"action": "reject", "reason": "不行"})

    assert place(as_guest, house, key="k1")["errno"] == "0"


def test_after_24_hours_the_key_is_new(as_guest, house):
    first = place(as_guest, house, ahead=10, key="k1")["data"]["order_id"]
    grow_old(timedelta(hours=23, minutes=59))
    assert place(as_guest, house, ahead=10, key="k1")["data"]["order_id"] == first
    grow_old(timedelta(hours=24, minutes=1))

    second = place(as_guest, house, ahead=20, key="k1")["data"]["order_id"]
    assert second != first
    assert place(as_guest, house, ahead=20, key="k1")["data"]["order_id"] == second


def test_the_business_clock_does_not_age_keys(as_guest, house):
    first = place(as_guest, house, key="k1", ahead=10)
    make.advance(timedelta(days=2))

    assert place(as_guest, house, key="k1", ahead=8) == first


def test_a_key_has_at_most_200_characters(as_guest, house):
    assert place(as_guest, house, key="k" * 201)["errno"] == "4103"
    assert place(as_guest, house, key="k" * 200)["errno"] == "0"


def test_an_unreadable_body_comes_before_a_key_used_before(as_guest, house):
    place(as_guest, house, key="k1")
    refused = as_guest.post("/orders", {"house_id": house.id}, headers={"Idempotency-Key": "k1"})

    assert set(refused["errors"]) == {"start_date", "end_date"}
