"""Home, search and house as pages, and the links of old."""

import json
import re
from pathlib import Path

import pytest
from markupsafe import escape

from ihome import storefront
from ihome.config import config
from ihome.houses.actions import add_photo
from ihome.kit.db import in_transaction
from ihome.orders.actions import comment_order
from ihome.orders.queries import get_order
from tests import make
from tests.page_reader import answer_of, read, where


def test_home_shows_the_newest_and_the_most_booked(visitor):
    owner = make.landlord()
    plain, booked = make.house(owner, title="新上架的小屋"), make.house(owner, title="人人都爱的小院")
    in_transaction(lambda: add_photo(make.get_house(booked.id), "houses/2/abc-l.webp"))
    page = read(visitor, "/")
    assert {f"/houses/{plain.id}", f"/houses/{booked.id}"} <= set(page.links)
    assert "新上架的小屋" in page.words
    assert re.search(r'srcset="[^"]*abc-s\.webp 400w', page.html)


def test_home_shows_the_five_most_booked_in_order(visitor):
    def show(booked):
        house = make.get_house(made[booked].id)
        add_photo(house, f"houses/{house.id}/abc-l.webp")
        house.order_count = booked

    owner = make.landlord()
    made = {booked: make.house(owner) for booked in (4, 6, 1, 3, 2, 5)}
    for number in made:
        in_transaction(lambda number=number: show(number))
    shown = re.findall(r'class="hero-picture" href="/houses/(\d+)"', read(visitor, "/").html)
    assert shown == [str(made[booked].id) for booked in (6, 5, 4, 3, 2)]


def test_home_without_houses_invites_the_first(visitor):
    assert "/houses/new" in read(visitor, "/").links


def test_search_says_the_total_for_the_dates(visitor):
    house = make.house(price=19950)
    page = read(visitor, f"/search?check_in={make.day(3)}&check_out={make.day(6)}")
    assert "¥598.50" in page.words  # Three nights.
    assert f"/houses/{house.id}?check_in={make.day(3)}&check_out={make.day(6)}" in page.links


def test_search_takes_check_out_for_the_day_after_the_last_night(visitor):
    house = make.house()
    make.order(make.user(), house, ahead=10, nights=2)
    before = read(visitor, f"/search?check_in={make.day(8)}&check_out={make.day(10)}")
    across = read(visitor, f"/search?check_in={make.day(8)}&check_out={make.day(11)}")
    assert house.title in before.words
    assert house.title not in across.words


def test_search_takes_prices_in_yuan(visitor):
    house = make.house(price=19950)
    assert house.title in read(visitor, "/search?price_min=199.5&price_max=200").words
    assert house.title not in read(visitor, "/search?price_max=199").words


@pytest.mark.parametrize(
    "query",
    ["check_in=tomorrow", "check_in=2030-02-30", "check_in=2030-01-02&check_out=2030-01-02", "guests=0", "rooms=x",
     "price_min=1.234", "check_out=0001-01-01&check_in=0001-01-01"],
)  # fmt: skip
def test_search_marks_what_it_cannot_read(visitor, query):
    make.house(title="不该出现")
    page = read(visitor, f"/search?{query}")
    assert page.status == 200
    assert 'aria-invalid="true"' in page.html
    assert "不该出现" not in page.words


def test_search_says_everything_it_cannot_read_at_once(visitor):
    page = read(visitor, "/search?check_in=2030-05-02&check_out=2030-05-01&guests=abc")
    assert page.html.count('aria-invalid="true"') == 2
    assert "退房日期须晚于入住日期" in page.words
    assert "请输入整数" in page.words or "请填写整数" in page.words


def test_a_broken_link_to_a_house_asks_for_dates_anew(visitor):
    house = make.house()
    page = read(visitor, f"/houses/{house.id}?check_in=foo")
    assert "请重新选择" in page.words
    assert "YYYY" not in page.words


@pytest.mark.parametrize(
    "query", ["check_out=0001-01-01", "check_in=9999-12-31", "area_id=x" * 2, "page=0", "sort_key=best", "page=9999999"]
)
def test_search_survives_odd_questions(visitor, query):
    assert read(visitor, f"/search?{query}").status == 200


