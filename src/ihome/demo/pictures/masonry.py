"""Parts of a house seen from outside: walls, roofs, doors, windows, lanterns."""

from __future__ import annotations

from ihome.demo.pictures import plants
from ihome.demo.pictures.palette import (
    BRASS,
    CREAM,
    INK,
    LAMP,
    PERSIMMON,
    STONE,
    WHITE,
    Colour,
    Setting,
    mix,
    shade,
    tint,
    veil,
)
from ihome.demo.pictures.seats import DARK
from ihome.demo.pictures.sheet import Sheet

GLASS = (168, 196, 204)


def pane(
    s: Sheet,
    st: Setting,
    x: float,
    y: float,
    w: float,
    h: float,
    *,
    bars: tuple[int, int] = (2, 2),
    box: bool = False,
    arch: bool = False,
    frame: Colour | None = None,
) -> None:
    """A window seen from outside: the sky in it, or a warm room behind it."""
    rng, frame = st.rng, frame or st.frame
    shape = s.top_round if arch else None
    if shape:
        shape(x - 7, y - 7, w + 14, h + 12, frame, w)
    else:
        s.rect(x - 7, y - 7, w + 14, h + 14, frame, 2)
    lit = st.light.lamps and rng.random() < 0.8
    glass: Colour = (
        (*mix(LAMP, (240, 170, 100), rng.uniform(0, 0.35)), 255) if lit else mix(GLASS, st.light.sky[1], 0.3)
    )
    if shape:
        shape(x, y, w, h, glass, w)
    else:
        s.rect(x, y, w, h, glass)
    if rng.random() < 0.55:  # Curtains.
        cloth = veil((255, 246, 230), 0.65) if not lit else veil((206, 120, 80), 0.35)
        s.poly(
            [
                (x, y + (w * 0.3 if arch else 0)),
                (x + w * 0.3, y + (w * 0.05 if arch else 0)),
                (x + w * 0.16, y + h),
                (x, y + h),
            ],
            cloth,
        )
        s.poly(
            [
                (x + w, y + (w * 0.3 if arch else 0)),
                (x + w * 0.7, y + (w * 0.05 if arch else 0)),
                (x + w * 0.84, y + h),
                (x + w, y + h),
            ],
            cloth,
        )
    elif not lit:
        s.poly(
            [(x + w * 0.1, y + h), (x + w * 0.6, y + h * 0.2), (x + w * 0.86, y + h * 0.2), (x + w * 0.36, y + h)],
            veil(WHITE, 0.26),
        )
    for i in range(1, bars[0]):
        s.rect(x + w * i / bars[0] - 2.5, y, 5, h, frame)
    for j in range(1, bars[1]):
        s.rect(x, y + h * j / bars[1] - 2.5, w, 5, frame)
    s.rect(x - 11, y + h + 5, w + 22, 9, tint(frame, 0.25), 2)
    if box:
        s.rect(x - 4, y + h - 2, w + 8, 22, (160, 106, 76), 3)
        bloom = plants.petal(rng.choice((st.accent, (236, 160, 150), (246, 214, 120))))
        for i in range(7):
            px = x + w * (i + 0.5) / 7
            s.oval(px, y + h - 4, w * 0.1, 11, shade(st.leaf(), 0.05))
            s.oval(px + 3, y + h - 10 - (i % 2) * 5, 6, 6, bloom)


def door(
    s: Sheet, st: Setting, x: float, y: float, w: float, h: float, *, double: bool = False, fill: Colour | None = None
) -> None:
    """A door whose threshold is at y, with its step and its lamp."""
    fill = fill or st.accent
    st.door = x
    s.rect(x - w / 2 - 10, y - h - 10, w + 20, h + 10, st.frame, 3)
    s.rect(x - w / 2, y - h, w, h, fill)
    leaves = 2 if double else 1
    for i in range(leaves):
        lx, lw = x - w / 2 + i * w / leaves, w / leaves
        s.rect(lx + lw * 0.14, y - h * 0.46, lw * 0.72, h * 0.36, shade(fill, 0.13), 3)
        glass: Colour = (*LAMP, 255) if st.light.lamps else mix(GLASS, WHITE, 0.2)
        s.rect(lx + lw * 0.14, y - h * 0.93, lw * 0.72, h * 0.38, glass, 3)
        s.rect(lx + lw * 0.47, y - h * 0.93, lw * 0.06, h * 0.38, fill)
        if i:
            s.rect(lx - 1.5, y - h, 3, h, shade(fill, 0.3))
        s.oval(lx + lw * (0.1 if i or not double else 0.9), y - h * 0.48, 5, 5, BRASS)
    for i in range(2):
        s.rect(x - w / 2 - 22 - i * 16, y + i * 11, w + 44 + i * 32, 12, tint(STONE, 0.3 - 0.15 * i), 2)
    if st.light.lamps:
        s.glow(x + w / 2 + 36, y - h * 0.8, 110, (255, 214, 140), 0.5)
    s.rect(x + w / 2 + 30, y - h * 0.86, 13, 24, (*LAMP, 255) if st.light.lamps else CREAM, 4)
    s.rect(x + w / 2 + 28, y - h * 0.89, 17, 6, INK)


