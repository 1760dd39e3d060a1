"""Beds, from their foot and from their side."""

from __future__ import annotations

import random
from collections.abc import Callable

from ihome.demo.pictures.palette import CREAM, Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.seats import DARK, RATTAN, cushion, legs, shadow, throw
from ihome.demo.pictures.sheet import Point, Sheet


def headboard(s: Sheet, st: Setting, x: float, y: float, w: float, h: float, kind: int) -> None:
    """What stands behind the pillows; y is its foot.

    Kinds: buttoned, boards, spindles, rattan, curved, panels, a canopy.
    """
    wood, cloth = st.wood, mix(st.cloth, st.second, 0.25)
    if kind == 6:
        canopy(s, st, x, y, w, cloth)
        kind = 1
    if kind == 0:
        s.top_round(x - w / 2, y - h, w, h, cloth, 46)
        for i in range(1, 6):
            s.rect(x - w / 2 + w * i / 6 - 1.5, y - h + 8, 3, h - 8, shade(cloth, 0.12))
    elif kind == 1:
        s.rect(x - w / 2, y - h, w, h, wood, 8)
        for i in range(1, 4):
            s.rect(x - w / 2, y - h + h * i / 4, w, 3, shade(wood, 0.2))
    elif kind == 2:
        for side in (-1, 1):
            s.rect(x + side * (w / 2 - 8) - 8, y - h * 1.12, 16, h * 1.12, shade(wood, 0.1), 5)
        for i in range(13):
            s.rect(x - w / 2 + 20 + i * (w - 46) / 12.0, y - h * 0.94, 7, h * 0.94, wood)
        s.rect(x - w / 2, y - h, w, 16, tint(wood, 0.1), 6)
    elif kind == 3:
        s.pie(x, y - h * 0.28, w / 2, h * 0.9, RATTAN, 180, 360)
        s.rect(x - w / 2, y - h * 0.3, w, h * 0.3, RATTAN)
        s.pie(x, y - h * 0.28, w / 2 - 14, h * 0.9 - 14, tint(RATTAN, 0.4), 180, 360)
        for i in range(-6, 7):
            s.line(
                [(x, y - 10), (x + i * w / 13, y - h * 0.28 - h * 0.84 * (1 - (abs(i) / 7.2) ** 2) ** 0.5)], RATTAN, 5
            )
    elif kind == 4:
        s.blob(
            [
                (x - w / 2, y),
                (x - w / 2, y - h * 0.8),
                (x - w * 0.3, y - h * 0.98),
                (x, y - h * 1.16),
                (x + w * 0.3, y - h * 0.98),
                (x + w / 2, y - h * 0.8),
                (x + w / 2, y),
            ],
            st.accent,
        )
        s.blob(
            [
                (x - w / 2 + 16, y),
                (x - w / 2 + 16, y - h * 0.76),
                (x - w * 0.29, y - h * 0.9),
                (x, y - h * 1.06),
                (x + w * 0.29, y - h * 0.9),
                (x + w / 2 - 16, y - h * 0.76),
                (x + w / 2 - 16, y),
            ],
            mix(st.accent, CREAM, 0.22),
        )
    else:
        for i in range(3):
            s.rect(x - w / 2 + w * i / 3 + 3, y - h, w / 3 - 6, h, cloth, 22)


