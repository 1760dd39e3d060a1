"""Curtains, blinds and rugs; a basket, and the cat who likes them."""

from __future__ import annotations

from ihome.demo.pictures.palette import Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.room import Room
from ihome.demo.pictures.seats import DARK, RATTAN, shadow
from ihome.demo.pictures.sheet import Sheet, smooth


def curtains(s: Sheet, st: Setting, x: float, y: float, w: float, low: float, fill: Colour, *, tied: bool) -> None:
    """A pair of curtains on a rod, beside an opening that is w wide."""
    rod = shade(st.wood, 0.2)
    wide = 74.0
    for side in (-1, 1):
        outer = x - wide if side < 0 else x + w + wide
        inner = x + 14 if side < 0 else x + w - 14
        for i in range(5):
            a, b = outer + (inner - outer) * i / 5, outer + (inner - outer) * (i + 1) / 5
            paint = (fill, shade(fill, 0.08), tint(fill, 0.14))[i % 3]
            if not tied:
                s.poly(
                    [
                        (a, y),
                        (b, y),
                        (b + side * -4, low + (6 if i % 2 else 0)),
                        (a + side * -4, low + (0 if i % 2 else 6)),
                    ],
                    paint,
                )
                continue
            waist = y + (low - y) * 0.6
            aw, bw = (
                outer + (inner - outer) * (0.12 + 0.3 * i / 5),
                outer + (inner - outer) * (0.12 + 0.3 * (i + 1) / 5),
            )
            s.poly(
                [
                    *smooth([(a, y), (a + (aw - a) * 0.4, y + (waist - y) * 0.6), (aw, waist)]),
                    *smooth([(bw, waist), (b + (bw - b) * 0.4, y + (waist - y) * 0.6), (b, y)]),
                ],
                paint,
            )
            s.poly(
                [
                    (aw, waist),
                    (bw, waist),
                    (outer + (inner - outer) * 0.75 * (i + 1) / 5, low),
                    (outer + (inner - outer) * 0.75 * i / 5, low),
                ],
                paint,
            )
        if tied:
            s.rect(
                min(outer + (inner - outer) * 0.06, outer + (inner - outer) * 0.46),
                y + (low - y) * 0.6 - 9,
                abs(inner - outer) * 0.4,
                18,
                st.accent,
                8,
            )
    s.rect(x - wide - 26, y - 10, w + wide * 2 + 52, 9, rod, 4)
    for px in (x - wide - 26, x + w + wide + 26):
        s.oval(px, y - 5, 10, 10, rod)


