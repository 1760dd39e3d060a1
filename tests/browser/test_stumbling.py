"""What goes wrong between people and a site: bad input, lost sessions, impatience, bad lines, no script."""

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import DESKTOP, PHONE_ZH_DESKTOP_EN
from tests.browser.person import photo
from tests.site_process import inside
from tests.test_journey import eventually

ORDER = "POST /api/v1.0/orders"


@pytest.fixture
def guest(meet, site, language):
    with inside(site):
        user = make.user("guest", language=language)
    someone = meet()
    someone.is_signed_in_as(user)
    return someone


def open_house(person, house, stay):
    person.open(f"/houses/{house.id}?check_in={stay.check_in}&check_out={stay.check_out}")


def open_review(person, house, stay):
    person.open(f"/houses/{house.id}/book?check_in={stay.check_in}&check_out={stay.check_out}")


def orders_of(person):
    return person.api("/user/orders?role=custom")["orders"]


def press(form):
    return form.locator("button:not([type=button])").last


@pytest.fixture
def orders_sent(guest):
    """The bodies of the orders that left the browser."""
    sent = []
    guest.page.on(
        "request", lambda asked: sent.append(asked) if asked.method == "POST" and "/orders" in asked.url else None
    )
    return sent


# --- bad input -------------------------------------------------------------------------------------------------------


@PHONE_ZH_DESKTOP_EN
def test_a_field_says_what_is_wrong_and_keeps_what_was_typed(person):
    person.open("/register")
    typed = {"email": "nobody", "email_code": "000000", "password": make.PASSWORD, "confirm_password": make.PASSWORD}
    form = person.send("POST /api/v1.0/users", **typed)
    email = form.locator("[name=email]")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(person.error_at(form, "email")).not_to_be_empty()
    expect(email).to_be_focused()
    expect(email).to_have_value("nobody")

    email.press_sequentially("@")
    expect(email).not_to_have_attribute("aria-invalid", "true")  # Whoever mends it is not scolded on.


def test_a_wrong_picture_code_is_told_at_its_field_and_a_new_picture_comes(person):
    person.open("/register")
    form = person.form("POST /api/v1.0/users")
    before = form.locator("[name=image_code_id]").input_value()
    person.fill(form, email="somebody@example.com", image_code="----")
    form.locator("[data-ask]").click()
    expect(person.error_at(form, "image_code")).not_to_be_empty()
    expect(form.locator("[name=image_code_id]")).not_to_have_value(before)


def test_a_mistyped_identity_number_is_told_at_its_field(guest):
    guest.open("/me")
    form = guest.send("POST /api/v1.0/users/auths", real_name="王小明", id_card="340102198505171231")
    expect(guest.error_at(form, "id_card")).not_to_be_empty()
    expect(form.locator("[name=real_name]")).to_have_value("王小明")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_unfinished_house_is_told_at_the_fields(meet, site, language):
    with inside(site):
        owner = make.user("owner", verified=True, language=language)
    landlord = meet()
    landlord.is_signed_in_as(owner)
    landlord.open("/houses/new")
    form = landlord.form("POST /api/v1.0/houses/info")
    landlord.fill(form, price="many", title="")
    form.locator("a[href='#step-terms']").click()
    press(form).click()
    expect(landlord.error_at(form, "title")).not_to_be_empty()
    expect(landlord.error_at(form, "price")).not_to_be_empty()
    expect(form.locator("[name=title]")).to_be_focused()


def test_without_dates_nothing_can_be_asked_for(guest, house):
    guest.open(f"/houses/{house.id}/book")
    expect(guest.form(ORDER)).to_have_count(0)
    stay_form = guest.find("#stay")
    with inside(guest.site):
        stay = make.stay(40, nights=2)
    guest.fill(stay_form, check_in=stay.check_in, check_out=stay.check_out)
    expect(guest.find("#quote .sum")).to_contain_text("¥200")
    guest.send(ORDER)
    guest.page.wait_for_url("**/trips/*")


def test_nights_taken_meanwhile_are_told_with_a_way_on(guest, house, stay, site):
    open_review(guest, house, stay)
    with inside(site):
        make.order(make.user("faster"), house, ahead=40, nights=2)
    guest.send(ORDER)
    expect(guest.find(".toast")).not_to_be_empty()
    guest.find("#quote .chip").first.click()
    guest.send(ORDER)
    guest.page.wait_for_url("**/trips/*")


