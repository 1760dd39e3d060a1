"""The demo city as its rows: believable, consistent, and with something to do for everybody who signs in."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from ihome.accounts.models import Identity, User
from ihome.calendar.actions import rebuild_words
from ihome.calendar.models import HouseNight
from ihome.demo.city import ACCOUNTS
from ihome.demo.load import load_city
from ihome.houses.models import House, HouseImage
from ihome.kit import clock, db
from ihome.kit.db import reading, session
from ihome.kit.outbox import OutboxMessage
from ihome.orders.models import HOLDING, OPEN, Order, Status
from ihome.payments.models import Payment, PaymentStatus
from ihome.payments.providers.sandbox.models import SandboxTrade
from ihome.web import create_app
from tests import invariants
from tests.conftest import configure, database_url


@pytest.fixture(scope="module")
def app(request, tmp_path_factory, template, server_databases, worker_id):
    """A site with the demo city, for all tests of this module: they only look."""
    instance = tmp_path_factory.mktemp("city") / "instance"
    shutil.copytree(template, instance)
    url = database_url(request.config.getoption("--database"), server_databases, worker_id, instance)
    clock._seen = None
    made = create_app(configure(instance, **({"database_url": url} if url else {})))
    load_city(draw=lambda wanted: wanted)
    yield made
    db.disconnect()


@pytest.fixture(autouse=True)
def look(app):
    with reading():
        yield


def rows(model, *where):
    return session.scalars(select(model).where(*where).order_by(model.id)).all()


def person(who):
    return session.scalars(select(User).where(User.email == ACCOUNTS[who])).one()


def test_there_are_houses_of_all_kinds_in_all_areas():
    houses = rows(House)
    assert len(houses) >= 80
    assert {house.area_id for house in houses} == set(range(1, 10))
    assert len({house.user_id for house in houses}) >= 15
    assert len({house.title for house in houses}) == len(houses)
    assert all(house.description and house.facilities and house.is_listed for house in houses)
    assert {house.price % 100 > 0 for house in houses} == {True, False}


def test_each_house_has_three_to_six_pictures_of_its_own():
    for house in rows(House):
        assert 3 <= len(house.images) <= 6
        assert house.index_image_url == house.images[0].url
    urls = [image.url for image in rows(HouseImage)]
    assert len(urls) == len(set(urls))


def test_the_promises_hold():
    invariants.check(session)
    nights = session.scalar(select(func.sum(Order.days)).where(Order.status.in_(HOLDING)))
    assert session.scalar(select(func.count()).select_from(HouseNight)) == nights


def test_search_counts_what_is_taken():
    assert rebuild_words(clock.today()) == 0


def test_an_order_costs_what_its_nights_cost():
    for order in rows(Order):
        assert order.days == (order.end_date - order.begin_date).days + 1
        assert order.amount == order.days * order.house_price == order.days * order.house.price


def test_houses_count_their_ratings():
    for house in rows(House):
        ratings = [order.rating for order in rows(Order, Order.house_id == house.id, Order.status == Status.COMPLETE)]
        assert (house.order_count, house.rating_count, house.rating_sum) == (len(ratings), len(ratings), sum(ratings))
    assert any(house.order_count == 0 for house in rows(House))


def test_the_sandbox_knows_every_payment():
    trades = {trade.out_trade_no: trade for trade in rows(SandboxTrade)}
    payments = rows(Payment)
    assert len(payments) == len(trades) > 500
    for payment in payments:
        trade = trades[payment.out_trade_no]
        assert payment.status == PaymentStatus.PAID
        assert (trade.trade_no, trade.amount, trade.refunded) == (payment.order.trade_no, payment.order.amount, 0)
        assert trade.status == "TRADE_SUCCESS"
        assert trade.paid_at == payment.paid_at == payment.order.paid_at


def test_what_is_open_can_still_be_answered_and_paid_later_today():
    later, tomorrow = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=24)
    assert [o.id for o in rows(Order, Order.status.in_(OPEN)) if not later < o.deadline_at < tomorrow] == []
    assert [o.id for o in rows(Order, Order.status.not_in(OPEN)) if o.deadline_at] == []


def test_what_came_to_nothing_says_why():
    assert all(order.comment and order.ended_at for order in rows(Order, Order.status == Status.REJECTED))
    canceled = rows(Order, Order.status == Status.CANCELED)
    assert all(order.ended_at for order in canceled)
    assert {order.ending for order in canceled} == {"guest", "unanswered", "unpaid"}


def test_newer_orders_have_higher_numbers():
    """Lists of orders go by id."""
    times = [order.create_time for order in rows(Order)]
    assert times == sorted(times)


def test_nobody_is_mailed_about_what_was():
    assert rows(OutboxMessage) == []


def test_guest_has_an_order_in_every_status():
    assert {order.status for order in rows(Order, Order.user_id == person("guest").id)} == set(Status)


def test_landlord_has_three_houses_with_waiting_accepted_and_paid_orders():
    wanted = {Status.WAIT_ACCEPT, Status.WAIT_PAYMENT, Status.PAID}
    houses = rows(House, House.user_id == person("landlord").id)
    statuses = [{order.status for order in rows(Order, Order.house_id == house.id)} for house in houses]
    assert sum(wanted <= found for found in statuses) >= 3


def test_landlords_and_the_four_accounts_are_verified():
    verified = set(session.scalars(select(Identity.user_id)))
    assert {house.user_id for house in rows(House)} <= verified
    assert {person(who).id for who in ACCOUNTS} <= verified
    assert person("operator").is_operator
    assert session.scalar(select(func.count(User.id)).where(User.is_operator)) == 1


def test_landlords_and_guests_who_comment_have_names_and_pictures():
    for order in rows(Order, Order.status == Status.COMPLETE):
        for someone in (order.guest, order.house.landlord):
            assert someone.chose_name
            assert someone.avatar_url.startswith("avatars/demo-")