def blind(s: Sheet, st: Setting, x: float, y: float, w: float, h: float) -> None:
    """A blind of bamboo or linen, let down a little."""
    fill = st.rng.choice(((214, 184, 134), tint(st.linen, 0.2), st.throw))
    s.rect(x - 10, y - 12, w + 20, h, fill, 3)
    for i in range(int(h // 15)):
        s.rect(x - 10, y - 2 + i * 15, w + 20, 3, shade(fill, 0.12))
    s.rect(x - 12, y + h - 18, w + 24, 12, shade(fill, 0.22), 4)


def rug(room: Room, x: float, y: float, w: float, h: float, fill: Colour | None = None) -> None:
    """A rug on the floor around (x, y): oval, bordered, striped, with diamonds."""
    s, st = room.s, room.st
    fill = fill or st.throw
    kind, mark = st.rng.randrange(5), mix(fill, st.accent, 0.55) if st.odds(0.5) else tint(fill, 0.5)
    half, lean = w / 2, (x - 600) * h / 900

    def strip(a: float, b: float, inset: float, paint: Colour) -> None:
        """From part a to part b of the depth of the rug, inset from its sides."""
        points = []
        for part, side in ((a, -1), (a, 1), (b, 1), (b, -1)):
            reach = half * (0.84 + 0.16 * part) - inset
            points.append((x + lean * (part - 0.5) + side * reach, y - h / 2 + h * part))
        s.poly(points, paint)

    if kind in (0, 4):
        s.oval(x, y + 3, half, h / 2, shade(fill, 0.16))
        s.oval(x, y, half, h / 2, fill)
        rings = ((0.88, mark), (0.8, fill)) if kind == 0 else ((0.84, mark), (0.6, fill), (0.4, mark), (0.2, fill))
        for part, paint in rings:
            s.oval(x, y, half * part, h / 2 * part, paint)
        return
    for i in range(int(w // 22)):
        px = x - half + 6 + i * 22 + lean / 2
        s.rect(px, y + h / 2, 4, 9, tint(fill, 0.4))
    strip(0, 1, 0, fill)
    if kind == 1:
        strip(0.1, 0.9, 26, mark)
        strip(0.17, 0.83, 42, fill)
    elif kind == 2:
        for i in range(5):
            strip(0.06 + i * 0.2, 0.13 + i * 0.2, 0, mark)
    else:
        strip(0.06, 0.1, 0, mark)
        strip(0.9, 0.94, 0, mark)
        for i in range(-3, 4):
            px = x + i * w * 0.125
            s.poly([(px - w * 0.05, y), (px, y - h * 0.28), (px + w * 0.05, y), (px, y + h * 0.28)], mark)
            s.poly([(px - w * 0.02, y), (px, y - h * 0.12), (px + w * 0.02, y), (px, y + h * 0.12)], fill)


def basket(s: Sheet, st: Setting, x: float, y: float, w: float) -> None:
    """A basket with a blanket in it."""
    shadow(s, x, y - 2, w, 8)
    s.blob(
        [
            (x - w * 0.4, y - w * 0.55),
            (x - w * 0.1, y - w * 0.78),
            (x + w * 0.3, y - w * 0.7),
            (x + w * 0.42, y - w * 0.5),
        ],
        st.accent,
    )
    s.poly([(x - w * 0.5, y - w * 0.6), (x + w * 0.5, y - w * 0.6), (x + w * 0.4, y), (x - w * 0.4, y)], RATTAN)
    for i in range(1, 5):
        s.rect(x - w * 0.48, y - w * 0.6 + i * w * 0.11, w * 0.94, 3, shade(RATTAN, 0.2))
    s.poly(
        [(x + w * 0.18, y - w * 0.6), (x + w * 0.5, y - w * 0.6), (x + w * 0.4, y), (x + w * 0.14, y)], veil(DARK, 0.08)
    )


def cat(s: Sheet, st: Setting, x: float, y: float, size: float = 1.0) -> None:
    """A cat asleep, curled up."""
    fur = st.rng.choice(((222, 152, 86), (92, 86, 88), (238, 226, 208), (150, 140, 136)))
    k = size
    s.oval(x + 4 * k, y, 66 * k, 8 * k, veil(DARK, 0.16))
    s.blob(
        [
            (x - 60 * k, y - 8 * k),
            (x - 52 * k, y - 36 * k),
            (x, y - 52 * k),
            (x + 50 * k, y - 38 * k),
            (x + 62 * k, y - 10 * k),
            (x + 30 * k, y),
            (x - 36 * k, y),
        ],
        fur,
    )
    for i in range(3):
        s.line(
            [(x + (2 + i * 16) * k, y - (49 - i * 4) * k), (x + (6 + i * 15) * k, y - (34 - i * 3) * k)],
            shade(fur, 0.22),
            5 * k,
        )
    s.stroke([(x + 54 * k, y - 8 * k), (x + 24 * k, y - 4 * k), (x - 14 * k, y - 8 * k)], shade(fur, 0.16), 13 * k)
    s.poly([(x - 62 * k, y - 34 * k), (x - 60 * k, y - 56 * k), (x - 44 * k, y - 44 * k)], fur)
    s.poly([(x - 36 * k, y - 44 * k), (x - 24 * k, y - 58 * k), (x - 18 * k, y - 36 * k)], fur)
    s.oval(x - 40 * k, y - 26 * k, 26 * k, 22 * k, tint(fur, 0.1))
    for px in (-50, -32):
        s.line(
            [(x + (px - 5) * k, y - 27 * k), (x + px * k, y - 24 * k), (x + (px + 5) * k, y - 27 * k)],
            shade(fur, 0.6),
            2 * k,
        )
