"""What is around every page: the way up and what the page is about in a phone's bar, the menu of who is signed in."""

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.keys import Keys
from tests.site_process import inside

EVERYWHERE = pytest.mark.parametrize("device", [PHONE, DESKTOP])


@pytest.fixture
def order(site, person, house):
    """Of the person, who is signed in."""
    with inside(site):
        guest = make.user()
        asked = make.order(guest, house, ahead=60)
    person.is_signed_in_as(guest)
    return asked


def way_up(person):
    return person.find("[data-back]").filter(visible=True)


@EVERYWHERE
def test_a_page_under_another_one_leads_up_to_it(person, order, device):
    person.open(f"/trips/{order.id}")
    expect(way_up(person)).to_have_count(1)
    expect(person.find(".brand")).to_be_visible(visible=device == DESKTOP)
    way_up(person).click()
    person.page.wait_for_url("**/trips")
    expect(way_up(person)).to_have_count(0)
    expect(person.find(".brand")).to_be_visible()


@EVERYWHERE
def test_the_bar_of_a_phone_says_what_the_page_is_about_once_its_heading_is_gone(person, house, device):
    person.open(f"/houses/{house.id}")
    title = person.find(".head-title")
    expect(title).to_be_hidden()
    person.page.evaluate("scrollTo(0, 600)")
    if device == PHONE:
        expect(title).to_have_text(house.title)
        expect(title).to_be_in_viewport()
        expect(way_up(person)).to_have_accessible_name(person.says("Places in {area}", area="庐阳区"))
    else:
        person.page.evaluate("new Promise(requestAnimationFrame)")
        expect(title).to_be_hidden()
    person.page.evaluate("scrollTo(0, 0)")
    expect(title).to_be_hidden()


@pytest.mark.parametrize("tab", ["the same", "of its own"])
def test_the_way_up_to_a_list_is_the_way_back_to_where_one_was(person, site, tab):
    with inside(site):
        owner = make.landlord()
        for _ in range(8):
            make.house(owner, area_id=5, price=9100)
    person.open("/search?area_id=5&price_max=91&guests=2")
    card = person.find("#results > *").nth(6)
    card.scroll_into_view_if_needed()
    page = person.page
    if tab == "of its own":
        with person.context.expect_page() as opened:
            card.locator("a").click(modifiers=["Control"])
        page = opened.value
    else:
        card.locator("a").click()
    page.wait_for_url("**/houses/*")
    page.locator("[data-back]").filter(visible=True).click()
    page.wait_for_url("**/search?area_id=5&price_max=91&guests=2")
    if tab == "the same":
        expect(card).to_be_in_viewport()


def test_from_elsewhere_the_way_up_keeps_dates_and_guests(person, house, stay):
    dates = f"check_in={stay.check_in}&check_out={stay.check_out}"
    person.open(f"/houses/{house.id}?{dates}&guests=2")
    way_up(person).click()
    person.page.wait_for_url(f"**/search?area_id={house.area_id}&{dates}&guests=2")


@EVERYWHERE
def test_the_menu_opens_and_closes_by_keys_and_taps_and_signs_out(person, order, site, device):
    person.open("/docs")
    person.find("summary.person").focus()
    keys, menu = Keys(person), person.find(".menu-list")
    keys.press("Enter")
    expect(menu).to_be_visible()
    for _ in range(5):
        keys.press("Tab")
        keys.look()
    assert keys.is_at(".menu-list button")
    keys.press("Escape")
    expect(menu).to_be_hidden()
    expect(person.find("summary.person")).to_be_focused()

    person.find("summary.person").click()
    expect(menu).to_be_visible()
    person.page.mouse.click(8, 300)
    expect(menu).to_be_hidden()

    person.find("summary.person").click()
    menu.locator("button").click()
    person.page.wait_for_url(f"{site.url}/")
    expect(person.find("summary.person")).to_have_count(0)
    assert person.context.request.get(f"{site.url}/api/v1.0/sessions").json()["errno"] == "4101"
