"""A guest and a stranger; what they do is checked against the promises afterwards."""

import pytest

from ihome.kit.db import reading, session
from tests import invariants, make


@pytest.fixture
def guest(app):
    return make.user("guest")


@pytest.fixture
def stranger(app):
    return make.user("stranger")


@pytest.fixture
def as_guest(app, guest):
    return make.browser(app, guest)


@pytest.fixture
def as_landlord(app, landlord):
    return make.browser(app, landlord)


@pytest.fixture
def as_stranger(app, stranger):
    return make.browser(app, stranger)


@pytest.fixture(autouse=True)
def _promises_hold(request):
    """After each test that has a site, the three promises hold."""
    if "app" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("app")
    yield
    with reading():
        invariants.check(session)
