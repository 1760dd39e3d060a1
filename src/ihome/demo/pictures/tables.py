"""What things stand on: tables, cabinets, shelves, and the things themselves."""

from __future__ import annotations

from ihome.demo.pictures import plants
from ihome.demo.pictures.palette import BRASS, CREAM, Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.seats import DARK, RATTAN, legs, shadow
from ihome.demo.pictures.sheet import Sheet

# --- small things ------------------------------------------------------------------------------------------


def books(s: Sheet, st: Setting, x: float, y: float, w: float, h: float) -> None:
    """Books side by side, some leaning; h is the height of the tallest."""
    rng, at = st.rng, 0.0
    paints = (st.accent, st.second, st.cloth, st.throw, CREAM, shade(st.wood, 0.2), (120, 140, 140))
    while at < w - 6:
        wide, high, fill = rng.uniform(9, 19), h * rng.uniform(0.66, 1), rng.choice(paints)
        if at + wide > w:
            break
        s.rect(x + at, y - high, wide - 1.5, high, fill)
        if rng.random() < 0.5:
            s.rect(x + at, y - high * 0.8, wide - 1.5, 4, tint(fill, 0.5))
        at += wide


def pile(s: Sheet, st: Setting, x: float, y: float, w: float, count: int = 3) -> float:
    """Books on top of each other; returns the height of the pile."""
    paints = [st.accent, st.cloth, st.second, CREAM, st.throw]
    st.rng.shuffle(paints)
    high = 0.0
    for i in range(count):
        wide, thick = w * (1 - 0.1 * i), w * 0.13
        shift = st.rng.uniform(-0.05, 0.05) * w
        s.rect(x - wide / 2 + shift, y - high - thick, wide, thick, paints[i % 5], 2)
        s.rect(x + wide / 2 + shift - 8, y - high - thick + 2, 8, thick - 4, (246, 240, 226))
        high += thick
    return high


def teapot(s: Sheet, x: float, y: float, size: float, fill: Colour) -> None:
    """A pot and two cups on a tray, about three sizes wide."""
    s.rect(x - size * 1.5, y - size * 0.12, size * 3, size * 0.12, (122, 84, 60), size * 0.06)
    y -= size * 0.12
    s.ring(x - size * 0.62, y - size * 0.42, size * 0.26, size * 0.28, shade(fill, 0.2), size * 0.09)
    s.poly(
        [
            (x + size * 0.3, y - size * 0.3),
            (x + size * 0.92, y - size * 0.72),
            (x + size * 0.98, y - size * 0.6),
            (x + size * 0.4, y - size * 0.1),
        ],
        shade(fill, 0.12),
    )
    s.oval(x - size * 0.1, y - size * 0.38, size * 0.56, size * 0.38, fill)
    s.oval(x - size * 0.26, y - size * 0.48, size * 0.2, size * 0.14, tint(fill, 0.35))
    s.rect(x - size * 0.4, y - size * 0.82, size * 0.6, size * 0.1, shade(fill, 0.1), size * 0.05)
    s.oval(x - size * 0.1, y - size * 0.86, size * 0.08, size * 0.08, shade(fill, 0.2))
    for px in (-1.2, 1.22):
        s.pie(x + px * size, y - size * 0.22, size * 0.2, size * 0.22, tint(fill, 0.5), 0, 180)


def fruit(s: Sheet, st: Setting, x: float, y: float, size: float) -> None:
    """A bowl of fruit, two sizes wide."""
    paint = st.rng.choice(((226, 140, 62), (206, 90, 66), (232, 190, 86), (150, 170, 90)))
    for px, py in ((-0.5, 0.62), (0.1, 0.7), (0.55, 0.58), (-0.18, 0.86)):
        s.oval(x + px * size, y - py * size, size * 0.3, size * 0.3, paint)
        s.oval(x + (px - 0.08) * size, y - (py + 0.08) * size, size * 0.11, size * 0.1, tint(paint, 0.4))
    s.pie(x, y - size * 0.6, size, size * 0.62, st.rng.choice((CREAM, st.cloth, st.second)), 0, 180)
    s.rect(x - size * 0.3, y - size * 0.08, size * 0.6, size * 0.08, shade(st.cloth, 0.2))


