"""What stands in the land: an island, a pagoda, boats, houses far off, towers."""

from __future__ import annotations

from ihome.demo.pictures.palette import LAMP, LIME, TILE, Colour, Setting, shade, tint
from ihome.demo.pictures.plants import any_tree
from ihome.demo.pictures.sheet import Sheet


def island(s: Sheet, setting: Setting, x: float, y: float, h: float) -> None:
    """An island with a pagoda, like Mushan in lake Chao."""
    green = setting.hazed(setting.season.leaves[0], 0.3)
    s.blob(
        [
            (x - h * 1.1, y + h * 0.05),
            (x - h * 0.5, y - h * 0.3),
            (x, y - h * 0.46),
            (x + h * 0.6, y - h * 0.24),
            (x + h * 1.2, y + h * 0.05),
        ],
        green,
    )
    s.blob(
        [
            (x - h * 1.1, y + h * 0.06),
            (x - h * 0.6, y - h * 0.24),
            (x - h * 0.2, y - h * 0.2),
            (x - h * 0.1, y + h * 0.06),
        ],
        tint(green, 0.12),
    )
    pagoda(s, setting, x, y - h * 0.38, h * 0.62, 0.3)


def pagoda(s: Sheet, setting: Setting, x: float, y: float, h: float, far: float) -> None:
    roof, wall = setting.hazed((96, 84, 84), far), setting.hazed((222, 190, 160), far)
    floors = 5
    for i in range(floors):
        half, low = h * (0.16 - i * 0.018), y - h * 0.17 * i
        s.rect(x - half * 0.7, low - h * 0.14, half * 1.4, h * 0.14, wall)
        s.rect(x + half * 0.2, low - h * 0.14, half * 0.5, h * 0.14, shade(wall, 0.14))
        eaves = [
            (x - half * 1.4, low - h * 0.13),
            (x - half * 0.7, low - h * 0.165),
            (x + half * 0.7, low - h * 0.165),
            (x + half * 1.4, low - h * 0.13),
        ]
        s.poly([*eaves, (x, low - h * 0.115)], roof)
    s.line([(x, y - h * 0.8), (x, y - h)], roof, h * 0.025)


def boat(s: Sheet, setting: Setting, x: float, y: float, h: float) -> None:
    rng, hull = setting.rng, setting.hazed((134, 92, 68), 0.15)
    s.rect(x - h * 0.7, y + h * 0.02, h * 1.4, h * 0.05, (62, 40, 38, 36), h * 0.03)
    if rng.random() < 0.6:
        sail = rng.choice((LIME, (236, 190, 140), setting.accent))
        s.poly([(x - h * 0.03, y - h * 0.12), (x - h * 0.03, y - h), (x - h * 0.5, y - h * 0.16)], sail)
        s.poly(
            [(x + h * 0.02, y - h * 0.12), (x + h * 0.02, y - h * 0.86), (x + h * 0.36, y - h * 0.14)],
            shade(sail, 0.12),
        )
    else:
        s.pie(x, y - h * 0.06, h * 0.3, h * 0.3, shade((214, 182, 134), 0.08), 180, 360)
    s.poly(
        [
            (x - h * 0.62, y - h * 0.12),
            (x + h * 0.62, y - h * 0.12),
            (x + h * 0.4, y + h * 0.05),
            (x - h * 0.4, y + h * 0.05),
        ],
        hull,
    )


def town_house(s: Sheet, setting: Setting, x: float, y: float, w: float, h: float, far: float) -> None:
    """A white house under a long roof of grey tiles with turned-up eaves."""
    wall, roof = setting.hazed(shade(LIME, setting.rng.choice((0, 0.04, 0.08))), far), setting.hazed(TILE, far)
    s.rect(x, y - h * 0.62, w, h, wall)
    s.rect(x + w * 0.7, y - h * 0.62, w * 0.3, h, shade(wall, 0.07))
    eaves = [
        (x - w * 0.1, y - h * 0.64),
        (x + w * 0.03, y - h * 0.6),
        (x + w * 0.97, y - h * 0.6),
        (x + w * 1.1, y - h * 0.64),
    ]
    s.poly([*eaves, (x + w * 0.92, y - h * 0.95), (x + w * 0.08, y - h * 0.95)], roof)
    s.rect(x + w * 0.05, y - h * 1.0, w * 0.9, h * 0.07, shade(roof, 0.25))
    panes(s, setting, x + w * 0.15, y - h * 0.44, w * 0.7, h * 0.22, 3, far)


