"""Trips and requests."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from ihome.kit import clock, db
from ihome.kit.db import in_transaction
from ihome.orders import actions
from ihome.orders.models import Ending
from ihome.orders.queries import get_order
from tests import make
from tests.page_reader import read

ADDRESS = "寿春路 8 号 501 室"


@pytest.fixture
def owner(app):
    return make.landlord()


@pytest.fixture
def house(owner):
    return make.house(owner, address=ADDRESS)


@pytest.fixture
def guest(app):
    return make.user("guest")


def trips(app, guest):
    return read(make.browser(app, guest), "/trips")


def hosting(app, owner):
    return read(make.browser(app, owner), "/hosting")


def test_a_trip_says_check_out_not_the_last_night(app, guest, house):
    order = make.order(guest, house, ahead=40, nights=2)
    page = trips(app, guest)
    assert f"order-{order.id}" in page.ids
    assert f"{order.end_date + timedelta(days=1):%-d}日" in page.words


def test_a_request_can_be_withdrawn_and_an_accepted_one_paid(app, guest, house):
    waiting, accepted = make.order(guest, house, ahead=3), make.accepted(guest, house, ahead=13)
    calls = trips(app, guest).calls()
    assert f"PUT /api/v1.0/orders/{waiting.id}/cancel" in calls
    assert f"POST /api/v1.0/orders/{waiting.id}/payment" not in calls
    assert f"POST /api/v1.0/orders/{accepted.id}/payment" in calls


def test_the_door_is_shown_once_the_stay_is_paid(app, guest, house):
    make.accepted(guest, house)
    assert "501 室" not in trips(app, guest).html
    make.paid(guest, house, ahead=20)
    assert ADDRESS in trips(app, guest).words


def test_a_stay_that_is_over_can_be_commented_on(app, guest, house):
    order = make.stayed(guest, house)
    assert f"PUT /api/v1.0/orders/{order.id}/comment" in trips(app, guest).calls()


def test_a_declined_request_says_why(app, guest, house):
    order = make.order(guest, house)
    in_transaction(lambda: actions.reject_order(get_order(order.id), "水管 <坏> 了"))
    page = trips(app, guest)
    assert "水管 <坏> 了" in page.words
    assert page.calls() & {f"PUT /api/v1.0/orders/{order.id}/cancel"} == set()


@pytest.mark.parametrize("ending", list(Ending))
def test_a_cancelled_order_offers_other_places(app, guest, house, owner, ending):
    order = make.order(guest, house)
    in_transaction(lambda: actions.cancel_order(get_order(order.id), ending))
    leaves = order.end_date + timedelta(days=1)
    assert f"/search?check_in={order.begin_date}&check_out={leaves}" in trips(app, guest).links
    assert f"order-{order.id}" in hosting(app, owner).ids


def test_a_landlord_answers_requests_and_comments(app, guest, house, owner):
    request = make.order(guest, house, ahead=3)
    done = make.stayed(guest, house)
    in_transaction(lambda: actions.comment_order(get_order(done.id), "很好", 5))
    page = hosting(app, owner)
    assert f"PUT /api/v1.0/orders/{request.id}/status" in page.calls()
    assert f"PUT /api/v1.0/orders/{done.id}/reply" in page.calls()
    assert guest.name in page.words
    assert guest.email not in page.html


def test_everybody_sees_their_own_orders_only(app, guest, house, owner):
    order = make.order(guest, house)
    stranger = make.landlord()
    assert f"order-{order.id}" not in trips(app, stranger).ids
    assert f"order-{order.id}" not in hosting(app, stranger).ids
    assert f"order-{order.id}" not in trips(app, owner).ids
    assert f"order-{order.id}" not in hosting(app, guest).ids


def test_a_dot_says_that_something_waits(app, guest, house, owner):
    order = make.order(guest, house)
    assert hosting(app, owner).html.count('class="dot"') == 1
    assert trips(app, guest).html.count('class="dot"') == 0
    in_transaction(lambda: actions.accept_order(get_order(order.id)))
    assert hosting(app, owner).html.count('class="dot"') == 0
    assert trips(app, guest).html.count('class="dot"') == 1


def test_the_dot_counts_what_the_list_says_waits(app, guest, house):
    make.stayed(guest, house, ahead=1, nights=1)
    page = trips(app, guest)
    assert "等您处理" in page.words
    assert page.html.count('class="dot"') == 1


@pytest.mark.parametrize("page", ["x", "0", "-1", "99999999999999999999"])
def test_an_odd_page_number_is_no_accident(app, guest, page):
    assert read(make.browser(app, guest), f"/trips?page={page}").status == 200


def test_many_orders_take_as_many_queries_as_one(app, guest, house, monkeypatch):
    monkeypatch.setattr(clock, "SEEN_FOR", 3600)  # Its offset is read once: not what is counted here.

    def queries() -> int:
        asked = []
        browser = make.browser(app, guest)
        for name in ("read", "write"):
            event.listen(db.engine(name), "before_cursor_execute", lambda *_: asked.append(1))
        assert read(browser, "/trips").status == 200
        return len(asked)

    make.paid(guest, house, ahead=5)
    one = queries()
    for ahead in (15, 25, 35):
        make.paid(guest, house, ahead=ahead)
    assert queries() == one
