"""From the card on a house's page to the request: how many come, and what it costs by then."""

import re

import pytest
from playwright.sync_api import expect

from ihome.calendar.rules import ONE_DAY
from ihome.kit.db import in_transaction
from ihome.orders.actions import place_order
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import AXE, LOOK, SMALL
from tests.site_process import inside

EVERYWHERE = pytest.mark.parametrize("device", [PHONE, DESKTOP])
ORDER = "POST /api/v1.0/orders"


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


# --- dates: the dialog and the calendar on the page are one ----------------------------------------------------------

PAGES = pytest.mark.parametrize("page", ["", "/book"])


def opener(person, name):
    return person.find(f"#{person.find(f'[data-query={name}]').get_attribute('id')}-pick")


def cell(person, day, where="dialog.when"):
    return person.find(f"{where} [data-day='{day}']")


def show(person, day):
    """Turn the dialog to the month of this day."""
    while not cell(person, day).is_visible():
        person.find("dialog.when [rel=next]").click()
    return cell(person, day)


def test_nights_that_somebody_took_meanwhile_are_shown_as_taken(guest, site, house, stay):
    guest.open(address(house, stay, "/book"))
    with inside(site):
        in_transaction(place_order, make.user().id, house.id, stay)
    guest.send(ORDER)
    expect(guest.find("#quote .chip").first).to_be_visible()  # Dates that are free.
    expect(guest.find("#request")).to_have_count(0)
    expect(guest.find(".toast")).to_be_visible()


@EVERYWHERE
@PAGES
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_stay_is_chosen_in_the_dialog(person, house, stay, page):
    person.open(f"/houses/{house.id}{page}")
    opener(person, "check_in").click()
    show(person, stay.check_in).click()
    expect(person.find("[data-hint]")).to_have_text(person.says("Now choose the day you leave."))
    show(person, stay.check_out).click()
    expect(person.find("dialog.when")).to_be_hidden()
    expect(person.find("#quote .sum")).to_contain_text("¥200")
    expect(opener(person, "check_out")).to_be_visible()
    assert f"check_out={stay.check_out}" in person.page.url


def test_the_dialog_fills_a_phone_from_edge_to_edge(person):
    person.open("/")
    opener(person, "check_in").click()
    box = person.find("dialog.when").bounding_box()
    assert (box["x"], box["width"]) == (8, 374)


@EVERYWHERE
def test_the_dialog_works_by_keys_alone(person, house, stay):
    person.open(f"/houses/{house.id}/book")
    opener(person, "check_in").focus()
    keys = person.page.keyboard
    keys.press("Enter")
    expect(person.find("dialog.when [data-day]:focus")).to_have_count(1)
    keys.press("PageDown")
    arrival = person.find("dialog.when [data-day]:focus").get_attribute("data-day")
    keys.press("Enter")
    expect(cell(person, arrival)).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(person.find("dialog.when")).to_be_hidden()
    expect(opener(person, "check_in")).to_be_focused()
    expect(person.find("#quote .sum")).to_contain_text("¥700")
    keys.press("Enter")
    keys.press("Escape")
    expect(person.find("dialog.when")).to_be_hidden()
    expect(person.find("#quote .sum")).to_contain_text("¥700")


@PAGES
def test_who_changes_only_the_day_of_leaving_keeps_that_of_arriving(person, house, stay, page):
    person.open(address(house, stay, page))
    expect(person.find("#quote .sum")).to_contain_text("¥200")
    opener(person, "check_out").click()
    expect(person.find("[data-hint]")).to_have_text(person.says("Now choose the day you leave."))
    person.page.keyboard.press("Escape")
    expect(person.find("#quote .sum")).to_contain_text("¥200")

    opener(person, "check_out").click()
    show(person, stay.check_out + ONE_DAY).click()
    expect(person.find("#quote .sum")).to_contain_text("¥300")
    expect(person.find("[data-query=check_in]")).to_have_value(str(stay.check_in))


def test_half_a_choice_brings_the_old_dates_back(person, house, stay):
    person.open(address(house, stay))
    opener(person, "check_in").click()
    show(person, stay.check_out + ONE_DAY).click()
    expect(person.find("#quote .sum")).to_have_count(0)
    person.find("dialog.when [data-close]").click()
    expect(person.find("#quote .sum")).to_contain_text("¥200")
    opener(person, "check_in").click()
    person.find("dialog.when [data-clear]").click()
    expect(person.find("#quote .sum")).to_have_count(0)
    expect(person.find("[data-query=check_out]")).to_have_value("")


@PAGES
def test_taken_nights_can_be_left_on_and_the_rule_is_named(person, site, page):
    with inside(site):
        house = make.house()
        taken = make.order(make.user(), house, ahead=40, nights=2).stay
    before, after = taken.check_in - ONE_DAY, taken.check_out
    person.open(f"/houses/{house.id}{page}")
    opener(person, "check_in").click()
    hint, gone = person.find("[data-hint]"), person.says("This night is taken.")
    expect(show(person, taken.check_in)).to_have_class(re.compile("taken leaving"))
    cell(person, taken.check_in).click(force=True)  # It says that it is disabled.
    expect(hint).to_contain_text(gone)
    show(person, before).click()
    show(person, after).click(force=True)
    expect(hint).to_contain_text("起已被预订")
    show(person, taken.check_in).click()
    expect(person.find("#quote .sum")).to_contain_text("¥100")


