"""The two lists of orders and the page of one: what waits first, what can be filtered, what is told of each."""

import re
from datetime import timedelta

import pytest

from ihome.kit import clock
from ihome.kit.db import in_transaction, session
from ihome.orders import actions, overview
from ihome.orders.models import Ending, Order
from ihome.orders.queries import get_order
from tests import make
from tests.page_reader import read


def ids(page):
    """The orders of the page, in its order."""
    return [int(found) for found in re.findall(r'<article class="order panel" id="order-(\d+)"', page.html)]


@pytest.fixture
def one_of_each(landlord, guest, house):
    """An order in every status, oldest first, by what it is."""
    ended = make.order(guest, house, ahead=60)
    in_transaction(lambda: actions.cancel_order(get_order(ended.id), Ending.UNPAID))
    declined = make.order(guest, house, ahead=70)
    in_transaction(lambda: actions.reject_order(get_order(declined.id), "要维修"))
    done = make.stayed(guest, house, ahead=1, nights=1)
    in_transaction(lambda: actions.comment_order(get_order(done.id), "很好", 5))
    return {
        "ended": ended.id,
        "declined": declined.id,
        "done": done.id,
        "comment": make.stayed(guest, house, ahead=3, nights=1).id,
        "paid": make.paid(guest, house, ahead=90).id,
        "unpaid": make.accepted(guest, house, ahead=40).id,
        "asked": make.order(guest, house, ahead=50).id,
    }


def test_a_guest_first_sees_what_to_pay_and_comment_on(as_guest, one_of_each):
    names = {order_id: name for name, order_id in one_of_each.items()}
    shown = [names[order_id] for order_id in ids(read(as_guest, "/trips"))]
    assert shown == ["unpaid", "comment", "asked", "paid", "done", "declined", "ended"]


def test_a_landlord_first_sees_what_to_answer(as_landlord, one_of_each):
    names = {order_id: name for name, order_id in one_of_each.items()}
    shown = [names[order_id] for order_id in ids(read(as_landlord, "/hosting"))]
    assert shown == ["asked", "unpaid", "paid", "comment", "done", "declined", "ended"]


def test_of_two_requests_the_more_urgent_comes_first(as_landlord, guest, house):
    early, late = make.order(guest, house, ahead=20), make.order(guest, house, ahead=10)

    def hurry() -> None:
        session.get(Order, late.id).deadline_at -= timedelta(hours=3)

    in_transaction(hurry)
    assert ids(read(as_landlord, "/hosting")) == [late.id, early.id]


@pytest.mark.parametrize("name", list(overview.FILTERS))
def test_a_filter_shows_what_it_says(as_guest, as_landlord, one_of_each, name):
    wanted = {one_of_each[name]} | ({one_of_each["declined"]} if name == "ended" else set())
    for browser, path in ((as_guest, "/trips"), (as_landlord, "/hosting")):
        page = read(browser, f"{path}?status={name}")
        assert set(ids(page)) == wanted
        assert f'href="{path}?status={name}" aria-current="page"' in page.html


def test_a_filter_that_finds_nothing_leads_back_to_all(as_guest, guest, house):
    make.order(guest, house)
    page = read(as_guest, "/trips?status=done")
    assert ids(page) == []
    assert page.links.count("/trips") >= 2  # The navigation's, and the way on.


def test_an_unknown_filter_is_no_filter(as_guest, one_of_each):
    assert len(ids(read(as_guest, "/trips?status=x"))) == len(one_of_each)


def test_pages_keep_the_filter(as_guest, guest, house, monkeypatch):
    monkeypatch.setattr(overview, "PAGE_SIZE", 1)
    make.order(guest, house, ahead=10)
    make.order(guest, house, ahead=20)
    make.accepted(guest, house, ahead=30)
    page = read(as_guest, "/trips?status=asked")
    assert "/trips?status=asked&page=2" in [link.replace("&amp;", "&") for link in page.links]
    assert "/trips?status=asked&page=3" not in page.html.replace("&amp;", "&")


def test_a_deadline_is_in_words_and_for_script(as_landlord, guest, house):
    order = make.order(guest, house)
    page = read(as_landlord, "/hosting")
    assert "还剩 24 小时" in page.words.replace(" ", " ")
    assert f'datetime="{order.deadline_at.isoformat(timespec="seconds")}"' in page.html
    assert f'data-now="{clock.now():%Y-%m-%dT}' in page.html


def test_each_order_has_a_page_for_each_side(as_guest, as_landlord, one_of_each):
    for order_id in one_of_each.values():
        assert read(as_guest, f"/trips/{order_id}").status == 200
        assert read(as_landlord, f"/hosting/{order_id}").status == 200


def test_nobody_else_sees_it(as_guest, as_landlord, as_stranger, one_of_each):
    order_id = one_of_each["paid"]
    for browser in (as_stranger, as_landlord):
        assert read(browser, f"/trips/{order_id}").status == 404
    for browser in (as_stranger, as_guest):
        assert read(browser, f"/hosting/{order_id}").status == 404


def test_the_page_of_an_order_keeps_the_door_until_it_is_paid(app, as_guest, guest, landlord):
    house = make.house(landlord, address="寿春路 8 号 501 室")
    waiting, paid = make.accepted(guest, house, ahead=10), make.paid(guest, house, ahead=20)
    assert "501 室" not in read(as_guest, f"/trips/{waiting.id}").html
    assert "501 室" in read(as_guest, f"/trips/{paid.id}").words


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("asked", "已申请 已完成 接单"),
        ("unpaid", "已接单 已完成 支付"),
        ("paid", "已支付 已完成 入住"),
        ("comment", "退房 已完成 评价"),
        ("done", "评价 已完成"),
        ("declined", "已拒单"),
        ("ended", "逾期未支付，已取消"),
    ],
)
def test_the_timeline_says_what_happened_and_what_comes_next(as_guest, one_of_each, name, told):
    words = re.sub(r"\d+月\d+日( \d+:\d+| 周.)?", "", read(as_guest, f"/trips/{one_of_each[name]}").words)
    assert told in " ".join(words.split())


def test_under_a_moved_clock_a_request_is_not_older_than_what_follows(as_guest, guest, house):
    make.advance(timedelta(days=8))
    order = make.read_order(make.accepted(guest, house, ahead=20).id)
    assert timedelta() <= order.answered_at - order.create_time < timedelta(minutes=1)
    assert as_guest.get("/user/orders", role="custom")["data"]["orders"][0]["ctime"] == clock.local_text(
        order.create_time
    )


@pytest.mark.parametrize("path", ["/trips/99999", "/hosting/99999"])
def test_an_order_that_is_not_there_was_not_taken_off_a_list(as_guest, path):
    page = read(as_guest, path)
    assert "订单属于另一个账号" in page.words
    assert "下架" not in page.words
    assert path.removesuffix("/99999") in page.links


def test_nobody_reads_of_themselves_as_of_somebody_else(as_guest, as_landlord, guest, house):
    order = make.order(guest, house, ahead=10)
    in_transaction(lambda: actions.cancel_order(get_order(order.id), Ending.GUEST))
    for page in (read(as_guest, f"/trips/{order.id}"), read(as_landlord, f"/hosting/{order.id}")):
        assert "申请已取消" in page.words
        assert "客人" not in page.words
