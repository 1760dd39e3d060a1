"""What people do with what is theirs: a picture of oneself; and what they see without a connection."""

import json
import re
from datetime import date
from zipfile import ZipFile

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import delete

from ihome.accounts.identity_number import make_identity_number
from ihome.accounts.queries import get_user
from ihome.archive.actions import ask_for_archive
from ihome.archive.tasks import make_archive
from ihome.houses.queries import list_images
from ihome.kit import outbox
from ihome.kit.db import in_transaction, session
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.person import photo
from tests.conftest import missing
from tests.site_process import inside
from tests.test_journey import eventually


@pytest.fixture
def owner(site):
    with inside(site):
        return make.landlord()


@pytest.fixture
def house(site, person, owner):
    """Of the person, who is signed in as its owner."""
    person.is_signed_in_as(owner)
    with inside(site):
        return make.house(owner)


CENTRE = "one => [...one.getContext('2d').getImageData(one.width / 2, one.height / 2, 1, 1).data]"


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
    for preview in form.locator("[data-preview-of]").all():  # As it will look, large and small.
        assert preview.evaluate(CENTRE) == [255, 0, 0, 255]
    form.locator("button").click()

    shown = person.find("#head-end img.avatar")
    expect(shown).to_be_visible()
    expect(form.locator("[data-crop]")).to_be_hidden()
    name = shown.get_attribute("src").rpartition("/")[2]
    with Image.open(site.instance / "media" / "avatars" / name) as kept:
        red, _green, blue = kept.convert("RGB").getpixel((kept.width - 9, kept.height // 2))
    assert (red > 200, blue < 60) == (True, True)


@pytest.mark.parametrize("device", [PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_copy_of_ones_data_is_asked_for_by_keys_and_downloaded(person, site, tmp_path, language):
    with inside(site):
        person.is_signed_in_as(make.user("leaver", language=language))
    person.open("/me")
    part = person.find("#data-now")

    part.get_by_role("button", name=person.says("Ask for a copy")).focus()
    person.page.keyboard.press("Enter")
    link = part.get_by_role("link", name=person.says("Download my data"))
    expect(link).to_be_visible()  # Without a reload by hand.
    expect(part.locator("form")).to_have_count(0)
    assert part.evaluate("one => one.closest('section').contains(document.activeElement)")

    link.focus()
    with person.page.expect_download() as fetched:
        person.page.keyboard.press("Enter")
    fetched.value.save_as(tmp_path / "mine.zip")
    with ZipFile(tmp_path / "mine.zip") as archive:
        assert json.loads(archive.read("data.json"))["profile"]["user_id"] == person.user.id
    assert re.fullmatch(r"ihome-\d{4}-\d\d-\d\d\.zip", fetched.value.suggested_filename)
    expect(person.find("body")).not_to_have_attribute("data-loading", "")  # The page stays: nothing is on its way.
    assert person.page.url == f"{site.url}/me"


def test_one_hears_that_the_copy_is_ready(person, site):
    with inside(site):
        leaver = make.user("leaver")
        name = in_transaction(ask_without_a_worker, leaver.id)
    person.is_signed_in_as(leaver)
    person.open("/me")
    expect(person.find("#data-now [data-preparing]")).to_be_visible()
    with inside(site):
        make_archive(name)

    expect(person.find("#live")).to_have_text(person.says("Your copy is ready."))
    expect(person.find("#data-now a")).to_be_visible()


def ask_without_a_worker(user_id):
    """The name of an archive that the site's worker leaves to the test."""
    name = ask_for_archive(get_user(user_id)).name
    session.execute(delete(outbox.OutboxMessage).where(outbox.OutboxMessage.topic == "archive.asked"))
    return name


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

    person.page.wait_for_url(f"{site.url}/houses/new#step-terms")
    expect(person.find("button[data-last]")).to_be_visible()
    expect(person.find("#title")).to_have_value("Half a house")


def test_who_is_too_young_to_offer_a_place_is_told_at_once(person, site):
    with inside(site):
        young, born = make.user("young"), make.day(-15 * 365)
    person.is_signed_in_as(young)
    person.open("/me")
    person.send("POST /api/v1.0/users/auths", real_name="王小明", id_card=make_identity_number("340102", born, 321))
    expect(person.find(".verified")).to_have_text(person.says("Verified. One can offer places from the age of 18."))
    person.open("/houses/new")
    expect(person.find("main > .note")).to_be_visible()


def test_of_two_tabs_the_later_undoes_nothing_unawares(person, site, house):
    person.open(f"/houses/{house.id}/edit")
    form = person.find("#house-form")
    person.fill(form, description="Quiet at night.")
    with inside(site):
        in_transaction(lambda: setattr(make.get_house(house.id), "title", "From the other tab"))
    form.locator("button.primary:visible").last.click()
    told = person.says("This house was changed elsewhere in the meantime. Nothing was saved.")
    expect(form.locator("[data-message]")).to_have_text(told)

    form.locator("[data-on-errno='4003'] a").click()
    expect(person.find("#title")).to_have_value("From the other tab")
    expect(person.find("#description")).to_have_value("Quiet at night.")
    form.locator("button.primary:visible").last.click()
    person.page.wait_for_url("**/my-houses#*")
    with inside(site):
        saved = in_transaction(lambda: make.get_house(house.id))
    assert (saved.title, saved.description) == ("From the other tab", "Quiet at night.")


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


def test_what_was_typed_is_there_again_after_signing_in_on_the_way(person, owner, house):
    """Also what is ticked, though no box has an id; and the draft has no part in it."""
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
def test_pictures_are_put_in_order_though_an_upload_ends_meanwhile(person, site, house, tmp_path):
    def order():
        with inside(site):
            return in_transaction(lambda: [image.id for image in list_images(house.id)])

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


def test_a_finger_drags_a_picture_to_the_front_and_a_swipe_over_it_only_scrolls(person, site, house):
    with inside(site):
        for _ in range(3):
            make.photo(house)
    person.open(f"/houses/{house.id}/photos")
    pictures = person.find("[data-image]")

    def order():
        return [int(one.get_attribute("data-image")) for one in pictures.all()]

    def middle(locator):
        box = locator.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    first, second, third = order()
    pictures.last.scroll_into_view_if_needed()
    (x, y), (left, top) = middle(pictures.nth(2).locator("[data-grip]")), middle(pictures.nth(0).locator("img"))
    with person.page.expect_response("**/images/order"):
        person.drag([(x + (left - x) * part / 6, y + (top - y) * part / 6) for part in range(7)])
    assert order() == [third, first, second]
    person.page.reload()
    assert order() == [third, first, second]

    person.page.evaluate("scrollTo(0, 200)")
    x, y = middle(pictures.nth(0).locator("img"))
    person.drag([(x, y - 25 * part) for part in range(7)])
    person.page.wait_for_function("scrollY > 250")
    assert order() == [third, first, second]


@pytest.mark.parametrize("device", [DESKTOP])
def test_pictures_keep_the_order_in_which_they_were_chosen(person, site, house, tmp_path):
    """Those that fail are left out, and what was there before stays in front."""
    person.open(f"/houses/{house.id}/photos")
    field, pictures = person.find("[name=house_image]"), person.find("[data-image]")
    sent = []

    def hold_the_fourth(route):
        sent.append(route)
        if len(sent) != 4:
            route.continue_()

    def wide(width):
        path = tmp_path / f"{width}.jpg"
        path.write_bytes(make.picture(width, 900).getvalue())
        return path

    def widths():
        with inside(site):
            keys = in_transaction(lambda: [image.url for image in list_images(house.id)])
        found = []
        for key in keys:
            with Image.open(site.instance / "media" / key) as kept:
                found.append(kept.width)
        return found

    person.page.route("**/api/v1.0/houses/images", hold_the_fourth)
    field.set_input_files(wide(900))
    expect(pictures).to_have_count(1)
    bad = tmp_path / "bad.jpg"
    bad.write_text("not a picture")
    field.set_input_files([wide(901), bad, wide(902), wide(903), wide(904)])
    expect(pictures).to_have_count(4)  # Two have overtaken one.
    sent[3].continue_()

    expect(pictures).to_have_count(5)
    eventually(lambda: widths() == [900, 901, 902, 903, 904])
    expect(pictures.first.locator(".badge")).to_be_visible()


def test_the_main_picture_is_the_first_that_was_chosen(person, house, tmp_path):
    person.open(f"/houses/{house.id}/photos")
    held = []
    person.page.route("**/api/v1.0/houses/images", lambda route: (held and route.continue_(), held.append(route)))
    person.find("[name=house_image]").set_input_files([photo(tmp_path, f"{one}.jpg") for one in "abc"])
    eventually(lambda: person.page.wait_for_timeout(50) or held)
    person.page.wait_for_timeout(300)
    assert len(held) == 1  # None is there to overtake it.
    held[0].continue_()

    pictures = person.find("[data-image]")
    expect(pictures).to_have_count(3)
    expect(pictures.first.locator(".badge")).to_be_visible()


def test_what_is_said_of_an_upload_goes_with_its_cause(person, house, tmp_path):
    person.open(f"/houses/{house.id}/photos")
    bad = tmp_path / "bad.jpg"
    bad.write_text("not a picture")
    person.find("[name=house_image]").set_input_files(bad)
    row, message = person.find(".upload-row"), person.find("[data-uploads] [data-message]")
    expect(message).to_have_text(person.says("Some pictures have not arrived. The reason stands beside each."))
    expect(row.locator("[data-again]")).to_be_hidden()  # It would be no picture the next time.

    row.locator("[data-drop]").click()
    expect(row).to_have_count(0)
    expect(message).to_be_hidden()
