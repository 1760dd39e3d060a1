"""What one sits on: sofas, chairs and their cushions."""

from __future__ import annotations

from ihome.demo.pictures.palette import Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.sheet import Point, Sheet, turned

DARK = (62, 40, 38)
RATTAN = (214, 172, 120)


def shadow(s: Sheet, x: float, y: float, w: float, h: float = 14, strength: float = 0.16) -> None:
    """Where a thing touches the floor."""
    s.oval(x + w * 0.03, y, w * 0.55, h, veil(DARK, strength))


def cushion(s: Sheet, st: Setting, x: float, y: float, size: float, fill: Colour) -> None:
    """A plump square that leans; (x, y) is the middle of its lower edge."""
    rng, half = st.rng, size / 2
    turn = rng.uniform(-14, 14)
    centre = (x, y - half)

    def at(*points: Point) -> list[Point]:
        return turned([(x + px * half, y - half + py * half) for px, py in points], centre, turn)

    plump = at((-1, -0.94), (-0.94, -1), (0, -0.92), (0.94, -1), (1, -0.94), (0.92, 0), (1, 0.94), (0.94, 1), (0, 0.92),
               (-0.94, 1), (-1, 0.94), (-0.92, 0))  # fmt: skip
    s.blob(plump, fill)
    s.poly(at((0.56, -0.94), (0.95, -0.96), (0.91, 0), (0.95, 0.96), (0.3, 0.92), (0.62, 0.2)), shade(fill, 0.08))
    mark = tint(fill, 0.5) if sum(fill) < 560 else mix(fill, st.accent, 0.5)
    kind = rng.randrange(6)
    if kind == 0:
        for i in (-0.45, 0, 0.45):
            s.poly(at((i - 0.07, -0.92), (i + 0.07, -0.92), (i + 0.07, 0.91), (i - 0.07, 0.91)), mark)
    elif kind == 1:
        for px, py in at((-0.45, -0.45), (0.45, -0.45), (0, 0), (-0.45, 0.45), (0.45, 0.45), (0, -0.7), (0, 0.7)):
            s.oval(px, py, size * 0.05, size * 0.05, mark)
    elif kind == 2:
        s.poly(at((0, -0.6), (0.5, 0), (0, 0.6), (-0.5, 0)), mark)
        s.poly(at((0, -0.3), (0.25, 0), (0, 0.3), (-0.25, 0)), fill)
    elif kind == 3:
        s.poly(at((-0.92, 0.2), (0.92, 0.2), (0.94, 0.5), (-0.94, 0.5)), mark)
    elif kind == 4:
        for i in (-0.5, 0, 0.5):
            s.poly(at((i - 0.2, 0.1), (i, -0.15), (i + 0.2, 0.1), (i + 0.2, 0.25), (i, 0), (i - 0.2, 0.25)), mark)


def throw(s: Sheet, x: float, y: float, w: float, h: float, fill: Colour) -> None:
    """A blanket that hangs over an edge, with stripes and a fringe."""
    s.poly([(x, y), (x + w, y), (x + w * 0.96, y + h), (x + w * 0.04, y + h)], fill)
    s.poly([(x + w * 0.7, y), (x + w, y), (x + w * 0.96, y + h), (x + w * 0.74, y + h)], shade(fill, 0.1))
    for part in (0.68, 0.8):
        s.rect(x + w * 0.03, y + h * part, w * 0.93, h * 0.05, tint(fill, 0.5))
    for i in range(9):
        s.rect(x + w * (0.06 + i * 0.1), y + h, 4, 12, fill)


def legs(s: Sheet, x: float, y: float, w: float, h: float, fill: Colour, *, splay: float = 6) -> None:
    for side in (-1, 1):
        px = x + side * w / 2
        s.poly([(px - 7, y - h), (px + 7, y - h), (px + side * splay + 4, y), (px + side * splay - 4, y)], fill)


