"""Publishing, changing and withdrawing a house (contract: POST /houses/info, GET /user/houses)."""

import pytest

from tests import make

BASIC = {
    "house_id", "title", "price", "area_name", "img_url", "room_count", "order_count", "address", "user_avatar",
    "ctime",
}  # fmt: skip


@pytest.fixture
def owner(app):
    return make.landlord()


@pytest.fixture
def landlord(app, owner):
    return make.browser(app, owner)


def publish(browser, **changed):
    """Publish the usual house with these fields; ... drops one."""
    form = {name: value for name, value in (make.HOUSE | changed).items() if value is not ...}
    return browser.post("/houses/info", form)


def read(browser, answer):
    """The house of this answer as everybody sees it."""
    return browser.get(f"/houses/{answer['data']['house_id']}")["data"]["house"]


def test_a_house_is_listed_at_once(landlord, visitor, owner):
    answer = publish(landlord)

    house = read(visitor, answer)
    sent = {
        name: make.HOUSE[name]
        for name in ("title", "address", "room_count", "acreage", "unit", "capacity", "beds", "min_days", "max_days")
    }
    assert {name: house[name] for name in sent} == sent
    assert house["user_id"] == owner.id
    assert house["price"] == 19950
    assert house["deposit"] == 50000
    assert house["facilities"] == [1, 3]
    assert [found["house_id"] for found in visitor.get("/houses")["data"]["houses"]] == [house["hid"]]


def test_a_house_is_bookable_at_once(app, landlord):
    house_id = publish(landlord)["data"]["house_id"]
    guest = make.browser(app, make.user("guest"))
    night = str(make.day(0))

    assert guest.post("/orders", {"house_id": house_id, "start_date": night, "end_date": night})["errno"] == "0"


def test_who_is_not_verified_cannot_publish_whatever_they_send(app):
    guest = make.browser(app, make.user("guest"))

    assert publish(guest)["errno"] == "4105"
    assert guest.post("/houses/info", {})["errno"] == "4105"


def test_an_empty_form_names_every_field(landlord):
    answer = landlord.post("/houses/info", {})

    assert answer["errno"] == "4103"
    assert set(answer["errors"]) == set(make.HOUSE) - {"facility"}


def test_each_bad_field_is_named(landlord):
    answer = publish(landlord, title="", price="-1", beds=..., capacity=101)

    assert answer["errno"] == "4103"
    assert set(answer["errors"]) == {"title", "price", "beds", "capacity"}
    assert all(answer["errors"].values())


# --- bounds -----------------------------------------------------------------------------------------------------------

TEXTS = {"title": 64, "address": 512, "unit": 32, "beds": 64}
WHOLES = {"room_count": (1, 50), "acreage": (1, 100_000), "capacity": (1, 100), "min_days": (1, 365)}
MONEY = {"price": ("0.01", "1000000"), "deposit": ("0", "1000000")}
NO_WHOLES = [
    True,
    False,
    None,
    "",
    " ",
    "two",
    1.0,
    2.5,
    "1.0",
    "1e2",
    "NaN",
    "Infinity",
    "0x10",
    "1_0",
    "１",
    "+1",
    "1,0",
    [],
    [1],
    {},
]
NO_AMOUNTS = [
    True,
    False,
    None,
    "",
    "x",
    "1e2",
    "NaN",
    "Infinity",
    "-Infinity",
    "1.234",
    "1,000",
    "1.",
    ".5",
    "0x1",
    "１",
    "+1",
    "-1",
    "--1",
    "¥5",
    [],
    {},
]


def refused(browser, field, values):
    """Which of these values of this field were not refused as 4103 with the field's name. None of them should be."""
    return [
        value
        for value in values
        if (answer := publish(browser, **{field: value}))["errno"] != "4103" or field not in answer["errors"]
    ]


@pytest.mark.parametrize("field", TEXTS)
def test_a_text_has_1_to_so_many_characters(landlord, field):
    longest = TEXTS[field]

    for text in ("x", "房" * longest, "🏠" * longest, f"  {'房' * longest}  ", "<script>'\"&"):
        assert publish(landlord, **{field: text})["errno"] == "0", text
    assert (
        refused(landlord, field, ["", "   ", "房" * (longest + 1), None, True, 1.5, [], {}, "a\x00b", "\udc80"]) == []
    )


