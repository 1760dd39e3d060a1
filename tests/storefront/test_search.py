"""Searching houses (contract: GET /houses)."""

from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from ihome.houses.models import House
from ihome.kit import db
from ihome.kit.db import in_transaction, utcnow
from ihome.orders import actions as orders
from ihome.orders.models import Ending
from ihome.orders.queries import get_order
from tests import make

BASIC = {
    "house_id", "title", "price", "area_name", "img_url", "room_count", "order_count", "address", "user_avatar",
    "ctime",
}  # fmt: skip


@pytest.fixture
def owner(app):
    return make.landlord()


@pytest.fixture
def guest(app):
    return make.user("guest")


@pytest.fixture
def house(owner):
    return make.house(owner)


def find(browser, **query):
    """Ids of the houses found, in their order."""
    answer = browser.get("/houses", **query)
    assert answer["errno"] == "0", answer
    return [house["house_id"] for house in answer["data"]["houses"]]


def nights(first, last=None):
    """The query for these nights, as days from today."""
    return {"start_date": str(make.day(first)), "end_date": str(make.day(first if last is None else last))}


def many(owner, count, **values):
    """So many houses, written directly; their ids."""
    row = {
        "user_id": owner.id, "area_id": 1, "title": "x", "description": "", "price": 100, "address": "x",
        "room_count": 1, "acreage": 1, "unit": "x", "capacity": 1, "beds": "x", "deposit": 0, "min_days": 1,
        "max_days": 0, "order_count": 0, "rating_count": 0, "rating_sum": 0, "is_listed": True, "version": 1,
        "create_time": utcnow(), "update_time": utcnow(),
    }  # fmt: skip
    with db.engine("write").begin() as connection:
        connection.execute(insert(House), [row | values for _ in range(count)])
        return sorted(connection.scalars(House.__table__.select().with_only_columns(House.id)))


# --- what an answer looks like ----------------------------------------------------------------------------------------


def test_a_house_is_basic(visitor, house, owner):
    answer = visitor.get("/houses")

    assert answer["errno"] == "0"
    (found,) = answer["data"].pop("houses")
    assert answer["data"] == {"total_pages": 1, "current_page": 1}
    assert set(found) >= BASIC
    assert found["house_id"] == house.id
    assert found["price"] == 10000
    assert found["area_name"] == "庐阳区"
    assert found["img_url"] == found["user_avatar"] == ""
    assert found["order_count"] == 0
    assert found["ctime"] == str(make.day(0))


def test_nothing_found(visitor):
    assert visitor.get("/houses")["data"] == {"total_pages": 0, "houses": [], "current_page": 1}


def test_empty_parameters_are_no_filters(visitor, house):
    empty = dict.fromkeys(
        (
            "start_date",
            "end_date",
            "area_id",
            "sort_key",
            "page",
            "guests",
            "price_min",
            "price_max",
            "rooms",
            "facility",
            "limit",
        ),
        "",
    )

    assert find(visitor, **empty) == [house.id]


def test_unlisted_houses_are_absent(visitor, owner, house):
    many(owner, 3, is_listed=False)

    assert find(visitor) == [house.id]


# --- dates ------------------------------------------------------------------------------------------------------------


def test_both_dates_are_nights_that_are_slept(visitor, guest, house):
    make.order(guest, house, ahead=10, nights=3)  # The nights 10, 11 and 12.

    free = {
        (first, last): bool(find(visitor, **nights(first, last))) for first in range(8, 14) for last in range(first, 15)
    }

    assert free == {(first, last): last < 10 or first > 12 for first, last in free}


@pytest.mark.parametrize("one", ["start_date", "end_date"])
def test_one_date_alone_means_that_night(visitor, guest, house, one):
    make.order(guest, house, ahead=10, nights=2)

    assert [bool(find(visitor, **{one: str(make.day(ahead))})) for ahead in (9, 10, 11, 12)] == [
        True,
        False,
        False,
        True,
    ]


def test_one_date_alone_obeys_the_minimum_stay(visitor, owner):
    make.house(owner, min_days=2)

    assert find(visitor, start_date=str(make.day(3))) == []


def test_without_dates_a_house_that_is_full_is_listed(visitor, guest, house):
    make.order(guest, house, ahead=0, nights=30)

    assert find(visitor) == [house.id]


def test_other_houses_are_not_taken_with_it(visitor, owner, guest, house):
    other = make.house(owner)
    make.order(guest, house)

    assert find(visitor, **nights(10, 11)) == [other.id]