def sofa(s: Sheet, st: Setting, x: float, y: float, w: float, fill: Colour, style: int | None = None) -> None:
    """A sofa whose feet stand at y; styles: soft, boxy, wooden frame, curved, with a long seat."""
    rng = st.rng
    style = rng.randrange(5) if style is None else style
    wood, dark, pale = shade(st.wood, 0.25), shade(fill, 0.13), tint(fill, 0.14)
    left, seats = x - w / 2, 3 if w > 430 else 2
    arm = 0.11 * w if style != 2 else 18
    shadow(s, x, y - 2, w, 18)
    legs(s, x, y, w * 0.88, 40, wood)
    back = {0: 212, 1: 190, 2: 200, 3: 206, 4: 200}[style]
    if style == 3:
        s.blob(
            [
                (left + 8, y - 60),
                (left + 4, y - 150),
                (left + w * 0.14, y - back),
                (x, y - back - 22),
                (left + w * 0.86, y - back),
                (left + w - 4, y - 150),
                (left + w - 8, y - 60),
            ],
            dark,
        )
    elif style == 2:
        s.rect(left + 6, y - back, w - 12, back - 26, wood, 6)
    else:
        s.rect(left + arm * 0.5, y - back, w - arm, back - 40, dark, 26 if style == 0 else 12)
    inner, wide = left + arm, (w - arm * 2) / seats
    for i in range(seats):
        s.rect(inner + i * wide + 3, y - back + 16, wide - 6, back - 90, fill, 24)
        s.rect(inner + i * wide + wide * 0.72, y - back + 26, wide * 0.25, back - 110, shade(fill, 0.05), 18)
        if style == 3:
            for px in (0.33, 0.67):
                s.oval(inner + (i + px) * wide, y - back + 66, 5, 5, dark)
    s.rect(inner - 6, y - 96, w - arm * 2 + 12, 68, dark, 8)
    for i in range(seats):
        s.rect(inner + i * wide + 2, y - 124, wide - 4, 46, pale, 16)
        s.rect(inner + i * wide + 2, y - 100, wide - 4, 24, fill, 10)
    if style == 4:
        s.rect(left + w - arm - wide + 4, y - 118, wide + arm, 92, fill, 18)
        s.rect(left + w - arm - wide + 4, y - 124, wide + arm, 32, pale, 14)
        s.rect(left + w - arm - wide + 4, y - 40, wide + arm, 14, dark, 6)
    for side in (0, 1):
        if style == 2:
            px = left + side * (w - 18)
            s.rect(px - 4, y - 146, 26, 14, tint(wood, 0.12), 6)
            s.rect(px, y - 136, 16, 136, wood)
        elif style != 4 or not side:
            px = left + side * (w - arm)
            s.rect(
                px,
                y - (150 if style != 1 else 168),
                arm,
                126,
                shade(fill, 0.16) if side else fill,
                24 if style != 1 else 10,
            )
            s.rect(px + 5, y - (146 if style != 1 else 164), arm - 10, 22, pale if not side else fill, 12)
    paints = [st.accent, st.second, st.throw, st.linen]
    rng.shuffle(paints)
    spots = rng.sample((0.1, 0.25, 0.72, 0.88), rng.randint(2, 3))
    for i, spot in enumerate(sorted(spots)):
        cushion(s, st, inner + (w - arm * 2) * spot, y - 112, rng.uniform(72, 90), paints[i])
    if rng.random() < 0.5 and style != 4:
        throw(s, left - 4, y - 152, arm + 8 if arm > 30 else 40, 104, st.throw)


