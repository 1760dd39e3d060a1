"""What the guest says of a stay, and the landlord's one answer (contract: PUT /orders/<id>/comment)."""

import pytest

from ihome.kit.db import in_transaction, reading, session
from ihome.orders.models import Order
from tests import make
from tests.orders.asking import status

SAID = {"comment": "推窗就是湖", "rating": 5}


@pytest.fixture
def stayed(guest, house):
    return make.stayed(guest, house)


def comment(browser, order, **changed):
    return browser.put(f"/orders/{order.id}/comment", SAID | changed)


def reply(browser, order, text="欢迎再来"):
    return browser.put(f"/orders/{order.id}/reply", {"reply": text})


def counts(house):
    with reading():
        found = make.get_house(house.id)
        return found.order_count, found.rating_count, found.rating_sum


def test_a_comment_completes_the_stay_and_the_house_counts_one_more(as_guest, stayed, house):
    assert counts(house) == (0, 0, 0)

    assert comment(as_guest, stayed)["errno"] == "0"

    order = make.read_order(stayed.id)
    assert (order.status, order.comment, order.rating) == ("COMPLETE", "推窗就是湖", 5)
    assert counts(house) == (1, 1, 5)


def test_stars_are_optional(as_guest, stayed, house):
    assert as_guest.put(f"/orders/{stayed.id}/comment", {"comment": "不错"})["errno"] == "0"

    assert make.read_order(stayed.id).rating is None
    assert counts(house) == (1, 0, 0)


@pytest.mark.parametrize("rating", [1, 5, "3", "", None])
def test_stars_are_one_to_five(as_guest, stayed, rating):
    assert comment(as_guest, stayed, rating=rating)["errno"] == "0"


@pytest.mark.parametrize("rating", [0, 6, -1, "six", 4.5, True, [5], 2**70])
def test_other_stars_are_refused(as_guest, stayed, rating):
    refused = comment(as_guest, stayed, rating=rating)

    assert (refused["errno"], list(refused["errors"])) == ("4103", ["rating"])
    assert status(stayed) == "WAIT_COMMENT"


@pytest.mark.parametrize("text", [None, "", "   \n ", "好" * 2001, True, ["好"], "\x00", "\ud800", "\u200b"])
def test_a_comment_has_one_to_2000_characters(as_guest, stayed, text):
    refused = comment(as_guest, stayed, comment=text)

    assert (refused["errno"], list(refused["errors"])) == ("4103", ["comment"])


@pytest.mark.parametrize("text", ["好", "好" * 2000, "🏠" * 2000, "第一行\n第二行", "<script>alert(1)</script>"])
def test_what_people_write_is_kept_as_it_is(as_guest, stayed, text):
    assert comment(as_guest, stayed, comment=text)["errno"] == "0"
    assert make.read_order(stayed.id).comment == text


def test_nobody_signed_in_is_told_so_first(visitor, stayed):
    assert visitor.put(f"/orders/{stayed.id}/comment", {})["errno"] == "4101"


def test_only_the_guest_of_that_order_comments(as_landlord, as_stranger, stayed, house):
    assert comment(as_stranger, stayed)["errno"] == "4201"
    assert comment(as_landlord, stayed)["errno"] == "4201"
    assert as_stranger.put("/orders/999999/comment", SAID)["errno"] == "4201"
    assert (status(stayed), counts(house)) == ("WAIT_COMMENT", (0, 0, 0))


def test_what_is_sent_is_read_before_whose_it_is(as_stranger, stayed):
    assert comment(as_stranger, stayed, rating=9)["errno"] == "4103"


def test_a_stay_is_commented_on_once(as_guest, stayed, house):
    comment(as_guest, stayed)

    assert comment(as_guest, stayed, comment="再说一次")["errno"] == "4201"
    assert make.read_order(stayed.id).comment == "推窗就是湖"
    assert counts(house) == (1, 1, 5)


@pytest.mark.parametrize("step", [make.order, make.accepted, make.paid])
def test_nobody_comments_before_the_stay_is_over(as_guest, guest, house, step):
    order = step(guest, house)
    before = order.status

    assert comment(as_guest, order)["errno"] == "4201"
    assert status(order) == before


def test_every_stay_counts(app, as_guest, stayed, house):
    other = make.user()
    second = make.stayed(other, house, ahead=20)
    comment(as_guest, stayed, rating=5)
    comment(make.browser(app, other), second, rating=2)

    assert counts(house) == (2, 2, 7)


# --- the answer ------------------------------------------------------------------------------------------------------


def test_the_landlord_answers_once(as_guest, as_landlord, stayed):
    comment(as_guest, stayed)

    assert reply(as_landlord, stayed)["errno"] == "0"
    assert make.read_order(stayed.id).reply == "欢迎再来"
    assert reply(as_landlord, stayed, "又来了")["errno"] == "4201"
    assert make.read_order(stayed.id).reply == "欢迎再来"


def test_there_is_nothing_to_answer_before_the_comment(as_landlord, stayed):
    assert reply(as_landlord, stayed)["errno"] == "4201"


def test_only_the_landlord_answers(as_guest, as_stranger, stayed, visitor):
    comment(as_guest, stayed)

    assert reply(as_guest, stayed)["errno"] == "4201"
    assert reply(as_stranger, stayed)["errno"] == "4201"
    assert reply(visitor, stayed)["errno"] == "4101"
    assert make.read_order(stayed.id).reply is None


@pytest.mark.parametrize("text", [None, "", " ", "好" * 2001])
def test_an_answer_has_one_to_2000_characters(as_guest, as_landlord, stayed, text):
    comment(as_guest, stayed)

    assert reply(as_landlord, stayed, text)["errno"] == "4103"


def test_a_new_comment_and_its_answer_show_at_once(as_guest, as_landlord, visitor, stayed, house):
    def shown():
        return visitor.get(f"/houses/{house.id}")["data"]["house"]["comments"]

    assert shown() == []
    comment(as_guest, stayed)
    assert [(said["comment"], said["rating"]) for said in shown()] == [("推窗就是湖", 5)]
    reply(as_landlord, stayed)
    assert shown()[0]["reply"] == "欢迎再来"


def test_stars_outside_one_to_five_cannot_even_be_kept(stayed):
    """The form refuses them; should another door forget to, the database does."""
    from sqlalchemy import update
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DBAPIError):
        in_transaction(lambda: session.execute(update(Order).values(rating=6)))