def test_search_leads_on_to_further_pages_with_the_same_wishes(visitor):
    owner = make.landlord()
    for _ in range(13):
        make.house(owner)
    page = read(visitor, "/search?area_id=2&facility=1&facility=3")
    assert "13 处" in page.words
    assert "/search?area_id=2&facility=1&facility=3&page=2" in page.links
    assert read(visitor, "/search?area_id=2&page=2").html.count('<article class="card"') == 1


def test_an_empty_search_offers_dates_near_that_are_free(visitor):
    make.order(make.user(), make.house(), ahead=10, nights=2)
    page = read(visitor, f"/search?area_id=2&check_in={make.day(10)}&check_out={make.day(12)}")
    near = [link for link in page.links if "check_in=" in link and "area_id=2" in link and "sort_key" not in link]
    moved = [(2, 4), (-2, 0), (3, 5)]
    assert near == [
        f"/search?area_id=2&check_in={make.day(10 + comes)}&check_out={make.day(10 + leaves)}"
        for comes, leaves in moved
    ]


def test_an_empty_search_offers_other_areas_and_fewer_wishes(visitor):
    owner = make.landlord()
    make.house(owner, area_id=3)
    make.house(owner, area_id=3)
    make.house(owner, price=90000)
    page = read(visitor, "/search?area_id=2&price_max=500&sort_key=booking")
    assert "/search?area_id=3&price_max=500&sort_key=booking" in page.links
    assert "/search?area_id=2&sort_key=booking" in page.links
    assert "/search?area_id=4&price_max=500&sort_key=booking" not in page.links
    assert 'class="count">2</span>' in page.html


def test_a_search_in_the_past_offers_what_is_still_to_come(visitor):
    make.house()
    page = read(visitor, f"/search?check_in={make.day(-3)}&check_out={make.day(-1)}")
    assert f"/search?check_in={make.day(0)}&check_out={make.day(2)}" in page.links


def test_wishes_that_hold_together_nothing_can_be_dropped_at_once(visitor):
    make.house(room_count=1, capacity=2)
    page = read(visitor, "/search?rooms=3&guests=9")
    assert "/search" in page.links
    assert 'class="count">1</span>' in page.html


def test_each_filter_can_be_taken_away(visitor):
    make.house()
    page = read(visitor, "/search?facility=1&facility=3&rooms=2&price_min=10&price_max=900")
    assert "/search?facility=1&rooms=2&price_min=10&price_max=900" in page.links
    assert "/search?facility=1&facility=3&price_min=10&price_max=900" in page.links
    assert "/search?facility=1&facility=3&rooms=2" in page.links


def test_a_house_shows_its_street_and_not_its_door(visitor):
    house = make.house(address="寿春路 8 号 3 幢 501")
    page = read(visitor, f"/houses/{house.id}")
    assert "寿春路" in page.words
    assert "寿春路 8" not in page.html
    assert "幢" not in page.html


def test_a_house_says_the_total_and_the_deposit_apart(visitor):
    house = make.house(price=19950, deposit=50000)
    page = read(visitor, f"/houses/{house.id}?check_in={make.day(3)}&check_out={make.day(6)}")
    assert "¥598.50" in page.words
    assert "¥500" in page.words
    assert "¥1,098.50" not in page.words


def test_a_house_says_which_nights_are_gone_and_what_is_free_instead(visitor):
    house = make.house()
    make.order(make.user(), house, ahead=10, nights=2)
    page = read(visitor, f"/houses/{house.id}?check_in={make.day(9)}&check_out={make.day(11)}")
    assert f"/houses/{house.id}?check_in={make.day(8)}&check_out={make.day(10)}&guests=1#book" in page.links
    assert "¥200" not in page.words


@pytest.mark.parametrize("days", [(5, 6), (5, 12), (-3, 2), (6, 5), (800, 803)])
def test_a_house_names_the_rule_in_the_way(visitor, days):
    house = make.house(min_days=2, max_days=5)
    page = read(visitor, f"/houses/{house.id}?check_in={make.day(days[0])}&check_out={make.day(days[1])}")
    assert '<div class="note red">' in page.html