@pytest.mark.parametrize("kind", [make.order, make.accepted, make.paid])
def test_an_open_or_paid_order_holds_its_nights(visitor, guest, house, kind):
    kind(guest, house)

    assert find(visitor, **nights(10, 11)) == []


def end(order, how):
    if how == "rejected":
        orders.reject_order(get_order(order.id), "sorry")
    else:
        orders.cancel_order(get_order(order.id), how)


@pytest.mark.parametrize("how", ["rejected", Ending.GUEST, Ending.UNANSWERED])
def test_a_cancelled_rejected_or_expired_order_holds_no_night(visitor, guest, house, how):
    order = make.order(guest, house)

    in_transaction(end, order, how)

    assert find(visitor, **nights(10, 11)) == [house.id]


def test_an_order_that_expired_unpaid_holds_no_night(visitor, guest, house):
    order = make.accepted(guest, house)

    in_transaction(end, order, Ending.UNPAID)

    assert find(visitor, **nights(10, 11)) == [house.id]


def test_a_stay_fits_minimum_and_maximum(visitor, owner):
    make.house(owner, min_days=3, max_days=5)

    assert [days for days in range(1, 9) if find(visitor, **nights(3, 2 + days))] == [3, 4, 5]


def test_bookable_is_today_to_540_days_ahead_and_365_nights_at_most(visitor, house):
    bookable = [(0, 0), (540, 540), (1, 365), (176, 540)]
    others = [(-1, -1), (-1, 1), (540, 541), (541, 541), (1, 366), (0, 540), (-400, 400)]

    assert [span for span in bookable + others if find(visitor, **nights(*span))] == bookable


def test_today_follows_the_sites_clock(visitor, house):
    make.advance(timedelta(days=3))

    assert find(visitor, **nights(0)) == [house.id]
    assert find(visitor, **nights(-1)) == []


