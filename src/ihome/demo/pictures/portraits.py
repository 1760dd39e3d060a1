"""Portraits of landlords and guests: made-up people who look friendly."""

from __future__ import annotations

import random

from PIL import Image

from ihome.demo.pictures import plants
from ihome.demo.pictures.hair import MIDDLE, STYLES, Person
from ihome.demo.pictures.palette import (
    BRASS,
    CREAM,
    INK,
    THEMES,
    WHITE,
    Setting,
    mix,
    shade,
    tint,
    veil,
)  # fmt: skip
from ihome.demo.pictures.sheet import Sheet, smooth

FAIR = ((252, 222, 196), (248, 214, 186), (243, 204, 172), (234, 190, 154))
SKINS = (*FAIR, *FAIR, (206, 156, 120), (172, 122, 92))
HAIRS = ((46, 40, 42), (46, 40, 42), (58, 46, 42), (74, 54, 44), (98, 68, 50), (138, 94, 62))
GREYS = ((168, 164, 160), (206, 202, 196))
BROW, CHIN = 64.0, 168.0
"""Where the head begins and ends."""


def avatar(seed: int, size: int = 256) -> Image.Image:
    """The portrait of this seed, square, its corners filled: always the same person."""
    rng = random.Random(f"avatar/{seed}")  # noqa: S311 - pictures, not secrets.
    st = Setting(rng, rng, rng.choice(tuple(THEMES.values())))
    s = Sheet(256, 256, size / 256 * 3)
    old = rng.random() < 0.22
    wear = rng.choice((st.accent, st.second, st.cloth, st.throw, CREAM, (92, 104, 122)))
    who = Person(s, st, rng.choice(SKINS), rng.choice(GREYS if old else HAIRS), wear, old)
    backdrop(who)
    back, front = rng.choice(STYLES)
    back(who)
    body(who)
    head(who)
    face(who)
    front(who)
    if rng.random() < 0.3:
        glasses(who)
    return s.image.reduce(3, (0, 0, size * 3, size * 3))


def backdrop(who: Person) -> None:
    s, st, rng = who.s, who.st, who.st.rng
    fill = rng.choice((tint(st.second, 0.55), tint(st.accent, 0.6), tint(st.cloth, 0.3), *st.theme.walls))
    if sum(abs(a - b) for a, b in zip(fill, who.wear, strict=True)) < 70:
        fill = tint(st.second if who.wear != st.second else st.accent, 0.62)
    s.rect(0, 0, 256, 256, fill)
    kind = rng.randrange(6)
    if kind == 0:
        s.oval(MIDDLE + rng.choice((-36, 36)), 104, 84, 84, tint(fill, 0.4))
    elif kind == 1:
        for i, deep in enumerate((0.1, 0.2)):
            y = 150 + i * 34
            s.poly(
                [*smooth([(-5, y), (60, y - 44), (130, y - 6), (200, y - 52), (261, y - 8)]), (261, 256), (-5, 256)],
                mix(fill, st.season.leaves[0], deep + 0.1),
            )
        s.oval(206, 54, 22, 22, mix(fill, (255, 238, 196), 0.8))
    elif kind == 2:
        s.top_round(38, 34, 180, 230, tint(fill, 0.4), 90)
    elif kind == 3:
        for x, turn in ((6, 60), (20, 80), (2, 30), (250, 120), (238, 100), (254, 150)):
            plants.leaf(s, (x, 262), turn, rng.uniform(110, 150), 34, mix(fill, st.season.leaves[1], 0.6))
    elif kind == 4:
        for i in range(6):
            s.rect(i * 48, 0, 22, 256, tint(fill, 0.25))


# --- body and face -----------------------------------------------------------------------------------------


