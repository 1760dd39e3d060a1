"""The journeys by keyboard alone: no click and no tap, and the focus is always somewhere that can be seen."""

from datetime import date
from itertools import count

import pytest
from playwright.sync_api import expect

from ihome.accounts.identity_number import make_identity_number
from tests import make
from tests.browser.conftest import PHONE, PHONE_ZH_DESKTOP_EN
from tests.browser.keys import Keys
from tests.browser.person import photo
from tests.site_process import inside
from tests.test_journey import eventually

_numbers = count(1)


@pytest.fixture
def people(site, language):
    """A guest, a landlord, and the landlord's house."""
    with inside(site):
        owner = make.user("owner", verified=True, language=language)
        return make.user("guest", language=language), owner, make.house(owner, area_id=8)


@pytest.fixture
def at(meet):
    """Somebody who is signed in, and their keyboard."""

    def sit_down(user):
        person = meet()
        person.is_signed_in_as(user)
        return person, Keys(person)

    return sit_down


def status(order_id):
    return make.read_order(order_id).status


@PHONE_ZH_DESKTOP_EN
def test_a_newcomer_registers_shows_an_identity_and_publishes(meet, device, language, tmp_path):
    number = next(_numbers)
    person = meet()
    keys = Keys(person)
    email = f"keys-{device}@example.com"

    person.open("/")
    keys.use(".head a[href^='/signin']")
    keys.arrive("**/signin**")
    keys.use("main a[href^='/register']")
    keys.arrive("**/register**")
    form = person.form("POST /api/v1.0/users")
    keys.write("[name=email]", email)
    keys.write("[name=image_code]", person.picture_code(form))
    keys.use("[data-ask]")
    expect(form.locator("[name=email_code]")).to_be_focused()
    keys.write("[name=email_code]", person.mailed_code(email))
    keys.write("[name=password]", make.PASSWORD)
    keys.use("[data-reveal=confirm_password]", "Space")
    keys.look()
    keys.back_to("[name=confirm_password]")
    keys.write("[name=confirm_password]", make.PASSWORD)
    keys.press("Enter")
    keys.arrive(f"{person.site.url}/")

    keys.use("#nav a[href='/hosting']")
    keys.arrive("**/hosting")
    keys.use("main a[href='/houses/new']")
    keys.arrive("**/houses/new*")
    keys.use("main a[href^='/me']")
    keys.arrive("**/me**")
    keys.write("[name=real_name]", "王小明")
    keys.write("[name=id_card]", make_identity_number("340102", date(1986, 5, number), 321))
    keys.press("Enter")
    keys.arrive(f"{person.site.url}/houses/new")

    keys.write("[name=title]", f"键盘旁 {device}")
    keys.use("[data-forward]")
    expect(person.find("#step-where")).to_be_visible()
    keys.look()
    keys.choose("[name=area_id]", 2)
    keys.write("[name=address]", "寿春路 8 号")
    keys.press("Enter")  # In a field it goes a step on, too.
    expect(person.find("#step-inside")).to_be_visible()
    keys.look()
    keys.write("[name=unit]", "两室一厅")
    keys.write("[name=acreage]", 60)
    keys.use("[name=facility][value='3']", "Space")
    expect(person.find("[name=facility][value='3']")).to_be_checked()
    keys.use("[data-forward]")  # The beds are missing: it says so, there.
    expect(person.find("[name=beds]")).to_be_focused()
    keys.look()
    keys.write("[name=beds]", "双人床 2 张")
    keys.use("[data-forward]")
    expect(person.find("#step-terms")).to_be_visible()
    keys.write("[name=price]", "199.5")
    keys.use("button[data-last]")
    keys.arrive("**/houses/*/photos")

    keys.choose_files("[name=house_image]", [photo(tmp_path, f"{name}.jpg") for name in "ab"])
    expect(person.find("#photos img")).to_have_count(2)
    keys.look()


