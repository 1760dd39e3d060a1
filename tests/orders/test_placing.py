"""Asking for a stay (contract: POST /orders)."""

import json
from datetime import date, timedelta

import pytest

from ihome.accounts import actions as accounts
from ihome.accounts.identity_number import make_identity_number, read_identity_number
from ihome.accounts.queries import get_user
from ihome.houses import actions as houses
from ihome.houses.queries import get_own_house
from ihome.kit import clock
from ihome.kit.db import in_transaction
from tests import make
from tests.orders.asking import count_orders, nights_of, place, status, wish


def test_a_request_takes_its_nights_and_fixes_its_amount(as_guest, guest, house):
    placed = place(as_guest, house, ahead=10, nights=3)

    assert placed["errno"] == "0"
    order = make.read_order(placed["data"]["order_id"])
    assert (order.user_id, order.house_id, order.status) == (guest.id, house.id, "WAIT_ACCEPT")
    assert (order.days, order.house_price, order.amount) == (3, 10000, 30000)
    assert (order.begin_date, order.end_date) == (make.day(10), make.day(12))
    assert nights_of(house) == dict.fromkeys([make.day(10), make.day(11), make.day(12)], order.id)


def test_start_and_end_on_one_date_are_one_night(as_guest, house):
    placed = as_guest.post("/orders", wish(house, start_date=str(make.day(10)), end_date=str(make.day(10))))

    assert make.read_order(placed["data"]["order_id"]).days == 1


def test_numbers_may_come_as_strings_of_digits(as_guest, house):
    assert as_guest.post("/orders", wish(house, house_id=str(house.id)))["errno"] == "0"


def test_the_deposit_is_not_part_of_the_total(as_guest, landlord):
    house = make.house(landlord, price=19950, deposit=100_000)
    placed = place(as_guest, house, nights=2)

    assert make.read_order(placed["data"]["order_id"]).amount == 39900


def test_a_new_price_does_not_change_an_old_order(as_guest, landlord, house):
    order_id = place(as_guest, house, ahead=10)["data"]["order_id"]
    dearer = houses.HouseFacts(**{**make.HOUSE, "price": 99900, "deposit": 0, "description": ""})
    in_transaction(lambda: houses.edit_house(get_own_house(get_user(landlord.id), house.id), dearer))

    order = make.read_order(order_id)
    assert (order.house_price, order.amount) == (10000, 20000)
    assert make.read_order(place(as_guest, house, ahead=20)["data"]["order_id"]).amount == 199800


# --- whose turn it is: the errors, in the contract's order ------------------------------------------------------------


def test_nobody_signed_in_is_told_so_first(visitor, house):
    assert visitor.post("/orders", wish(house))["errno"] == "4101"
    assert visitor.post("/orders", {"house_id": "x"})["errno"] == "4101"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("house_id", None), ("house_id", ""), ("house_id", "one"), ("house_id", True), ("house_id", 1.5),
        ("house_id", [1]), ("start_date", None), ("start_date", ""), ("start_date", "2026-02-30"),
        ("start_date", "20270101"), ("start_date", 20270101), ("end_date", "tomorrow"), ("end_date", "2027-1-1"),
        ("end_date", {}),
    ],
)  # fmt: skip
def test_what_is_incomplete_or_unreadable_is_named(as_guest, house, field, value):
    refused = as_guest.post("/orders", wish(house, **{field: value}))

    assert refused["errno"] == "4103"
    assert list(refused["errors"]) == [field]


@pytest.mark.parametrize("number", ["1e2", "NaN", "Infinity", "1.0"])
def test_exponents_and_fractions_are_no_ids(as_guest, house, number):
    body = json.dumps(wish(house, house_id="NUMBER")).replace('"NUMBER"', number)
    answer = as_guest.request("POST", "/orders", data=body, content_type="application/json")

    assert (answer.status_code, answer.get_json()["errno"]) == (200, "4103")


