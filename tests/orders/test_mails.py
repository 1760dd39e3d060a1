"""Who is told of what, in their own language; each mail is an outbox row of its cause, delivered by the worker."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

import ihome
from ihome.kit import i18n, outbox
from ihome.kit.db import in_transaction, reading
from ihome.orders import tasks
from ihome.payments import tasks as payment_tasks
from tests import make
from tests.orders.asking import deliver_all, mailed_to, place

CATALOGUE = Path(ihome.__file__).parent / "translations" / "zh_CN" / "LC_MESSAGES" / "messages.po"


@pytest.fixture(autouse=True)
def _catalogues(monkeypatch):
    """Chinese as it is in the source, whether or not set-up has compiled it here."""
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(CATALOGUE.read_bytes()), locale="zh_CN"))
    compiled.seek(0)
    known = {"zh": Translations(compiled), "en": NullTranslations()}
    monkeypatch.setattr(i18n, "catalogue", known.__getitem__)


@pytest.fixture
def guest(app):
    return make.user("traveller", language="en")


def newest(person):
    """The subject of the last mail to this person."""
    deliver_all()
    return mailed_to(person.email)[0].subject


def names(*people):
    """How many mails each of them has."""
    return [len(mailed_to(person.email)) for person in people]


def is_chinese(text):
    return any("一" <= character <= "鿿" for character in text.replace(make.HOUSE["title"], ""))


def test_the_landlord_is_told_of_a_request_in_their_language(as_guest, guest, landlord, house):
    place(as_guest, house)
    assert names(guest, landlord) == [0, 1]

    (mail,) = mailed_to(landlord.email)
    assert make.HOUSE["title"] in mail.subject
    assert guest.name in mail.text
    assert guest.email not in mail.text
    assert is_chinese(mail.subject)


def test_the_guest_is_told_of_the_answer_in_theirs(as_guest, as_landlord, guest, landlord, house):
    for action in ("accept", "reject"):
        order_id = place(as_guest, house, ahead=10 if action == "accept" else 20)["data"]["order_id"]
        as_landlord.put(f"/orders/{order_id}/status", {"action": action, "reason": "Roof repair"})
    assert names(guest) == [2]

    mails = mailed_to(guest.email)
    assert not any(is_chinese(mail.subject) for mail in mails)
    assert sum("Roof repair" in mail.text for mail in mails) == 1


def test_a_language_chosen_later_counts(as_guest, as_landlord, guest, house):
    order_id = place(as_guest, house)["data"]["order_id"]
    as_guest.put("/users/language", {"language": "zh"})
    as_landlord.put(f"/orders/{order_id}/status", {"action": "accept"})

    assert is_chinese(newest(guest))


def test_both_are_told_of_a_payment(guest, landlord, house):
    make.paid(guest, house)

    assert names(guest, landlord) == [2, 2]  # Accepted, paid; asked for, paid.
    receipt, income = mailed_to(guest.email), mailed_to(landlord.email)
    assert any(make.HOUSE["address"] in mail.text for mail in receipt)
    assert any("200.00" in mail.text or "200" in mail.text for mail in income)


def test_both_are_told_of_an_end_that_nobody_chose(guest, landlord, house):
    make.order(guest, house)
    deliver_all()
    make.advance(timedelta(hours=25))
    tasks.expire_requests()
    assert names(guest, landlord) == [1, 2]

    make.accepted(guest, house)
    deliver_all()
    make.advance(timedelta(minutes=31))
    payment_tasks.expire_unpaid_orders()
    assert names(guest, landlord) == [3, 4]


def test_the_guest_is_not_told_what_the_guest_did(as_guest, guest, landlord, house):
    order_id = place(as_guest, house)["data"]["order_id"]
    as_guest.put(f"/orders/{order_id}/cancel")

    assert names(guest, landlord) == [0, 2]


def test_comments_and_answers_are_told_to_the_other_side(as_guest, as_landlord, guest, landlord, house):
    order = make.stayed(guest, house)
    before = names(guest, landlord)
    as_guest.put(f"/orders/{order.id}/comment", {"comment": "Lovely & quiet", "rating": 4})
    as_landlord.put(f"/orders/{order.id}/reply", {"reply": "Come again"})

    assert names(guest, landlord) == [before[0] + 1, before[1] + 1]
    assert any("Lovely & quiet" in mail.text for mail in mailed_to(landlord.email))
    assert any("Come again" in mail.text for mail in mailed_to(guest.email))


def test_nothing_is_promised_by_what_did_not_happen(as_guest, as_stranger, house):
    place(as_stranger, house)
    deliver_all()

    assert place(as_guest, house)["errno"] == "4004"
    assert as_guest.put("/orders/1/status", {"action": "accept"})["errno"] == "4201"
    with reading():
        assert outbox.waiting() == 0


def test_a_mail_delivered_twice_is_one_mail(as_guest, landlord, house):
    order_id = place(as_guest, house)["data"]["order_id"]
    deliver_all()
    in_transaction(outbox.add, "order.placed", order_id=order_id)

    assert names(landlord) == [1]


def test_the_request_does_not_wait_for_the_mail(as_guest, landlord, house, monkeypatch):
    """Delivery is the worker's: a mail server that is down is no error of the booking."""
    monkeypatch.setattr("ihome.notices.mails.send", lambda _: 1 / 0)
    assert place(as_guest, house)["errno"] == "0"
    assert outbox.drain() == 0

    with reading():
        assert outbox.waiting() == 1