@pytest.mark.parametrize(
    "query",
    [
        "check_in=x",
        "check_out=0001-01-01",
        "month=2026-99",
        "month=9999-12",
        "guests=x",
        "comments=x",
        "comments=99999999999",
    ],
)
def test_a_house_survives_odd_questions(visitor, query):
    house = make.house()
    assert read(visitor, f"/houses/{house.id}?{query}").status == 200


def test_the_calendar_goes_on_to_later_months(visitor):
    house = make.house()
    later = make.day(60).replace(day=1)
    page = read(visitor, f"/houses/{house.id}?month={later:%Y-%m}")
    assert f'data-day="{later}"' in page.html


def test_a_house_says_the_rule_and_offers_the_nearest_dates_within_it(visitor):
    house = make.house(min_days=3)
    make.order(make.user(), house, ahead=4, nights=3)
    page = read(visitor, f"/houses/{house.id}?check_in={make.day(5)}&check_out={make.day(6)}")
    offered = re.findall(r'data-stay="(\S+ \S+)"', page.html)
    assert offered == [f"{make.day(7)} {make.day(10)}", f"{make.day(1)} {make.day(4)}"]


def test_a_house_is_read_by_search_engines_without_its_door(visitor):
    house = make.house(title='</script><b>"院子"', address="寿春路 8 号 3 幢 501", price=19950)
    in_transaction(lambda: add_photo(make.get_house(house.id), "houses/2/abc-l.webp"))
    page = read(visitor, f"/houses/{house.id}?check_in={make.day(5)}")
    found = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page.html)[1])
    assert (found["@type"], found["name"], found["priceRange"]) == ("LodgingBusiness", house.title, "¥199.50")
    assert found["address"]["streetAddress"] == "寿春路"
    assert found["url"] == f"{config().base_url}/houses/{house.id}"
    assert found["image"][0].startswith("http")
    assert f'<link rel="canonical" href="{found["url"]}">' in page.html
    assert f'<meta property="og:image" content="{found["image"][0]}">' in page.html
    assert f'<meta property="og:title" content="{escape(house.title)}' in page.html


def test_each_facility_has_an_icon_that_there_is(visitor):
    drawn = (Path(storefront.__file__).parents[1] / "static/icons.svg").read_text()
    page = read(visitor, f"/houses/{make.house(facility=list(range(1, 24))).id}")

    assert set(re.findall(r"icons\.svg\?\S*?#(facility-\d+)", page.html)) == {
        f"facility-{number}" for number in range(1, 24)
    }
    assert all(f'id="facility-{number}"' in drawn for number in range(1, 24))


def test_comments_have_pages(visitor):
    house = make.house()
    for number in range(7):
        stay = make.stayed(make.user(), house, ahead=3)
        in_transaction(lambda said=f"话{number}。", order=stay.id: comment_order(get_order(order), said, 5))
    first, second = read(visitor, f"/houses/{house.id}"), read(visitor, f"/houses/{house.id}?comments=2")
    assert "话6。" in first.words
    assert "话0。" not in first.words
    assert f"/houses/{house.id}?comments=2#comments" in first.links
    assert "话0。" in second.words
    assert f"/houses/{house.id}?comments=1#comments" in second.links
    assert read(visitor, f"/houses/{house.id}?comments=-4").words == first.words


def test_guests_book_and_owners_do_not(app, visitor):
    owner = make.landlord()
    house = make.house(owner)
    stay = make.stay(10)
    there = f"/houses/{house.id}/book"
    dates = f"?check_in={stay.check_in}&check_out={stay.check_out}"
    assert there in [form["action"] for form in read(visitor, f"/houses/{house.id}").forms]
    assert there not in [form["action"] for form in read(make.browser(app, owner), f"/houses/{house.id}").forms]
    assert "POST /api/v1.0/orders" in read(visitor, there + dates).calls()
    assert "POST /api/v1.0/orders" not in read(make.browser(app, owner), there + dates).calls()


def test_the_review_says_what_is_asked_for_and_what_it_costs(visitor):
    house = make.house(price=12300, deposit=50000, min_days=2)
    stay = make.stay(10, nights=3)
    page = read(visitor, f"/houses/{house.id}/book?check_in={stay.check_in}&check_out={stay.check_out}&guests=2")
    assert {"¥123 × 3 晚", "¥369", "¥500"} <= {
        words for words in ("¥123 × 3 晚", "¥369", "¥500") if words.replace(" ", "") in page.words.replace(" ", "")
    }
    assert f'name="start_date" value="{stay.first_night}"' in page.html
    assert f'name="end_date" value="{stay.last_night}"' in page.html


