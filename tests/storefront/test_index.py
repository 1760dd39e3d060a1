"""The houses on the front page (contract: GET /houses/index)."""

import pytest

from ihome.houses.actions import add_photo
from ihome.houses.models import House
from ihome.kit.db import in_transaction, session
from tests import make
from tests.accounts.steps import later

__all__ = ["later"]


@pytest.fixture
def owner(app):
    return make.landlord()


def show(owner, booked, picture=True):
    """A house booked so often, with a main picture or without; its id."""
    house = make.house(owner)

    def change():
        row = session.get(House, house.id)
        if picture:
            add_photo(row, f"houses/{house.id}-l.webp")
        row.order_count = booked

    in_transaction(change)
    return house.id


def ids(browser):
    return [house["house_id"] for house in browser.get("/houses/index")["data"]]


def test_up_to_five_most_booked_first(visitor, owner):
    made = {booked: show(owner, booked) for booked in (3, 1, 6, 2, 5, 4)}

    assert ids(visitor) == [made[booked] for booked in (6, 5, 4, 3, 2)]


def test_fewer_where_there_are_fewer(visitor, owner):
    assert ids(visitor) == []


def test_only_with_a_main_picture(visitor, owner):
    pictured = show(owner, 1)
    show(owner, 9, picture=False)

    assert ids(visitor) == [pictured]


def test_not_when_unlisted(app, visitor, owner):
    house_id = show(owner, 1)
    make.browser(app, owner).put(f"/houses/{house_id}/listing", {"is_listed": False})

    assert ids(visitor) == []


def test_they_are_basic_with_absolute_addresses(visitor, owner):
    house_id = show(owner, 1)

    (house,) = visitor.get("/houses/index")["data"]

    assert house == visitor.get("/houses")["data"]["houses"][0]
    assert house["img_url"] == f"http://localhost/media/houses/{house_id}-l.webp"


def test_it_is_cached_and_not_for_ever(visitor, owner, later):
    first = show(owner, 1)
    assert ids(visitor) == [first]
    second = show(owner, 2)

    assert ids(visitor) == [first]
    later(3600)
    assert ids(visitor) == [second, first]
