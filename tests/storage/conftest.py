"""A storage of each kind, empty. What holds for one holds for all."""

import pytest

from ihome.storage.media import open_storage

BASE_URL = "https://media.example.com"


@pytest.fixture(params=["file"])
def storage(request, tmp_path):
    return request.getfixturevalue(f"{request.param}_storage")


@pytest.fixture
def file_storage(tmp_path):
    return open_storage(f"file://{tmp_path}/my%20media", BASE_URL)
