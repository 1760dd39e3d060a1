"""What people do with what is theirs: a picture of oneself; and what they see without a connection."""

from datetime import date

import pytest
from PIL import Image
from playwright.sync_api import expect

from ihome.accounts.identity_number import make_identity_number
from ihome.houses.queries import list_images
from ihome.kit.db import in_transaction
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.person import photo
from tests.conftest import missing
from tests.site_process import inside
from tests.test_journey import eventually


@pytest.mark.parametrize("device", [PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["zh"])
def test_the_square_that_was_chosen_is_what_others_see(person, site, tmp_path):
    picture = Image.new("RGB", (900, 300), "blue")
    picture.paste((255, 0, 0), (0, 0, 300, 300))
    picture.save(tmp_path / "wide.png")
    with inside(site):
        person.is_signed_in_as(make.user("face"))
    person.open("/me")
    form = person.form("POST /api/v1.0/users/avatar")

    person.fill(form, avatar=tmp_path / "wide.png")
    expect(form.locator("[data-crop]")).to_be_visible()
    form.locator("[data-x]").press("Home")  # The left end; the middle would be blue.
    form.locator("button").click()

    shown = person.find("#head-end img.avatar")
    expect(shown).to_be_visible()
    expect(form.locator("[data-crop]")).to_be_hidden()
    name = shown.get_attribute("src").rpartition("/")[2]
    with Image.open(site.instance / "media" / "avatars" / name) as kept:
        red, _green, blue = kept.convert("RGB").getpixel((kept.width - 9, kept.height // 2))
    assert (red > 200, blue < 60) == (True, True)


def test_without_a_connection_one_is_told_and_finds_a_page(meet, site):
    person = meet(service_workers="allow")
    person.open("/signin")
    person.page.evaluate("navigator.serviceWorker.ready")
    person.open("/signin")
    if not person.page.evaluate("navigator.onLine"):
        missing("a network interface")  # Chromium counts loopback for none, and cannot lose what it does not have.
    person.context.set_offline(True)
    expect(person.find("#offline")).to_be_visible()

    person.page.goto(f"{site.url}/search?area_id=2")
    expect(person.find("h1")).to_have_text(person.says("No connection"))
    person.faults.clear()  # The browser notes that the address did not answer.

    person.context.set_offline(False)
    person.find("a.primary").click()
    expect(person.find("h1")).not_to_have_text(person.says("No connection"))
    assert person.page.url.endswith("/search?area_id=2")


def test_who_is_not_verified_is_led_there_and_back_with_what_they_typed(person, site):
    with inside(site):
        person.is_signed_in_as(make.user("newcomer"))
    person.open("/houses/new#step-first")
    person.find("#title").fill("Half a house")
    person.find(".progress a[href='#step-terms']").click()
    person.find("[data-last]").click()
    identity = make_identity_number("340102", date(1985, 5, 20), 321)
    person.send("POST /api/v1.0/users/auths", real_name="王小明", id_card=identity)

    person.page.wait_for_url(f"{site.url}/houses/new")
    expect(person.find("#title")).to_have_value("Half a house")
    person.find(".progress a[href='#step-terms']").click()
    expect(person.find("button[data-last]")).to_be_visible()


def test_a_draft_is_discarded_and_forgotten_at_sign_out(person, site):
    with inside(site):
        owner = make.landlord()
        person.is_signed_in_as(owner)
    note, title = person.find("[data-draft-note]"), person.find("#title")

    def type_and_come_back():
        person.open("/houses/new")
        title.fill("Half a house")
        person.open("/houses/new")
        expect(note).to_be_visible()
        expect(title).to_have_value("Half a house")

    type_and_come_back()
    note.locator("button").click()
    expect(title).to_have_value("")
    person.page.reload()
    expect(note).to_be_hidden()

    type_and_come_back()
    person.open("/me")
    person.send("DELETE /api/v1.0/sessions")
    person.page.wait_for_url(f"{site.url}/")
    with inside(site):
        person.is_signed_in_as(owner)
    person.open("/houses/new")
    expect(title).to_have_value("")


def test_what_was_typed_is_there_again_after_signing_in_on_the_way(person, site):
    """Also what is ticked, though no box has an id; and the draft has no part in it."""
    with inside(site):
        owner = make.landlord()
        house = make.house(owner)
    person.is_signed_in_as(owner)
    person.open(f"/houses/{house.id}/edit#step-inside")
    box = person.find("[name=facility]").nth(3)
    was = box.is_checked()
    box.set_checked(not was)
    person.context.clear_cookies(name="session")
    person.find("#house-form button.primary:visible").last.click()
    person.page.wait_for_url("**/signin?next=*")
    person.page.evaluate("localStorage.clear()")

    person.send("POST /api/v1.0/sessions", email=owner.email, password=make.PASSWORD)
    person.page.wait_for_url("**/edit*")
    expect(box).to_be_checked(checked=not was)


@pytest.mark.parametrize("device", [DESKTOP])
def test_pictures_are_put_in_order_though_an_upload_ends_meanwhile(person, site, tmp_path):
    with inside(site):
        owner = make.landlord()
        house = make.house(owner)

    def order():
        with inside(site):
            return in_transaction(lambda: [image.id for image in list_images(house.id)])

    person.is_signed_in_as(owner)
    person.open(f"/houses/{house.id}/photos")
    pictures, field = person.find("[data-image]"), person.find("[name=house_image]")
    field.set_input_files([photo(tmp_path, "a.jpg"), photo(tmp_path, "b.jpg")])
    expect(pictures).to_have_count(2)
    first, second = order()
    held = []
    person.page.route("**/api/v1.0/houses/images", lambda route: held.append(route))
    field.set_input_files(photo(tmp_path))
    eventually(lambda: person.page.wait_for_timeout(50) or held)
    mouse = person.page.mouse
    pictures.nth(0).locator("[data-grip]").hover()
    mouse.down()
    pictures.nth(1).hover()
    with person.page.expect_response("**/photos"):  # The page is looked at again for the picture that has arrived.
        held[0].continue_()
    mouse.up()

    expect(pictures).to_have_count(3)
    shown = [int(one.get_attribute("data-image")) for one in pictures.all()]
    assert shown[:2] == [second, first]
    eventually(lambda: order() == shown)