def bed(
    s: Sheet, st: Setting, x: float, wall: float, w: float, *, deep: float = 190, style: int = 0, canopied: bool = False
) -> float:
    """A bed with its head at the wall and its foot towards us; w is its width there. Returns where it ends."""
    rng, sheet = random.Random(style), tint(st.linen, 0.55)  # noqa: S311 - so that twin beds are twins.
    cover, over = st.cloth, st.throw
    top, foot = wall - 62, wall - 62 + deep
    grow = w * deep / 900
    left, right = x - w / 2, x + w / 2
    lean = (x - 600) * deep / 700
    near_left, near_right = left - grow + lean, right + grow + lean
    s.poly(
        [(left - 16, wall + 18), (near_left - 22, foot + 112), (near_right + 46, foot + 112), (right + 30, wall + 18)],
        veil(DARK, 0.14),
    )
    headboard(s, st, x, wall + 6, w + 40, 178, 6 if canopied else rng.randrange(6))
    frame = shade(st.wood, 0.08)
    s.poly([(left, top), (near_left, foot), (near_left, foot + 96), (left, wall + 10)], frame)
    legs(s, (near_left + near_right) / 2, foot + 112, near_right - near_left - 40, 30, shade(frame, 0.2), splay=0)
    s.poly([(left, top), (right, top), (near_right, foot), (near_left, foot)], sheet)
    # Pillows, two rows.
    for i, (px, size) in enumerate(((0.27, 1.0), (0.73, 1.0), (0.33, 0.8), (0.67, 0.8))):
        cx, cy, pw = left + w * px, top + (6 if i < 2 else 26), w * 0.4 * size
        fill = sheet if i < 2 else (st.accent if rng.random() < 0.5 else over)
        s.rect(cx - pw / 2, cy - 66 * size, pw, 78 * size, shade(fill, 0.08), 28)
        s.rect(cx - pw / 2, cy - 68 * size, pw - 8, 72 * size, fill if i > 1 else tint(fill, 0.4), 28)
        if i > 1:
            s.line([(cx - pw * 0.3, cy - 30 * size), (cx + pw * 0.28, cy - 30 * size)], tint(fill, 0.35), 3)
    # The duvet, turned back at its top.
    at = 0.3

    def edge(part: float, side: int) -> Point:
        far, close = (left, near_left) if side < 0 else (right, near_right)
        return far + (close - far) * part + side * 8, top + deep * part

    s.poly([edge(at, -1), edge(at, 1), edge(1, 1), edge(1, -1)], cover)
    s.poly([edge(at, -1), edge(at, 1), edge(at + 0.16, 1), edge(at + 0.16, -1)], tint(st.linen, 0.3))
    a, b = edge(1, -1), edge(1, 1)
    s.poly([a, b, (b[0] + 4, foot + 74), (a[0] - 4, foot + 74)], shade(cover, 0.1))
    s.rect(a[0] - 2, foot + 74, b[0] - a[0] + 4, 22, frame, 4)
    for i in range(1, 6):
        px = a[0] + (b[0] - a[0]) * i / 6
        s.line([(px, foot + 6), (px + 4, foot + 70)], shade(cover, 0.17), 3)
    pattern(s, edge, at + 0.2, cover, rng.randrange(4))
    if rng.random() < 0.7:  # A throw across the foot.
        one, two = 0.72, 0.96
        s.poly([edge(one, -1), edge(one, 1), edge(two, 1), edge(two, -1)], over)
        c, d = edge(two, -1), edge(two, 1)
        s.poly([edge(two, -1), edge(two, 1), (d[0], d[1] + 8), (c[0], c[1] + 8)], shade(over, 0.14))
        s.poly([edge(0.78, -1), edge(0.78, 1), edge(0.81, 1), edge(0.81, -1)], tint(over, 0.45))
        s.poly([edge(0.86, -1), edge(0.86, 1), edge(0.89, 1), edge(0.89, -1)], tint(over, 0.45))
    return foot + 112


def pattern(s: Sheet, edge: Callable[[float, int], Point], start: float, fill: Colour, kind: int) -> None:
    """Stripes, dots or nothing on a duvet."""
    mark = mix(fill, tint(fill, 0.6), 0.6)
    if kind == 0:
        for i in range(1, 10):
            (ax, ay), (bx, by) = edge(start, -1), edge(start, 1)
            (cx, cy), (dx, dy) = edge(1, -1), edge(1, 1)
            t = i / 10
            s.line([(ax + (bx - ax) * t, ay + (by - ay) * t), (cx + (dx - cx) * t, cy + (dy - cy) * t)], mark, 4)
    elif kind == 1:
        for row in range(5):
            part = start + (1 - start) * (row + 0.5) / 5
            (ax, ay), (bx, _) = edge(part, -1), edge(part, 1)
            for i in range(9):
                s.oval(ax + (bx - ax) * (i + 0.5 + 0.4 * (row % 2)) / 9.6, ay, 6, 3.5, mark)
    elif kind == 2:
        for row in range(4):
            part = start + (1 - start) * (row + 0.3) / 4
            s.poly([edge(part, -1), edge(part, 1), edge(part + 0.03, 1), edge(part + 0.03, -1)], mark)


