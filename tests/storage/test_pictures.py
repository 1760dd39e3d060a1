"""What an upload costs: small files may be huge pictures, and many may come at once."""

import io
import os
import subprocess
import sys

import pytest
from PIL import Image

from ihome.serve import MMAP_THRESHOLD
from ihome.storage import pictures
from tests import make
from tests.uploads import multipart

MEGABYTES = 300  # 160 for the picture, 30 for Python and Pillow.

DECODE_SIX = """
import io, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from ihome.storage import pictures
pictures.TURN_WAIT = 300
content = sys.stdin.buffer.read()
with ThreadPoolExecutor(6) as pool:
    found = list(pool.map(lambda _: pictures.read_picture(io.BytesIO(content)), range(6)))
peak = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print({picture.size for picture in found}, int(peak[0].split()[1]) // 1024)
"""


@pytest.fixture
def person(app):
    return make.browser(app, make.landlord())


def upload(browser, content=None):
    content = make.picture().getvalue() if content is None else content
    return browser.post("/users/avatar", **multipart("avatar", content))


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_six_huge_pictures_at_once_take_the_memory_of_one():
    sent = io.BytesIO()
    Image.new("RGB", (6324, 6324)).save(sent, "PNG")
    assert len(sent.getvalue()) < 120_000

    done = subprocess.run(
        [sys.executable, "-c", DECODE_SIX],
        env=os.environ | MMAP_THRESHOLD,
        input=sent.getvalue(),
        capture_output=True,
        check=True,
    )

    size, _, peak = done.stdout.decode().rpartition(" ")
    assert size == "{(1600, 1600)}"
    assert int(peak) < MEGABYTES


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_what_moves_the_first_frame_is_kept(kind):
    sent = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "green", "blue")]
    frames[0].save(sent, kind, save_all=True, append_images=frames[1:], lossless=True)
    sent.seek(0)

    assert pictures.read_picture(sent).getpixel((20, 20)) in [(255, 0, 0), (254, 0, 0)]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_every_kind_are_shrunk_and_become_rgb(mode):
    sent = io.BytesIO()
    Image.new(mode, (2000, 1000), 1 if mode == "1" else None if mode == "LA" else 0).save(sent, "PNG")
    sent.seek(0)

    found = pictures.read_picture(sent)

    assert (found.mode, found.size) == ("RGB", (1600, 800))


def test_who_waits_too_long_is_told_to_come_again(person, monkeypatch):
    monkeypatch.setattr(pictures, "TURN_WAIT", 0.01)
    with pictures._turn:
        answer = upload(person)

    assert answer["errno"] == "4201"
    assert upload(person)["errno"] == "0"


def test_a_broken_picture_gives_its_turn_back(person):
    assert [upload(person, b"no picture")["errno"] for _ in range(2)] == ["4004", "4004"]
    assert upload(person)["errno"] == "0"


def test_uploads_of_one_person_are_limited(app, person, monkeypatch):
    monkeypatch.setattr(pictures, "UPLOADS", 2)

    assert [upload(person)["errno"] for _ in range(3)] == ["0", "0", "4201"]
    assert upload(make.browser(app, make.user()))["errno"] == "0"