def gable_house(s: Sheet, setting: Setting, x: float, y: float, w: float, h: float, far: float) -> None:
    """The stepped gable of Huizhou: a horse's head against fire."""
    wall, roof = setting.hazed(shade(LIME, setting.rng.choice((0, 0.05, 0.1))), far), setting.hazed(TILE, far)
    for i, up in enumerate((0.68, 0.84, 1.0, 0.84, 0.68)):
        s.rect(x + w * i / 5, y - h * up, w / 5 + 1, h * (up + 0.4), wall)
    s.rect(x + w * 0.8, y - h * 0.68, w * 0.2, h * 1.08, shade(wall, 0.08))
    for i, up in enumerate((0.68, 0.84, 1.0, 0.84, 0.68)):
        s.rect(x + w * i / 5 - w * 0.02, y - h * (up + 0.05), w / 5 + w * 0.04, h * 0.075, roof)
    panes(s, setting, x + w * 0.32, y - h * 0.5, w * 0.36, h * 0.2, 2, far)


def panes(s: Sheet, setting: Setting, x: float, y: float, w: float, h: float, count: int, far: float) -> None:
    """A row of small windows; some are lit once the lamps are on."""
    for i in range(count):
        lit = setting.light.lamps and setting.rng.random() < 0.7
        fill = (*LAMP, 255) if lit else setting.hazed((110, 96, 92), far)
        s.rect(x + w * (i + 0.2) / count, y, w * 0.6 / count, h, fill)


def tower(s: Sheet, setting: Setting, x: float, y: float, w: float, h: float, fill: Colour, far: float) -> None:
    rng, top = setting.rng, y - h
    s.rect(x, top, w, h, fill)
    s.rect(x + w * 0.68, top, w * 0.32, h, shade(fill, 0.12))
    crown = rng.randrange(4)
    if crown == 0:
        s.rect(x + w * 0.2, top - w * 0.2, w * 0.5, w * 0.2, fill)
    elif crown == 1:
        s.poly([(x, top), (x + w, top), (x + w, top - w * 0.4)], shade(fill, 0.08))
    elif crown == 2:
        s.line([(x + w * 0.5, top), (x + w * 0.5, top - w * 0.7)], fill, w * 0.05)
    if far > 0.5:
        return
    glass, step = shade(fill, 0.26), max(w / 4.4, s.height * 0.017)
    rows = int(h / step)
    for row in range(1, rows):
        for col in range(3):
            lit = setting.light.lamps and rng.random() < 0.5
            s.rect(x + w * (0.12 + 0.29 * col), top + row * step, w * 0.17, step * 0.5, (*LAMP, 255) if lit else glass)


def village_house(s: Sheet, setting: Setting, x: float, y: float, h: float) -> None:
    wall, roof = setting.hazed(LIME, 0.15), setting.hazed(setting.rng.choice((TILE, (180, 96, 72))), 0.2)
    any_tree(s, setting, x - h * 0.9, y, h * 1.4, 0.2)
    s.rect(x - h * 0.7, y - h * 0.55, h * 1.4, h * 0.55, wall)
    s.poly(
        [
            (x - h * 0.85, y - h * 0.5),
            (x - h * 0.6, y - h * 0.92),
            (x + h * 0.6, y - h * 0.92),
            (x + h * 0.85, y - h * 0.5),
        ],
        roof,
    )
    panes(s, setting, x - h * 0.5, y - h * 0.38, h, h * 0.18, 3, 0.2)