@pytest.mark.parametrize(
    ("settings", "zone"),
    [({"timezone": zone}, zone) for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")] + [({}, "Asia/Shanghai")],
)
def test_today_is_the_date_in_the_sites_zone(visitor, house, zone):
    today = datetime.now(ZoneInfo(zone)).date()  # Kiritimati and Pago Pago never have the same.

    assert find(visitor, start_date=str(today)) == [house.id]
    assert find(visitor, start_date=str(today - timedelta(days=1))) == []
    assert visitor.get("/houses")["data"]["houses"][0]["ctime"] == str(today)


def test_dates_at_the_ends_of_the_calendar_find_nothing(visitor, house):
    for far in ("0001-01-01", "9999-12-31", "9999-12-30"):
        assert find(visitor, start_date=far) == []
        assert find(visitor, start_date=far, end_date=far) == []
    assert find(visitor, start_date=str(make.day(1)), end_date="9999-12-31") == []


UNREADABLE = [
    "tomorrow", "2026-1-1", "20260101", "2026/01/01", "2026-02-30", "2026-13-01", "2026-00-10", "0000-01-01",
    "2026-01-01T00:00:00", "2026-W01-1", "２０２６-01-01", "10000-01-01", "-001-01-01", "2026-01-01'--", "\x00",
]  # fmt: skip


def test_unreadable_dates_are_4103(visitor):
    for field in ("start_date", "end_date"):
        for value in UNREADABLE:
            answer = visitor.get("/houses", **{field: value})

            assert answer["errno"] == "4103", (field, value)
            assert field in answer["errors"], (field, value)


def test_a_date_given_twice_is_unreadable(visitor):
    assert visitor.get("/houses", start_date=[str(make.day(1)), str(make.day(2))])["errno"] == "4103"


def test_the_end_before_the_start_is_4103(visitor, house):
    answer = visitor.get("/houses", **nights(5, 4))

    assert answer["errno"] == "4103"
    assert "end_date" in answer["errors"]


# --- areas and filters ------------------------------------------------------------------------------------------------


def test_an_area(visitor, owner):
    houses = {area: make.house(owner, area_id=area).id for area in (1, 2, 9)}

    assert {area: find(visitor, area_id=area) for area in houses} == {area: [found] for area, found in houses.items()}
    assert find(visitor, area_id=3) == []


def test_an_unknown_area_is_an_empty_list(visitor, house):
    nothing = {"total_pages": 0, "houses": [], "current_page": 1}
    for area_id in ("10", "0", "-1", "99999999999999999999", str(2**63)):
        assert visitor.get("/houses", area_id=area_id)["data"] == nothing, area_id


def test_unreadable_numbers_are_4103(visitor):
    for field in ("area_id", "guests", "price_min", "price_max", "rooms", "facility", "limit"):
        for value in ("x", "1.5", "1e2", "NaN", "Infinity", "true", "0x1", "１", "1 2", "--1", "null", "[]"):
            answer = visitor.get("/houses", **{field: value})

            assert answer["errno"] == "4103", (field, value)
            assert field in answer["errors"], (field, value)


def test_as_many_guests_as_there_is_room_for(visitor, owner):
    house = make.house(owner, capacity=4)

    assert [bool(find(visitor, guests=guests)) for guests in (1, 4, 5, 10**30)] == [True, True, False, False]
    assert find(visitor, guests="04") == [house.id]


def test_at_least_so_many_rooms(visitor, owner):
    make.house(owner, room_count=2)

    assert [bool(find(visitor, rooms=rooms)) for rooms in (1, 2, 3, 10**30)] == [True, True, False, False]


def test_prices_between_in_fen_both_included(visitor, owner):
    cheap, middle, dear = (make.house(owner, price=price).id for price in (100, 200, 300))

    assert set(find(visitor, price_min=200)) == {middle, dear}
    assert set(find(visitor, price_max=200)) == {cheap, middle}
    assert find(visitor, price_min=101, price_max=299) == [middle]
    assert find(visitor, price_min=300, price_max=100) == []
    assert len(find(visitor, price_min=0, price_max=10**30)) == 3


def test_every_facility_asked_for(visitor, owner):
    both = make.house(owner, facility=[1, 3]).id
    one = make.house(owner, facility=[3]).id

    assert set(find(visitor, facility=3)) == {both, one}
    assert find(visitor, facility=[1, 3]) == [both]
    assert find(visitor, facility=[1, 1, 3]) == [both]
    assert find(visitor, facility=[1, 2]) == []
    assert find(visitor, facility=99) == []
    assert find(visitor, facility=list(range(1, 24))) == []


def test_filters_hold_together(visitor, owner, guest):
    wanted = {"area_id": 1, "capacity": 4, "price": 20000, "room_count": 3, "facility": [5]}
    misses = [
        {"area_id": 2},
        {"capacity": 3},
        {"price": 20001},
        {"price": 9999},
        {"room_count": 2},
        {"facility": [6]},
        {"min_days": 3},
    ]
    house = make.house(owner, **wanted)
    for miss in misses:
        make.house(owner, **{**wanted, **miss})
    make.order(guest, make.house(owner, **wanted))

    query = {"area_id": 1, "guests": 4, "price_min": 10000, "price_max": 20000, "rooms": 3, "facility": 5}

    assert find(visitor, **query, **nights(10, 11)) == [house.id]


# --- order ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(owner):
    """Ids, oldest first; prices 300, 100, 200; bookings 5, 9, 7."""
    prices_and_bookings = ((300, 5), (100, 9), (200, 7))
    made = [make.house(owner, price=price).id for price, _ in prices_and_bookings]

    def book():
        for house_id, (_, count) in zip(made, prices_and_bookings, strict=True):
            db.session.get(House, house_id).order_count = count

    in_transaction(book)
    return made


SORTS = {"new": (2, 1, 0), "booking": (1, 2, 0), "price-inc": (1, 2, 0), "price-des": (0, 2, 1)}


def test_sorts(visitor, three):
    for sort_key, order in SORTS.items():
        expected = [three[place] for place in order]

        assert find(visitor, sort_key=sort_key) == expected, sort_key
        assert find(visitor, sort_key=sort_key, **nights(1, 2)) == expected, sort_key
        assert find(visitor, sort_key=sort_key, area_id=2) == expected, sort_key


def test_an_unknown_sort_is_new(visitor, three):
    for sort_key in ("", "NEW", "price", "id; DROP TABLE", ["new", "booking"]):
        assert find(visitor, sort_key=sort_key) == three[::-1], sort_key
    assert find(visitor) == three[::-1]


def test_ties_go_by_id_so_that_pages_neither_repeat_nor_lose_a_house(visitor, owner):
    ids = many(owner, 25)

    for sort_key in SORTS:
        found = [house_id for page in (1, 2, 3) for house_id in find(visitor, sort_key=sort_key, page=page)]

        assert found in (ids, ids[::-1]), sort_key


def test_a_commented_stay_counts_as_booked(app, visitor, owner, guest, house):
    newer = make.house(owner)
    order = make.stayed(guest, house)
    assert find(visitor, sort_key="booking") == [newer.id, house.id]

    make.browser(app, guest).put(f"/orders/{order.id}/comment", {"comment": "很好"})

    assert find(visitor, sort_key="booking") == [house.id, newer.id]
    assert [found["order_count"] for found in visitor.get("/houses", sort_key="booking")["data"]["houses"]] == [1, 0]


# --- pages ------------------------------------------------------------------------------------------------------------


def test_total_pages_is_exact_on_every_page(visitor, owner):
    count = 0
    for more, pages in ((1, 1), (8, 1), (1, 1), (1, 2), (9, 2), (1, 3)):  # 1, 9, 10, 11, 20 and 21 houses.
        count += more
        many(owner, more)
        answers = [visitor.get("/houses", page=page)["data"] for page in range(1, pages + 2)]

        assert [answer["total_pages"] for answer in answers] == [pages] * (pages + 1), count
        assert [answer["current_page"] for answer in answers] == list(range(1, pages + 2)), count
        assert sum(len(answer["houses"]) for answer in answers) == count
        assert not any("more" in answer for answer in answers), count


def test_a_page_that_is_no_number_from_1_on_is_page_1(visitor, owner):
    many(owner, 11)

    for page in ("0", "-1", "x", "1.5", "", " ", "1e3", "NaN", "１", "+2", "true", "None", "\x00", ["2", "3"]):
        answer = visitor.get("/houses", page=page)

        assert answer["errno"] == "0", page
        assert answer["data"]["current_page"] == 1, page
        assert len(answer["data"]["houses"]) == 10, page


def test_a_page_past_the_end_is_an_empty_list(visitor, owner):
    many(owner, 11)

    for page in (3, 100, 101, 10**9, 10**12, 10**18, 10**40):
        answer = visitor.get("/houses", page=page)["data"]

        assert answer["houses"] == [], page
        assert answer["total_pages"] == 2, page
        assert answer["current_page"] > 2, page
        assert "more" not in answer, page


def test_limit_sets_the_size_of_a_page(visitor, owner):
    many(owner, 12)

    for limit, sizes in ((1, [1] * 12), (5, [5, 5, 2]), (12, [12]), (50, [12])):
        pages = [visitor.get("/houses", limit=limit, page=page + 1)["data"] for page in range(len(sizes))]

        assert [len(page["houses"]) for page in pages] == sizes
        assert {page["total_pages"] for page in pages} == {len(sizes)}


def test_a_limit_is_1_to_50(visitor, owner):
    for limit in (0, -1, 51, 10**30):
        answer = visitor.get("/houses", limit=limit)

        assert answer["errno"] == "4103", limit
        assert "limit" in answer["errors"], limit


def test_more_than_100_pages_are_100_and_more(visitor, owner):
    for count, is_more in ((1000, False), (1, True), (10, True)):  # 1000, 1001 and 1011 houses.
        many(owner, count)
        for page in (1, 50, 100):
            answer = visitor.get("/houses", page=page)["data"]

            assert len(answer["houses"]) == 10
            assert answer["total_pages"] == 100
            assert answer.get("more", False) is is_more


def test_the_bound_follows_the_filters(visitor, owner):
    many(owner, 1001)
    many(owner, 12, area_id=5)

    answer = visitor.get("/houses", area_id=5)["data"]

    assert answer["total_pages"] == 2
    assert "more" not in answer


# --- who may ----------------------------------------------------------------------------------------------------------


def test_everybody_finds_the_same(app, visitor, owner, house):
    answers = [
        browser.get("/houses")
        for browser in (visitor, make.browser(app, owner), make.browser(app, make.user("stranger")))
    ]

    assert answers[0]["data"] == answers[1]["data"] == answers[2]["data"]


def test_no_junk_breaks_it(visitor):
    for field in ("start_date", "area_id", "sort_key", "page", "guests", "facility", "limit", "other"):
        for junk in ("'; --", "\x00", "\ud83d", "a" * 3000, "{}", "%", "🏠"):
            answer = visitor.request("GET", f"/houses?{field}={quote(junk, errors='surrogatepass')}")

            assert answer.status_code == 200, (field, junk)
            assert answer.get_json()["errno"] in ("0", "4103"), (field, junk)
