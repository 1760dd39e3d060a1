"""Bulk data keeps the promises that real orders keep."""

import random

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from ihome.calendar.actions import rebuild_words
from ihome.calendar.models import HouseNight
from ihome.demo import cli
from ihome.demo.generate import AHEAD, HOT_WEEK_STARTS, WEEK, place_stays
from ihome.houses.models import House
from ihome.kit import clock
from ihome.kit.db import reading, session
from ihome.kit.outbox import OutboxMessage
from ihome.orders.models import Order, Status
from tests import invariants, make


def generate(houses, nights):
    words = ["generate", "--houses", str(houses), "--nights", str(nights)]
    return CliRunner().invoke(cli.data, words, catch_exceptions=False).output


def count(*what):
    return session.scalar(select(func.count()).select_from(*what))


@pytest.mark.parametrize("nights", [0, 1, 6, 7, 10, 60, 180])
def test_stays_do_not_overlap_and_add_up(nights):
    rng = random.Random(nights)
    for _ in range(200):
        stays = place_stays(rng, nights)
        assert all(1 <= length <= 3 for _, length in stays)
        taken = [ahead + more for ahead, length in stays for more in range(length)]
        assert len(taken) == len(set(taken)) == nights
        assert all(1 <= ahead <= AHEAD for ahead in taken)
        hot = sum(HOT_WEEK_STARTS <= ahead < HOT_WEEK_STARTS + WEEK for ahead in taken)
        assert hot in (0, WEEK)


def test_rows_are_consistent(app):
    said = generate(120, 10)
    assert "Added 120 houses" in said
    with reading():
        invariants.check(session)
        assert rebuild_words(clock.today()) == 0
        assert count(House) == 120
        assert count(HouseNight) == 120 * 10 == session.scalar(select(func.sum(Order.days)))
        assert count(OutboxMessage) == 0
        assert len(set(session.scalars(select(House.area_id)))) == 9
        assert len(set(session.scalars(select(House.price)))) > 60
        for order in session.scalars(select(Order)):
            assert order.status == Status.PAID
            assert order.amount == order.days * order.house_price == order.days * order.house.price
            assert order.user_id != order.house.user_id
            assert order.paid_at < clock.now()


def test_most_houses_are_taken_in_the_hot_week(app):
    generate(300, 10)
    first, last = make.day(HOT_WEEK_STARTS), make.day(HOT_WEEK_STARTS + WEEK - 1)
    with reading():
        taken = select(HouseNight.house_id).where(HouseNight.night.between(first, last)).group_by(HouseNight.house_id)
        full = session.scalars(taken.having(func.count() == WEEK)).all()
        assert len(full) == len(session.scalars(taken).all())
        assert 0.78 < len(full) / 300 < 0.92


def test_more_can_be_added_and_people_go_on_publishing(app):
    generate(30, 3)
    generate(20, 8)
    house = make.house(area_id=3)
    make.paid(make.user("guest"), house)
    with reading():
        assert count(House) == 51
        invariants.check(session)