@pytest.mark.parametrize("field", ["house_id", "start_date", "end_date"])
def test_a_missing_field_is_named(as_guest, house, field):
    body = wish(house)
    del body[field]

    assert list(as_guest.post("/orders", body)["errors"]) == [field]


def test_a_body_that_is_not_json_has_the_status_it_deserves(as_guest):
    broken = as_guest.request("POST", "/orders", data="{", content_type="application/json")
    form = as_guest.request("POST", "/orders", data={"house_id": 1})

    assert (broken.status_code, broken.get_json()["errno"]) == (400, "4201")
    assert (form.status_code, form.get_json()["errno"]) == (415, "4103")


def test_unreadable_dates_come_before_no_house(as_guest, house):
    assert as_guest.post("/orders", wish(house, house_id=999_999, end_date="x"))["errno"] == "4103"


@pytest.mark.parametrize("house_id", [999_999, 0, -1, 2**63, 9_999_999_999_999_999_999])
def test_no_such_house(as_guest, house, house_id):
    assert as_guest.post("/orders", wish(house, house_id=house_id))["errno"] == "4002"


def test_no_house_comes_before_dates_that_are_not_allowed(as_guest, house):
    assert as_guest.post("/orders", wish(house, ahead=-5, house_id=999_999))["errno"] == "4002"


def test_an_unlisted_house_is_not_there(as_guest, house, landlord):
    in_transaction(lambda: houses.set_listed(get_own_house(get_user(landlord.id), house.id), False))

    assert place(as_guest, house)["errno"] == "4002"


def test_nobody_books_their_own_house(as_landlord, house):
    assert place(as_landlord, house)["errno"] == "4105"


def test_ones_own_house_comes_before_dates_that_are_not_allowed(as_landlord, house):
    assert place(as_landlord, house, ahead=-5)["errno"] == "4105"


@pytest.mark.parametrize(
    ("ahead", "nights", "field"),
    [
        (10, 0, "end_date"),  # The end before the start.
        (-1, 2, "start_date"),  # Yesterday.
        (540, 2, "end_date"),  # 541 days ahead.
        (10, 1, "end_date"),  # Fewer than the house asks for.
        (10, 8, "end_date"),  # More than it allows.
    ],
)
def test_dates_that_the_house_does_not_offer(as_guest, landlord, ahead, nights, field):
    house = make.house(landlord, min_days=2, max_days=7)
    refused = place(as_guest, house, ahead=ahead, nights=nights)

    assert (refused["errno"], list(refused["errors"])) == ("4103", [field])
    assert nights_of(house) == {}


@pytest.mark.parametrize("end", [date.max, date(9998, 12, 31)])
def test_a_date_at_the_end_of_time_is_too_far(as_guest, house, end):
    assert as_guest.post("/orders", wish(house, end_date=str(end)))["errno"] == "4103"


@pytest.mark.parametrize("start", [date.min, date(999, 1, 1)])
def test_a_date_at_the_beginning_of_time_is_past(as_guest, house, start):
    assert as_guest.post("/orders", wish(house, start_date=str(start)))["errno"] == "4103"


def test_the_last_night_may_be_540_days_ahead(as_guest, house):
    assert place(as_guest, house, ahead=540, nights=1)["errno"] == "0"


def test_a_year_can_be_booked_and_a_night_more_cannot(as_guest, house):
    assert place(as_guest, house, ahead=1, nights=366)["errno"] == "4103"
    assert place(as_guest, house, ahead=1, nights=365)["errno"] == "0"
    assert len(nights_of(house)) == 365


def test_dates_that_are_not_allowed_come_before_nights_that_are_taken(as_guest, as_stranger, house):
    place(as_stranger, house, ahead=10)

    assert place(as_guest, house, ahead=10, nights=366)["errno"] == "4103"


