"""What happens to orders by itself: they expire unanswered or unpaid, and stays come to their end."""

from datetime import timedelta

import pytest

from ihome.orders import tasks
from ihome.payments import tasks as payment_tasks
from tests import make
from tests.orders.asking import nights_of, place, status

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_a_request_waits_24_hours_for_its_answer(guest, house):
    order = make.order(guest, house)

    make.advance(24 * HOUR - MINUTE)
    assert tasks.expire_requests() == 0
    assert status(order) == "WAIT_ACCEPT"
    make.advance(2 * MINUTE)
    assert tasks.expire_requests() == 1

    ended = make.read_order(order.id)
    assert (ended.status, ended.ending, ended.deadline_at) == ("CANCELED", "unanswered", None)
    assert nights_of(house) == {}


def test_an_accepted_order_waits_half_an_hour_for_its_payment(guest, house):
    order = make.accepted(guest, house)

    make.advance(29 * MINUTE)
    assert payment_tasks.expire_unpaid_orders() == 0
    assert status(order) == "WAIT_PAYMENT"
    make.advance(2 * MINUTE)
    assert payment_tasks.expire_unpaid_orders() == 1

    ended = make.read_order(order.id)
    assert (ended.status, ended.ending) == ("CANCELED", "unpaid")
    assert nights_of(house) == {}


@pytest.mark.parametrize("settings", [{"answer_hours": "2", "payment_minutes": "10"}])
def test_operators_choose_how_long(guest, house):
    unanswered, unpaid = make.order(guest, house, ahead=10), make.accepted(guest, house, ahead=20)

    make.advance(11 * MINUTE)
    assert (tasks.expire_requests(), payment_tasks.expire_unpaid_orders()) == (0, 1)
    make.advance(2 * HOUR)
    assert (tasks.expire_requests(), payment_tasks.expire_unpaid_orders()) == (1, 0)
    assert {status(unanswered), status(unpaid)} == {"CANCELED"}


def test_the_time_to_pay_runs_from_the_answer(guest, house):
    order = make.order(guest, house)
    make.advance(23 * HOUR)
    from ihome.kit.db import in_transaction
    from ihome.orders.actions import accept_order
    from ihome.orders.queries import get_order

    in_transaction(lambda: accept_order(get_order(order.id)))
    make.advance(2 * HOUR - HOUR - 40 * MINUTE)
    tasks.expire_requests()
    payment_tasks.expire_unpaid_orders()

    assert status(order) == "WAIT_PAYMENT"


def test_nights_of_an_expired_order_can_be_booked_and_found(as_guest, as_stranger, visitor, house):
    place(as_guest, house)
    dates = {"start_date": str(make.day(10)), "end_date": str(make.day(11))}
    assert visitor.get("/houses", **dates)["data"]["houses"] == []
    make.advance(25 * HOUR)
    tasks.expire_requests()

    assert len(visitor.get("/houses", **dates)["data"]["houses"]) == 1
    assert place(as_stranger, house, ahead=9)["errno"] == "0"


def test_expiring_twice_does_no_more_than_once(guest, house):
    make.order(guest, house)
    make.advance(25 * HOUR)

    assert [tasks.expire_requests(), tasks.expire_requests()] == [1, 0]


def test_paid_and_answered_orders_do_not_expire(guest, house):
    paid, accepted = make.paid(guest, house, ahead=10), make.accepted(guest, house, ahead=20)
    make.advance(25 * HOUR)

    assert tasks.expire_requests() == 0
    assert payment_tasks.expire_unpaid_orders() == 1
    assert (status(paid), status(accepted)) == ("PAID", "CANCELED")


def test_more_requests_than_one_look_takes_expire_in_the_next(guest, landlord, monkeypatch):
    from ihome.orders import queries

    house = make.house(landlord)
    for ahead in (10, 12, 14):
        make.order(guest, house, ahead=ahead)
    make.advance(25 * HOUR)
    look = queries.list_unanswered
    monkeypatch.setattr(queries, "list_unanswered", lambda before: look(before, limit=2))

    assert [tasks.expire_requests() for _ in range(3)] == [2, 1, 0]


# --- the end of a stay -----------------------------------------------------------------------------------------------


def test_a_stay_is_over_on_the_day_of_leaving(guest, house):
    order = make.paid(guest, house, ahead=3, nights=2)  # Slept: days 3 and 4. Leaving: day 5.

    make.advance(timedelta(days=4))
    assert tasks.finish_stays() == 0
    assert status(order) == "PAID"
    make.advance(timedelta(days=1))
    assert tasks.finish_stays() == 1
    assert status(order) == "WAIT_COMMENT"
    assert tasks.finish_stays() == 0


def test_only_paid_stays_come_to_their_end(guest, house):
    make.order(guest, house, ahead=3)
    make.advance(timedelta(days=30))

    assert tasks.finish_stays() == 0


@pytest.mark.parametrize("settings", [{"review_opens": "payment"}])
def test_a_site_may_open_reviews_at_payment(as_guest, guest, house):
    order = make.paid(guest, house)

    assert order.status == "WAIT_COMMENT"
    assert as_guest.put(f"/orders/{order.id}/comment", {"comment": "期待"})["errno"] == "0"
    assert len(nights_of(house)) == 2
