"""The houses that are booked most, one beside the other on the start page: by keys, by touch, and without script."""

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.site_process import inside


@pytest.fixture(autouse=True)
def houses(site):
    with inside(site):
        for _ in range(3):
            make.photo(make.house())


def slides(person):
    return person.find("[data-carousel] [data-strip] a")


def expect_shown(person, number):
    expect(person.find("[data-carousel] [data-count]")).to_have_text(f"{number} / {slides(person).count()}")
    expect(slides(person).nth(number - 1)).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("device", [PHONE, DESKTOP])
def test_keys_lead_from_house_to_house_and_enter_opens_the_one_that_is_shown(person):
    person.open("/")
    slides(person).first.focus()

    person.page.keyboard.press("ArrowRight")
    expect_shown(person, 2)
    expect(slides(person).nth(1)).to_be_focused()
    person.page.keyboard.press("End")
    expect_shown(person, slides(person).count())

    address = slides(person).last.get_attribute("href")
    person.page.keyboard.press("Enter")
    expect(person.page).to_have_url(f"{person.site.url}{address}")


def test_a_finger_swipes_to_the_next(person):
    person.open("/")
    person.swipe(person.find("[data-carousel] [data-strip]"))

    expect_shown(person, 2)


def test_without_script_each_of_them_is_a_link_and_no_button_is_dead(meet):
    person = meet(java_script_enabled=False)
    person.page.goto(person.site.url)

    assert 3 <= slides(person).count() <= 5
    expect(person.find("[data-carousel] button").filter(visible=True)).to_have_count(0)
    slides(person).last.scroll_into_view_if_needed()
    expect(slides(person).last).to_be_in_viewport()
