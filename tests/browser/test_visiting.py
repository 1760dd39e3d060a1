"""What visitors do with home, search and house before they book: by keys and taps, there and back again."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.site_process import inside

EVERYWHERE = pytest.mark.parametrize("device", [PHONE, DESKTOP])
AT_DESK = pytest.mark.parametrize("device", [DESKTOP])


@pytest.fixture
def visitor(meet):
    return meet()


def cell(visitor, day):
    """Of the calendar on the page; a dialog may have the same day."""
    return visitor.find(f"#months [data-day='{day}']")


@EVERYWHERE
def test_a_stay_is_chosen_by_keys_alone(visitor, site):
    with inside(site):
        house, stay = make.house(), make.stay(40, nights=3)
    visitor.open(f"/houses/{house.id}?month={stay.check_in:%Y-%m}")
    cell(visitor, stay.check_in).focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.find("#days-hint")).to_have_text(visitor.says("Now choose the day you leave."))
    expect(cell(visitor, stay.check_in)).to_be_focused()
    for ahead in range(1, 4):  # On a phone perhaps over the end of the month.
        visitor.page.keyboard.press("ArrowRight")
        expect(cell(visitor, stay.check_in + timedelta(days=ahead))).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(visitor.find("#quote")).to_contain_text("¥300")
    expect(visitor.find("#end_date")).to_have_value(str(stay.check_out))


@pytest.mark.parametrize(
    ("language", "weekdays"),
    [
        ("zh", "星期一 星期二 星期三 星期四 星期五 星期六 星期日"),
        ("en", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    ],
)
def test_each_day_is_spoken_whole(visitor, site, weekdays):
    with inside(site):
        house, day = make.house(), make.stay(40).check_in
    visitor.open(f"/houses/{house.id}?month={day:%Y-%m}")
    spoken = cell(visitor, day).get_attribute("aria-label")

    for part in (weekdays.split()[day.weekday()], str(day.day), str(day.year), visitor.says("free")):
        assert part in spoken


@EVERYWHERE
def test_a_house_without_a_picture_keeps_the_grid(visitor, site):
    with inside(site):
        houses = [make.house(area_id=8) for _ in range(2)]
        make.photo(houses[0])
    visitor.open("/search?area_id=8")
    boxes = [visitor.find(f".card:has(a[href^='/houses/{house.id}']) .card-picture").bounding_box() for house in houses]

    assert boxes[0]["width"] == boxes[1]["width"]
    assert abs(boxes[0]["height"] - boxes[1]["height"]) < 1
    assert boxes[1]["height"] > 100


@AT_DESK
def test_a_taken_night_can_be_left_on_and_not_come_on(visitor, site):
    with inside(site):
        house = make.house()
        stay = make.order(make.user(), house, ahead=40, nights=2)
        first = stay.begin_date
    visitor.open(f"/houses/{house.id}?month={first - timedelta(days=2):%Y-%m}")
    cell(visitor, first).click(force=True)  # It says that it is disabled.
    expect(visitor.find("#start_date")).to_have_value("")
    cell(visitor, first - timedelta(days=2)).click()
    expect(visitor.find("#days-hint")).to_have_text(visitor.says("Now choose the day you leave."))
    cell(visitor, first).click()
    expect(visitor.find("#quote")).to_contain_text("¥200")


@AT_DESK
def test_dates_offered_instead_are_taken_by_a_tap(visitor, site):
    with inside(site):
        house = make.house(min_days=3)
        stay = make.stay(40, nights=1)
    visitor.open(f"/houses/{house.id}?check_in={stay.check_in}&check_out={stay.check_out}")
    visitor.find("[data-stay]").first.click()
    expect(visitor.find("#quote")).to_contain_text("¥300")
    assert f"check_out={stay.check_in + timedelta(days=3)}" in visitor.page.url


@EVERYWHERE
def test_pictures_fill_the_screen_and_follow_the_keys(visitor, site):
    with inside(site):
        house = make.house()
        for _ in range(3):
            make.photo(house)
    visitor.open(f"/houses/{house.id}")
    opener = visitor.find("[data-gallery] a").first
    opener.click()
    expect(visitor.find("[data-count]")).to_have_text("1 / 3")
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.keyboard.press("ArrowRight")
    expect(visitor.find("[data-count]")).to_have_text("3 / 3")
    visitor.find(".lightbox [data-step='-1']").click()
    expect(visitor.find("[data-count]")).to_have_text("2 / 3")
    visitor.page.keyboard.press("Escape")
    expect(visitor.find(".lightbox")).to_be_hidden()
    expect(opener).to_be_focused()


def test_pictures_follow_a_finger_on_the_page_and_over_the_whole_screen(visitor, site):
    with inside(site):
        house = make.house()
        for _ in range(3):
            make.photo(house)
    visitor.open(f"/houses/{house.id}")
    pictures, counters = visitor.find("[data-gallery] a"), visitor.find("[data-gallery] .counter")
    expect(counters.first).to_be_in_viewport()
    visitor.swipe(visitor.find("[data-gallery]"))
    expect(pictures.nth(1)).to_be_in_viewport(ratio=0.9)
    expect(counters.nth(1)).to_have_text("2 / 3")
    expect(counters.nth(1)).to_be_in_viewport()

    pictures.nth(1).tap()
    count, strip = visitor.find(".lightbox [data-count]"), visitor.find(".lightbox [data-strip]")
    expect(count).to_have_text("2 / 3")
    visitor.swipe(strip)
    expect(count).to_have_text("3 / 3")
    expect(strip.locator("img").nth(2)).to_be_in_viewport(ratio=0.9)


@EVERYWHERE
def test_more_houses_stay_where_they_were_when_one_comes_back(visitor, site, device):
    yuan = 47 if device == PHONE else 48
    with inside(site):
        owner = make.landlord()
        for _ in range(26):
            make.house(owner, area_id=7, price=100 * yuan)
    visitor.open(f"/search?area_id=7&price_min={yuan}&price_max={yuan}")
    cards = visitor.find("#results > *")
    for shown in (24, 26):
        visitor.find(".further button").click()
        expect(cards).to_have_count(shown)
    expect(visitor.find(".further button")).to_have_count(0)
    assert "page=3" in visitor.page.url
    cards.nth(20).locator("a").click()
    visitor.page.wait_for_url("**/houses/*")
    visitor.page.go_back()
    expect(cards).to_have_count(26)
    expect(cards.nth(20)).to_be_in_viewport()
    visitor.page.reload()
    expect(cards).to_have_count(26)


@pytest.mark.parametrize("script", [True, False])
def test_on_a_phone_what_was_asked_is_one_line_until_it_is_changed(meet, site, script):
    with inside(site):
        make.house(area_id=6)
    visitor = meet(java_script_enabled=script)
    visitor.open("/search?area_id=6&guests=2")
    search = visitor.find("form[role=search]")
    expect(search).to_be_hidden()
    visitor.find(".asked").click()
    expect(search).to_be_visible()
    expect(visitor.find(".asked")).to_be_hidden()
    visitor.fill(search, guests=3)
    search.locator("button.primary").last.click()
    visitor.page.wait_for_url("**guests=3**")
    expect(search).to_be_hidden()


@EVERYWHERE
def test_the_search_stays_in_the_head(visitor):
    visitor.open("/docs")  # Long, and without.
    expect(visitor.find(".head-search")).to_have_count(0)
    visitor.open("/search")
    expect(visitor.find(".head-search")).to_be_hidden()
    visitor.page.evaluate("document.querySelector('footer').style.marginTop = '3000px'; scrollTo(0, 2500)")
    expect(visitor.find(".head-search")).to_be_visible()
    visitor.find(".head-search").click()
    expect(visitor.find("#where")).to_be_in_viewport()