def body(who: Person) -> None:
    """Neck, shoulders and what they wear."""
    s, rng, fill = who.s, who.st.rng, who.wear
    wide = rng.uniform(84, 98)
    dark = shade(fill, 0.12)
    shoulders = [
        (MIDDLE - wide, 270),
        (MIDDLE - wide + 4, 222),
        (MIDDLE - 52, 194),
        (MIDDLE, 188),
        (MIDDLE + 52, 194),
        (MIDDLE + wide - 4, 222),
        (MIDDLE + wide, 270),
    ]
    s.poly(smooth(shoulders), fill)
    s.poly(
        smooth(
            [(MIDDLE + 40, 272), (MIDDLE + 54, 220), (MIDDLE + 58, 197), (MIDDLE + wide - 4, 222), (MIDDLE + wide, 272)]
        ),
        dark,
    )
    s.rect(MIDDLE - 19, 150, 38, 52, who.skin, 10)
    kind = rng.randrange(6)
    if kind == 0:  # A round neck.
        s.pie(MIDDLE, 190, 30, 20, who.skin, 0, 180)
        s.pie(MIDDLE, 190, 36, 27, dark, 10, 170)
        s.pie(MIDDLE, 189, 29, 20, who.skin, 0, 180)
    elif kind == 1:  # A shirt.
        s.poly([(MIDDLE - 22, 188), (MIDDLE, 220), (MIDDLE + 22, 188)], who.skin)
        for side in (-1, 1):
            s.poly(
                [
                    (MIDDLE + side * 20, 180),
                    (MIDDLE + side * 2, 216),
                    (MIDDLE + side * 22, 232),
                    (MIDDLE + side * 42, 196),
                ],
                tint(fill, 0.3) if side < 0 else tint(fill, 0.12),
            )
        for y in (232, 250):
            s.oval(MIDDLE, y, 3, 3, tint(fill, 0.55))
    elif kind == 2:  # A roll neck.
        s.rect(MIDDLE - 26, 172, 52, 32, tint(fill, 0.12), 10)
        s.rect(MIDDLE - 26, 184, 52, 3, dark)
    elif kind == 3:  # An open jacket over something light.
        s.poly([(MIDDLE - 22, 193), (MIDDLE - 14, 270), (MIDDLE + 14, 270), (MIDDLE + 22, 193)], tint(fill, 0.72))
        s.pie(MIDDLE, 186, 24, 20, who.skin, 0, 180)
        for side in (-1, 1):
            s.poly(
                [
                    (MIDDLE + side * 26, 184),
                    (MIDDLE + side * 44, 200),
                    (MIDDLE + side * 18, 244),
                    (MIDDLE + side * 13, 226),
                ],
                dark,
            )
    elif kind == 4:  # A standing collar with a knot.
        s.rect(MIDDLE - 25, 176, 50, 24, tint(fill, 0.14), 8)
        s.line([(MIDDLE, 178), (MIDDLE + 4, 206), (MIDDLE + 34, 232)], BRASS, 3)
        s.oval(MIDDLE + 8, 210, 4, 4, BRASS)
    else:  # Dungarees.
        s.pie(MIDDLE, 189, 28, 19, who.skin, 0, 180)
        cloth = (92, 116, 146) if fill != (92, 104, 122) else (190, 120, 84)
        s.rect(MIDDLE - 38, 226, 76, 50, cloth, 6)
        for side in (-1, 1):
            s.poly(
                [
                    (MIDDLE + side * 30, 230),
                    (MIDDLE + side * 42, 230),
                    (MIDDLE + side * 54, 194),
                    (MIDDLE + side * 42, 194),
                ],
                cloth,
            )
            s.oval(MIDDLE + side * 33, 234, 4, 4, BRASS)
    s.pie(MIDDLE, 160, 27, 24, veil((120, 60, 40), 0.16), 20, 160)


def head(who: Person) -> None:
    s, skin, full = who.s, who.skin, who.st.rng.uniform(-3, 4)
    for side in (-1, 1):
        s.oval(MIDDLE + side * (44 + full), 120, 9, 12, skin if side < 0 else shade(skin, 0.08))
        s.oval(MIDDLE + side * (45 + full), 121, 4, 6, shade(skin, 0.12))
    jaw = [
        (MIDDLE - 44 - full, 108),
        (MIDDLE - 40 - full, 140),
        (MIDDLE - 20, 163),
        (MIDDLE, CHIN),
        (MIDDLE + 20, 163),
        (MIDDLE + 40 + full, 140),
        (MIDDLE + 44 + full, 108),
        (MIDDLE + 34, 76),
        (MIDDLE, BROW),
        (MIDDLE - 34, 76),
    ]
    s.blob(jaw, skin)
    s.blob(
        [
            (MIDDLE + 30, 84),
            (MIDDLE + 44 + full, 108),
            (MIDDLE + 40 + full, 140),
            (MIDDLE + 20, 163),
            (MIDDLE + 34, 136),
            (MIDDLE + 37, 108),
        ],
        shade(skin, 0.05),
    )