def cup(s: Sheet, x: float, y: float, size: float, fill: Colour) -> None:
    s.ring(x + size * 0.5, y - size * 0.5, size * 0.24, size * 0.24, fill, size * 0.12)
    s.rect(x - size * 0.45, y - size, size * 0.9, size, fill, size * 0.16)
    s.rect(x + size * 0.1, y - size, size * 0.35, size, shade(fill, 0.1), size * 0.12)


def jar(s: Sheet, x: float, y: float, w: float, h: float, fill: Colour) -> None:
    s.rect(x - w / 2, y - h * 0.86, w, h * 0.86, fill, w * 0.18)
    s.rect(x + w * 0.12, y - h * 0.82, w * 0.3, h * 0.76, shade(fill, 0.1), w * 0.12)
    s.rect(x - w * 0.36, y - h, w * 0.72, h * 0.16, (176, 132, 92), 3)


def knick_knack(
    s: Sheet, st: Setting, x: float, y: float, size: float, kinds: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
) -> None:
    """Some small thing for a shelf, about a size wide and high.

    Kinds: flowers, tea, a plant, books, jars, a portrait; and for kitchens bowls, plates.
    """
    rng = st.rng
    kind = rng.choice(kinds)
    if kind == 0:
        plants.vase(s, st, x, y, size * 1.25)
    elif kind == 1:
        teapot(s, x, y, size * 0.4, rng.choice((st.accent, st.second, (150, 100, 80))))
    elif kind == 2:
        plants.potted(s, st, x, y, size * 1.15)
    elif kind == 3:
        high = pile(s, st, x, y, size)
        s.oval(x, y - high - size * 0.14, size * 0.16, size * 0.14, st.accent)
    elif kind == 4:
        jar(s, x - size * 0.24, y, size * 0.4, size * 0.8, rng.choice((st.cloth, st.second, shade(CREAM, 0.12))))
        jar(s, x + size * 0.24, y, size * 0.34, size * 0.58, rng.choice((st.accent, st.throw)))
    elif kind == 5:
        s.rect(x - size * 0.4, y - size, size * 0.8, size, shade(st.wood, 0.1), 3)
        s.rect(x - size * 0.32, y - size * 0.92, size * 0.64, size * 0.84, CREAM)
        s.oval(x - size * 0.05, y - size * 0.62, size * 0.15, size * 0.15, st.accent)
        s.pie(x, y - size * 0.08, size * 0.32, size * 0.34, st.second, 180, 360)
    elif kind == 6:
        for i, fill in enumerate((st.accent, CREAM, st.second)):
            s.pie(x, y - size * (0.34 + i * 0.16), size * 0.42, size * 0.34, fill, 0, 180)
    else:
        for at, part in ((-0.34, 0.8), (0.1, 1.0)):
            fill = rng.choice((st.accent, CREAM, st.second, st.throw))
            s.oval(x + at * size, y - size * 0.4 * part, size * 0.4 * part, size * 0.4 * part, fill)
            s.oval(x + at * size, y - size * 0.4 * part, size * 0.26 * part, size * 0.26 * part, tint(fill, 0.3))


# --- tables ------------------------------------------------------------------------------------------------