@pytest.mark.parametrize("field", WHOLES)
def test_a_number_is_within_its_bounds(landlord, field):
    least, most = WHOLES[field]

    for number in (least, most, str(least), str(most), f" {most} ", f"00{least}"):
        assert publish(landlord, **{field: number})["errno"] == "0", number
    assert refused(landlord, field, [least - 1, most + 1, str(most + 1), -1, 2**63, 10**30, "9" * 30]) == []
    assert refused(landlord, field, NO_WHOLES) == []


@pytest.mark.parametrize("field", MONEY)
def test_an_amount_is_within_its_bounds(landlord, field):
    least, most = MONEY[field]

    for amount in (least, most, f"{most}.00", float(least), int(most)):
        assert publish(landlord, **{field: amount})["errno"] == "0", amount
    assert refused(landlord, field, [f"{most}.01", int(most) + 1, -0.01, "-0.01", 10**30, "9" * 30]) == []
    assert refused(landlord, field, NO_AMOUNTS) == []


def test_a_price_of_nothing_is_refused_a_deposit_of_nothing_is_not(landlord):
    assert refused(landlord, "price", ["0", 0, "0.00", "0.001", 0.004]) == []
    assert publish(landlord, deposit=0)["errno"] == "0"


YUAN_AND_FEN = [
    ("199.5", 19950), (199.5, 19950), ("199.50", 19950), (199, 19900), ("0.01", 1), (0.07, 7), ("0.29", 29),
    (1.15, 115), ("4.35", 435), (8.2, 820), (" 19.99 ", 1999), ("1000000", 100_000_000), ("999999.99", 99_999_999),
    ("007", 700),
]  # fmt: skip


def test_yuan_are_exact_fen(landlord):
    for typed, fen in YUAN_AND_FEN:
        assert read(landlord, publish(landlord, price=typed))["price"] == fen, typed


@pytest.mark.parametrize("field", ["price", "deposit", "room_count", "area_id"])
def test_json_numbers_that_are_no_plain_numbers_are_4103(landlord, field):
    for token in ("1e2", "1E2", "199.5e0", "NaN", "Infinity", "-Infinity", "true", "1.999", "199.500", "9" * 5000):
        form = ", ".join(f'"{name}": {token if name == field else _json(value)}' for name, value in make.HOUSE.items())

        answer = landlord.post("/houses/info", data=f"{{{form}}}", content_type="application/json")

        assert answer["errno"] == "4103", token
        assert field in answer["errors"], token


def _json(value):
    return str(value) if isinstance(value, int | list) else f'"{value}"'


def test_max_days_is_0_or_at_least_min_days(landlord):
    good = [(1, 0), (365, 0), (3, 3), (3, 4), ("3", "30"), (1, 100_000), (1, 10**6)]
    bad = [(3, 2), (2, 1), (1, -1), ("30", "3")]
    for min_days, max_days in good:
        assert publish(landlord, min_days=min_days, max_days=max_days)["errno"] == "0", (min_days, max_days)
    for min_days, max_days in bad:
        answer = publish(landlord, min_days=min_days, max_days=max_days)

        assert answer["errno"] == "4103", (min_days, max_days)
        assert "max_days" in answer["errors"], (min_days, max_days)


def test_facilities_are_optional_ids(landlord):
    every = list(range(1, 24))
    for sent, kept in (
        (..., []),
        (None, []),
        ([], []),
        ([23, 1], [1, 23]),
        (["2", 2, "2"], [2]),
        (5, [5]),
        (every, every),
    ):
        assert read(landlord, publish(landlord, facility=sent))["facilities"] == kept, sent


def test_other_facilities_are_refused(landlord):
    assert (
        refused(landlord, "facility", [[24], [0], [1, -1], ["x"], [True], [1.5], [[1]], [None], {"a": 1}, [2**70]])
        == []
    )


def test_an_unknown_area_is_4002(landlord):
    for area_id in (10, "10", 0, -1, 2**63, "99999999999999999999"):
        assert publish(landlord, area_id=area_id)["errno"] == "4002", area_id


def test_what_is_no_number_is_no_area(landlord):
    assert refused(landlord, "area_id", NO_WHOLES) == []


@pytest.mark.parametrize("changed", [{"title": ""}, {"facility": [24]}])
def test_bad_fields_come_before_the_unknown_area(landlord, changed):
    assert publish(landlord, area_id=10, **changed)["errno"] == "4103"


def test_a_refused_house_does_not_exist(landlord):
    publish(landlord, area_id=10)
    publish(landlord, facility=[24])

    assert landlord.get("/user/houses")["data"]["houses"] == []


# --- changing and withdrawing -----------------------------------------------------------------------------------------


@pytest.fixture
def house(owner):
    return make.house(owner)


