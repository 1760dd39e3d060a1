"""From the card on a house's page to the request: how many come, and what it costs by then."""

import pytest
from playwright.sync_api import expect

from ihome.kit.db import in_transaction
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.site_process import inside

EVERYWHERE = pytest.mark.parametrize("device", [PHONE, DESKTOP])
ORDER = "POST /api/v1.0/orders"


@pytest.fixture
def house(site):
    with inside(site):
        return make.house(make.landlord("owner"))


@pytest.fixture
def stay(site):
    with inside(site):
        return make.stay(40, nights=2)


@pytest.fixture
def user(site, language):
    with inside(site):
        return make.user("guest", language=language)


@pytest.fixture
def guest(meet, user):
    someone = meet()
    someone.is_signed_in_as(user)
    return someone


def address(house, stay, page="", guests=2):
    return f"/houses/{house.id}{page}?check_in={stay.check_in}&check_out={stay.check_out}&guests={guests}"


def reprice(site, house, fen):
    with inside(site):
        in_transaction(lambda: setattr(make.get_house(house.id), "price", fen))


# --- how many come ----------------------------------------------------------------------------------------------------


def test_the_number_of_guests_goes_along_from_card_to_order_and_back(guest, house, stay):
    guest.open(address(house, stay, guests=2))
    guest.find("#guests").select_option("3")
    guest.page.wait_for_url("**guests=3**")
    guest.find("#booking button.primary").click()
    guest.page.wait_for_url("**/book?**guests=3**")
    expect(guest.find("#guests")).to_have_value("3")
    guest.page.go_back()
    expect(guest.find("#guests")).to_have_value("3")
    guest.page.go_forward()
    expect(guest.find("#quote .order-dates")).to_contain_text("3 人")
    guest.send(ORDER)
    guest.page.wait_for_url("**/trips/*")
    assert guest.api("/user/orders?role=custom")["orders"][0]["guests"] == 3


def test_the_number_of_guests_comes_through_sign_in(person, user, house, stay):
    person.open(address(house, stay, "/book", guests=1))
    person.find("#guests").select_option("4")
    expect(person.find("#request [name=guests]")).to_have_value("4")
    person.send(ORDER)
    person.page.wait_for_url("**/signin?**")
    person.send("POST /api/v1.0/sessions", email=user.email, password=make.PASSWORD)
    person.page.wait_for_url("**/book?**guests=4**")
    expect(person.find("#guests")).to_have_value("4")
    person.send(ORDER)
    person.page.wait_for_url("**/trips/*")
    assert person.api("/user/orders?role=custom")["orders"][0]["guests"] == 4


# --- a price that changes ---------------------------------------------------------------------------------------------


@EVERYWHERE
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_price_is_shown_before_anything_is_booked(guest, site, house, stay):
    guest.open(address(house, stay, "/book"))
    expect(guest.find("#quote .sum")).to_contain_text("¥200")
    reprice(site, house, 12300)
    guest.send(ORDER)
    words = guest.says("The price has changed: the total is now ¥{total}. Please look again.", total="246")
    expect(guest.find("#request [data-message]")).to_have_text(words)
    expect(guest.find("#quote .sum")).to_contain_text("¥246")
    expect(guest.find("#ask")).to_be_focused()
    assert guest.api("/user/orders?role=custom")["orders"] == []
    guest.send(ORDER)
    guest.page.wait_for_url("**/trips/*")
    assert guest.api("/user/orders?role=custom")["orders"][0]["amount"] == 24600