@pytest.mark.parametrize("dates", ["", "?check_in=x", "?check_in=2020-01-01&check_out=2020-01-03"])
def test_without_dates_that_can_be_had_the_review_offers_no_request(visitor, dates):
    page = read(visitor, f"/houses/{make.house().id}/book{dates}")
    assert page.status == 200
    assert "POST /api/v1.0/orders" not in page.calls()


def test_who_has_asked_already_is_led_to_the_request(app):
    guest, house = make.user(), make.house()
    order = make.order(guest, house, ahead=10)
    dates = f"?check_in={order.stay.check_in}&check_out={order.stay.check_out}"
    assert f"/trips/{order.id}" in read(make.browser(app, guest), f"/houses/{house.id}/book{dates}").links
    assert f"/trips/{order.id}" not in read(make.browser(app, make.user()), f"/houses/{house.id}/book{dates}").links


def test_a_comment_stands_with_its_answer_and_without_the_guests_account_name(visitor):
    house = make.house()
    stay = make.stayed(make.user(), house)
    in_transaction(lambda: comment_order(get_order(stay.id), "推窗就是湖", 5))
    page = read(visitor, f"/houses/{house.id}", "en")
    assert "推窗就是湖" in page.words
    assert "A guest" in page.words


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/index.html", "/"),
        ("/register.html", "/register"),
        ("/login.html", "/signin"),
        ("/my.html", "/me"),
        ("/profile.html", "/me#profile"),
        ("/auth.html", "/me#identity"),
        ("/myhouse.html", "/my-houses"),
        ("/newhouse.html", "/houses/new"),
        ("/orders.html", "/trips"),
        ("/lorders.html", "/hosting"),
        ("/detail.html?id=7", "/houses/7"),
        ("/booking.html?hid=7", "/houses/7/book"),
        ("/detail.html", "/search"),
        ("/detail.html?id=seven", "/search"),
        ("/booking.html?hid=%C2%B2", "/search"),
        ("/search.html", "/search"),
        ("/search.html?aid=3&aname=%E8%9C%80%E5%B1%B1%E5%8C%BA&sd=&ed=", "/search?area_id=3"),
        # Both were nights that are slept: the guest leaves the day after.
        ("/search.html?aid=&aname=&sd=2026-06-03&ed=2026-06-05", "/search?check_in=2026-06-03&check_out=2026-06-06"),
        ("/search.html?sd=2026-06-03", "/search?check_in=2026-06-03&check_out=2026-06-04"),
        ("/search.html?aid=2&sd=bad&ed=2026-06-05", "/search?area_id=2"),
        ("/search.html?sd=2026-06-05&ed=2026-06-03", "/search"),
        ("/payComplete.html", "/pay/done"),
    ],
)
def test_a_link_of_old_leads_to_the_page_that_does_its_job(visitor, old, new):
    assert answer_of(visitor, old).status_code == 301
    assert where(visitor, old) == new


def test_the_gateways_words_arrive_unchanged(visitor):
    words = "out_trade_no=20261&total_amount=199.50&sign=a%2Bb%2F%3D%3D&charset=utf-8&subject=%E5%B0%8F%E5%B1%8B+1"
    assert where(visitor, f"/payComplete.html?{words}") == f"/pay/done?{words}"
    assert 'data-confirm="PUT /api/v1.0/orders/payment"' in read(visitor, f"/pay/done?{words}").html


def test_the_favicon_is_where_browsers_look(visitor):
    with answer_of(visitor, "/favicon.ico") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
        assert b"<svg" in answer.data


def test_the_documentation_lists_every_endpoint(app, visitor):
    page = read(visitor, "/docs")
    spec = visitor.client.get("/api/v1.0/openapi.json").get_json()
    for path, operations in spec["paths"].items():
        assert path in page.words
        assert {operation["operationId"] for operation in operations.values()} <= set(page.ids)