def face(who: Person) -> None:
    """Eyes, brows, nose, mouth and what the years have drawn."""
    s, rng, skin = who.s, who.st.rng, who.skin
    y, line = 120.0, shade(skin, 0.34)
    closed = rng.random() < 0.3
    for side in (-1, 1):
        x = MIDDLE + side * 18
        if closed:
            s.stroke([(x - 7, y + 1), (x, y - 5), (x + 7, y + 1)], INK, 3.4)
        else:
            s.oval(x, y, 4.4, 5.4, INK)
            s.oval(x - 1.4, y - 2, 1.5, 1.5, WHITE)
        brow = mix(who.hair, INK, 0.2) if not who.old else who.hair
        s.stroke([(x - 8, y - 14 + (1 - side)), (x, y - 17), (x + 8, y - 14 + (1 + side))], brow, 3.2)
        s.oval(MIDDLE + side * 27, y + 17, 8.5, 6, veil((226, 104, 84), 0.24))
    s.stroke([(MIDDLE + 1, y + 4), (MIDDLE + 5, y + 13), (MIDDLE - 1, y + 15)], shade(skin, 0.22), 2.6)
    mouth = rng.randrange(4)
    if mouth == 0:
        s.pie(MIDDLE, y + 23, 14, 13, (150, 62, 54), 0, 180)
        s.rect(MIDDLE - 11, y + 23, 22, 5, WHITE, 2)
    elif mouth == 1:
        s.stroke(
            [(MIDDLE - 12, y + 25), (MIDDLE - 5, y + 30), (MIDDLE + 5, y + 30), (MIDDLE + 12, y + 25)],
            (158, 74, 62),
            3.2,
        )
    elif mouth == 2:
        s.stroke([(MIDDLE - 9, y + 27), (MIDDLE, y + 31), (MIDDLE + 11, y + 25)], (158, 74, 62), 3.2)
    else:
        s.pie(MIDDLE, y + 25, 11, 9, (190, 88, 76), 0, 180)
    if who.old:
        for side in (-1, 1):
            s.stroke(
                [(MIDDLE + side * 18, y + 20), (MIDDLE + side * 22, y + 28), (MIDDLE + side * 21, y + 33)], line, 1.6
            )
            s.stroke([(MIDDLE + side * 30, y - 2), (MIDDLE + side * 36, y - 5)], line, 1.6)
    if rng.random() < 0.08:
        s.oval(MIDDLE + 14, y + 32, 1.8, 1.8, shade(skin, 0.5))


def glasses(who: Person) -> None:
    s, rng = who.s, who.st.rng
    paint, round_ = rng.choice((INK, (120, 76, 56), BRASS)), rng.random() < 0.6
    for side in (-1, 1):
        x = MIDDLE + side * 19
        if round_:
            s.oval(x, 120, 14.5, 14.5, veil(WHITE, 0.22))
            s.ring(x, 120, 15.5, 15.5, paint, 3)
        else:
            s.rect(x - 15, 109, 30, 22, veil(WHITE, 0.22), 6)
            for a, b in (
                ((x - 15, 109), (x + 15, 109)),
                ((x + 15, 109), (x + 14, 130)),
                ((x + 14, 130), (x - 14, 130)),
                ((x - 14, 130), (x - 15, 109)),
            ):
                s.line([a, b], paint, 3)
        s.line([(MIDDLE + side * 34, 117), (MIDDLE + side * 45, 114)], paint, 3)
    s.line([(MIDDLE - 4, 117), (MIDDLE + 4, 117)], paint, 3)
