"""Trips and the landlord's desk: what changes is seen without a reload, deadlines count down, one tap is enough."""

import re

import pytest
from playwright.sync_api import expect

from tests import make
from tests.site_process import inside

LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def people(site):
    with inside(site):
        owner = make.landlord("owner")
        return make.user("guest"), owner, make.house(owner)


@pytest.fixture
def landlord(meet, people):
    """Signed in as the owner of the house."""
    made = meet()
    made.is_signed_in_as(people[1])
    return made


def test_a_request_appears_and_is_accepted_in_one_tap_without_a_reload(landlord, site, people):
    guest, _, house = people
    landlord.open("/hosting")
    with inside(site):
        order = make.order(guest, house)
    landlord.page.evaluate("window.stays = true")
    landlord.page.evaluate(LOOK_AGAIN)
    expect(landlord.find(f"#order-{order.id}")).to_be_visible()
    expect(landlord.find("#nav .dot")).to_have_count(1)

    landlord.find(f"#accept-{order.id}").click()
    done = landlord.says("Accepted. The guest has been asked to pay.")
    expect(landlord.find(".toast")).to_have_text(done)
    expect(landlord.find("#live")).to_have_text(done)
    expect(landlord.find(f"#order-{order.id} .badge").first).to_have_text(landlord.says("Waiting for payment"))
    expect(landlord.find("#nav .dot")).to_have_count(0)
    assert landlord.page.evaluate("window.stays")


def test_who_accepts_what_was_withdrawn_sees_that_it_was(landlord, site, people):
    guest, _, house = people
    with inside(site):
        order = make.order(guest, house)
    landlord.open(f"/hosting/{order.id}")
    with inside(site):
        assert site.client_of(guest).put(f"/orders/{order.id}/cancel")["errno"] == "0"
    landlord.find(f"#accept-{order.id}").click()
    expect(landlord.find(".badge").first).to_have_text(landlord.says("Cancelled"))
    expect(landlord.find(f"#accept-{order.id}")).to_have_count(0)


def test_a_comment_is_kept_while_it_is_written(meet, site, people):
    guest, _, house = people
    with inside(site):
        order = make.stayed(guest, house)
    visitor = meet()
    visitor.is_signed_in_as(guest)
    visitor.open(f"/trips/{order.id}")
    words = visitor.find(f"#comment-{order.id}-words")
    words.fill("猫很亲人")
    visitor.page.reload()
    expect(words).to_have_value("猫很亲人")


def test_a_reason_can_be_chosen_and_changed(landlord, site, people):
    guest, _, house = people
    with inside(site):
        order = make.order(guest, house)
    landlord.open(f"/hosting/{order.id}")
    landlord.find("details.ask-again summary").click()
    landlord.find("[data-fill]").first.click()
    reason = landlord.find(f"#reason-{order.id}")
    expect(reason).to_be_focused()
    expect(reason).not_to_have_value("")
    reason.press("End")
    reason.press_sequentially(" 5月再来")
    landlord.find(f"#decline-{order.id} button.danger").click()
    expect(landlord.find(".badge").first).to_have_text(landlord.says("Declined"))
    with inside(site):
        assert make.read_order(order.id).comment.endswith("5月再来")


def test_what_somebody_is_typing_stays_while_the_page_is_renewed(landlord, site, people):
    guest, _, house = people
    with inside(site):
        typed, accepted = make.order(guest, house, ahead=10), make.order(guest, house, ahead=20)
    landlord.open("/hosting")
    landlord.find(f"#order-{typed.id} summary").click()
    landlord.find(f"#reason-{typed.id}").fill("还没想好")
    landlord.find(f"#accept-{accepted.id}").click()
    expect(landlord.find(f"#order-{accepted.id} .badge").first).to_have_text(landlord.says("Waiting for payment"))
    expect(landlord.find(f"#reason-{typed.id}")).to_have_value("还没想好")


def test_a_deadline_counts_down_in_words_and_is_said_when_it_matters(meet, site, people):
    guest, _, house = people
    with inside(site):
        order = make.accepted(guest, house)
    someone = meet()
    someone.is_signed_in_as(guest)
    someone.page.clock.install()
    someone.open(f"/trips/{order.id}")
    left = someone.find("time[data-left]")
    expect(left).to_have_text(re.compile("30|29"))
    someone.page.clock.fast_forward("12:00")
    expect(left).to_have_text(re.compile("18|17"))
    expect(someone.find("#live")).to_have_text("")
    someone.page.clock.fast_forward("08:30")
    expect(left).to_have_text(re.compile(r"\b(10|9)\b"))
    expect(someone.find("#live")).to_contain_text(re.compile(r"\b(10|9)\b"))
    expect(someone.find(".todo.soon")).to_have_count(1)


def test_without_script_orders_are_read_and_filtered(meet, site, people):
    guest, _, house = people
    with inside(site):
        order = make.accepted(guest, house)
        make.order(guest, house, ahead=30)
    reader = meet(java_script_enabled=False)
    reader.is_signed_in_as(guest)
    reader.open("/trips")
    expect(reader.find(f"#order-{order.id} time[data-left]")).to_have_text(re.compile("30|29"))
    reader.find("a.chip[href='/trips?status=unpaid']").click()
    expect(reader.find("article.order")).to_have_count(1)
    reader.find(f"#order-{order.id} h3 a").click()
    expect(reader.find(".steps.upright [aria-current=step]")).to_be_visible()
