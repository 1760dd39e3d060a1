"""Opens the book: which kinds of pictures there are, and how one is drawn from its seed."""

from __future__ import annotations

import random

from PIL import Image

from ihome.demo.pictures import (
    bathrooms,
    bedrooms,
    courtyards,
    facades,
    gathering,
    kitchens,
    living,
    outlooks,
    palette,
)  # fmt: skip
from ihome.demo.pictures.palette import Setting
from ihome.demo.pictures.sheet import Sheet

PAINTERS = {
    "facade": facades.facade,
    "living": living.living,
    "bedroom": bedrooms.bedroom,
    "kitchen": kitchens.kitchen,
    "dining": gathering.dining,
    "bath": bathrooms.bath,
    "study": gathering.study,
    "tearoom": gathering.tearoom,
    "view": outlooks.view,
    "courtyard": courtyards.courtyard,
}
KINDS = tuple(PAINTERS)
THEMES = tuple(palette.THEMES)
THEME_OF_AREA = {
    "巢湖市": "lake", "包河区": "lake", "庐阳区": "old_town", "蜀山区": "city", "瑶海区": "city",
    "庐江县": "mountains", "肥西县": "mountains", "长丰县": "fields", "肥东县": "fields",
}  # fmt: skip
NEARER = {"facade": 0.2, "courtyard": 0.16, "view": 0.12, "kitchen": 0.1, "bedroom": 0.12, "bath": 0.12}
"""How much nearer a picture may come, as a share of its width; rooms come up to 0.18 nearer."""


def draw(kind: str, seed: int, theme: str, size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """The picture of this kind, seed and area: always the same one.

    Seeds that are equal modulo 1000 belong to one house: its pictures share season, woods and colours.
    """
    rng = random.Random(f"{kind}/{theme}/{seed}")  # noqa: S311 - pictures, not secrets.
    house = random.Random(f"{theme}/{seed % 1000}")  # noqa: S311 - likewise.
    setting = Setting(rng, house, palette.THEMES[theme])
    nearer = 1 + rng.random() * (0.02 if setting.beams else NEARER.get(kind, 0.18))
    width, height = size
    scale = max(width / palette.WIDTH, height / palette.HEIGHT) * nearer * 2
    sheet = Sheet(palette.WIDTH, palette.HEIGHT, scale)
    PAINTERS[kind](sheet, setting)
    left = round((sheet.image.width - width * 2) * rng.uniform(0.3, 0.7))
    top = round((sheet.image.height - height * 2) * (0 if setting.beams else rng.uniform(0.5, 0.8)))
    picture = sheet.image.reduce(2, (left, top, left + width * 2, top + height * 2))
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else picture
