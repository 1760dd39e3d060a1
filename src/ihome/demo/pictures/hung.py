"""What hangs on walls: pictures, mirrors, scrolls, cloth."""

from __future__ import annotations

import math

from ihome.demo.pictures import plants
from ihome.demo.pictures.palette import BRASS, CREAM, INK, PAPER, Setting, mix, shade, tint, veil
from ihome.demo.pictures.room import Room
from ihome.demo.pictures.seats import DARK, RATTAN
from ihome.demo.pictures.sheet import Sheet, smooth


def art(s: Sheet, st: Setting, x: float, y: float, w: float, h: float, kind: int | None = None) -> None:
    """A framed picture; x and y are its upper left corner."""
    rng = st.rng
    frame = rng.choice((shade(st.wood, 0.12), (248, 242, 230), INK, BRASS))
    s.rect(x + 5, y + 7, w, h, veil(DARK, 0.12))
    s.rect(x, y, w, h, frame)
    s.rect(x + 7, y + 7, w - 14, h - 14, PAPER)
    pad = min(w, h) * rng.choice((0.08, 0.16))
    inner = Sheet(w - pad * 2, h - pad * 2, s.scale, s.cast)
    motif(inner, st, rng.randrange(8) if kind is None else kind)
    s.place(inner, x + pad, y + pad)


def motif(s: Sheet, st: Setting, kind: int) -> None:
    """A picture within the picture."""
    rng, w, h = st.rng, s.width, s.height
    ground = rng.choice((CREAM, tint(st.cloth, 0.5), tint(st.accent, 0.6), tint(st.second, 0.6)))
    s.rect(0, 0, w + 1, h + 1, ground)
    if kind == 0:  # Hills and a sun.
        s.oval(w * 0.62, h * 0.36, w * 0.17, w * 0.17, st.accent)
        for i, paint in enumerate((tint(st.second, 0.4), st.second, shade(st.second, 0.25))):
            top = h * (0.52 + i * 0.15)
            s.poly(
                [
                    *smooth(
                        [
                            (-5, top),
                            (w * 0.3, top - h * 0.12 * (-1) ** i),
                            (w * 0.7, top + h * 0.06),
                            (w + 5, top - h * 0.05),
                        ]
                    ),
                    (w, h),
                    (0, h),
                ],
                paint,
            )
    elif kind == 1:  # A branch.
        s.stroke([(w * 0.5, h * 0.98), (w * 0.47, h * 0.5), (w * 0.54, h * 0.1)], (110, 96, 74), w * 0.02)
        for i in range(7):
            plants.leaf(
                s, (w * 0.5, h * (0.88 - i * 0.12)), (30, 150)[i % 2], w * 0.36, w * 0.15, (st.second, st.accent)[i % 2]
            )
    elif kind == 2:  # Shapes.
        s.pie(w * 0.5, h * 0.56, w * 0.34, w * 0.34, st.accent, 180, 360)
        s.rect(w * 0.16, h * 0.6, w * 0.68, h * 0.1, st.second)
        s.oval(w * 0.34, h * 0.8, w * 0.12, w * 0.12, shade(st.cloth, 0.2))
        s.oval(w * 0.7, h * 0.24, w * 0.08, w * 0.08, INK)
    elif kind == 3:  # A vase.
        s.rect(0, h * 0.74, w + 1, h, tint(st.wood, 0.3))
        plants.vase(s, st, w * 0.5, h * 0.86, h * 0.72)
    elif kind == 4:  # Ink hills in mist.
        for i, deep in enumerate((0.25, 0.45, 0.75)):
            y = h * (0.45 + 0.16 * i)
            s.poly(
                [
                    *smooth(
                        [
                            (0, y),
                            (w * 0.25, y - h * 0.2),
                            (w * 0.45, y - h * 0.04),
                            (w * 0.75, y - h * 0.16),
                            (w + 2, y),
                        ]
                    ),
                    (w, h),
                    (0, h),
                ],
                mix(ground, (66, 74, 78), deep),
            )
        s.oval(w * 0.74, h * 0.2, w * 0.08, w * 0.08, (196, 74, 52))
    elif kind == 5:  # A boat.
        s.rect(0, h * 0.58, w + 1, h, mix(st.second, CREAM, 0.4))
        s.poly([(w * 0.5, h * 0.56), (w * 0.5, h * 0.2), (w * 0.76, h * 0.56)], st.accent)
        s.poly([(w * 0.28, h * 0.6), (w * 0.8, h * 0.6), (w * 0.7, h * 0.7), (w * 0.36, h * 0.7)], shade(st.wood, 0.3))
    elif kind == 6:  # Arches.
        for i, paint in enumerate((st.accent, st.throw, st.second, ground)):
            r = w * (0.42 - i * 0.1)
            s.pie(w / 2, h * 0.62, r, r, paint, 180, 360)
            s.rect(w / 2 - r, h * 0.615, r * 2, h * 0.3, paint)
    else:  # A grid of colours.
        for i in range(3):
            for j in range(4):
                s.rect(
                    w * (0.08 + i * 0.29),
                    h * (0.07 + j * 0.22),
                    w * 0.26,
                    h * 0.19,
                    rng.choice((st.accent, st.second, st.cloth, st.throw, CREAM)),
                )


