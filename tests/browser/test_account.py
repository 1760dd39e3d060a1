"""Getting in again, and taking a place off the site: through the pages, on phone and desktop, in both languages."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import PHONE_ZH_DESKTOP_EN
from tests.browser.keys import Keys
from tests.site_process import inside

ANOTHER = "another-Secret-2026"


@pytest.fixture
def owner(meet, site, language):
    """Somebody who is signed in here, and is a landlord."""
    with inside(site):
        user = make.user("owner", verified=True, language=language)
    person = meet()
    person.is_signed_in_as(user)
    return person


@PHONE_ZH_DESKTOP_EN
def test_who_forgot_the_password_sets_another_one_by_keys_and_the_others_are_signed_out(meet, owner):
    person, email = meet(), owner.user.email
    keys = Keys(person)
    person.open("/trips")
    keys.use("main a[href^='/reset-password']")
    keys.arrive("**/reset-password**")
    form = person.form("PUT /api/v1.0/users/password_resets")
    keys.write("[name=email]", email)
    keys.use("[data-ask]")  # The code in the picture is missing: it says so, there.
    expect(person.find("[name=image_code]")).to_be_focused()
    keys.look()
    keys.write("[name=image_code]", person.picture_code(form))
    keys.use("[data-ask]")
    expect(person.find("[name=email_code]")).to_be_focused()
    keys.write("[name=email_code]", person.mailed_code(email))
    keys.write("[name=password]", ANOTHER)
    keys.write("[name=confirm_password]", ANOTHER)
    keys.press("Enter")

    keys.arrive("**/signin**")
    keys.write("[name=email]", email)
    keys.write("[name=password]", ANOTHER)
    keys.press("Enter")
    keys.arrive(f"{person.site.url}/trips")  # Where they wanted to be before all that.
    owner.open("/me")
    owner.page.wait_for_url("**/signin**")


@pytest.mark.parametrize("way", ["at once", "over the registration"])
def test_who_signs_in_on_the_way_to_a_part_of_a_page_arrives_there(person, site, way):
    with inside(site):
        user = make.user()
    person.open("/me#data")
    if way != "at once":
        person.find("main a[href^='/register']").click()
        person.page.wait_for_url("**/register**")
        person.find("main a[href^='/signin']").click()
        person.page.wait_for_url("**/signin**")
    person.send("POST /api/v1.0/sessions", email=user.email, password=make.PASSWORD)
    person.page.wait_for_url(f"{site.url}/me#data")
    expect(person.find("#data h2")).to_be_in_viewport()


@PHONE_ZH_DESKTOP_EN
def test_signing_out_everywhere_by_keys_ends_the_other_devices(meet, owner):
    other = meet()
    other.is_signed_in_as(owner.user)
    owner.page.on("dialog", lambda dialog: dialog.accept())
    owner.open("/me")
    Keys(owner).use("form[data-api='DELETE /api/v1.0/users/sessions'] button")
    owner.page.wait_for_url(f"{owner.site.url}/")

    other.open("/me")
    other.page.wait_for_url("**/signin**")


@PHONE_ZH_DESKTOP_EN
def test_a_place_is_taken_off_the_list_and_put_back(meet, owner):
    with inside(owner.site):
        house = make.house(owner.user)
    owner.open("/my-houses")
    listing = owner.find(f"#listing-{house.id}")
    listing.locator("form button").click()
    expect(listing).to_contain_text(owner.says("Not listed"))
    assert seen_by_others(owner.site, house) == 404

    listing.get_by_role("link", name=owner.says("Preview")).click()
    expect(owner.find("h1")).to_have_text(make.HOUSE["title"])
    expect(owner.find(f"#book a[href='/houses/{house.id}/edit']")).to_be_visible()  # And no form to book it.
    expect(owner.form("POST /api/v1.0/orders")).to_have_count(0)

    owner.page.go_back()
    listing.locator("form button").click()
    expect(listing).to_contain_text(owner.says("Listed"))
    assert seen_by_others(owner.site, house) == 200


def seen_by_others(site, house):
    return httpx.get(f"{site.url}/houses/{house.id}", trust_env=False).status_code


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_who_wants_it_still(meet, motion, moves):
    person = meet(reduced_motion=motion)
    person.open("/")
    took = person.find("form[role=search] .button").evaluate("one => getComputedStyle(one).transitionDuration")

    assert any(float(seconds) > 0.001 for seconds in re.findall(r"[\d.]+", took)) == moves
    assert person.page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches") != moves


def test_pages_run_no_script_and_take_nothing_from_elsewhere(person):
    policy = person.page.goto(person.site.url).headers["content-security-policy"]
    allowed = dict(one.strip().split(" ", 1) for one in policy.split(";"))

    assert allowed["default-src"] == "'self'"
    assert set(" ".join(allowed.values()).split()) == {"'self'", "'none'", "data:"}  # The last for pictures.
    assert "data:" in allowed["img-src"]