@pytest.mark.parametrize(("ahead", "nights"), [(10, 3), (9, 2), (12, 2), (11, 1), (8, 10)])
def test_a_night_that_is_taken_is_not_sold_again(as_guest, as_stranger, house, ahead, nights):
    place(as_stranger, house, ahead=10, nights=3)

    assert place(as_guest, house, ahead=ahead, nights=nights)["errno"] == "4004"
    assert count_orders() == 1
    assert len(nights_of(house)) == 3


def test_the_check_out_day_is_free_for_the_next_guest(as_guest, as_stranger, house):
    assert place(as_guest, house, ahead=10, nights=3)["errno"] == "0"

    assert place(as_stranger, house, ahead=13, nights=2)["errno"] == "0"
    assert place(as_stranger, house, ahead=8, nights=2)["errno"] == "0"


def test_the_same_nights_of_another_house_are_free(as_guest, house, landlord):
    other = make.house(landlord)
    assert place(as_guest, house)["errno"] == "0"

    assert place(as_guest, other)["errno"] == "0"


# --- today is the site's --------------------------------------------------------------------------------------------


def test_today_is_the_date_in_the_sites_zone(as_guest, house):
    """At 20:00 UTC it is 04:00 of the next day in Shanghai."""
    evening = clock.now().replace(hour=20, minute=0, second=0, microsecond=0) + timedelta(days=1)
    make.advance(evening - clock.now())
    utc = str(evening.date())

    assert as_guest.post("/orders", wish(house, start_date=utc, end_date=utc))["errno"] == "4103"
    assert place(as_guest, house, ahead=0, nights=1)["errno"] == "0"
    assert list(nights_of(house)) == [evening.date() + timedelta(days=1)]


# --- the same request again ------------------------------------------------------------------------------------------


def test_the_same_request_again_is_the_same_order(as_guest, house):
    first, again = place(as_guest, house), place(as_guest, house)

    assert again == first
    assert count_orders() == 1


def test_an_accepted_order_comes_back_too(as_guest, guest, house):
    order = make.accepted(guest, house, ahead=10, nights=2)

    assert place(as_guest, house, ahead=10, nights=2)["data"]["order_id"] == order.id


def test_other_dates_are_another_order(as_guest, house):
    place(as_guest, house, ahead=10, nights=2)

    assert place(as_guest, house, ahead=10, nights=3)["errno"] == "4004"
    assert place(as_guest, house, ahead=12, nights=2)["errno"] == "0"


def test_a_paid_stay_is_not_booked_again(as_guest, guest, house):
    make.paid(guest, house, ahead=10, nights=2)

    assert place(as_guest, house, ahead=10, nights=2)["errno"] == "4004"


def test_after_a_rejection_one_may_ask_again(as_guest, as_landlord, house):
    first = place(as_guest, house)["data"]["order_id"]
    as_landlord.put(f"/orders/{first}/status", {"action": "reject", "reason": "装修"})

    again = place(as_guest, house)["data"]["order_id"]
    assert again != first
    assert (status(first), status(again)) == ("REJECTED", "WAIT_ACCEPT")


# --- identity_to_book -----------------------------------------------------------------------------------------------


def verified(birthday):
    person = make.user("verified")
    number = read_identity_number(make_identity_number("340102", birthday, 77), make.day(0))
    in_transaction(lambda: accounts.verify_identity(get_user(person.id), "李小红", number))
    return person


@pytest.mark.parametrize("settings", [{"identity_to_book": "true"}])
def test_a_site_may_ask_for_a_verified_adult(app, as_guest, house):
    assert place(as_guest, house)["errno"] == "4105"
    today = make.day(0)
    child = make.browser(app, verified(today.replace(day=1) - timedelta(days=17 * 365)))
    adult = make.browser(app, verified(date(1990, 2, 3)))

    assert place(child, house)["errno"] == "4105"
    assert place(adult, house)["errno"] == "0"


def test_by_default_nobody_needs_to_be_verified(as_guest, house):
    assert place(as_guest, house)["errno"] == "0"