def edit(browser, house, **changed):
    return browser.put(f"/houses/{house.id}/info", make.HOUSE | changed)


def test_an_edit_shows_at_once(landlord, visitor, house):
    visitor.get(f"/houses/{house.id}")

    assert edit(landlord, house, title="新名字", price="5", facility=[23], area_id=9)["errno"] == "0"

    shown = visitor.get(f"/houses/{house.id}")["data"]["house"]
    assert (shown["title"], shown["price"], shown["facilities"]) == ("新名字", 500, [23])
    (found,) = visitor.get("/houses", area_id=9)["data"]["houses"]
    assert (found["title"], found["price"], found["area_name"]) == ("新名字", 500, "巢湖市")


def test_an_order_keeps_its_price(app, landlord, house):
    guest = make.user("guest")
    order = make.order(guest, house, nights=2)

    edit(landlord, house, price="9999")

    (kept,) = make.browser(app, guest).get("/user/orders")["data"]["orders"]
    assert (kept["order_id"], kept["amount"]) == (order.id, 2 * house.price)


@pytest.mark.parametrize(
    ("changed", "errno"), [({"price": "0"}, "4103"), ({"area_id": 10}, "4002"), ({"facility": [24]}, "4103")]
)
def test_a_bad_edit_changes_nothing(landlord, visitor, house, changed, errno):
    assert edit(landlord, house, title="新名字", **changed)["errno"] == errno

    assert visitor.get(f"/houses/{house.id}")["data"]["house"]["title"] == house.title


def withdraw(browser, house, is_listed=False):
    return browser.put(f"/houses/{house.id}/listing", {"is_listed": is_listed})


def test_a_withdrawn_house_is_nowhere(app, landlord, visitor, house):
    visitor.get(f"/houses/{house.id}")

    assert withdraw(landlord, house)["errno"] == "0"

    assert visitor.get(f"/houses/{house.id}")["errno"] == "4002"
    assert visitor.get("/houses")["data"]["houses"] == []
    night = str(make.day(5))
    guest = make.browser(app, make.user("guest"))
    assert guest.post("/orders", {"house_id": house.id, "start_date": night, "end_date": night})["errno"] == "4002"


def test_its_owner_still_has_it_and_can_bring_it_back(landlord, visitor, house):
    withdraw(landlord, house)
    assert [own["house_id"] for own in landlord.get("/user/houses")["data"]["houses"]] == [house.id]

    withdraw(landlord, house, True)

    assert visitor.get(f"/houses/{house.id}")["errno"] == "0"


def test_listed_is_yes_or_no(landlord, house):
    for sent in (None, "", "perhaps", 2, [], {}):
        assert withdraw(landlord, house, sent)["errno"] == "4103", sent


def test_orders_of_a_withdrawn_house_go_on(app, landlord, house):
    guest = make.user("guest")
    order = make.order(guest, house)

    withdraw(landlord, house)

    assert landlord.put(f"/orders/{order.id}/status", {"action": "accept"})["errno"] == "0"


def test_a_stranger_changes_nothing_and_is_told_so_first(app, visitor, house):
    stranger = make.browser(app, make.landlord("stranger"))

    for path, body in (("info", make.HOUSE), ("listing", {"is_listed": False}), ("info", {}), ("listing", {})):
        assert stranger.put(f"/houses/{house.id}/{path}", body)["errno"] == "4105", path
        assert stranger.put(f"/houses/{house.id + 1}/{path}", body)["errno"] == "4002", path
    assert visitor.get(f"/houses/{house.id}")["data"]["house"]["title"] == house.title


# --- one's own --------------------------------------------------------------------------------------------------------


def test_own_houses_are_basic(landlord, owner):
    house_id = publish(landlord, area_id=1)["data"]["house_id"]

    (own,) = landlord.get("/user/houses")["data"]["houses"]

    assert set(own) >= BASIC
    assert own["house_id"] == house_id
    assert own["title"] == make.HOUSE["title"]
    assert own["price"] == 19950
    assert own["area_name"] == "瑶海区"
    assert own["address"] == make.HOUSE["address"]
    assert own["order_count"] == 0
    assert own["ctime"] == str(make.day(0))


def test_nobody_elses_are_among_them(app, landlord, house):
    assert make.browser(app, make.user("guest")).get("/user/houses")["data"] == {"houses": []}
    assert [own["house_id"] for own in landlord.get("/user/houses")["data"]["houses"]] == [house.id]


def test_who_is_not_signed_in_is_told_so(visitor):
    assert visitor.get("/user/houses")["errno"] == "4101"
    assert publish(visitor)["errno"] == "4101"
