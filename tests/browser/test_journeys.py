"""From the first visit to the comment: landlord and guest, on phone and desktop, in Chinese and English."""

from datetime import date
from itertools import count

import pytest
from playwright.sync_api import expect

from ihome.accounts.identity_number import make_identity_number
from ihome.storage.pictures import NotAPicture
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.person import photo
from tests.site_process import inside
from tests.test_journey import eventually

BOTH = pytest.mark.parametrize(("device", "language"), [(PHONE, "zh"), (DESKTOP, "en"), (PHONE, "en"), (DESKTOP, "zh")])
HOUSE = {name: value for name, value in make.HOUSE.items() if name != "facility"}
_numbers = count(1)


def status(person, order_id, role="custom"):
    orders = person.api(f"/user/orders?role={role}")["orders"]
    return next(order["status"] for order in orders if order["order_id"] == order_id)


@BOTH
def test_a_newcomer_registers_shows_an_identity_and_publishes_with_pictures(person, device, language, tmp_path):
    number = next(_numbers)
    person.register(f"newcomer-{device}-{language}@example.com")

    person.open("/me")
    person.send(
        "POST /api/v1.0/users/auths",
        real_name="王小明",
        id_card=make_identity_number("340102", date(1985, 5, number), 123),
    )
    expect(person.find("#identity-now")).to_contain_text("*")  # The number is shown masked.

    person.open("/houses/new")
    title = f"湖边 {device} {language}"
    form = person.form("POST /api/v1.0/houses/info")
    person.fill(form, **HOUSE | {"title": title, "beds": ""})
    form.locator("a[href='#step-inside']").click()
    form.locator("[name=facility]").first.check()
    person.page.reload()  # What was typed is kept,
    expect(form.locator("[name=facility]").first).to_be_checked()
    form.locator("[data-forward]").click()  # and who forgot something is told before they go on.
    expect(person.error_at(form, "beds")).to_have_text(person.says("This field is required."))
    form.locator("a[href='#step-terms']").click()
    form.locator("button:not([type=button])").last.click()  # The API says so too, and leads to the field.
    expect(form.locator("[name=beds]")).to_be_focused()
    person.fill(form, beds=HOUSE["beds"])
    form.locator("a[href='#step-terms']").click()
    form.locator("button:not([type=button])").last.click()
    person.page.wait_for_url("**/houses/*/photos")
    files = [photo(tmp_path, f"{name}.jpg") for name in "abc"]
    files[2].write_text("no picture")
    upload = person.form("POST /api/v1.0/houses/images")
    person.fill(upload, house_image=files)  # Each goes by itself: what is no picture does not keep the others.
    expect(person.find("#photos img")).to_have_count(2)
    expect(upload.locator(".upload-row")).to_have_count(1)
    expect(upload.locator(".upload-row .error")).to_have_text(person.says(NotAPicture.errmsg.message))

    second = person.find("#photos figure").last.get_attribute("data-image")
    with person.page.expect_response("**/images/order"):
        person.find("#photos figure").last.locator("[data-move='-1']").press("Enter")
    expect(person.find("#photos figure").first).to_have_attribute("data-image", second)
    person.page.reload()
    expect(person.find("#photos figure").first).to_have_attribute("data-image", second)

    house_id = int(person.page.url.split("/")[-2])
    person.open(f"/houses/{house_id}")
    expect(person.find("h1")).to_have_text(title)
    expect(person.find("[data-gallery] img")).to_have_count(2)
    expect(person.form("POST /api/v1.0/orders")).to_have_count(0)  # Nobody books their own house.
    assert person.find("html").get_attribute("lang") == ("zh-CN" if language == "zh" else "en")


@BOTH
def test_a_guest_finds_books_pays_stays_and_comments(meet, site, language):
    with inside(site):
        owner, user = make.user("owner", verified=True, language=language), make.user("guest", language=language)
        house = make.house(owner, area_id=5)
        stay = make.stay(20, nights=3)
    guest, landlord = meet(), meet()
    guest.is_signed_in_as(user)
    landlord.is_signed_in_as(owner)

    guest.open("/")
    search = guest.find("form[role=search]")
    guest.fill(search, area_id=5, check_in=stay.check_in, check_out=stay.check_out)
    search.locator("button.primary").last.click()
    guest.find(f".card a[href^='/houses/{house.id}?']").click()
    expect(guest.find("#book")).to_contain_text("¥300")  # Three nights; no script of ours adds up.
    guest.find("#booking button.primary").click()
    expect(guest.find("#quote .sum")).to_contain_text("¥300")
    guest.send("POST /api/v1.0/orders")
    guest.page.wait_for_url("**/trips/*")
    order_id = int(guest.page.url.split("/")[-1])
    assert status(guest, order_id) == "WAIT_ACCEPT"

    landlord.open("/hosting")
    answer = landlord.find(f"#order-{order_id} form:has([name=action][value=accept])")
    answer.locator("button").last.click()
    expect(landlord.find(f"#order-{order_id} .badge").first).to_have_text(landlord.says("Waiting for payment"))

    guest.open("/trips")
    guest.send(f"POST /api/v1.0/orders/{order_id}/payment")
    guest.page.wait_for_url("**/sandbox/**")
    guest.find("main form button").click()
    guest.page.wait_for_url("**/pay/done?*")
    expect(guest.find("[data-when=done]")).to_be_visible()
    assert status(guest, order_id) == "PAID"

    site.command("clock", "advance", "25d")
    try:
        eventually(lambda: status(guest, order_id) == "WAIT_COMMENT")
        guest.open(f"/trips/{order_id}")
        guest.send(f"PUT /api/v1.0/orders/{order_id}/comment", comment="推窗就是湖。")
        expect(guest.find(f"#order-{order_id}")).to_contain_text("推窗就是湖。")
        assert status(guest, order_id) == "COMPLETE"
        guest.open(f"/houses/{house.id}")
        expect(guest.find(".comment")).to_contain_text("推窗就是湖。")
    finally:
        site.command("clock", "reset")


@BOTH
def test_a_landlord_declines_and_the_guest_reads_why(meet, site, language):
    with inside(site):
        owner, user = make.user("owner", verified=True, language=language), make.user("guest", language=language)
        order = make.order(user, make.house(owner))
    guest, landlord = meet(), meet()
    guest.is_signed_in_as(user)
    landlord.is_signed_in_as(owner)

    landlord.open("/hosting")
    landlord.find(f"#order-{order.id} details summary").click()
    decline = landlord.find(f"#order-{order.id} form:has([name=action][value=reject])")
    landlord.fill(decline, reason="屋顶漏雨")
    decline.locator("button").last.click()
    expect(landlord.find(f"#order-{order.id} form")).to_have_count(0)

    guest.open("/trips")
    expect(guest.find(f"#order-{order.id}")).to_contain_text("屋顶漏雨")
    expect(guest.find(f"#order-{order.id} .badge").first).to_have_text(guest.says("Declined"))
    assert status(guest, order.id) == "REJECTED"
