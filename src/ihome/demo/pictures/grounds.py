"""What a house stands in: its lawn and path, trees, bushes, a bicycle at the fence."""

from __future__ import annotations

from collections.abc import Callable

from ihome.demo.pictures import plants
from ihome.demo.pictures.palette import CREAM, INK, STONE, Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.plants import any_tree
from ihome.demo.pictures.seats import DARK
from ihome.demo.pictures.sheet import Sheet, smooth

GROUND = 730.0

Grow = Callable[[Sheet, Setting, float, float, float, Colour], None]
TREES: dict[str, Grow] = {
    "lake": plants.willow, "old_town": plants.bamboo, "city": plants.poplar,
    "mountains": plants.pine, "fields": plants.poplar,
}  # fmt: skip
"""The tree that belongs to each area."""


def lawn(s: Sheet, st: Setting, y: float) -> None:
    grass, w, h = st.season.grass, s.width, s.height
    s.poly([*smooth([(0, y + 8), (300, y - 6), (700, y + 4), (w, y - 8)]), (w, h), (0, h)], grass)
    s.poly([*smooth([(0, y + 96), (400, y + 70), (800, y + 92), (w, y + 64)]), (w, h), (0, h)], shade(grass, 0.05))
    for _ in range(26):
        x, py = st.rng.uniform(0, w), st.rng.uniform(y + 30, h)
        plants.tuft(s, st, x, py, 12 + (py - y) * 0.05, shade(grass, 0.14))


def path(s: Sheet, st: Setting, x: float, top: float, w: float, kind: int) -> None:
    """A way from the door at (x, top) towards us: slabs, gravel or boards."""
    fill = mix(STONE, CREAM, 0.4)
    end = x + (600 - x) * 0.4
    if kind == 0:
        y, i = top + 12, 0
        while y < 900:
            part = (y - top) / (900 - top)
            half, deep = w * (0.5 + 0.7 * part), 12 + 26 * part
            cx = x + (end - x) * part + (12 if i % 2 else -12) * part
            s.rect(cx - half, y + 3, half * 2, deep, shade(st.season.grass, 0.2), 7)
            s.rect(cx - half, y, half * 2, deep, fill if i % 3 else tint(fill, 0.2), 7)
            y, i = y + deep + 8 + 10 * part, i + 1
        return
    if kind == 1:
        edge = [(x - w * 0.5, top), (x - w * 0.56, top + 50), (end - w * 1.15, 900)]
        other = [(end + w * 1.25, 900), (x + w * 0.62, top + 50), (x + w * 0.5, top)]
        s.poly([*smooth(edge), *smooth(other)], fill)
        for _ in range(40):
            part = st.rng.random()
            cx = x + (end - x) * part + st.rng.uniform(-0.5, 0.5) * w * (1 + part)
            s.oval(cx, top + (900 - top) * part, 5, 2.5, shade(fill, 0.14))
        return
    wood = mix(st.wood, CREAM, 0.3)
    s.poly([(x - w * 0.5, top), (x + w * 0.5, top), (end + w * 1.15, 900), (end - w * 1.15, 900)], wood)
    for i in range(1, 12):
        part = (i / 12) ** 1.4
        half = w * (0.5 + 0.65 * part)
        s.rect(x + (end - x) * part - half, top + (900 - top) * part, half * 2, 3, shade(wood, 0.25))


def foreground(s: Sheet, st: Setting, left: float, right: float) -> None:
    """Trees and bushes at the sides, flowers before the wall, now and then a bicycle."""
    rng = st.rng
    flowers = (st.accent, (240, 200, 110), (238, 176, 170), CREAM)
    for x in range(int(left) + 20, int(right), 74):
        if abs(x - st.door) > 100 and rng.random() < 0.7:
            plants.bush(
                s,
                st,
                x,
                GROUND + 22 + rng.uniform(-4, 12),
                rng.uniform(66, 104),
                st.leaf(),
                rng.choice((None, *flowers)),
            )
    for side in (-1, 1):
        at = rng.uniform(0, 0.5) * left if side < 0 else 1200 - rng.uniform(0, 0.5) * (1200 - right)
        if rng.random() < 0.67:
            any_tree(s, st, at, 812, rng.uniform(430, 580))
        else:
            TREES[st.theme.name](s, st, at, 816, rng.uniform(380, 480), st.leaf())
        plants.bush(s, st, at - 70 * side, 836, 120, st.leaf(), rng.choice(flowers))
    for x in rng.sample((90, 250, 960, 1110, 380, 850), 3):
        plants.bush(s, st, x, rng.uniform(866, 905), rng.uniform(110, 170), st.leaf(), rng.choice((None, *flowers)))
    kind = rng.randrange(4)
    if kind == 0:
        bicycle(s, st, rng.choice((left + 110, right - 110)), 806)
    elif kind == 1:
        bench(s, st, rng.choice((left + 70, right - 80)), 812)
    elif kind == 2:
        fence(s, st)


def bicycle(s: Sheet, st: Setting, x: float, y: float) -> None:
    frame = st.accent
    s.oval(x, y, 96, 7, veil(DARK, 0.14))
    for px in (-56, 56):
        s.ring(x + px, y - 40, 38, 38, INK, 5)
        s.oval(x + px, y - 40, 5, 5, INK)
    for a, b in (
        ((-56, -40), (-20, -92)),
        ((-20, -92), (36, -92)),
        ((36, -92), (-2, -38)),
        ((-2, -38), (-20, -96)),
        ((-2, -38), (-56, -40)),
        ((36, -100), (56, -40)),
    ):
        s.line([(x + a[0], y + a[1]), (x + b[0], y + b[1])], frame, 6)
    s.rect(x - 38, y - 106, 36, 9, shade(st.wood, 0.2), 4)
    s.line([(x + 36, y - 96), (x + 32, y - 116), (x + 14, y - 118)], INK, 5)
    s.rect(x + 32, y - 112, 44, 30, (206, 164, 112), 5)
    for i in range(4):
        s.oval(x + 40 + i * 10, y - 116 - (i % 2) * 6, 8, 8, (st.second, (244, 206, 120))[i % 2])


def bench(s: Sheet, st: Setting, x: float, y: float) -> None:
    wood = st.wood
    s.oval(x, y, 84, 7, veil(DARK, 0.14))
    for px in (-60, 52):
        s.rect(x + px, y - 92, 8, 92, shade(wood, 0.3))
    for i in range(3):
        s.rect(x - 76, y - 96 + i * 18, 152, 12, tint(wood, 0.1), 4)
    s.rect(x - 78, y - 46, 156, 13, wood, 4)


def fence(s: Sheet, st: Setting) -> None:
    """A low white or wooden fence along the lower edge."""
    paint = st.rng.choice((CREAM, tint(st.wood, 0.1)))
    for side in (range(-10, 330, 34), range(880, 1240, 34)):
        for x in side:
            s.poly([(x, 900), (x, 836), (x + 11, 822), (x + 22, 836), (x + 22, 900)], paint)
        s.rect(side.start, 856, len(side) * 34, 10, shade(paint, 0.1))