@PHONE_ZH_DESKTOP_EN
def test_a_guest_finds_books_pays_and_comments(at, site, people):
    user, owner, house = people
    with inside(site):
        stay = make.stay(20, nights=2)
    guest, keys = at(user)

    guest.open("/")
    keys.press("Tab")
    keys.press("Enter")  # The first stop skips to the content.
    keys.choose("#where", 8)
    keys.use("form[role=search] [aria-haspopup=dialog]")
    keys.look()
    keys.press("Escape")
    keys.look()
    assert keys.is_at("[aria-haspopup=dialog]")  # Whoever leaves the calendar is where they opened it.
    keys.press("Enter")
    keys.day(stay.check_in)
    keys.day(stay.check_out)
    expect(guest.find("dialog[open]")).to_have_count(0)
    keys.look()
    keys.use("form[role=search] button.primary")
    keys.arrive("**/search?*")
    assert f"check_in={stay.check_in}" in guest.page.url
    keys.use(f".card a[href^='/houses/{house.id}?']")
    keys.arrive(f"**/houses/{house.id}?*")
    keys.use("#booking button.primary")
    keys.arrive("**/book?*")
    keys.use("#ask")
    keys.arrive("**/trips/*")
    order_id = int(guest.page.url.split("/")[-1])

    landlord, desk = at(owner)
    landlord.open("/hosting")
    desk.use(f"#accept-{order_id}")
    expect(landlord.find(f"#order-{order_id} .badge").first).to_have_text(landlord.says("Waiting for payment"))
    desk.look()

    guest.page.reload()
    keys.use("form[data-api$='/payment'] button")
    keys.arrive("**/sandbox/**")
    keys.use("main form button")
    keys.arrive("**/pay/done?*")
    expect(guest.find("[data-when=done]")).to_be_visible()
    keys.use("[data-to]")
    keys.arrive(f"**/trips/{order_id}")

    site.command("clock", "advance", "23d")
    try:
        with inside(site):
            eventually(lambda: status(order_id) == "WAIT_COMMENT", seconds=30)
        guest.page.reload()
        keys.to("input[name=rating]")
        for _ in range(4):
            keys.press("ArrowRight")
            keys.look()
        expect(guest.find(f"#rating-{order_id}-4, #rating-{order_id}-5").and_(guest.find(":checked"))).to_have_count(1)
        keys.write("[name=comment]", "推窗就是湖。")
        keys.use("form[data-api$='/comment'] button.primary")
        expect(guest.find(f"#order-{order_id} .said")).to_contain_text("推窗就是湖。")
        keys.look()
    finally:
        site.command("clock", "reset")


@PHONE_ZH_DESKTOP_EN
def test_a_landlord_declines_with_a_reason(at, site, people):
    user, owner, house = people
    with inside(site):
        order = make.order(user, house)
    landlord, keys = at(owner)
    landlord.open("/hosting")
    keys.use(f"#order-{order.id} details.ask-again summary", "Space")
    keys.use(f"#order-{order.id} [data-fill]")
    expect(landlord.find(f"#reason-{order.id}")).to_be_focused()
    keys.look()
    keys.press("End")
    landlord.page.keyboard.type(" 5月再来")
    keys.use(f"#decline-{order.id} button.danger")
    expect(landlord.find(f"#order-{order.id} .badge").first).to_have_text(landlord.says("Declined"))
    keys.look()
    with inside(site):
        assert make.read_order(order.id).comment.endswith("5月再来")


@PHONE_ZH_DESKTOP_EN
def test_a_guest_withdraws(at, site, people):
    user, _, house = people
    with inside(site):
        order = make.order(user, house)
    guest, keys = at(user)
    guest.open("/trips")
    keys.use(f"#order-{order.id} details.ask-again summary")
    keys.use(f"#order-{order.id} button.danger")
    expect(guest.find(f"#order-{order.id} .badge").first).to_have_text(guest.says("Cancelled"))
    keys.look()
    with inside(site):
        assert status(order.id) == "CANCELED"


