"""The last search is offered again, by this browser alone, until it is over or cleared."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import AXE, LOOK, SMALL

EVERYWHERE = pytest.mark.parametrize("device", [PHONE, DESKTOP])
KEPT = "localStorage.getItem('ihome:search')"


def search(person, stay, **more):
    asked = {"area_id": 2, "check_in": stay.check_in, "check_out": stay.check_out, "guests": 2} | more
    person.open("/search?" + "&".join(f"{name}={value}" for name, value in asked.items() if value))


@EVERYWHERE
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_last_search_is_offered_on_the_start_page_and_in_its_head(person, stay):
    search(person, stay)
    person.open("/")
    again = person.find("#again")
    expect(again).to_be_visible()
    expect(again).to_contain_text("2 guests" if person.language == "en" else "2 人")
    expect(again).to_contain_text(str(stay.check_out.day))
    before = person.find("#newest").bounding_box()
    over = again.bounding_box()
    assert over["y"] + over["height"] <= before["y"]
    person.page.evaluate("document.querySelector('footer').style.marginTop = '3000px'; scrollTo(0, 2500)")
    expect(person.find(".head-search")).to_contain_text("2 guests" if person.language == "en" else "2 人")
    person.find(".head-search").click()
    person.page.wait_for_url(f"**/search?area_id=2&check_in={stay.check_in}&check_out={stay.check_out}&guests=2")


def test_a_tap_searches_again_and_another_clears(person, stay):
    search(person, stay)
    person.open("/")
    person.find("#again a").click()
    person.page.wait_for_url("**/search?area_id=2&**guests=2")
    person.page.go_back()
    person.find("#again button").click()
    expect(person.find("#again")).to_be_hidden()
    expect(person.find("#where")).to_be_focused()
    assert person.page.evaluate(KEPT) is None
    person.page.reload()
    expect(person.find("#again")).to_be_hidden()
    expect(person.find(".head-search")).to_have_attribute("href", "#where")


def test_dates_that_are_over_are_forgotten(person, stay):
    search(person, stay)
    past = {"area_id": "2", "check_in": "2020-06-01", "check_out": "2020-06-03", "guests": "2"}
    person.page.evaluate("kept => localStorage.setItem('ihome:search', kept)", json.dumps(past))
    person.open("/")
    expect(person.find("#again a")).to_have_attribute("href", "/search?area_id=2&guests=2")
    assert json.loads(person.page.evaluate(KEPT)) == {"area_id": "2", "guests": "2"}


@pytest.mark.parametrize(
    "kept",
    ["null", "{", "[]", "7", '{"area_id": "99999"}', '{"guests": "<b>"}', '{"check_in": "tomorrow"}', '{"guests": 2}'],
)
def test_what_cannot_be_understood_is_as_if_nothing_were_kept(person, kept):
    person.open("/")
    person.page.evaluate("kept => localStorage.setItem('ihome:search', kept)", kept)
    person.page.reload()
    expect(person.find("#search")).to_be_visible()
    if kept != '{"guests": 2}':
        expect(person.find("#again")).to_be_hidden()


def test_a_search_for_nothing_or_with_a_mistake_is_not_kept(person, stay):
    search(person, stay, area_id=3)
    person.open("/search")
    person.open("/search?sort_key=booking")
    search(person, stay, guests="0x", area_id=4)
    assert json.loads(person.page.evaluate(KEPT))["area_id"] == "3"


def test_without_storage_or_script_the_search_works(meet, stay):
    without = meet()
    without.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    search(without, stay)
    without.open("/")
    expect(without.find("#again")).to_be_hidden()
    plain = meet(java_script_enabled=False)
    plain.open("/")
    expect(plain.find("#again")).to_be_hidden()
    plain.find("#search button.primary").click()
    plain.page.wait_for_url("**/search?**")


def test_one_date_alone_is_kept(person, stay):
    search(person, stay, check_out=None, area_id=None, guests=None)
    person.open("/")
    expect(person.find("#again a")).to_have_attribute("href", f"/search?check_in={stay.check_in}")
    search(person, stay, check_in=None, check_out=stay.check_in - timedelta(days=1), area_id=None, guests=None)
    person.open("/")
    expect(person.find("#again a")).to_have_attribute("href", f"/search?check_out={stay.check_in - timedelta(days=1)}")


@EVERYWHERE
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_what_is_offered(person, stay, theme):
    person.page.emulate_media(color_scheme=theme)
    search(person, stay)
    person.open("/")
    expect(person.find("#again")).to_be_visible()
    person.page.evaluate(AXE)
    assert person.page.evaluate(LOOK) + person.page.evaluate(SMALL) == []
