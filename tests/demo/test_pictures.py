"""The pictures of the demo city: the same seed draws the same picture, and any seed draws one."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image, ImageChops, ImageStat

from ihome.demo.pictures import KINDS, THEME_OF_AREA, THEMES, avatar, draw

SMALL = (240, 180)


def webp(picture: Image.Image) -> bytes:
    """The bytes a visitor's browser loads."""
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=80, method=2)
    return file.getvalue()


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far apart two pictures are on average, from 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_in_every_area_at_the_asked_size(kind, theme):
    for seed in range(3):
        picture = draw(kind, seed, theme, SMALL)

        assert (picture.size, picture.mode) == (SMALL, "RGB")
        assert len(picture.getcolors(SMALL[0] * SMALL[1]) or ()) > 200  # Not an empty sheet.


@pytest.mark.parametrize("size", [(1200, 900), (400, 300), (300, 300), (401, 213)])
def test_a_picture_has_the_size_that_was_asked_for(size):
    assert draw("facade", 7, "lake", size).size == size


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_draws_the_same_picture(kind):
    assert draw(kind, 5, "city", SMALL).tobytes() == draw(kind, 5, "city", SMALL).tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_draws_another_picture(kind):
    pictures = [draw(kind, seed, "fields", SMALL) for seed in range(6)]

    for i, one in enumerate(pictures):
        assert all(difference(one, other) > 4 for other in pictures[:i])


def test_another_area_draws_another_picture():
    pictures = [draw("living", 5, theme, SMALL) for theme in THEMES]

    assert len({picture.tobytes() for picture in pictures}) == len(THEMES)


def test_the_global_dice_are_not_touched():
    random.seed(1)
    before = random.getstate()
    draw("kitchen", 1, "old_town", SMALL)
    avatar(1, 64)

    assert random.getstate() == before


def test_all_nine_areas_of_hefei_have_their_land():
    assert len(THEME_OF_AREA) == 9
    assert set(THEME_OF_AREA.values()) == set(THEMES)


def test_files_stay_small():
    files = [webp(draw(kind, seed, "mountains")) for kind in KINDS for seed in (1, 2)]

    assert max(map(len, files)) < 90_000
    assert sum(map(len, files)) / len(files) < 50_000


def test_portraits_are_square_repeatable_and_different():
    people = [avatar(seed, 96) for seed in range(30)]

    assert {person.size for person in people} == {(96, 96)}
    assert len({person.tobytes() for person in people}) == len(people)
    assert avatar(3, 96).tobytes() == people[3].tobytes()
    assert avatar(3).size == (256, 256)