def ribbed_roof(s: Sheet, points: list[tuple[float, float]], fill: Colour, step: float = 17) -> None:
    """A roof of Chinese tiles: its outline (eaves left, ridge left, ridge right, eaves right) with ribs."""
    s.poly(points, fill)
    (ax, ay), (bx, by), (cx, _), (dx, dy) = points[0], points[1], points[2], points[3]
    count = int((dx - ax) // step)
    for i in range(1, count):
        t = i / count
        s.line(
            [(ax + (dx - ax) * t, ay + (dy - ay) * t), (bx + (cx - bx) * t, by)],
            shade(fill, 0.2) if i % 2 else tint(fill, 0.1),
            3,
        )
    for i in range(count):
        t = (i + 0.5) / count
        s.oval(ax + (dx - ax) * t, ay + (dy - ay) * t, step * 0.4, 5, shade(fill, 0.25))


def shingles(s: Sheet, points: list[tuple[float, float]], fill: Colour, rows: int = 7) -> None:
    """A roof of flat courses; the outline as for ribbed_roof."""
    s.poly(points, fill)
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
    for i in range(1, rows):
        t = i / rows
        s.line(
            [(ax + (bx - ax) * t, ay + (by - ay) * t), (dx + (cx - dx) * t, dy + (cy - dy) * t)], shade(fill, 0.12), 3
        )


def wall(s: Sheet, x: float, y: float, w: float, h: float, fill: Colour) -> None:
    """A wall with its shade on the right and under the eaves; y is its foot."""
    s.rect(x, y - h, w, h, fill)
    s.poly([(x + w * 0.8, y - h), (x + w, y - h), (x + w, y), (x + w * 0.9, y)], veil(DARK, 0.05))


def brickwork(s: Sheet, st: Setting, x: float, y: float, w: float, h: float, fill: Colour) -> None:
    wall(s, x, y, w, h, fill)
    for _ in range(int(w * h / 1500)):
        px, py = x + st.rng.uniform(0, w - 30), y - h + int(st.rng.uniform(0, h - 12) // 13) * 13
        s.rect(px, py, 27, 10, shade(fill, 0.1) if st.odds(0.5) else tint(fill, 0.12), 1)


def lanterns(s: Sheet, st: Setting, xs: tuple[float, ...], y: float, r: float = 21) -> None:
    for x in xs:
        if st.light.lamps:
            s.glow(x, y, r * 4.5, (255, 190, 120), 0.45)
        s.rect(x - 1, y - r * 2, 2, r * 2, INK)
        s.oval(x, y, r * 1.08, r * 0.92, (*mix(LAMP, PERSIMMON, 0.55), 255) if st.light.lamps else (200, 70, 50))
        s.oval(x, y, r * 0.46, r * 0.92, veil((120, 30, 20), 0.14))
        for py in (-0.92, 0.78):
            s.rect(x - r * 0.4, y + py * r, r * 0.8, r * 0.18, BRASS)
        s.rect(x - 1.5, y + r * 0.96, 3, r * 0.7, (214, 120, 70))


def balcony(s: Sheet, st: Setting, x: float, foot: float, w: float, tall: float, trim: Colour) -> None:
    """A glass door behind a rail, somebody's plants, now and then the washing."""
    rng = st.rng
    pane(s, st, x + w * 0.14, foot - tall * 0.84, w * 0.72, tall * 0.78, bars=(3, 1), frame=trim)
    for px in (0.1, 0.5, 0.86):
        if rng.random() < 0.75:
            plants.potted(s, st, x + w * px, foot - 4, tall * rng.uniform(0.42, 0.66), rng.choice((0, 1, 2, 4, 5)))
    rail = rng.random()
    s.rect(x, foot - 8, w, 10, trim)
    if rail < 0.5:
        s.rect(x, foot - tall * 0.36, w, tall * 0.33, veil((222, 236, 238), 0.5))
    else:
        for i in range(int(w // 11)):
            s.rect(x + i * 11, foot - tall * 0.36, 3, tall * 0.34, INK)
    s.rect(x - 3, foot - tall * 0.39, w + 6, 6, INK if rail >= 0.5 else trim)


def smoke(s: Sheet, x: float, y: float) -> None:
    for i in range(4):
        s.oval(x + 10 * i + (i % 2) * 8, y - 14 - i * 24, 12 + i * 5, 9 + i * 4, veil((252, 248, 240), 0.5 - i * 0.1))


def gable_wall(s: Sheet, x: float, y: float, w: float, h: float, fill: Colour, *, steps: int = 2) -> None:
    """The end wall of a Huizhou house: it climbs in steps to its middle, tiles on each; y is its foot."""
    tile, parts, up = (92, 96, 104), steps * 2 + 1, h * 0.13
    for i in range(parts):
        high = h + up * (steps - abs(i - steps))
        px, pw = x + w * i / parts, w / parts
        s.rect(px, y - high, pw + 1, high, fill)
    s.rect(x + w * 0.84, y - h, w * 0.16, h, veil(DARK, 0.05))
    for i in range(parts):
        high = h + up * (steps - abs(i - steps))
        px, pw = x + w * i / parts, w / parts
        a = px - (10 if i <= steps else -2)
        b = px + pw + (10 if i >= steps else -2)
        s.rect(a, y - high + 2, b - a, 8, tint(fill, 0.5))
        s.rect(a, y - high - 8, b - a, 12, tile, 2)
        s.rect(a + 4, y - high - 15, b - a - 8, 8, shade(tile, 0.24), 2)
        for edge, turn in ((a, -1), (b, 1)):
            if (turn < 0 and i <= steps) or (turn > 0 and i >= steps):
                s.poly(
                    [(edge - turn * 16, y - high - 12), (edge + turn * 8, y - high - 26), (edge, y - high + 2)], tile
                )
