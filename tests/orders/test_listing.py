"""One's orders, as a guest and as a landlord (contract: GET /user/orders)."""

import re

import pytest
from sqlalchemy import insert

from ihome.kit.db import in_transaction, session
from ihome.orders.models import Order, Status
from tests import make
from tests.orders.asking import place

FIELDS = {
    "order_id", "title", "img_url", "start_date", "end_date", "ctime", "days", "amount", "status", "comment",
}  # fmt: skip


def orders(browser, **query):
    return browser.get("/user/orders", **query)["data"]["orders"]


def rejected_before(guest, house, number):
    """That many orders of long ago that hold no night."""
    rows = [
        {
            "user_id": guest.id, "house_id": house.id, "begin_date": make.day(-9), "end_date": make.day(-9), "days": 1,
            "house_price": 1, "amount": 1, "status": Status.REJECTED,
        }
        for _ in range(number)
    ]  # fmt: skip
    in_transaction(lambda: session.execute(insert(Order), rows))


def test_nobody_signed_in_has_orders(visitor):
    assert visitor.get("/user/orders")["errno"] == "4101"
    assert visitor.get("/user/orders", role="nobody")["errno"] == "4101"


def test_a_guest_sees_what_they_booked(as_guest, house):
    order_id = place(as_guest, house, ahead=10, nights=3)["data"]["order_id"]

    (order,) = orders(as_guest)
    assert order.keys() >= FIELDS
    assert order | {"img_url": "", "ctime": ""} == order | {
        "order_id": order_id, "title": make.HOUSE["title"], "img_url": "", "ctime": "", "days": 3, "amount": 30000,
        "start_date": str(make.day(10)), "end_date": str(make.day(12)), "status": "WAIT_ACCEPT", "comment": "",
    }  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", order["ctime"])


def test_times_are_the_sites(as_guest, house):
    """The database keeps UTC; Shanghai is eight hours ahead."""
    from ihome.kit.clock import local_text

    made = make.read_order(place(as_guest, house)["data"]["order_id"]).create_time

    assert orders(as_guest)[0]["ctime"] == local_text(made)
    assert orders(as_guest)[0]["ctime"][11:13] == f"{(made.hour + 8) % 24:02d}"


def test_the_role_says_whose_orders(as_guest, as_landlord, as_stranger, house):
    place(as_guest, house)

    assert [len(orders(as_guest, role=role)) for role in ("custom", "landlord")] == [1, 0]
    assert [len(orders(as_landlord, role=role)) for role in ("custom", "landlord")] == [0, 1]
    assert [len(orders(as_stranger, role=role)) for role in ("custom", "landlord")] == [0, 0]
    assert orders(as_guest) == orders(as_guest, role="custom") == orders(as_guest, role="")


def test_who_lets_may_also_travel(app, as_landlord, landlord):
    other = make.house(make.landlord())
    place(as_landlord, other)

    assert [len(orders(as_landlord, role=role)) for role in ("custom", "landlord")] == [1, 0]


@pytest.mark.parametrize("query", [{"role": "operator"}, {"page": "0"}, {"page": "-1"}, {"page": "x"}, {"page": "1.5"}])
def test_odd_questions_are_refused(as_guest, query):
    refused = as_guest.get("/user/orders", **query)

    assert (refused["errno"], list(refused["errors"])) == ("4103", list(query))


def test_the_newest_comes_first(as_guest, house):
    made = [place(as_guest, house, ahead)["data"]["order_id"] for ahead in (30, 10, 20)]

    assert [order["order_id"] for order in orders(as_guest)] == made[::-1]


def test_a_page_has_50_orders(as_guest, as_landlord, guest, house):
    rejected_before(guest, house, 120)
    pages = [as_guest.get("/user/orders", page=page)["data"] for page in (1, 2, 3, 4)]

    assert [len(page["orders"]) for page in pages] == [50, 50, 20, 0]
    assert {page["total_pages"] for page in pages} == {3}
    seen = [order["order_id"] for page in pages for order in page["orders"]]
    assert seen == sorted(set(seen), reverse=True)
    assert as_landlord.get("/user/orders", role="landlord", page=3)["data"]["total_pages"] == 3
    assert "total_pages" not in as_guest.get("/user/orders")["data"]


def test_a_page_far_past_the_end_is_no_crash(as_guest):
    for page in (10**6, 10**17, 2**63, 9_999_999_999_999_999_999):
        assert as_guest.get("/user/orders", page=page)["errno"] in ("0", "4103")


def test_without_a_page_there_are_500(as_guest, as_landlord, guest, house):
    rejected_before(guest, house, 505)

    shown = orders(as_guest)
    assert len(shown) == len(orders(as_landlord, role="landlord")) == 500
    assert shown[0]["order_id"] - shown[-1]["order_id"] == 499


def test_comment_is_the_reason_of_a_rejection(as_guest, as_landlord, house):
    order_id = place(as_guest, house)["data"]["order_id"]
    as_landlord.put(f"/orders/{order_id}/status", {"action": "reject", "reason": "房子在装修"})

    assert [(order["status"], order["comment"]) for order in orders(as_guest)] == [("REJECTED", "房子在装修")]


def test_comment_is_the_guests_comment_of_a_stay(as_guest, as_landlord, guest, house):
    order = make.stayed(guest, house)
    assert orders(as_guest)[0]["comment"] == ""
    as_guest.put(f"/orders/{order.id}/comment", {"comment": "很安静", "rating": 5})

    assert [(order["status"], order["comment"]) for order in orders(as_guest)] == [("COMPLETE", "很安静")]
    assert orders(as_landlord, role="landlord")[0]["comment"] == "很安静"


def test_the_amount_is_the_orders_and_not_todays(as_guest, guest, house):
    make.paid(guest, house, nights=2)

    assert orders(as_guest)[0]["amount"] == 20000


def test_no_answer_shows_an_address_to_somebody_else(as_guest, as_landlord, guest, landlord, house):
    place(as_guest, house)
    seen = as_landlord.request("GET", "/user/orders?role=landlord").text + as_guest.request("GET", "/user/orders").text

    assert guest.email not in seen
    assert landlord.email not in seen
