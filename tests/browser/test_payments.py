"""Money on its way, there and back, as guest and landlord see it: the page follows by itself."""

import pytest
from playwright.sync_api import expect

from ihome.kit.db import in_transaction, reading
from ihome.orders.models import Ending
from ihome.orders.queries import get_order
from ihome.payments import actions, queries
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_accessibility import AXE, LOOK
from tests.site_process import inside


@pytest.fixture
def people(site):
    with inside(site):
        return make.user("guest"), make.landlord("owner")


@pytest.fixture
def order(site, people):
    """Expired unpaid; its money came late and goes back, which the gateway has refused once."""
    guest, owner = people
    with inside(site):
        house = make.house(owner)
        order = make.accepted(guest, house, ahead=20)
        payment = in_transaction(lambda: actions.start_payment(get_order(order.id), "sandbox"))
        in_transaction(actions.end_order, order.id, Ending.UNPAID, closed={payment.out_trade_no})
        make.order(make.user(), house, ahead=20)
        in_transaction(actions.confirm, payment.out_trade_no, "T1", payment.amount)
        with reading():
            refund = queries.find_refund(payment.id)
        in_transaction(actions.mark_refund_failed, refund.id)
        return order.id, refund.id


@pytest.mark.parametrize("device", [PHONE, DESKTOP])
@pytest.mark.parametrize("side", ["trips", "hosting"])
def test_a_refund_is_told_and_the_page_follows(meet, site, people, order, side):
    order_id, refund_id = order
    person = meet()
    person.is_signed_in_as(people[side == "hosting"])
    person.open(f"/{side}/{order_id}")
    expect(person.find(".todo").last).to_contain_text("系统会自动再试")
    expect(person.find(".steps .next")).to_have_text("退款 ¥200")
    person.page.evaluate(AXE)
    for theme in ("light", "dark"):
        person.page.emulate_media(color_scheme=theme)
        assert person.page.evaluate(LOOK.replace("axe.run(document", "axe.run('main'")) == []
    with inside(site):
        in_transaction(actions.mark_refunded, refund_id)
    person.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # Whoever comes back looks again.
    expect(person.find(".todo").last).to_contain_text("已于")
    expect(person.find(".steps .next")).to_have_count(0)


@pytest.mark.parametrize("device", [PHONE, DESKTOP])
@pytest.mark.parametrize("answer", ["does not come", "knows nothing"])
def test_a_payment_whose_notice_is_late_is_shown_as_soon_as_it_is_there(meet, site, people, answer):
    with inside(site):
        guest, owner = people
        order = make.accepted(guest, make.house(owner), ahead=20)
        payment = in_transaction(lambda: actions.start_payment(get_order(order.id), "sandbox"))
    person = meet()
    person.is_signed_in_as(guest)
    if answer == "does not come":
        person.page.route("**/api/v1.0/orders/payment", lambda _: None)
    person.open(f"/pay/done?out_trade_no={payment.out_trade_no}")
    heading = person.find("#standing h1").filter(visible=True)
    # These words of the gateway are not signed.
    first = "Thank you" if answer == "does not come" else "The payment could not be confirmed here"
    expect(heading).to_have_text(person.says(first))
    assert person.api("/user/orders?role=custom")["orders"][0]["status"] == "WAIT_PAYMENT"
    person.page.evaluate("window.isSame = true")

    with inside(site):
        in_transaction(actions.confirm, payment.out_trade_no, "T1", payment.amount)
    expect(heading).to_have_text(person.says("The payment has arrived"))
    expect(person.find("#standing")).to_have_role("status")  # A screen reader says it.
    assert person.page.evaluate("window.isSame")
    expect(person.find(".buttons a.primary")).to_have_attribute("href", f"/trips/{order.id}")