def low_table(s: Sheet, st: Setting, x: float, y: float, w: float, style: int | None = None) -> None:
    """A coffee table with something on it; styles: round, long, two drums, a slab with a shelf."""
    rng, wood = st.rng, tint(st.wood, 0.08)
    style = rng.randrange(4) if style is None else style
    high = 92.0
    shadow(s, x, y - 4, w, 18)
    if style == 0:
        for at in (-0.3, 0.3, 0.02):
            s.line(
                [(x + at * w * 0.8, y - high), (x + at * w * 1.1, y - (6 if at != 0.02 else -4))], shade(wood, 0.25), 9
            )
        s.oval(x, y - high + 8, w / 2, w * 0.105, shade(wood, 0.22))
        s.oval(x, y - high, w / 2, w * 0.105, wood)
        s.oval(x - w * 0.07, y - high - 2, w * 0.36, w * 0.068, tint(wood, 0.12))
    elif style == 2:
        paint = mix(st.second, CREAM, 0.25)
        s.rect(x - w * 0.1, y - 118, w * 0.44, 110, shade(wood, 0.1), 8)
        s.oval(x + w * 0.12, y - 118, w * 0.22, w * 0.05, wood)
        s.rect(x - w * 0.42, y - 82, w * 0.44, 82, paint, 8)
        s.rect(x - w * 0.12, y - 78, w * 0.13, 76, shade(paint, 0.12), 6)
        s.oval(x - w * 0.2, y - 82, w * 0.22, w * 0.055, tint(paint, 0.3))
        plants.vase(s, st, x + w * 0.14, y - 118, 92)
        pile(s, st, x - w * 0.22, y - 84, w * 0.24)
        return
    else:
        s.poly(
            [
                (x - w * 0.46, y - high - 20),
                (x + w * 0.46, y - high - 20),
                (x + w / 2, y - high + 8),
                (x - w / 2, y - high + 8),
            ],
            tint(wood, 0.14),
        )
        s.rect(x - w / 2, y - high + 8, w, 15, shade(wood, 0.12), 3)
        if style == 1:
            legs(s, x, y, w * 0.88, high - 20, shade(wood, 0.25))
        else:
            for px in (x - w * 0.46, x + w * 0.46 - 16):
                s.rect(px, y - high + 20, 16, high - 20, shade(wood, 0.2))
            s.rect(x - w * 0.46, y - 34, w * 0.92, 12, shade(wood, 0.1))
            pile(s, st, x - w * 0.18, y - 34, w * 0.26, 2)
            s.rect(x + w * 0.08, y - 62, w * 0.24, 28, mix(st.cloth, DARK, 0.1), 8)
    top = y - high - 4
    choice = rng.randrange(3)
    if choice == 0:
        teapot(s, x - w * 0.06, top + 4, 36, rng.choice((st.accent, st.second, (146, 96, 76))))
    elif choice == 1:
        fruit(s, st, x - w * 0.16, top + 2, 36)
        cup(s, x + w * 0.2, top + 6, 24, st.second)
    else:
        plants.vase(s, st, x + w * 0.14, top + 4, 116)
        cup(s, x - w * 0.08, top + 8, 22, CREAM)
        pile(s, st, x - w * 0.26, top + 4, 74, 2)


def side_table(s: Sheet, st: Setting, x: float, y: float, h: float = 130) -> float:
    """A small table beside a chair or bed; returns the height of its top."""
    wood, kind = st.wood, st.rng.randrange(3)
    shadow(s, x, y - 2, 96, 9)
    if kind == 0:
        s.rect(x - 46, y - h, 92, h - 22, shade(wood, 0.06), 6)
        for i in range(2):
            s.rect(x - 38, y - h + 14 + i * (h - 34) / 2, 76, (h - 50) / 2, tint(wood, 0.12), 4)
            s.oval(x, y - h + 14 + (h - 50) / 4 + i * (h - 34) / 2, 4.5, 4.5, BRASS)
        legs(s, x, y, 70, 24, shade(wood, 0.25), splay=2)
    elif kind == 1:
        s.rect(x - 4, y - h, 8, h, shade(wood, 0.3))
        s.oval(x, y - 4, 34, 7, shade(wood, 0.3))
        s.oval(x, y - h + 5, 52, 11, shade(wood, 0.2))
    else:
        legs(s, x, y, 76, h - 8, shade(wood, 0.22), splay=4)
        s.rect(x - 42, y - h * 0.36, 84, 8, shade(wood, 0.1))
        pile(s, st, x, y - h * 0.36, 56, 3)
    if kind != 1:
        s.rect(x - 50, y - h - 2, 100, 11, tint(wood, 0.1), 4)
    else:
        s.oval(x, y - h, 52, 11, tint(wood, 0.12))
    return y - h


