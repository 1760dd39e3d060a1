"""The order of a house's pictures (beyond v1.0: PUT /houses/<id>/images/order)."""

import pytest

from ihome.houses.actions import add_photo, make_main_photo, order_photos, remove_photo
from ihome.houses.queries import get_own_house, list_images
from ihome.kit.db import in_transaction, reading
from tests import make
from tests.concurrency.racing import ROUNDS, race


@pytest.fixture
def owner(app):
    return make.landlord()


@pytest.fixture
def house(owner):
    return make.house(owner)


@pytest.fixture
def landlord(app, owner):
    return make.browser(app, owner)


def add(owner, house, name):
    return in_transaction(lambda: add_photo(get_own_house(owner, house.id), f"houses/1/{name}-l.webp").id)


@pytest.fixture
def ids(owner, house):
    return [add(owner, house, name) for name in "abc"]


def order(browser, house_id, ids):
    return browser.put(f"/houses/{house_id}/images/order", {"image_ids": ids})


def shown(house):
    with reading():
        return [image.id for image in list_images(house.id)]


def test_pictures_are_shown_in_the_order_asked_for(landlord, visitor, house, ids):
    before = visitor.get(f"/houses/{house.id}")["data"]["house"]["img_urls"]

    assert order(landlord, house.id, [ids[2], ids[0], ids[1]])["errno"] == "0"

    after = visitor.get(f"/houses/{house.id}")["data"]["house"]["img_urls"]
    assert after == [before[2], before[0], before[1]]


def test_the_main_picture_stays_and_a_new_one_comes_last(landlord, owner, house, ids):
    order(landlord, house.id, ids[::-1])
    with reading():
        assert get_own_house(owner, house.id).index_image_url == "houses/1/a-l.webp"

    late = add(owner, house, "d")

    assert shown(house) == [*ids[::-1], late]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda ids: ids[:2],
        lambda ids: [*ids, ids[0]],
        lambda ids: [ids[0], ids[0], ids[1]],
        lambda ids: [*ids[:2], 999999],
        lambda ids: [],
        lambda ids: [*ids, 10**30],
    ],
)
def test_all_of_them_each_once_or_nothing_changes(landlord, house, ids, wrong):
    assert order(landlord, house.id, wrong(ids))["errno"] == "4004"
    assert shown(house) == ids


@pytest.mark.parametrize("nonsense", [None, "abc", ["x"], [1.5], [True], {}, list(range(1, 300))])
def test_what_is_no_list_of_numbers_is_4103(landlord, house, ids, nonsense):
    answer = order(landlord, house.id, nonsense)

    assert answer["errno"] == "4103"
    assert "image_ids" in answer["errors"]
    assert shown(house) == ids


def test_a_stranger_orders_nothing(app, visitor, house, ids):
    stranger = make.landlord("stranger")
    browser = make.browser(app, stranger)
    own = make.house(stranger)

    assert order(visitor, house.id, ids[::-1])["errno"] == "4101"
    assert order(browser, house.id, ids[::-1])["errno"] == "4105"
    assert order(browser, house.id, "nonsense")["errno"] == "4105"  # Whose it is comes first.
    assert order(browser, own.id, ids)["errno"] == "4004"  # Through a house of one's own neither.
    assert order(browser, 999999, ids)["errno"] == "4002"
    assert shown(house) == ids


def test_two_orders_at_once_are_one_or_the_other(owner, house, ids):
    def put(wanted):
        return lambda: in_transaction(lambda: order_photos(get_own_house(owner, house.id), wanted))

    for _ in range(ROUNDS):
        wishes = [ids, ids[::-1], [ids[1], ids[0], ids[2]]]
        race([put(wish) for wish in wishes])
        assert shown(house) in wishes


def test_the_main_picture_is_never_one_that_is_gone(owner, house):
    def on_house(action, image_id):
        return lambda: in_transaction(lambda: action(get_own_house(owner, house.id), image_id))

    for number in range(ROUNDS):
        first, second = add(owner, house, f"{number}a"), add(owner, house, f"{number}b")
        race([on_house(remove_photo, second), on_house(make_main_photo, second), on_house(remove_photo, second)])
        with reading():
            images = list_images(house.id)
            assert get_own_house(owner, house.id).index_image_url in [image.url for image in images]
        assert first in shown(house)
