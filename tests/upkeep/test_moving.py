"""`ihome storage migrate FROM TO`: everything is copied, once; rows follow; a killed run is gone on with."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress

import pytest

from ihome.config import activate
from ihome.houses.models import HouseImage
from ihome.kit.db import in_transaction, reading, session
from ihome.storage import media
from ihome.storage.media import open_storage
from ihome.storage.pictures import sized
from ihome.upkeep.actions import rename_pictures
from ihome.upkeep.checking import THREADS, each_batch
from tests import make
from tests.upkeep.conftest import keep

MEDIA = "https://media.example.com"


@pytest.fixture
def here(config):
    return config.storage


@pytest.fixture
def use(config, monkeypatch):
    """Let the site use another storage."""

    def use(url):
        monkeypatch.setenv("IHOME_STORAGE_URL", url)
        monkeypatch.setenv("IHOME_MEDIA_BASE_URL", MEDIA)
        activate(config.model_copy(update={"storage_url": url}))
        media.connect(url, MEDIA)

    return use


def named():
    """The files that the rows name."""
    return {key for batch in each_batch() for naming in batch for key in naming.keys}


def shown(house):
    with reading():
        found = make.get_house(house.id)
        return found.version, found.index_image_url


def content_of(url):
    with closing(open_storage(url)) as storage:
        return {key: storage.get(key) for key in sorted(named())}


@pytest.fixture(params=["file", "s3"])
def target(request, tmp_path):
    if request.param == "file":
        return f"file://{tmp_path}/new"
    request.getfixturevalue("s3_storage")
    return request.getfixturevalue("seaweedfs").url()


def test_everything_that_rows_name_is_copied_once(run, pictures, here, target):
    keep("houses/7", "orphan")
    before = content_of(here)

    code, told = run("migrate", here, target)

    assert code == 0
    assert "Copied 4 pictures; 1 were there already." in told  # The main photo is named twice.
    assert "IHOME_STORAGE_URL" in told
    assert content_of(target) == before
    assert sorted(open_storage(target).keys()) == sorted(before)
    assert "Copied 0 pictures; 5 were there already." in run("migrate", here, target)[1]


def test_what_is_uploaded_meanwhile_is_copied_by_the_second_run(run, pictures, house, here, target):
    run("migrate", here, target)
    late = keep(f"houses/{house.id}", "late")
    in_transaction(lambda: session.add(HouseImage(house_id=house.id, url=late)))

    assert "Copied 1 pictures" in run("migrate", here, target)[1]
    assert late in content_of(target)


def test_a_file_of_another_size_is_copied_again(run, pictures, here, target):
    run("migrate", here, target)
    open_storage(target).put(sized(pictures[0], "m"), b"half")

    assert "Copied 1 pictures" in run("migrate", here, target)[1]
    assert content_of(target) == content_of(here)


def test_what_is_not_in_from_is_told_and_the_rest_is_copied(run, pictures, here, target):
    media.storage().delete(sized(pictures[1], "s"))

    code, told = run("migrate", here, target)

    assert code == 1
    assert re.search(rf"not in FROM: photo \d+\t{pictures[1]}\n", told)
    assert "Copied 3 pictures" in told


def test_a_target_that_is_down_is_named(run, pictures, here):
    code, told = run("migrate", here, "s3://k:s@127.0.0.1:1/pictures?tls=off")

    assert code == 1
    assert "TO: no connection" in told
    assert "Run it again" in told


def test_what_comes_back_other_than_it_was_given_stops_the_move(run, pictures, here, tmp_path, monkeypatch):
    new = tmp_path / "new"
    get = media.LocalFolder.get
    monkeypatch.setattr(
        media.LocalFolder, "get", lambda self, key: get(self, key)[: -1 if self.folder == new else None]
    )

    code, told = run("migrate", here, f"file://{new}")

    assert code == 1
    assert "came back other than it was given" in told


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [("file:///a", "file:///a/", "the same"), ("file:///a", "file:///b", "IHOME_STORAGE_URL"),
     ("HERE", "ftp://x", "TO: "), ("HERE", "s3://host/bucket", "TO: "), ("HERE", "fastdfs://x:y", "TO: ")],
)  # fmt: skip
def test_a_wrong_from_or_to_is_named(run, here, source, target, said):
    code, told = run("migrate", source.replace("HERE", here), target)

    assert code == 1
    assert said in told


# --- FastDFS, which names its files itself ----------------------------------------------------------------------------


def test_to_fastdfs_rows_get_the_new_names_once_the_site_uses_it(run, pictures, house, here, cluster, use):
    before, names = sorted(content_of(here).values()), named()

    assert "Copied 4 pictures" in run("migrate", here, cluster.url)[1]
    assert named() == names, "the site still uses the folder"

    use(cluster.url)
    version, _ = shown(house)
    code, told = run("migrate", here, cluster.url)
    assert code == 0
    assert "Copied 0 pictures; 5 were there already." in told
    assert "5 rows have the new names." in told
    assert sorted(content_of(cluster.url).values()) == before
    version_now, main_photo = shown(house)
    assert version_now > version, "the cached page still shows the old names"
    assert main_photo in named()

    uploaded = keep(f"houses/{house.id}", "new")
    in_transaction(lambda: session.add(HouseImage(house_id=house.id, url=uploaded)))
    files = dict(cluster.files)
    assert "Copied 0 pictures; 6 were there already." in run("migrate", here, cluster.url)[1]
    assert cluster.files == files


def test_from_fastdfs_names_stay(run, pictures, here, cluster, use, target):
    use(cluster.url)
    run("migrate", here, cluster.url)
    before = content_of(cluster.url)

    assert "Copied 4 pictures" in run("migrate", cluster.url, target)[1]

    assert content_of(target) == before
    use(target)
    assert run("missing")[0] == 0
    assert "0 orphans" in run("orphans", "--older-than", "0s")[1]


def test_a_row_that_names_another_picture_by_now_keeps_it(pictures):
    (photos, *_) = each_batch()
    in_transaction(lambda: setattr(session.get_one(HouseImage, photos[0].row_id), "url", "houses/7/other-l.webp"))

    in_transaction(rename_pictures, [(naming, f"group1/{naming.row_id}.webp") for naming in photos])

    (photos_now, *_) = each_batch()
    assert [naming.key for naming in photos_now] == [
        "houses/7/other-l.webp", *(f"group1/{naming.row_id}.webp" for naming in photos[1:])]  # fmt: skip


# --- kill -9 ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(landlord, pictures):
    """So many that a copy takes a while."""
    houses = [make.house(landlord) for _ in range(10)]
    keys = {keep(f"houses/{house.id}", f"many{number}"): house.id for house in houses for number in range(30)}
    in_transaction(lambda: session.add_all([HouseImage(house_id=house, url=key) for key, house in keys.items()]))
    return len(keys) + len(pictures)


@pytest.fixture
def start(config):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IHOME_")}
    environment |= {"IHOME_INSTANCE": str(config.instance), "IHOME_LOG_LEVEL": "error"}
    environment |= {"IHOME_DATABASE_URL": config.database_url} if config.database_url else {}

    def start(*words, stdout=subprocess.PIPE):
        return subprocess.Popen([sys.executable, "-m", "ihome.cli", "storage", "migrate", *words], env=environment,
                                stdout=stdout, stderr=subprocess.STDOUT, text=True)  # fmt: skip

    return start


def kill_when(process, is_so):
    deadline = time.monotonic() + 60
    while not is_so():
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_killed_move_to_a_folder_goes_on_and_copies_nothing_twice(many, here, start, tmp_path):
    new = tmp_path / "new"
    target = f"file://{new}"
    with start(here, target) as process:
        kill_when(process, lambda: sum(1 for _ in new.rglob("*-s.webp")) > 30)
    whole = {path: path.stat().st_mtime_ns for path in new.rglob("*.webp")}
    assert len(named()) > len(whole)

    with start(here, target) as process:
        told, _ = process.communicate(timeout=60)

    copied, there = (int(number) for number in re.search(r"Copied (\d+) pictures; (\d+) were", told).groups())
    assert copied + there == many + 1
    assert there > 30
    assert content_of(target) == content_of(here)
    assert {path: path.stat().st_mtime_ns for path in whole} == whole


def test_a_killed_move_to_fastdfs_goes_on_and_copies_again_what_was_in_flight_at_most(
    run, many, here, start, cluster, use
):
    def uploads():
        return sum(server.commands.count(11) for server in cluster.storages)

    with start(here, cluster.url) as process:
        kill_when(process, lambda: uploads() > 60)
    with start(here, cluster.url) as process:
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert many <= uploads() <= many + THREADS

    use(cluster.url)
    before = sorted(content_of(here).values())
    assert run("migrate", here, cluster.url)[0] == 0
    assert uploads() <= many + THREADS
    assert sorted(content_of(cluster.url).values()) == before


# --- how far it is ----------------------------------------------------------------------------------------------------


def test_on_a_terminal_a_bar_shows_how_far_it_is(many, here, start, tmp_path):
    ours, theirs = pty.openpty()
    with start(here, f"file://{tmp_path}/new", stdout=theirs), os.fdopen(ours, "rb") as terminal:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # Linux says so when the other end is closed.
            while read := os.read(terminal.fileno(), 65536):
                shown += read

    parts = [int(part) for part in re.findall(r"Copying  \[#*-*\] +(\d+)%", shown.decode())]
    assert parts == sorted(set(parts))
    assert (parts[0], parts[-1]) == (0, 100)
    assert len(parts) > 2
    assert f"Copied {many} pictures" in shown.decode()


def test_in_a_log_lines_say_it(many, here, start, tmp_path):
    with start(here, f"file://{tmp_path}/new") as process:
        told, _ = process.communicate(timeout=60)

    parts = [int(part) for part in re.findall(r"^Copying: (\d+) %$", told, re.MULTILINE)]
    assert parts == sorted(set(parts))
    assert parts[-1] == 100
    assert "\r" not in told