@PAGES
def test_too_short_and_too_long_a_stay_is_named(person, site, stay, page):
    with inside(site):
        house = make.house(min_days=2, max_days=4)
    person.open(f"/houses/{house.id}{page}")
    opener(person, "check_in").click()
    show(person, stay.check_in).click()
    hint = person.find("[data-hint]")
    show(person, stay.check_in + ONE_DAY).click(force=True)
    expect(hint).to_contain_text("2晚起订。")
    show(person, stay.check_in + 5 * ONE_DAY).click(force=True)
    expect(hint).to_contain_text("最多 4晚。")
    show(person, stay.check_in + 4 * ONE_DAY).click()
    expect(person.find("#quote .sum")).to_contain_text("¥400")


@pytest.mark.parametrize("device", [DESKTOP])
def test_the_calendar_on_the_page_agrees_with_the_dialog(person, house, stay):
    person.open(f"/houses/{house.id}")
    opener(person, "check_in").click()
    show(person, stay.check_in).click()
    show(person, stay.check_out).click()
    expect(cell(person, stay.check_in, "#months")).to_have_class(re.compile("end"))
    expect(cell(person, stay.check_out, "#months")).to_have_class(re.compile("end"))
    cell(person, stay.check_in, "#months").click()
    cell(person, stay.check_in + ONE_DAY, "#months").click()
    expect(person.find("#quote .sum")).to_contain_text("¥100")
    opener(person, "check_in").click()
    expect(cell(person, stay.check_in + ONE_DAY)).to_have_class(re.compile("end"))


def test_who_books_without_dates_is_asked_for_them(person, house):
    person.open(f"/houses/{house.id}")
    person.find("#booking button.primary").click()
    expect(person.find("dialog.when")).to_be_visible()
    assert "/book" not in person.page.url


@PAGES
def test_without_script_dates_are_typed(meet, house, stay, page):
    person = meet(java_script_enabled=False)
    person.open(f"/houses/{house.id}{page}")
    form = person.find("form:has([data-query])")
    for name, day in (("check_in", stay.check_in), ("check_out", stay.check_out)):
        expect(form.locator(f"[name={name}]")).to_have_attribute("type", "date")
        form.locator(f"[name={name}]").fill(str(day))
    form.locator("button").last.click()
    expect(person.find("#quote .sum")).to_contain_text("¥200")


@EVERYWHERE
@PAGES
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_open_dialog(person, site, page, theme):
    with inside(site):
        house = make.house()
        make.order(make.user(), house, ahead=3, nights=2)
    person.page.emulate_media(color_scheme=theme)
    person.open(f"/houses/{house.id}{page}")
    opener(person, "check_in").click()
    expect(person.find("dialog.when .taken").first).to_be_visible()
    person.page.evaluate(AXE)
    assert person.page.evaluate(LOOK) + person.page.evaluate(SMALL) == []


# --- on a phone, what is in the way is said where one acts ------------------------------------------------------------


@pytest.fixture
def taken(site, house):
    with inside(site):
        return make.order(make.user(), house, ahead=40, nights=2).stay


@PAGES
def test_the_bar_says_why_these_nights_cannot_be_had(person, house, taken, page):
    person.open(address(house, taken, page))
    bar = person.find("#bar")
    expect(bar).to_be_in_viewport()
    expect(bar).to_contain_text(f"{taken.check_in.month}月{taken.check_in.day}日")
    expect(bar.locator("a")).to_have_text(person.says("Choose other dates"))
    expect(person.find("#booking button.primary, #request")).to_have_count(0)


def test_the_calendar_says_what_is_chosen_and_what_is_taken_in_it(person, site, house, taken):
    with inside(site):
        free = make.stay(44, nights=2)
    person.open(address(house, free))
    hint = person.find("#days-hint")
    expect(hint).to_contain_text(f"{free.check_out.month}月{free.check_out.day}日")
    expect(hint).not_to_contain_text(person.says("Choose the day you arrive."))
    person.open(f"/houses/{house.id}?check_in={taken.check_in - ONE_DAY}&check_out={taken.check_out + ONE_DAY}")
    expect(hint).to_have_class(re.compile("error"))
    hatched = person.find(f"#months [data-day='{taken.check_in}']")
    assert "repeating-linear-gradient" in hatched.evaluate("one => getComputedStyle(one).backgroundImage")


@pytest.mark.parametrize("device", [DESKTOP])
def test_the_card_leads_to_other_dates_where_these_are_taken(person, house, taken):
    person.open(address(house, taken))
    person.find("#booking-button button").click()
    expect(person.find("dialog.when")).to_be_visible()
    assert "/book" not in person.page.url


def test_the_bar_of_the_booking_page_asks_for_the_stay(guest, house, stay):
    guest.open(address(house, stay, "/book"))
    expect(guest.find("#bar")).to_contain_text("¥200")
    guest.find("#bar button").click()
    guest.page.wait_for_url("**/trips/*")