def test_nights_that_are_gone_are_named_with_free_ones_beside_them(guest, house, stay, site):
    with inside(site):
        make.order(make.user("faster"), house, ahead=40, nights=2)
    open_house(guest, house, stay)
    quote = guest.find("#quote")
    expect(quote.locator(".note.red")).to_be_visible()
    quote.locator("a").first.click()
    expect(guest.find("#quote .sum")).to_be_visible()


# --- the session ends in the middle ----------------------------------------------------------------------------------


@PHONE_ZH_DESKTOP_EN
def test_a_lost_session_leads_to_sign_in_and_back_with_the_input(guest, site):
    name = f"by the lake {guest.language}"
    guest.open("/me")
    guest.context.clear_cookies(name="session")
    guest.send("POST /api/v1.0/users/nickname", nickname=name)
    guest.page.wait_for_url("**/signin?next=*")

    guest.send("POST /api/v1.0/sessions", email=guest.user.email, password=make.PASSWORD)
    guest.page.wait_for_url("**/me*")
    expect(guest.form("POST /api/v1.0/users/nickname").locator("[name=nickname]")).to_have_value(name)
    guest.send("POST /api/v1.0/users/nickname")
    expect(guest.find("#profile-now")).to_contain_text(name)


def test_a_visitor_who_books_signs_in_on_the_way_and_finds_the_dates_again(meet, site, house, stay):
    with inside(site):
        user = make.user("visitor")
    visitor = meet()
    open_review(visitor, house, stay)
    visitor.send(ORDER)
    visitor.page.wait_for_url("**/signin?next=*")
    visitor.send("POST /api/v1.0/sessions", email=user.email, password=make.PASSWORD)
    visitor.page.wait_for_url(f"**/houses/{house.id}/book?*")
    visitor.send(ORDER)
    visitor.page.wait_for_url("**/trips/*")
    assert [order["start_date"] for order in orders_of(visitor)] == [str(stay.check_in)]


def test_a_session_lost_while_a_request_is_made_costs_one_sign_in(guest, house, stay):
    open_review(guest, house, stay)
    guest.context.clear_cookies(name="session")
    guest.send(ORDER)
    guest.page.wait_for_url("**/signin?next=*")
    guest.send("POST /api/v1.0/sessions", email=guest.user.email, password=make.PASSWORD)
    guest.page.wait_for_url(f"**/houses/{house.id}/book?*")
    guest.send(ORDER)
    guest.page.wait_for_url("**/trips/*")
    assert len(orders_of(guest)) == 1


@pytest.fixture
def landlord(meet, site):
    with inside(site):
        user = make.landlord("owner")
    someone = meet()
    someone.is_signed_in_as(user)
    return someone


def test_a_session_lost_in_the_house_form_keeps_every_step(landlord):
    landlord.open("/houses/new")
    form = landlord.form("POST /api/v1.0/houses/info")
    landlord.fill(form, **{name: value for name, value in make.HOUSE.items() if name != "facility"})
    form.locator("a[href='#step-inside']").click()
    form.locator("[name=facility]").nth(2).check()
    form.locator("a[href='#step-terms']").click()
    landlord.context.clear_cookies(name="session")
    press(form).click()
    landlord.page.wait_for_url("**/signin?next=*")
    landlord.send("POST /api/v1.0/sessions", email=landlord.user.email, password=make.PASSWORD)
    landlord.page.wait_for_url("**/houses/new*")
    expect(form.locator("[name=title]")).to_have_value(make.HOUSE["title"])
    expect(form.locator("[name=facility]").nth(2)).to_be_checked()
    form.locator("a[href='#step-terms']").click()
    press(form).click()
    landlord.page.wait_for_url("**/houses/*/photos")


def test_a_session_lost_while_pictures_go_up_leads_back_to_them(landlord, site, tmp_path):
    with inside(site):
        house = make.house(landlord.user)
    landlord.open(f"/houses/{house.id}/photos")
    landlord.context.clear_cookies(name="session")
    upload = landlord.form("POST /api/v1.0/houses/images")
    landlord.fill(upload, house_image=[photo(tmp_path, f"{name}.jpg") for name in "abc"])
    landlord.page.wait_for_url("**/signin?next=*")
    landlord.send("POST /api/v1.0/sessions", email=landlord.user.email, password=make.PASSWORD)
    landlord.page.wait_for_url(f"**/houses/{house.id}/photos*")
    landlord.fill(upload, house_image=photo(tmp_path))
    expect(landlord.find("#photos img")).to_have_count(1)


