"""A disk that is full: uploads are 4302, what must be written 503, the rest goes on; with space again, so does all."""

import os
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from ihome.kit.db import reading, session
from ihome.kit.outbox import OutboxMessage
from tests.conftest import missing
from tests.faults.people import SHOWN, assert_down, assert_good, eventually

AT_ONCE, BACK = 10, 30  # Seconds.


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    """`disk(megabytes)`: a file system of its own."""
    mounted = []

    def mount(megabytes):
        folder = tmp_path_factory.mktemp("disk")
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "ihome-faults", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
            missing("a tmpfs: mount as root")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """What has to be removed for there to be space again."""
    path = folder / "filler"
    size = 1 << 20
    with path.open("wb", buffering=0) as file:
        while size:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2
    return path


def files(folder):
    return {path for path in folder.rglob("*") if path.is_file()}


def test_pictures(disk, visit):
    media = disk(1)
    with visit("--no-worker", storage_url=f"file://{media}") as people:
        assert_good(people.do(), within=AT_ONCE)
        filler = fill(media)
        before = files(media)

        answers = people.do()
        refused = answers.pop("upload")
        assert (refused.said, refused.after < AT_ONCE) == ((200, "4302"), True)
        assert_good(answers, within=AT_ONCE)
        assert files(media) == before

        filler.unlink()
        assert_good(people.do(), within=AT_ONCE)
        people.check_nothing_lost()


def test_copies_of_ones_data(disk, visit):
    """Half of one is never offered; with space again it is made by itself."""
    private = disk(1)
    with visit(private=str(private)) as people:
        assert_good(people.do(), within=AT_ONCE)
        landlord = people.at(people.landlord)
        filler = fill(private)

        landlord.post("/user/archive")
        eventually(lambda: tried("archive.asked"), AT_ONCE)
        assert landlord.get("/user/archive")["data"]["status"] == "preparing"
        assert files(private) == {filler}
        assert_good(people.do(), within=AT_ONCE)

        filler.unlink()
        eventually(lambda: landlord.get("/user/archive")["data"]["status"] == "ready", BACK)
        (made,) = files(private)
        with ZipFile(made) as archive:
            assert archive.testzip() is None
        assert landlord.http.get("/me/archive").content == made.read_bytes()
        people.check_nothing_lost()


def tried(topic):
    """Why the first attempt at this failed."""
    with reading():
        reasons = select(OutboxMessage.last_error).where(OutboxMessage.topic == topic)
        return session.scalar(reasons)


def test_everything(disk, visit):
    """Database, codes, pictures, mails, counts of requests: all in the instance folder."""
    instance = disk(48)
    with visit(folder=instance) as people:
        people.persist(BACK)
        filler = fill(instance)
        pictures = files(instance / "media")

        for _ in range(3):  # What finds a little space left at first finds none in the end.
            assert all(answer.status for answer in people.do().values())  # No process ends.
        answers = people.do()
        assert answers.pop("upload").said in [(200, "4302"), (503, "4001")]
        assert_down(answers, within=AT_ONCE, but=(*SHOWN, "pay"))  # The attempt to pay is there already.
        assert files(instance / "media") == pictures

        filler.unlink()
        people.persist(BACK)
        people.check_nothing_lost()
