"""Lamps: they shine when the hour asks for it."""

from __future__ import annotations

import math

from ihome.demo.pictures.palette import BRASS, CREAM, LAMP, Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.seats import DARK, RATTAN, shadow
from ihome.demo.pictures.sheet import Sheet, smooth


def lampshade(st: Setting, fill: Colour) -> Colour:
    """The paint of a shade: it shines by itself once the lamps are on."""
    return (*mix(LAMP, fill, 0.12), 255) if st.light.lamps else fill


def shine(s: Sheet, st: Setting, x: float, y: float, size: float) -> None:
    if st.light.lamps:
        s.glow(x, y, size, (255, 214, 140), 0.42)


def floor_lamp(s: Sheet, st: Setting, x: float, y: float, style: int | None = None) -> None:
    """A lamp about 420 high; styles: drum, tripod, arc to the right, paper column."""
    rng, metal = st.rng, st.rng.choice((BRASS, (84, 78, 76), shade(st.wood, 0.25)))
    style = rng.randrange(4) if style is None else style
    fill = lampshade(st, rng.choice((CREAM, tint(st.accent, 0.2), (236, 214, 170))))
    if style == 2:
        s.oval(x, y - 3, 44, 9, metal)
        s.line(
            smooth([(x, y), (x - 14, y - 250), (x + 40, y - 420), (x + 130, y - 440), (x + 176, y - 392)], steps=10),
            metal,
            7,
        )
        shine(s, st, x + 176, y - 356, 210)
        s.pie(x + 176, y - 336, 58, 62, fill, 180, 360)
        return
    if style == 3:
        fill = lampshade(st, (250, 240, 218))
        shadow(s, x, y, 90, 8)
        shine(s, st, x, y - 150, 220)
        s.rect(x - 40, y - 300, 80, 292, fill, 14)
        for i in range(1, 6):
            s.rect(x - 40, y - 300 + i * 49, 80, 3, shade((226, 200, 156), 0.1))
        for px in (-40, 36):
            s.rect(x + px, y - 308, 5, 308, shade(st.wood, 0.2))
        return
    shadow(s, x, y, 80, 7)
    if style == 1:
        for at in (-50, 50, 8):
            s.line([(x, y - 290), (x + at, y)], shade(st.wood, 0.15), 8)
    else:
        s.oval(x, y - 3, 40, 8, metal)
        s.rect(x - 3.5, y - 320, 7, 320, metal)
    shine(s, st, x, y - 350, 240)
    s.poly([(x - 46, y - 420), (x + 46, y - 420), (x + 70, y - 300), (x - 70, y - 300)], fill)
    s.poly([(x + 16, y - 420), (x + 46, y - 420), (x + 70, y - 300), (x + 26, y - 300)], veil(DARK, 0.07))


def table_lamp(s: Sheet, st: Setting, x: float, y: float, size: float = 100) -> None:
    base = st.rng.choice((st.accent, st.second, CREAM, (120, 140, 140), shade(st.wood, 0.1)))
    fill = lampshade(st, st.rng.choice((CREAM, (240, 222, 186), tint(st.throw, 0.4))))
    shine(s, st, x, y - size * 0.75, size * 1.9)
    s.rect(x - 3, y - size * 0.6, 6, size * 0.3, BRASS)
    s.blob(
        [
            (x - size * 0.1, y - size * 0.46),
            (x - size * 0.2, y - size * 0.2),
            (x - size * 0.12, y),
            (x + size * 0.12, y),
            (x + size * 0.2, y - size * 0.2),
            (x + size * 0.1, y - size * 0.46),
        ],
        base,
    )
    s.poly(
        [
            (x - size * 0.22, y - size),
            (x + size * 0.22, y - size),
            (x + size * 0.38, y - size * 0.5),
            (x - size * 0.38, y - size * 0.5),
        ],
        fill,
    )
    s.poly(
        [
            (x + size * 0.06, y - size),
            (x + size * 0.22, y - size),
            (x + size * 0.38, y - size * 0.5),
            (x + size * 0.1, y - size * 0.5),
        ],
        veil(DARK, 0.07),
    )


def pendant(s: Sheet, st: Setting, x: float, y: float, size: float, style: int) -> None:
    """A lamp on a cord from the ceiling; y is its lower edge. Styles: dome, paper globe, rattan, lantern, cone."""
    fill = lampshade(st, (CREAM, (250, 242, 224), RATTAN, (206, 84, 58), st.accent)[style])
    s.rect(x - 1.5, 0, 3, y - size * 0.8, (84, 74, 70))
    shine(s, st, x, y - size * 0.4, size * 2.6)
    if style == 0:
        s.pie(x, y, size * 0.8, size * 0.84, fill if st.light.lamps else st.second, 180, 360)
        s.oval(x, y, size * 0.62, size * 0.07, (*LAMP, 255))
    elif style == 1:
        s.oval(x, y - size * 0.6, size * 0.64, size * 0.6, fill)
        for i in (-2, -1, 0, 1, 2):
            half = size * 0.64 * math.sqrt(1 - (i / 3.2) ** 2)
            s.rect(x - half, y - size * (0.6 + i * 0.19), half * 2, 2, shade((232, 214, 180), 0.08))
    elif style == 2:
        s.blob(
            [
                (x - size * 0.2, y - size),
                (x - size * 0.7, y - size * 0.3),
                (x - size * 0.55, y),
                (x + size * 0.55, y),
                (x + size * 0.7, y - size * 0.3),
                (x + size * 0.2, y - size),
            ],
            fill,
        )
        for i in range(-3, 4):
            s.line([(x + i * size * 0.06, y - size * 0.95), (x + i * size * 0.17, y - 4)], shade(RATTAN, 0.22), 3)
        s.rect(x - size * 0.62, y - size * 0.34, size * 1.24, 4, shade(RATTAN, 0.22))
    elif style == 3:
        s.rect(x - size * 0.22, y - size * 1.04, size * 0.44, size * 0.12, BRASS, 3)
        s.oval(x, y - size * 0.58, size * 0.6, size * 0.46, fill)
        for part in (0.5, 0.2):
            s.ring(x, y - size * 0.58, size * part, size * 0.46, shade((206, 84, 58), 0.18), 2)
        s.rect(x - size * 0.2, y - size * 0.16, size * 0.4, size * 0.09, BRASS, 3)
        s.rect(x - 2, y - size * 0.08, 4, size * 0.34, (190, 70, 50))
    else:
        s.poly(
            [
                (x - size * 0.14, y - size * 0.8),
                (x + size * 0.14, y - size * 0.8),
                (x + size * 0.6, y),
                (x - size * 0.6, y),
            ],
            fill,
        )
        s.poly(
            [
                (x + size * 0.04, y - size * 0.8),
                (x + size * 0.14, y - size * 0.8),
                (x + size * 0.6, y),
                (x + size * 0.16, y),
            ],
            veil(DARK, 0.09),
        )
        s.oval(x, y, size * 0.56, size * 0.06, (*LAMP, 255))


def sconce(s: Sheet, st: Setting, x: float, y: float) -> None:
    fill = lampshade(st, (248, 238, 214))
    shine(s, st, x, y - 20, 150)
    s.rect(x - 8, y - 4, 16, 40, BRASS, 6)
    s.poly([(x - 18, y - 44), (x + 18, y - 44), (x + 32, y + 6), (x - 32, y + 6)], fill)
