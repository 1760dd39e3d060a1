"""A person whose data is asked for, and the folder where it is put."""

import pytest

from tests import make


@pytest.fixture
def private(config):
    return config.instance / "private"


@pytest.fixture
def anna(app):
    return make.landlord("anna")


@pytest.fixture
def browser(app, anna):
    return make.browser(app, anna)
