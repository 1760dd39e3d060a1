"""The texts of the demo city keep the contract's bounds and read like many people, not like one template."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

CITY = Path(__file__).parents[2] / "src" / "ihome" / "demo" / "city.json"
KINDS = {"apartment", "loft", "courtyard", "villa", "farmhouse"}
KINDS |= {"lakeside", "student", "business", "family", "homestay"}
THEMES = {"lake", "oldtown", "city", "mountain", "field"}
ROOMS = "零一两三四五六七八九"

city = json.loads(CITY.read_text(encoding="utf-8"))
houses = city["houses"]
comments = city["comments"]
people = city["landlords"] + city["guests"]
each_house = pytest.mark.parametrize("house", houses, ids=[h["key"] for h in houses])


def unique(values):
    return [value for value, times in Counter(values).items() if times > 1] == []


def hanzi(text):
    return len(re.findall(r"[\u4e00-\u9fff]", text))


def yuan(text):
    assert isinstance(text, str)
    assert re.fullmatch(r"\d+(\.\d{1,2})?", text)
    return Decimal(text)


def sleepers(beds):
    """How many people the text of the beds has room for, as `双人床:2x1.8x1 单人床:2x1.2x2`."""
    room = {"双人床": 2, "上下铺": 2, "单人床": 1, "沙发床": 1}
    parts = [re.fullmatch(r"([^:]+):[\d.]+x[\d.]+x(\d+)", part) for part in beds.split()]
    assert all(parts)
    return sum(room[part[1]] * int(part[2]) for part in parts)


def test_there_are_enough_landlords_and_guests():
    assert len(city["landlords"]) >= 16
    assert len(city["guests"]) >= 24


def test_keys_are_numbered_without_gaps():
    for letter, width, rows in (("l", 2, "landlords"), ("g", 2, "guests"), ("h", 3, "houses")):
        wanted = [f"{letter}{n:0{width}}" for n in range(1, len(city[rows]) + 1)]
        assert [row["key"] for row in city[rows]] == wanted


def test_every_person_has_a_name_of_their_own():
    assert unique(p["name"] for p in people)
    assert unique(p["real_name"] for p in people)
    for person in people:
        assert set(person) == {"key", "name", "gender", "real_name"}
        assert 1 <= len(person["name"]) <= 32
        assert person["gender"] in {"f", "m"}
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,4}", person["real_name"])


def test_the_city_has_the_agreed_number_of_houses():
    assert 84 <= len(houses) <= 90


def test_every_area_has_houses_and_the_city_districts_have_most():
    per_area = Counter(h["area_id"] for h in houses)
    assert set(per_area) == set(range(1, 10))
    assert min(per_area.values()) >= 5
    assert min(per_area[a] for a in (1, 2, 3, 4)) > max(per_area[a] for a in (5, 6, 7, 8, 9))


def test_every_landlord_has_three_to_eight_houses():
    per_landlord = Counter(h["landlord"] for h in houses)
    assert set(per_landlord) == {p["key"] for p in city["landlords"]}
    assert all(3 <= n <= 8 for n in per_landlord.values())
    assert per_landlord["l01"] >= 4


def test_titles_addresses_and_descriptions_are_unique():
    for field in ("title", "address", "description"):
        assert unique(h[field] for h in houses)


@each_house
def test_a_house_keeps_the_bounds_of_the_contract(house):
    assert 1 <= len(house["title"]) <= 64
    assert 1 <= len(house["address"]) <= 512
    assert 1 <= house["room_count"] <= 50
    assert 1 <= house["acreage"] <= 100_000
    assert 1 <= len(house["unit"]) <= 32
    assert 1 <= house["capacity"] <= 100
    assert 1 <= len(house["beds"]) <= 64
    assert 0 <= yuan(house["deposit"]) <= 1_000_000
    assert 1 <= house["min_days"] <= 365
    assert house["max_days"] == 0 or house["max_days"] >= house["min_days"]


@each_house
def test_a_house_is_believable(house):
    assert house["kind"] in KINDS
    assert house["theme"] in THEMES
    assert 88 <= yuan(house["price"]) <= 1680
    assert re.search(r"\d+号", house["address"])
    assert house["unit"].startswith(ROOMS[house["room_count"]] + "室")
    assert house["capacity"] == sleepers(house["beds"])
    assert 60 <= hanzi(house["description"]) <= len(house["description"]) <= 260


@each_house
def test_a_house_offers_known_facilities_once_each(house):
    assert house["facility"] == sorted(set(house["facility"]))
    assert house["facility"]
    assert set(house["facility"]) <= set(range(1, 24))


def test_some_prices_have_decimals():
    assert any("." in h["price"] for h in houses)


def test_many_houses_have_comments_and_some_are_still_new():
    per_house = Counter(c["house"] for c in comments)
    assert len(comments) >= 150
    assert 45 <= len(per_house) < len(houses)
    assert max(per_house.values()) == 8


def test_comments_point_to_houses_and_guests_that_exist():
    assert {c["house"] for c in comments} <= {h["key"] for h in houses}
    assert {c["guest"] for c in comments} <= {g["key"] for g in city["guests"]}


def test_a_guest_comments_on_a_house_once():
    assert unique((c["house"], c["guest"]) for c in comments)


def test_comments_are_short_texts_with_a_rating():
    for comment in comments:
        assert set(comment) <= {"house", "guest", "rating", "text", "reply", "months"}
        assert 1 <= len(comment["text"]) <= 200
        assert comment["rating"] in range(1, 6)
        assert 1 <= len(comment.get("reply", "-")) <= 200


def test_months_say_when_a_comment_about_a_season_can_have_been_written():
    for comment in comments:
        if "months" in comment:
            assert comment["months"]
            assert set(comment["months"]) <= set(range(1, 13))


def test_most_guests_were_content_and_a_few_were_not():
    ratings = Counter(c["rating"] for c in comments)
    assert ratings[4] + ratings[5] > 0.8 * len(comments)
    assert 0 < ratings[2] < ratings[3] < ratings[4]


def test_about_a_third_of_the_comments_is_answered():
    answered = sum("reply" in c for c in comments)
    assert 0.25 <= answered / len(comments) <= 0.42


def test_there_are_six_reasons_to_reject():
    reasons = city["reject_reasons"]
    assert len(reasons) == 6
    assert unique(reasons)
    assert all(1 <= len(reason) <= 200 for reason in reasons)


def test_no_sentence_is_written_twice():
    texts = [h["description"] for h in houses] + [h["title"] for h in houses] + city["reject_reasons"]
    texts += [c[field] for c in comments for field in ("text", "reply") if field in c]
    sentences = [s.strip() for text in texts for s in re.split(r"[。！？；.!?;]", text) if s.strip()]
    assert unique(sentences)


def test_nobody_shouts():
    assert not re.search(r"[!！]", CITY.read_text(encoding="utf-8"))
