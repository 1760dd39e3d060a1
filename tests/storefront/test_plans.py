"""Search walks an index and stops after a page, on each database: said by the databases' own plans.

The plan is asserted and not a time: times differ by machine, and a plan that sorts all houses is slow on large sites.
"""

from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from ihome.accounts.models import User
from ihome.calendar.models import HouseNight
from ihome.houses.models import House
from ihome.kit import db
from ihome.kit.db import in_transaction, session, utcnow
from ihome.orders.models import Order
from ihome.storefront.search import SORTS, Wanted, _conditions, _page_statement
from tests import make

HOUSES = 4000


@pytest.fixture(params=["sqlite", "mariadb", "postgresql"])
def database(request):
    return request.param


@pytest.fixture
def city(app):
    """Many houses, a third of them taken for the next weeks, and fresh statistics."""
    owner = make.landlord()
    times = {"create_time": utcnow(), "update_time": utcnow()}

    def fill():
        facts = {"user_id": owner.id, "address": "a", "room_count": 1, "acreage": 50, "unit": "u", "capacity": 2,
                 "beds": "b", "deposit": 0, "min_days": 1, "max_days": 0, "description": ""}  # fmt: skip
        session.execute(
            insert(House),
            [
                facts | {
                    "id": number, "title": f"h{number}", "area_id": number % 9 + 1, "price": number * 7919 % 90000 + 1,
                    "order_count": number % 50, "create_time": utcnow() - timedelta(minutes=number),
                    "update_time": utcnow(),
                }
                for number in range(1, HOUSES + 1)
            ],
        )  # fmt: skip
        taken = range(1, HOUSES + 1, 3)
        session.execute(
            insert(Order),
            [
                times | {"id": house, "user_id": owner.id, "house_id": house, "begin_date": make.day(1),
                         "end_date": make.day(10), "days": 10, "house_price": 1, "amount": 10, "status": "PAID"}
                for house in taken
            ],
        )  # fmt: skip
        session.execute(
            insert(HouseNight),
            [
                {"house_id": house, "night": make.day(1) + timedelta(days=night), "order_id": house}
                for house in taken
                for night in range(10)
            ],
        )

    in_transaction(fill)
    with db.engine().connect() as connection:
        for table in (House, HouseNight, User):
            name = table.__tablename__
            command = {"postgresql": "ANALYZE", "mysql": "ANALYZE TABLE", "sqlite": "ANALYZE"}[connection.dialect.name]
            connection.execute(text(f"{command} {name}"))
            connection.commit()


def plan(wanted: Wanted) -> str:
    """What the database says it will do for the first page."""
    engine = db.engine()
    shape, values = _conditions(wanted)
    statement = _page_statement(shape, wanted.sort).params(**values)
    compiled = statement.compile(engine, compile_kwargs={"literal_binds": True, "render_postcompile": True})
    words = {"sqlite": "EXPLAIN QUERY PLAN", "mysql": "EXPLAIN FORMAT=JSON", "postgresql": "EXPLAIN"}[
        engine.dialect.name
    ]
    with engine.connect() as connection:
        return "\n".join(str(row) for row in connection.exec_driver_sql(f"{words} {compiled}".replace("%%", "%")))


SIGNS = ("TEMP B-TREE", "filesort", "temporary", "MATERIALIZED", "Sort")


def test_no_page_is_sorted_or_materialized(city):
    stay = make.stay(3, 3)
    for sort in SORTS:
        for filters in ({}, {"city_id": 1}, {"area_id": 3}, {"area_id": 3, "guests": 2}):
            found = plan(Wanted(stay=stay, sort=sort, **filters))
            assert not [sign for sign in SIGNS if sign in found], (sort, filters, found)