def dining_table(s: Sheet, st: Setting, x: float, y: float, w: float, *, round_: bool, cloth: bool) -> float:
    """A table for meals, its feet at y; returns the height of the middle of its top."""
    wood, high = st.wood, 178.0
    top = y - high
    shadow(s, x, y - 2, w * 0.9, 18)
    if round_:
        s.poly(
            [(x - 22, top), (x + 22, top), (x + 16, y - 30), (x + 60, y), (x - 60, y), (x - 16, y - 30)],
            shade(wood, 0.2),
        )
        s.oval(x, top + 12, w / 2, w * 0.11, shade(wood, 0.2))
        s.oval(x, top, w / 2, w * 0.11, wood)
        s.oval(x - w * 0.04, top - 2, w * 0.42, w * 0.085, tint(wood, 0.12))
        return top
    for side in (-1, 1):
        px = x + side * w * 0.44
        s.poly([(px - 12, top), (px + 12, top), (px + side * 4 + 8, y), (px + side * 4 - 8, y)], shade(wood, 0.2))
        s.rect(px - side * 34 - 6, top, 12, high - 26, shade(wood, 0.34))
    s.poly(
        [(x - w * 0.45, top - 26), (x + w * 0.45, top - 26), (x + w / 2, top + 16), (x - w / 2, top + 16)],
        tint(wood, 0.1),
    )
    s.rect(x - w / 2, top + 16, w, 17, shade(wood, 0.1), 3)
    if cloth:
        paint = tint(st.linen, 0.4)
        s.poly(
            [(x - w * 0.13, top - 26), (x + w * 0.13, top - 26), (x + w * 0.145, top + 16), (x - w * 0.145, top + 16)],
            paint,
        )
        s.rect(x - w * 0.145, top + 16, w * 0.29, 62, shade(paint, 0.06))
        s.rect(x - w * 0.145, top + 62, w * 0.29, 7, st.accent)
    return top - 4


def place_setting(s: Sheet, x: float, y: float, fill: Colour) -> None:
    s.oval(x, y + 2, 40, 9, veil(DARK, 0.14))
    s.oval(x, y, 40, 9, tint(fill, 0.6))
    s.oval(x, y - 2, 27, 6, fill)
    s.oval(x, y - 5, 17, 4.5, tint(fill, 0.75))


# --- cabinets and shelves ----------------------------------------------------------------------------------


