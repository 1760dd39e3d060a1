"""Errors of a database are logged, and say nothing of what people wrote."""

import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ihome.accounts.models import User
from ihome.kit.db import in_transaction, session
from tests import make

SECRET = "geheim-4711@example.com"


@pytest.fixture(params=["sqlite", "mariadb", "postgresql"])
def database(request):
    return request.param


def traceback_of(do):
    with pytest.raises(DBAPIError) as caught:
        in_transaction(do)
    return "".join(traceback.format_exception(caught.value))


def run(statement):
    return lambda: session.execute(text(statement), {"value": SECRET})


def test_a_key_that_is_there_is_named_without_its_value(app):
    make.user(email=SECRET)

    def add():
        session.add(User(email=SECRET, name="anna", password_hash="x"))
        session.flush()

    said = traceback_of(add)
    assert SECRET not in said
    assert "email" in said.partition("[SQL")[0]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ih_order_info SET days = :value", "UPDATE ih_order_info SET ending = concat(:value, :value)",
     "UPDATE ih_order_info SET status = :value", "UPDATE ih_order_info SET user_id = length(:value) + 100000",
     "SELEC :value", "SELECT :value FROM nowhere"],
)  # fmt: skip
def test_what_is_refused_is_not_repeated(app, database, statement):
    make.order(make.user(), make.house())
    if database == "sqlite" and ("days" in statement or "concat" in statement):
        pytest.skip("SQLite keeps anything in any column")

    said = traceback_of(run(statement))

    assert SECRET not in said
    assert "geheim" not in said
