"""How many come, and the total they were shown: optional words of POST /orders, beyond v1.0."""

import re

import pytest

from ihome.houses import actions as houses
from ihome.kit.db import in_transaction
from tests import make
from tests.orders.asking import count_orders, mailed_to, nights_of, place, wish
from tests.page_reader import read


def reprice(house, fen):
    facts = {**make.HOUSE, "price": fen, "deposit": 50000, "description": ""}
    in_transaction(lambda: houses.edit_house(make.get_house(house.id), houses.HouseFacts(**facts)))


def test_the_number_of_guests_stays_with_the_order(as_guest, as_landlord, house):
    order_id = as_guest.post("/orders", wish(house, guests=3))["data"]["order_id"]

    assert make.read_order(order_id).guests == 3
    for browser, role in ((as_guest, "custom"), (as_landlord, "landlord")):
        assert browser.get("/user/orders", role=role)["data"]["orders"][0]["guests"] == 3


def test_a_client_of_v1_says_no_number(as_guest, landlord, house):
    order_id = place(as_guest, house)["data"]["order_id"]

    assert make.read_order(order_id).guests is None
    assert as_guest.get("/user/orders")["data"]["orders"][0]["guests"] is None
    assert not re.search(r"\d 人", read(as_guest, f"/trips/{order_id}").words)
    assert not re.search(r"\d 人", mailed_to(landlord.email)[0].text)


@pytest.mark.parametrize("path", ["/trips", "/trips/{id}", "/hosting", "/hosting/{id}"])
def test_both_sides_read_how_many_come(as_guest, as_landlord, house, path):
    order_id = as_guest.post("/orders", wish(house, guests=3))["data"]["order_id"]

    page = read(as_guest if path.startswith("/trips") else as_landlord, path.format(id=order_id))
    assert "3 人" in page.words


def test_the_landlord_is_mailed_how_many_come(as_guest, landlord, house):
    as_guest.post("/orders", wish(house, guests=3))

    assert "3 人" in mailed_to(landlord.email)[0].text


@pytest.mark.parametrize("guests", [1, "4"])
def test_as_many_may_come_as_the_house_sleeps(as_guest, house, guests):
    assert as_guest.post("/orders", wish(house, guests=guests))["errno"] == "0"


@pytest.mark.parametrize("guests", [0, -1, 5, "5", 2**70, 1.5, "two", True, [2]])
def test_any_other_number_is_refused_with_the_rule(as_guest, house, guests):
    answer = as_guest.post("/orders", wish(house, guests=guests))

    assert (answer["errno"], list(answer["errors"])) == ("4103", ["guests"])
    assert count_orders() == 0
    assert nights_of(house) == {}


def test_the_rule_names_the_number(as_guest, house):
    assert "4 人" in as_guest.post("/orders", wish(house, guests=5))["errors"]["guests"]


@pytest.mark.parametrize("amount", [20000, "20000", None, ""])
def test_the_total_that_was_shown_is_agreed_to(as_guest, house, amount):
    order_id = as_guest.post("/orders", wish(house, amount=amount))["data"]["order_id"]

    assert make.read_order(order_id).amount == 20000


@pytest.mark.parametrize("dearer", [12345, 9000])
def test_nothing_is_booked_at_another_price_than_the_one_shown(as_guest, house, dearer):
    reprice(house, dearer)
    answer = as_guest.post("/orders", wish(house, amount=20000), headers={"Idempotency-Key": "one"})

    assert (answer["errno"], list(answer["errors"])) == ("4103", ["amount"])
    assert {12345: "¥246.90", 9000: "¥180"}[dearer] in answer["errors"]["amount"]
    assert (count_orders(), nights_of(house)) == (0, {})
    again = as_guest.post("/orders", wish(house, amount=2 * dearer), headers={"Idempotency-Key": "one"})
    assert make.read_order(again["data"]["order_id"]).amount == 2 * dearer


def test_who_has_asked_already_is_not_told_of_a_new_price(as_guest, house):
    first = as_guest.post("/orders", wish(house, amount=20000))
    reprice(house, 12345)

    assert as_guest.post("/orders", wish(house, amount=20000)) == first


def test_taken_nights_come_before_a_new_price(as_guest, as_stranger, house):
    place(as_stranger, house)
    reprice(house, 12345)

    assert as_guest.post("/orders", wish(house, amount=20000))["errno"] == "4004"


@pytest.mark.parametrize(("asked", "chosen"), [("3", 3), ("", 1), ("x", 1), ("-2", 1), ("9", 4)])
@pytest.mark.parametrize("path", ["/houses/{id}", "/houses/{id}/book"])
def test_the_number_of_the_search_is_chosen_on_the_pages(visitor, house, path, asked, chosen):
    page = read(visitor, f"{path.format(id=house.id)}?guests={asked}")

    assert f'<option value="{chosen}" selected>' in page.html
    assert ("最多住 4 人" in page.words) == (asked == "9")


def test_the_page_asks_with_the_number_and_the_total(as_guest, house):
    stay = make.stay(10)
    page = read(as_guest, f"/houses/{house.id}/book?check_in={stay.check_in}&check_out={stay.check_out}&guests=2")

    assert '<input type="hidden" name="guests" value="2">' in page.html
    assert '<input type="hidden" name="amount" value="20000">' in page.html


def test_the_openapi_document_knows_both(visitor):
    schema = visitor.get("/openapi.json")["components"]["schemas"]["OrderForm"]

    assert {"guests", "amount"} <= schema["properties"].keys()
    assert not {"guests", "amount"} & set(schema["required"])