def armchair(s: Sheet, st: Setting, x: float, y: float, fill: Colour, style: int | None = None) -> None:
    """A chair for reading, about 190 wide; styles: round, winged, wooden, rattan."""
    rng = st.rng
    style = rng.randrange(4) if style is None else style
    wood, dark = shade(st.wood, 0.2), shade(fill, 0.14)
    shadow(s, x, y - 2, 180)
    if style == 3:
        s.blob(
            [
                (x - 92, y - 60),
                (x - 104, y - 170),
                (x - 60, y - 262),
                (x + 60, y - 262),
                (x + 104, y - 170),
                (x + 92, y - 60),
            ],
            RATTAN,
        )
        s.blob(
            [
                (x - 70, y - 90),
                (x - 78, y - 166),
                (x - 44, y - 236),
                (x + 44, y - 236),
                (x + 78, y - 166),
                (x + 70, y - 90),
            ],
            shade(RATTAN, 0.16),
        )
        for i in range(-3, 4):
            s.line([(x + i * 20, y - 236 + abs(i) * 6), (x + i * 17, y - 96)], RATTAN, 4)
        legs(s, x, y, 130, 70, shade(RATTAN, 0.2), splay=14)
        s.rect(x - 84, y - 108, 168, 48, fill, 20)
        s.rect(x - 84, y - 112, 168, 24, tint(fill, 0.16), 12)
        s.rect(x - 90, y - 68, 180, 16, RATTAN, 8)
        return
    legs(s, x, y, 140, 50, wood, splay=10)
    if style == 2:
        s.rect(x - 70, y - 214, 140, 130, fill, 18)
        s.rect(x + 34, y - 206, 30, 116, dark, 12)
        s.rect(x - 78, y - 112, 156, 50, tint(fill, 0.14), 16)
        s.rect(x - 78, y - 84, 156, 26, dark, 8)
        for side in (-1, 1):
            s.line([(x + side * 92, y), (x + side * 88, y - 150)], wood, 12)
            s.line([(x + side * 94, y - 150), (x + side * 72, y - 156)], tint(wood, 0.14), 14)
        s.rect(x - 90, y - 62, 180, 12, wood, 4)
        return
    high = 236 if style else 198
    s.top_round(x - 86, y - high, 172, high - 40, dark, 60 if style == 0 else 34)
    s.top_round(x - 64, y - high + 18, 128, high - 70, fill, 48 if style == 0 else 26)
    s.rect(x - 72, y - 116, 144, 62, tint(fill, 0.14), 18)
    s.rect(x - 72, y - 80, 144, 44, fill, 10)
    for side in (-1, 1):
        s.rect(x + side * 84 - 22, y - 146, 44, 112, fill if side < 0 else dark, 22)
        s.oval(x + side * 84, y - 130, 16, 14, tint(fill, 0.16) if side < 0 else fill)
    cushion(s, st, x + 6, y - 108, 70, st.rng.choice((st.accent, st.second, st.linen)))


def pouf(s: Sheet, x: float, y: float, fill: Colour) -> None:
    shadow(s, x, y - 2, 110, 10)
    s.blob([(x - 56, y - 36), (x - 40, y - 68), (x + 40, y - 68), (x + 56, y - 36), (x + 42, y), (x - 42, y)], fill)
    s.blob(
        [(x + 14, y - 68), (x + 40, y - 68), (x + 56, y - 36), (x + 42, y), (x + 16, y), (x + 30, y - 34)],
        shade(fill, 0.12),
    )
    s.oval(x, y - 64, 40, 10, tint(fill, 0.2))
    for i in (-1, 0, 1):
        s.line([(x + i * 16, y - 58), (x + i * 30, y - 36), (x + i * 20, y - 4)], shade(fill, 0.16), 2)


def chair(
    s: Sheet, st: Setting, x: float, y: float, *, away: bool = False, fill: Colour | None = None, style: int = 0
) -> None:
    """A chair at a table, 96 wide; away shows its back to us."""
    wood, pad = st.chair, fill or st.accent
    shadow(s, x, y - 2, 96, 9)
    legs(s, x, y, 70, 104, shade(wood, 0.12), splay=8)
    back_low = y - 108
    if style == 0:  # Spindles.
        for i in range(-2, 3):
            s.rect(x + i * 16 - 2.5, back_low - 104, 5, 104, wood)
        s.rect(x - 46, back_low - 122, 92, 26, tint(wood, 0.1), 13)
    elif style == 1:  # Round back of cane.
        s.rect(x - 6, back_low - 30, 12, 40, wood)
        s.oval(x, back_low - 72, 46, 48, wood)
        s.oval(x, back_low - 72, 37, 39, tint(RATTAN, 0.4))
        for i in range(-2, 3):
            s.line(
                [(x + i * 14, back_low - 72 - 36 + abs(i) * 7), (x + i * 14, back_low - 72 + 36 - abs(i) * 7)],
                RATTAN,
                2,
            )
    elif style == 2:  # Upholstered.
        s.rect(x - 44, back_low - 112, 88, 108, pad, 26)
        s.rect(x + 18, back_low - 100, 20, 86, shade(pad, 0.1), 12)
    else:  # Ming: a yoke and one board.
        s.rect(x - 42, back_low - 112, 7, 112, wood)
        s.rect(x + 35, back_low - 112, 7, 112, wood)
        s.rect(x - 12, back_low - 112, 24, 112, tint(wood, 0.12), 4)
        s.blob(
            [
                (x - 56, back_low - 108),
                (x - 20, back_low - 124),
                (x + 20, back_low - 124),
                (x + 56, back_low - 108),
                (x + 20, back_low - 112),
                (x - 20, back_low - 112),
            ],
            wood,
        )
    s.rect(x - 46, y - 118, 92, 20, pad if not away else wood, 8)
    s.rect(x - 46, y - 106, 92, 9, shade(wood, 0.1), 4)
