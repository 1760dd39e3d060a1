"""Every race is run on all three databases; afterwards the three promises hold."""

import pytest

from ihome.kit import clock
from ihome.kit.db import reading, session
from tests import invariants


@pytest.fixture(params=["sqlite", "mariadb", "postgresql"])
def database(request):
    return request.param


@pytest.fixture(autouse=True)
def _promises_hold(request):
    """`@pytest.mark.usefixtures("broken")` says that a test breaks them on purpose."""
    if "app" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("app")
    yield
    clock._seen = None
    if "broken" not in request.fixturenames:
        with reading():
            invariants.check(session)


@pytest.fixture
def broken():
    """Marks a control: it takes a guard away, and the promises do not hold."""