def scroll(s: Sheet, st: Setting, x: float, y: float, w: float, h: float) -> None:
    """A hanging scroll with an ink picture."""
    s.line([(x + w * 0.2, y), (x + w / 2, y - 30), (x + w * 0.8, y)], (120, 96, 76), 2)
    s.rect(x + 5, y + 6, w, h, veil(DARK, 0.1))
    s.rect(x, y, w, h, mix(st.cloth, (214, 196, 166), 0.6))
    inner = Sheet(w * 0.76, h * 0.7, s.scale, s.cast)
    motif(inner, st, st.rng.choice((1, 4, 4, 0)))
    s.place(inner, x + w * 0.12, y + h * 0.14)
    for py in (y - 6, y + h - 4):
        s.rect(x - 12, py, w + 24, 12, shade(st.wood, 0.3), 5)


def wall_pieces(room: Room, x: float, y: float, w: float) -> None:
    """Something over a sofa or bed, centred at x and y, at most w wide."""
    s, st, rng = room.s, room.st, room.st.rng
    kind, motifs = rng.randrange(7), rng.sample(range(8), 3)
    if kind == 0:
        art(s, st, x - w * 0.34, y - 84, w * 0.68, 168)
    elif kind == 1:
        for i in range(3):
            art(s, st, x - w * 0.46 + i * w * 0.32, y - 80, w * 0.27, 160, motifs[i])
    elif kind == 2:
        art(s, st, x - w * 0.36, y - 96, w * 0.32, 190, motifs[0])
        art(s, st, x + w * 0.02, y - 96, w * 0.26, 88, motifs[1])
        art(s, st, x + w * 0.02, y + 6, w * 0.36, 88, motifs[2])
    elif kind == 3:
        round_mirror(s, st, x, y, min(96, w * 0.3))
    elif kind == 4:
        hanging(s, st, x, y - 90, min(180.0, w * 0.6))
    elif kind == 5:
        for i, (px, py, r) in enumerate(((-0.3, 10, 40), (-0.1, -34, 52), (0.13, 20, 44), (0.33, -22, 34))):
            fill = (st.accent, CREAM, st.second, st.throw)[i]
            s.oval(x + px * w + 3, y + py + 5, r, r, veil(DARK, 0.12))
            s.oval(x + px * w, y + py, r, r, fill)
            s.oval(x + px * w, y + py, r * 0.7, r * 0.7, tint(fill, 0.35))
            s.oval(x + px * w, y + py, r * 0.42, r * 0.42, mix(fill, st.wood, 0.3))
    else:
        for i in range(2):
            art(s, st, x - w * 0.3 + i * w * 0.31, y - 92, w * 0.27, 184, motifs[i])


def round_mirror(s: Sheet, st: Setting, x: float, y: float, r: float) -> None:
    s.oval(x + 4, y + 7, r, r, veil(DARK, 0.14))
    s.oval(x, y, r, r, st.rng.choice((BRASS, shade(st.wood, 0.1), RATTAN)))
    s.oval(x, y, r - 9, r - 9, mix(st.wall, (214, 228, 230), 0.6))
    for a, b in ((-0.5, -0.1), (-0.2, 0.06)):
        s.poly(
            [
                (x + a * r, y + r * 0.5),
                (x + a * r + r * 0.66, y - r * 0.6),
                (x + b * r + r * 0.5, y - r * 0.6),
                (x + b * r - r * 0.2, y + r * 0.5),
            ],
            veil((255, 255, 255), 0.25),
        )


def hanging(s: Sheet, st: Setting, x: float, y: float, w: float) -> None:
    """A woven piece on a stick, with a fringe."""
    s.line([(x - w * 0.5, y), (x, y - 40), (x + w * 0.5, y)], (150, 122, 96), 2)
    pale = shade(CREAM, 0.08)
    bands = (st.accent, pale, st.second, st.throw, pale)
    for i, paint in enumerate(bands):
        s.rect(x - w * 0.44, y + i * 26, w * 0.88, 26, paint)
    for i in range(15):
        px = x - w * 0.44 + i * w * 0.88 / 15
        s.rect(px + 1, y + 130, w * 0.04, 34 + 16 * math.sin(i / 14 * math.pi), pale)
    s.rect(x - w * 0.54, y - 6, w * 1.08, 10, shade(st.wood, 0.15), 5)