# --- impatience ------------------------------------------------------------------------------------------------------


@PHONE_ZH_DESKTOP_EN
def test_a_double_click_books_once(guest, house, stay, orders_sent):
    open_review(guest, house, stay)
    press(guest.form(ORDER)).dblclick()
    guest.page.wait_for_url("**/trips/*")
    assert len(orders_sent) == 1
    assert len(orders_of(guest)) == 1


def test_the_button_waits_while_the_answer_is_slow(guest, house, stay, orders_sent):
    open_review(guest, house, stay)
    held = []
    guest.page.route("**/api/v1.0/orders", lambda route: held.append(route))
    button = press(guest.form(ORDER))
    button.click()
    expect(button).to_be_disabled()
    button.evaluate("one => one.form.requestSubmit()")  # Enter in a field, say.
    assert len(orders_sent) == 1
    held[0].continue_()
    guest.page.wait_for_url("**/trips/*")


def test_an_answer_lost_on_the_way_is_asked_for_again_and_books_once(guest, house, stay, orders_sent):
    """The order is placed, the line breaks; the same Idempotency-Key brings the same order."""

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    open_review(guest, house, stay)
    guest.page.route("**/api/v1.0/orders", lose_the_answer, times=1)
    form = guest.send(ORDER)
    expect(form.locator("[data-message]")).not_to_be_empty()
    assert len(orders_of(guest)) == 1
    guest.send(ORDER)
    guest.page.wait_for_url("**/trips/*")
    assert len(orders_of(guest)) == 1
    assert len({sent.headers["idempotency-key"] for sent in orders_sent}) == 1
    guest.faults = [fault for fault in guest.faults if "ERR_FAILED" not in fault]  # The lost line.


@PHONE_ZH_DESKTOP_EN
def test_going_back_after_booking_finds_the_request_not_a_second_one(guest, house, stay):
    open_review(guest, house, stay)
    guest.send(ORDER)
    guest.page.wait_for_url("**/trips/*")
    guest.page.go_back()
    guest.send(ORDER)  # The page is the browser's own copy; asking again brings the same request.
    guest.page.wait_for_url("**/trips/*")
    assert len(orders_of(guest)) == 1


def test_going_back_from_a_house_finds_the_search_as_it_was(person, site, house, stay):
    query = f"area_id={make.HOUSE['area_id']}&check_in={stay.check_in}&check_out={stay.check_out}&sort_key=new"
    person.open(f"/search?{query}")
    person.find(f".card a[href^='/houses/{house.id}?']").click()
    person.page.wait_for_url(f"**/houses/{house.id}?*")
    person.page.go_back()
    assert person.page.url == f"{site.url}/search?{query}"
    expect(person.find("[name=check_in]").first).to_have_value(str(stay.check_in))


def test_going_back_to_the_cashier_does_not_pay_twice(guest, house, site):
    with inside(site):
        order = make.accepted(guest.user, house)
    guest.open("/trips")
    guest.send(f"POST /api/v1.0/orders/{order.id}/payment")
    guest.page.wait_for_url("**/sandbox/**")
    cashier = guest.page.url
    guest.find("main form button").click()
    expect(guest.find("[data-when=done]")).to_be_visible()
    guest.page.goto(cashier)
    expect(guest.find("[role=status]").first).to_be_visible()  # It says that this payment is done.
    with inside(site):
        assert make.read_order(order.id).status == "PAID"


# --- time passes -----------------------------------------------------------------------------------------------------


@PHONE_ZH_DESKTOP_EN
def test_an_unanswered_request_expires_and_says_so_without_blame(guest, house, site):
    with inside(site):
        order = make.order(guest.user, house, ahead=10)
    site.command("clock", "advance", "25h")
    try:
        eventually(lambda: [one["status"] for one in orders_of(guest)] == ["CANCELED"], seconds=30)
        guest.open("/trips")
        expect(guest.find(f"#order-{order.id} .todo")).to_have_text(
            guest.says("The landlord did not answer in time. You have not been charged.")
        )
    finally:
        site.command("clock", "reset")


LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def later(site):
    """Moves the site's clock until the test is over."""
    yield lambda span: site.command("clock", "advance", span)
    site.command("clock", "reset")


def test_a_request_that_expires_on_an_open_page_says_so(meet, guest, landlord, site, later):
    with inside(site):
        order = make.order(guest.user, make.house(landlord.user), ahead=10)
    guest.open(f"/trips/{order.id}")
    landlord.open("/hosting")
    later("25h")
    eventually(lambda: [one["status"] for one in orders_of(guest)] == ["CANCELED"], seconds=30)

    accept = landlord.find(f"#order-{order.id} form:has([name=action][value=accept])")
    accept.locator("button").click()  # The page is older than the answer.
    expect(landlord.find(".toast")).not_to_be_empty()
    expect(landlord.find(f"#order-{order.id} .badge").first).to_have_text(landlord.says("Cancelled"))
    expect(accept).to_have_count(0)

    guest.page.evaluate(LOOK_AGAIN)
    gone = guest.says("The landlord did not answer in time. You have not been charged.")
    expect(guest.find(f"#order-{order.id} .todo")).to_have_text(gone)
    expect(guest.find("main a[href^='/search?check_in=']")).to_be_visible()  # And there is a way on.


def test_an_order_that_is_not_paid_in_time_says_so_on_an_open_page(guest, house, site, later):
    with inside(site):
        order = make.accepted(guest.user, house)
    guest.open(f"/trips/{order.id}")
    later("31m")
    eventually(lambda: [one["status"] for one in orders_of(guest)] == ["CANCELED"], seconds=30)
    pay = guest.send(f"POST /api/v1.0/orders/{order.id}/payment")
    expect(pay.locator("[data-message]")).not_to_be_empty()
    guest.page.evaluate(LOOK_AGAIN)
    gone = guest.says("It was not paid in time, so the nights are free again.")
    expect(guest.find(f"#order-{order.id} .todo")).to_have_text(gone)
    expect(pay).to_have_count(0)
    expect(guest.find("main a[href^='/search?check_in=']")).to_be_visible()


# --- by keyboard, and without script ---------------------------------------------------------------------------------


@pytest.mark.parametrize("device", [DESKTOP])
def test_the_keyboard_alone_signs_in_and_books(meet, site, house, stay):
    with inside(site):
        user = make.user("keys")
    person = meet()
    keys = person.page.keyboard

    def tab_to(selector):
        for _ in range(120):
            keys.press("Tab")
            if person.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        pytest.fail(f"Tab does not lead to {selector}")

    open_review(person, house, stay)
    keys.press("Tab")
    keys.press("Enter")  # The first stop skips to the content.
    assert person.page.url.endswith("#main")
    tab_to("#ask")
    keys.press("Enter")
    person.page.wait_for_url("**/signin?next=*")
    tab_to("[name=email]")
    keys.type(user.email)
    tab_to("[name=password]")
    keys.type(make.PASSWORD)
    keys.press("Enter")
    person.page.wait_for_url(f"**/houses/{house.id}/book?*")
    tab_to("#ask")
    keys.press("Enter")
    person.page.wait_for_url("**/trips/*")
    assert len(orders_of(person)) == 1


@pytest.fixture
def reader(meet):
    """A browser in which no script runs."""
    return meet(java_script_enabled=False)


@PHONE_ZH_DESKTOP_EN
def test_without_script_houses_are_found_and_read(reader, house, stay):
    reader.open("/")
    search = reader.find("form[role=search]")
    reader.fill(search, area_id=house.area_id, check_in=stay.check_in, check_out=stay.check_out)
    search.locator("button.primary").last.click()
    reader.find(f".card a[href^='/houses/{house.id}?']").click()
    expect(reader.find("h1")).to_have_text(house.title)
    expect(reader.find("#quote .sum")).to_contain_text("¥200")
    expect(reader.find("#months .free").first).to_be_visible()


@PHONE_ZH_DESKTOP_EN
def test_without_script_a_password_is_never_sent(reader):
    reader.open("/signin")
    reader.send("POST /api/v1.0/sessions", email="a@example.com", password="secret words")
    reader.page.wait_for_url("**/needs-script")
    assert "secret" not in reader.page.url
    expect(reader.find("h1")).to_be_visible()