def sideboard(s: Sheet, st: Setting, x: float, y: float, w: float, h: float = 150) -> None:
    """A low cabinet with its back to the wall, and things on it; x is its left edge."""
    rng, wood = st.rng, st.wood
    shadow(s, x + w / 2, y, w, 12)
    legs(s, x + w / 2, y, w * 0.84, 36, shade(wood, 0.28))
    s.rect(x, y - h, w, h - 30, wood, 8)
    doors, kind = max(2, round(w / 120)), rng.randrange(3)
    for i in range(doors):
        px, pw = x + 10 + i * (w - 20) / doors, (w - 20) / doors - 6
        s.rect(px, y - h + 14, pw, h - 54, tint(wood, 0.1) if kind else mix(wood, st.second, 0.5), 4)
        if kind == 1:
            for j in range(int(pw // 12)):
                s.rect(px + 5 + j * 12, y - h + 18, 4, h - 62, shade(wood, 0.12))
        elif kind == 2:
            s.rect(px, y - h + 14 + (h - 54) / 2, pw, 4, shade(wood, 0.2))
        s.oval(px + pw / 2, y - h + 14 + (h - 54) * 0.25, 4.5, 4.5, BRASS)
    s.rect(x - 6, y - h - 6, w + 12, 13, tint(wood, 0.16), 4)
    spots = [0.16, 0.5, 0.82] if w > 260 else [0.28, 0.72]
    for spot in spots:
        knick_knack(s, st, x + w * spot, y - h - 6, rng.uniform(58, 74))


def bookcase(s: Sheet, st: Setting, x: float, y: float, w: float, h: float) -> None:
    """A tall shelf with books and other things; x is its left edge."""
    rng, wood = st.rng, st.wood
    rows = max(3, round(h / 105))
    shadow(s, x + w / 2, y, w, 12)
    s.rect(x, y - h, w, h, wood, 4)
    tall = (h - 14 - 24) / rows
    for i in range(rows):
        top = y - h + 14 + i * tall
        s.rect(x + 12, top, w - 24, tall - 12, mix(wood, DARK, 0.34))
        s.rect(x + 12, top, w - 24, 9, mix(wood, DARK, 0.5))
        low, inner = top + tall - 12, w - 36
        part = rng.choice((0.45, 0.55, 0.62))
        if rng.random() < 0.5:
            books(s, st, x + 16, low, inner * part, tall * 0.72)
            knick_knack(s, st, x + 16 + inner * (part + 1) / 2, low, min(tall * 0.55, inner * (1 - part) * 0.62))
        else:
            knick_knack(s, st, x + 18 + inner * (1 - part) / 2, low, min(tall * 0.55, inner * (1 - part) * 0.62))
            books(s, st, x + 18 + inner * (1 - part), low, inner * part, tall * 0.72)
    s.rect(x + w - 12, y - h, 12, h, shade(wood, 0.14))


def wall_shelf(s: Sheet, st: Setting, x: float, y: float, w: float) -> None:
    """A board on the wall with books and a plant that trails."""
    s.rect(x, y + 10, w, 8, veil(DARK, 0.1))
    for px in (x + w * 0.14, x + w * 0.84):
        s.rect(px, y + 10, 7, 20, shade(st.wood, 0.3))
    books(s, st, x + 14, y, w * 0.4, 66)
    for spot in (0.62, 0.87):
        knick_knack(s, st, x + w * spot, y, min(58, w * 0.2))
    s.rect(x, y, w, 12, tint(st.wood, 0.06), 3)


def wardrobe(s: Sheet, st: Setting, x: float, y: float, w: float, h: float) -> None:
    """A wardrobe with its back to the wall; x is its left edge."""
    rng, wood = st.rng, st.wood
    shadow(s, x + w / 2, y, w, 12)
    legs(s, x + w / 2, y, w * 0.84, 30, shade(wood, 0.28))
    s.rect(x, y - h, w, h - 22, wood, 6)
    doors, kind = max(2, round(w / 110)), rng.randrange(3)
    for i in range(doors):
        px, pw, top = x + 8 + i * (w - 16) / doors, (w - 16) / doors - 5, y - h + 12
        paint = tint(wood, 0.12) if kind else mix(wood, CREAM, 0.5)
        s.rect(px, top, pw, h - 52, paint, 3)
        if kind == 1:
            s.rect(px + 12, top + 14, pw - 24, (h - 52) * 0.55, mix(wood, RATTAN, 0.7), 3)
            for j in range(1, 9):
                s.rect(px + 12, top + 14 + j * (h - 52) * 0.06, pw - 24, 2, shade(wood, 0.1))
        elif kind == 2:
            s.top_round(px + 12, top + 14, pw - 24, h - 90, shade(paint, 0.07), pw / 2)
        s.oval(px + (pw - 12 if i % 2 == 0 else 12), top + (h - 52) * 0.52, 5, 5, BRASS)
    s.rect(x - 8, y - h - 8, w + 16, 14, tint(wood, 0.16), 4)