def side_bed(s: Sheet, st: Setting, x: float, y: float, w: float, cover: Colour) -> None:
    """A bed seen from its side: head on the left at x, feet of the bed at y."""
    sheet, wood, over = tint(st.linen, 0.55), st.wood, st.throw
    shadow(s, x + w / 2, y - 2, w, 16)
    s.rect(x - 18, y - 250, 26, 250, shade(wood, 0.1), 8)
    s.rect(x + w - 8, y - 156, 24, 156, shade(wood, 0.14), 8)
    s.rect(x, y - 92, w, 44, wood, 4)
    s.rect(x + 4, y - 154, w - 12, 72, sheet, 24)
    s.rect(x + 12, y - 208, 156, 76, shade(sheet, 0.06), 32)
    s.rect(x + 22, y - 198, 150, 64, tint(sheet, 0.5), 30)
    end = x + w - 12
    s.blob([(x + 200, y - 168), (x + 300, y - 180), (x + w * 0.7, y - 178), (end, y - 166), (end + 4, y - 110),
            (end, y - 62), (x + w * 0.6, y - 56), (x + 210, y - 60), (x + 190, y - 110)], cover)  # fmt: skip
    for i in range(5):
        px = x + w * (0.44 + i * 0.085)
        s.stroke([(px, y - 156), (px - 6, y - 110), (px + 2, y - 70)], shade(cover, 0.1), 4)
    fold = [(x + 184, y - 172), (x + 230, y - 184), (x + 282, y - 180), (x + 272, y - 116), (x + 268, y - 58),
            (x + 214, y - 58), (x + 180, y - 112)]  # fmt: skip
    s.blob(fold, tint(st.linen, 0.25))
    throw(s, x + w * 0.74, y - 184, w * 0.18, 122, over)
    cushion(s, st, x + 128, y - 148, 84, st.accent)
    cushion(s, st, x + 60, y - 150, 92, st.second)


def canopy(s: Sheet, st: Setting, x: float, y: float, w: float, cloth: Colour) -> None:
    """Two posts that carry a valance, and curtains tied to them."""
    wood, top, fill = shade(st.wood, 0.12), y - 500, tint(st.linen, 0.25)
    s.rect(x - w / 2, top, w, 470, mix(fill, st.wall, 0.6))
    for i in range(9):
        s.rect(x - w / 2 + i * w / 9, top, w / 18, 470, mix(fill, st.wall, 0.48))
    for side in (-1, 1):
        edge = x + side * w / 2
        for i in range(4):
            a, b = edge - side * i * 24, edge - side * (i + 1) * 24
            c, d = edge - side * (i * 9 - 12), edge - side * ((i + 1) * 9 - 12)
            paint = (fill, shade(fill, 0.07))[i % 2]
            s.poly([(a, top), (b, top), (d, y - 210), (c, y - 210)], paint)
            s.poly(
                [
                    (c, y - 210),
                    (d, y - 210),
                    (edge - side * ((i + 1) * 13 - 16), y - 20),
                    (edge - side * (i * 13 - 16), y - 20),
                ],
                paint,
            )
        s.rect(edge - 26 + side * -2, y - 222, 52, 20, st.accent, 8)
        s.rect(edge - 8 + side * 6, top - 10, 16, 500, wood, 6)
    s.rect(x - w / 2 - 20, top - 16, w + 40, 18, wood, 5)
    for i in range(11):
        s.pie(x - w / 2 + (i + 0.5) * w / 11, top + 22, w / 22, 20, (cloth, tint(cloth, 0.14))[i % 2], 0, 180)
    s.rect(x - w / 2, top + 2, w, 22, cloth)