@PHONE_ZH_DESKTOP_EN
def test_a_landlord_puts_pictures_in_order_and_removes_one(at, site, people):
    _, owner, house = people
    with inside(site):
        for _ in range(3):
            make.photo(house)
    landlord, keys = at(owner)
    landlord.page.on("dialog", lambda dialog: dialog.accept())  # Its Enter: the browser's own, which no page can break.
    landlord.open(f"/houses/{house.id}/photos")
    images = landlord.find("#photos [data-image]")
    first, second, third = (images.nth(place).get_attribute("data-image") for place in range(3))

    keys.to(f"[data-image='{third}'] [data-move='-1']")
    for _ in range(2):
        with landlord.page.expect_response("**/images/order"):
            keys.press("Enter")
        keys.look()
    assert keys.is_at(f"[data-image='{third}'] [data-move='1']")  # At the front there is no way but back.
    landlord.page.reload()
    assert [images.nth(place).get_attribute("data-image") for place in range(3)] == [third, first, second]

    keys.use(f"[data-image='{second}'] form[data-api$='/main'] button")
    expect(landlord.find(f"[data-image='{second}'] .badge")).to_be_visible()
    keys.look()
    keys.back_to(f"[data-image='{first}'] form[data-api^='DELETE'] button")
    keys.press("Enter")
    expect(images).to_have_count(2)
    keys.look()


@PHONE_ZH_DESKTOP_EN
def test_a_house_is_looked_at_and_a_stay_chosen_in_its_calendar(at, site, people):
    user, _, house = people
    with inside(site):
        stay = make.stay(33, nights=3)
        for _ in range(3):
            make.photo(house)
    guest, keys = at(user)
    guest.open(f"/houses/{house.id}")
    keys.use("[data-gallery] a")
    expect(guest.find("[data-count]")).to_have_text("1 / 3")
    keys.look()
    keys.press("End")
    expect(guest.find("[data-count]")).to_have_text("3 / 3")
    for _ in range(4):  # Round the buttons: the page behind is out of reach.
        keys.press("Tab")
        assert keys.is_at("dialog *, body")
    keys.press("Escape")
    keys.look()
    assert keys.is_at("[data-gallery] a")

    keys.to("#months [data-day]")
    keys.day(stay.check_in)
    expect(guest.find("#days-hint")).to_have_text(guest.says("Now choose the day you leave."))
    keys.day(stay.check_out)
    expect(guest.find("#quote .sum")).to_contain_text("¥300")
    keys.look()
    keys.use("#bar button, #booking button.primary")
    keys.arrive("**/book?*")


@PHONE_ZH_DESKTOP_EN
def test_filters_sorts_and_more_houses(meet, site, device):
    yuan = 53 if device == PHONE else 54
    with inside(site):
        owner = make.landlord()
        for _ in range(14):
            make.house(owner, area_id=7, price=100 * yuan)
    person = meet()
    keys = Keys(person)
    person.open("/search?area_id=7")
    if device == PHONE:
        keys.use(".asked")
        expect(person.find("form[role=search]")).to_be_visible()
        keys.look()
    keys.use(".filters summary")
    keys.write("[name=price_min]", yuan)
    keys.write("[name=price_max]", yuan)
    keys.press("Enter")
    keys.arrive("**price_max=**")
    keys.use(".sorts a[href*='price-des']")
    keys.arrive("**sort_key=price-des**")
    cards = person.find("#results > *")
    expect(cards).to_have_count(12)
    keys.use(".further button")
    expect(cards).to_have_count(14)
    expect(cards.nth(12).locator("a")).to_be_focused()
    keys.look()
    keys.back_to(".drops a")
    keys.press("Enter")
    page = person.page
    page.wait_for_function("() => !location.search.includes('price_max')")


@PHONE_ZH_DESKTOP_EN
def test_the_house_form_keeps_the_focus_when_a_draft_is_discarded(at, people):
    _, owner, _ = people
    landlord, keys = at(owner)
    landlord.open("/houses/new")
    keys.write("[name=title]", "湖边")
    landlord.page.wait_for_timeout(400)
    landlord.page.reload()
    keys.use("[data-discard]")
    keys.look()
    expect(landlord.find("[name=title]")).to_have_value("")
    keys.back_to(".progress a[href='#step-terms']")
    keys.press("Enter")
    expect(landlord.find("#step-terms")).to_be_visible()
    keys.look()
