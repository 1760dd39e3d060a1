"""A house with everything its page shows (contract: GET /houses/<id>)."""

import re

import pytest

from ihome.houses.models import House
from ihome.kit.db import in_transaction, session, utcnow
from ihome.orders.models import Order, Status
from tests import make
from tests.uploads import multipart

FULL = {
    "hid", "user_id", "user_name", "user_avatar", "title", "price", "address", "room_count", "acreage", "unit",
    "capacity", "beds", "deposit", "min_days", "max_days", "img_urls", "facilities", "comments",
}  # fmt: skip


@pytest.fixture
def owner(app):
    return make.landlord("老王")


@pytest.fixture
def landlord(app, owner):
    return make.browser(app, owner)


@pytest.fixture
def house(owner):
    return make.house(owner)


@pytest.fixture
def guest(app):
    return make.user("guest")


def read(browser, house):
    return browser.get(f"/houses/{house.id}")["data"]["house"]


def comment(app, guest, house, text="很好", ahead=10, **more):
    """Stay, and say this."""
    order = make.stayed(guest, house, ahead)
    answer = make.browser(app, guest).put(f"/orders/{order.id}/comment", {"comment": text, **more})
    assert answer["errno"] == "0"
    return order


def test_a_house_is_full(visitor, owner, house):
    answer = visitor.get(f"/houses/{house.id}")

    assert answer["errno"] == "0"
    shown = answer["data"]["house"]
    assert set(shown) >= FULL
    facts = (
        "title",
        "price",
        "address",
        "room_count",
        "acreage",
        "unit",
        "capacity",
        "beds",
        "deposit",
        "min_days",
        "max_days",
    )
    assert {name: shown[name] for name in facts} == {name: getattr(house, name) for name in facts}
    assert shown["hid"] == house.id
    assert shown["user_id"] == owner.id
    assert shown["user_name"] == owner.name
    assert shown["facilities"] == [1, 3]
    assert shown["user_avatar"] == ""
    assert shown["img_urls"] == shown["comments"] == []


def test_who_is_asking_is_added_after_the_cache(app, visitor, owner, guest, house):
    askers = {"-1": visitor, owner.id: make.browser(app, owner), guest.id: make.browser(app, guest)}

    for _ in range(2):
        assert {name: browser.get(f"/houses/{house.id}")["data"]["user_id"] for name, browser in askers.items()} == {
            name: name for name in askers
        }


def test_nobody_keeps_an_answer_that_says_who_asks(landlord, house):
    cached_by = landlord.request("GET", f"/houses/{house.id}").headers["Cache-Control"]

    assert "private" in cached_by
    assert "public" not in cached_by


def test_a_house_that_is_not_there_is_4002(visitor, house):
    for house_id in (0, 999999, 2**63, 10**30):
        answer = visitor.request("GET", f"/houses/{house_id}")

        assert (answer.status_code, answer.get_json()["errno"]) == (200, "4002"), house_id


def test_what_is_no_number_is_no_path(visitor):
    for junk in ("x", "-1", "1.5", "1e2", "%00", "1'", "１"):
        answer = visitor.request("GET", f"/houses/{junk}")

        assert (answer.status_code, answer.get_json()["errno"]) == (404, "4002"), junk


# --- cached, and yet --------------------------------------------------------------------------------------------------


def test_an_edit_shows_at_once(landlord, visitor, house):
    read(visitor, house)

    landlord.put(f"/houses/{house.id}/info", make.HOUSE | {"title": "新名字"})

    assert read(visitor, house)["title"] == "新名字"


def test_a_picture_shows_at_once(landlord, visitor, house):
    read(visitor, house)

    url = landlord.post("/houses/images", **multipart("house_image", make.picture().getvalue(), house_id=house.id))[
        "data"
    ]["image_url"]

    assert read(visitor, house)["img_urls"] == [url]


def test_a_comment_shows_at_once(app, visitor, guest, house):
    read(visitor, house)

    comment(app, guest, house, rating=4)

    (shown,) = read(visitor, house)["comments"]
    assert (shown["comment"], shown["rating"], shown["reply"]) == ("很好", 4, None)


def test_a_reply_shows_at_once(app, landlord, visitor, guest, house):
    order = comment(app, guest, house)
    read(visitor, house)

    landlord.put(f"/orders/{order.id}/reply", {"reply": "欢迎再来"})

    assert read(visitor, house)["comments"][0]["reply"] == "欢迎再来"


def test_the_landlords_new_name_and_face_show_at_once(landlord, visitor, house):
    read(visitor, house)

    landlord.post("/users/nickname", {"nickname": "小李"})
    url = landlord.post("/users/avatar", **multipart("avatar", make.picture().getvalue()))["data"]["avatar_image_url"]

    shown = read(visitor, house)
    assert (shown["user_name"], shown["user_avatar"]) == ("小李", url)
    assert visitor.get("/houses")["data"]["houses"][0]["user_avatar"] == url


def test_it_is_cached_where_nothing_changed(visitor, house):
    read(visitor, house)

    def behind_its_back():
        session.get(House, house.id).title = "changed without a new version"

    in_transaction(behind_its_back)

    assert read(visitor, house)["title"] == house.title


# --- comments ---------------------------------------------------------------------------------------------------------


def test_a_guest_who_never_chose_a_nickname_is_anonymous(app, visitor, house):
    nameless = make.user()
    comment(app, nameless, house)

    (shown,) = read(visitor, house)["comments"]
    assert shown["user_name"] == "匿名用户"
    assert set(shown) == {"comment", "user_name", "ctime", "rating", "reply"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", shown["ctime"])


def test_a_guest_who_chose_one_is_called_by_it(app, visitor, guest, house):
    comment(app, guest, house)

    assert read(visitor, house)["comments"][0]["user_name"] == guest.name


def test_a_nickname_that_looks_like_one_given_is_a_choice(app, visitor, house):
    person = make.user()
    make.browser(app, person).post("/users/nickname", {"nickname": "用户abcdefgh"})
    comment(app, person, house)

    assert read(visitor, house)["comments"][0]["user_name"] == "用户abcdefgh"


def test_the_newest_30_comments_newest_first(visitor, guest, house):
    tonight = make.day(0)

    def write():
        for number in range(35):
            order = Order(
                user_id=guest.id, house_id=house.id, begin_date=tonight, end_date=tonight, days=1, house_price=1,
                amount=1, status=Status.COMPLETE, comment=f"no. {number}", commented_at=utcnow(),
            )  # fmt: skip
            session.add(order)

    in_transaction(write)

    assert [shown["comment"] for shown in read(visitor, house)["comments"]] == [f"no. {n}" for n in range(34, 4, -1)]


def test_a_landlords_reason_for_a_no_is_no_comment(app, landlord, visitor, guest, house):
    order = make.order(guest, house)
    landlord.put(f"/orders/{order.id}/status", {"action": "reject", "reason": "装修"})

    assert read(visitor, house)["comments"] == []


def test_comments_of_other_houses_are_elsewhere(app, visitor, owner, guest, house):
    other = make.house(owner)
    comment(app, guest, other)

    assert read(visitor, house)["comments"] == []


def test_comments_come_as_they_were_typed(app, visitor, guest, house):
    comment(app, guest, house, text='<b>好</b> & "安静"\n🏠')

    assert read(visitor, house)["comments"][0]["comment"] == '<b>好</b> & "安静"\n🏠'
