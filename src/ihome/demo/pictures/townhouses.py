"""Houses of the town: villas, flats, towers, lanes and canals."""

from __future__ import annotations

from ihome.demo.pictures import plants
from ihome.demo.pictures.grounds import GROUND, path
from ihome.demo.pictures.masonry import balcony, brickwork, door, gable_wall, lanterns, pane, ribbed_roof, wall
from ihome.demo.pictures.palette import (
    CREAM,
    INK,
    LAMP,
    LIME,
    STONE,
    TILE,
    WATER,
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

BRICKS = ((178, 106, 82), (158, 122, 104), (150, 146, 142), (196, 140, 108))


def villa(s: Sheet, st: Setting) -> tuple[float, float]:
    """A modern house: flat roofs, much glass, warm wood."""
    rng, g = st.rng, GROUND
    white = rng.choice((CREAM, (236, 232, 224), mix(st.wall, WHITE, 0.4)))
    wood = mix(st.wood, (190, 130, 84), 0.4)
    x, w = rng.uniform(220, 270), rng.uniform(660, 740)
    top, over = 190.0, rng.choice((0.42, 0.5, 0.58))
    path(s, st, x + w * 0.3, g + 20, 100, rng.choice((0, 2)))
    wall(s, x, g, w, top, white)
    s.rect(x - 20, g - top - 16, w + 40, 20, shade(wood, 0.12), 2)
    s.rect(x - 20, g - top + 4, w + 40, 12, veil(DARK, 0.14))
    pane(s, st, x + w * 0.44, g - top + 30, w * 0.5, top - 44, bars=(rng.choice((3, 4)), 1))
    for i in range(11):
        s.rect(x + 24 + i * 11, g - top + 6, 7, top - 10, wood)
    door(s, st, x + w * 0.3, g, 96, 158, fill=rng.choice((wood, st.accent, INK)))
    ux = x + w * (0.02 if over < 0.5 else 1 - over - 0.02)
    if rng.random() < 0.3:
        return bungalow(s, st, x, w, wood)
    uw, uh = w * over + 60, 184.0
    base = g - top - 16
    s.rect(ux - 10, base - uh, uw, uh, wood if rng.random() < 0.4 else white)
    s.rect(ux - 10 + uw * 0.9, base - uh, uw * 0.1, uh, veil(DARK, 0.07))
    s.rect(ux - 34, base - uh - 18, uw + 48, 20, mix(st.second, INK, 0.4), 2)
    s.rect(ux - 10, base - uh + 2, uw, 12, veil(DARK, 0.13))
    pane(s, st, ux + 30, base - uh + 44, uw * 0.34, 96, bars=(2, 1))
    pane(s, st, ux + uw * 0.52, base - uh + 34, uw * 0.38, uh - 40, bars=(2, 1))
    rx, rw = (ux + uw, x + w - ux - uw) if over < 0.5 else (x, ux - x - 10)
    if rw > 80:  # The roof terrace.
        for px in (0.25, 0.7):
            plants.potted(s, st, rx + rw * px, base, 110, rng.choice((0, 2, 4)))
        s.rect(rx, base - 62, rw, 60, veil((214, 232, 236), 0.4))
        s.rect(rx, base - 66, rw, 6, INK)
    s.rect(ux + uw * 0.5, base - 50, uw * 0.42, 50, veil((214, 232, 236), 0.5))
    s.rect(ux + uw * 0.5, base - 54, uw * 0.42, 5, INK)
    if rng.random() < 0.5:  # A pool or a deck.
        s.poly(
            [(x + w * 0.5, g + 44), (x + w * 0.96, g + 44), (x + w * 1.08, g + 108), (x + w * 0.5, g + 108)],
            tint(STONE, 0.5),
        )
        s.poly(
            [(x + w * 0.53, g + 52), (x + w * 0.94, g + 52), (x + w * 1.03, g + 100), (x + w * 0.53, g + 100)],
            mix((110, 184, 190), st.light.sky[1], 0.25),
        )
        for i in range(3):
            s.rect(x + w * (0.58 + 0.12 * i), g + 64 + i * 11, 60, 4, veil(WHITE, 0.4), 2)
    else:
        s.rect(x + w * 0.42, g, w * 0.56, 16, tint(wood, 0.1))
    return x, x + w


def apartments(s: Sheet, st: Setting) -> tuple[float, float]:
    """A friendly block of flats with balconies full of plants."""
    rng, g = st.rng, GROUND
    floors, bays = rng.choice((4, 5, 5)), rng.choice((3, 4))
    x, w = rng.uniform(220, 300), rng.uniform(600, 700)
    tall = 560.0 / floors if floors > 4 else 128.0
    high = floors * tall
    fill = rng.choice((*st.theme.walls, tint(st.accent, 0.45), tint(st.second, 0.5)))
    trim = rng.choice((WHITE, shade(fill, 0.2), st.wood))
    path(s, st, x + w / 2, g + 20, 110, rng.choice((0, 1)))
    (brickwork if rng.random() < 0.3 else _flat)(s, st, x, g, w, high, fill)
    s.rect(x - 16, g - high - 18, w + 32, 22, trim, 3)
    for px in rng.sample((0.12, 0.3, 0.55, 0.75, 0.9), 3):
        plants.bush(s, st, x + w * px, g - high - 16, 86, st.leaf(), st.accent)
    s.rect(x, g - tall, w, tall, mix(fill, STONE, 0.4))
    bay = w / bays
    for row in range(floors):
        foot = g - row * tall
        s.rect(x, foot - tall, w, 5, shade(fill, 0.1))
        for col in range(bays):
            px = x + col * bay
            if row == 0 and abs(px + bay / 2 - (x + w / 2)) < bay * 0.6:
                continue
            if row and (col + (row if bays == 3 else 0)) % 2 == 0:
                balcony(s, st, px + bay * 0.12, foot, bay * 0.76, tall, trim)
            else:
                pane(s, st, px + bay * 0.22, foot - tall * 0.8, bay * 0.24, tall * 0.52, bars=(1, 2))
                pane(
                    s,
                    st,
                    px + bay * 0.56,
                    foot - tall * 0.8,
                    bay * 0.24,
                    tall * 0.52,
                    bars=(1, 2),
                    box=row > 0 and rng.random() < 0.4,
                )
    door(s, st, x + w / 2, g, 124, tall * 0.88, double=True)
    s.rect(x + w / 2 - 110, g - tall * 1.0, 220, 16, st.accent, 4)
    return x, x + w


def _flat(s: Sheet, st: Setting, x: float, y: float, w: float, h: float, fill: Colour) -> None:
    del st
    wall(s, x, y, w, h, fill)


def lane_house(s: Sheet, st: Setting) -> tuple[float, float]:
    """Narrow brick houses side by side in a lane, arches over their doors."""
    rng, g = st.rng, GROUND
    count, w = 3, rng.uniform(236, 262)
    x = 600 - count * w / 2 + rng.uniform(-30, 30)
    s.poly([(0, g + 26), (1200, g + 26), (1200, 900), (0, 900)], mix(STONE, CREAM, 0.35))
    for row in range(5):
        y = g + 26 + 150 * (row / 5) ** 1.4
        for i in range(14):
            s.rect(i * 96 - (row % 2) * 48, y, 93, 3, shade(STONE, 0.05))
    paints = rng.sample(BRICKS, 3)
    for i in range(count):
        hx, high = x + i * w, rng.choice((380, 410, 440))
        brickwork(s, st, hx, g, w + 1, high, paints[i])
        trim = tint(paints[i], 0.6)
        if rng.random() < 0.5:
            ribbed_roof(
                s,
                [
                    (hx - 10, g - high + 8),
                    (hx + 16, g - high - 64),
                    (hx + w - 18, g - high - 64),
                    (hx + w + 8, g - high + 8),
                ],
                TILE,
                14,
            )
        else:
            s.poly(
                [
                    (hx, g - high),
                    (hx + w * 0.3, g - high),
                    (hx + w * 0.36, g - high - 44),
                    (hx + w * 0.64, g - high - 44),
                    (hx + w * 0.7, g - high),
                    (hx + w - 3, g - high),
                ],
                paints[i],
            )
            s.rect(hx + w * 0.34, g - high - 52, w * 0.32, 12, trim)
            s.rect(hx - 6, g - high - 6, w + 9, 15, trim)
            s.oval(hx + w / 2, g - high - 16, 14, 14, trim)
        for px in (0.14, 0.58):
            pane(
                s,
                st,
                hx + w * px,
                g - high + 50,
                w * 0.27,
                104,
                arch=rng.random() < 0.4,
                box=rng.random() < 0.7,
                frame=trim,
            )
        s.rect(hx, g - 206, w, 12, trim)
        dx = hx + w * (0.32 if i % 2 == 0 else 0.68)
        s.top_round(dx - 62, g - 196, 124, 196, trim, 62)
        door(s, st, dx, g, 86, 146, double=True, fill=(st.accent, INK, st.second)[i])
        pane(s, st, hx + w * (0.62 if i % 2 == 0 else 0.12), g - 168, w * 0.26, 100, box=True, frame=trim)
    if rng.random() < 0.6:
        lanterns(s, st, tuple(x + w * i + w * 0.5 for i in range(count)), g - 236, 17)
    st.door = x + w * 1.68
    return x, x + w * count


def canal_house(s: Sheet, st: Setting) -> tuple[float, float]:
    """White houses along a canal, a stone bridge, a boat."""
    rng, g = st.rng, GROUND - 84
    x, count = 60.0, 4
    lime = tint(LIME, 0.3)
    wood = mix(st.wood, (112, 66, 46), 0.5)
    s.rect(0, g - 20, 1200, 60, mix(STONE, CREAM, 0.3))
    widths = [rng.uniform(220, 310) for _ in range(count)]
    for i, w in enumerate(widths):
        high = rng.choice((220, 300, 330))
        fill = shade(lime, rng.choice((0, 0.03, 0.06)))
        if rng.random() < 0.36:
            gable_wall(s, x, g, w + 1, high, fill, steps=2)
        else:
            wall(s, x, g, w + 1, high, fill)
            ribbed_roof(
                s,
                [
                    (x - 18, g - high + 12),
                    (x + 14, g - high - 74),
                    (x + w - 20, g - high - 74),
                    (x + w + 12, g - high + 12),
                ],
                TILE,
                15,
            )
            s.rect(x + 8, g - high - 84, w - 22, 13, shade(TILE, 0.22), 4)
        if high > 250:
            for px in (0.12, 0.56):
                pane(s, st, x + w * px, g - high + 46, w * 0.3, 74, bars=(4, 2), frame=wood)
            s.rect(x - 2, g - 184, w - 2, 12, shade(TILE, 0.05), 2)
        if i % 2 == 0:
            door(s, st, x + w * 0.3, g, 84, 138, double=True, fill=shade(wood, 0.1))
            pane(s, st, x + w * 0.58, g - 136, w * 0.28, 78, bars=(3, 2), frame=wood)
        else:
            for px in (0.12, 0.56):
                pane(s, st, x + w * px, g - 140, w * 0.3, 84, bars=(3, 2), frame=wood, box=rng.random() < 0.5)
        if rng.random() < 0.7:
            lanterns(s, st, (x + w * 0.1, x + w * 0.9), g - 146, 17)
        x += w
    stone = mix(STONE, (160, 160, 156), 0.4)
    s.rect(0, g + 22, 1200, 64, stone)
    s.rect(0, g + 16, 1200, 14, tint(stone, 0.3))
    for row in range(3):
        for i in range(16):
            s.rect(i * 84 - (row % 2) * 42, g + 34 + row * 18, 80, 2, shade(stone, 0.12))
    water = mix(WATER, st.light.sky[1], 0.25)
    s.rect(0, g + 86, 1200, 300, water)
    s.rect(0, g + 86, 1200, 16, shade(water, 0.2))
    for i in range(30):
        s.rect(rng.uniform(-40, 1180), g + 110 + i * 3.4, rng.uniform(40, 150), 4, veil(tint(water, 0.6), 0.5), 2)
    cx = rng.choice((300.0, 860.0))
    for part, fill in ((1.0, stone), (0.82, tint(stone, 0.12))):  # The bridge.
        s.pie(cx, g + 118, 270 * part + 20, 168 * part, fill, 180, 360)
    s.pie(cx, g + 118, 150, 112, shade(water, 0.3), 180, 360)
    s.pie(cx, g + 122, 142, 100, tint(water, 0.1), 180, 360)
    for i in range(-4, 5):
        px = cx + i * 58
        py = g + 118 - 168 * (1 - (i * 58 / 300) ** 2) ** 0.5
        s.rect(px - 6, py - 40, 12, 44, tint(stone, 0.3), 3)
    bx, by = 600 + (600 - cx) * 0.6, g + 150
    s.blob(
        [
            (bx - 150, by - 34),
            (bx - 80, by - 14),
            (bx + 80, by - 14),
            (bx + 150, by - 34),
            (bx + 110, by + 16),
            (bx - 110, by + 16),
        ],
        shade(wood, 0.1),
    )
    s.pie(bx - 4, by - 10, 74, 64, (206, 172, 118), 180, 360)
    for i in (-2, -1, 0, 1, 2):
        s.line([(bx - 4 + i * 26, by - 12), (bx - 4 + i * 22, by - 62 + abs(i) * 8)], shade((206, 172, 118), 0.14), 3)
    plants.willow(s, st, 40 if cx > 600 else 1160, g + 40, 560, st.leaf())
    st.bare = True
    return 0, 1200


def towers(s: Sheet, st: Setting) -> tuple[float, float]:
    """Two slender towers over a garden, with a lower house between them."""
    rng, g = st.rng, GROUND
    fill, trim = (
        rng.choice(((236, 226, 212), (222, 206, 190), mix(st.wall, WHITE, 0.3))),
        rng.choice((st.accent, st.second, (150, 120, 100))),
    )
    path(s, st, 600, g + 20, 120, 1)
    for px, w, high in ((250, 230, rng.uniform(560, 640)), (720, 250, rng.uniform(480, 600))):
        paint = fill if px < 500 else shade(fill, 0.04)
        wall(s, px, g, w, high, paint)
        s.rect(px + w * 0.42, g - high - 34, w * 0.34, 34, shade(paint, 0.1))
        s.rect(px - 8, g - high - 10, w + 16, 14, trim, 3)
        plants.bush(s, st, px + w * 0.2, g - high - 8, 60, st.leaf())
        rows = int(high // 58)
        for row in range(rows):
            y = g - high + 22 + row * 58
            s.rect(px, y + 44, w, 3, shade(paint, 0.08))
            for col in range(2):
                pane(s, st, px + w * (0.08 + col * 0.22), y, w * 0.14, 30, bars=(1, 1), frame=tint(paint, 0.5))
            bx, bw = px + w * 0.54, w * 0.4
            pane(s, st, bx + 8, y - 4, bw - 16, 42, bars=(3, 1), frame=tint(paint, 0.5))
            for at in (0.2, 0.8):
                if rng.random() < 0.5:
                    s.oval(bx + bw * at, y + 24, 13, 11, st.leaf())
            s.rect(bx - 4, y + 26, bw + 8, 20, veil((226, 238, 240), 0.55) if row % 2 else veil(tint(trim, 0.3), 0.8))
            s.rect(bx - 6, y + 42, bw + 12, 6, trim)
    wall(s, 440, g, 320, 150, tint(trim, 0.62))
    s.rect(424, g - 164, 352, 18, trim, 3)
    for px in (460, 670):
        pane(s, st, px, g - 120, 70, 96, bars=(2, 1))
    door(s, st, 600, g, 96, 124, double=True)
    for px in (470, 560, 690):
        plants.bush(s, st, px, g - 160, 70, st.leaf(), st.accent)
    return 240, 980


def bungalow(s: Sheet, st: Setting, x: float, w: float, wood: Colour) -> tuple[float, float]:
    """The upper floor of a villa under one slanting roof, with windows that follow it."""
    rng, base = st.rng, GROUND - 206
    roof, white = mix(st.second, INK, 0.45), mix(st.wall, WHITE, 0.5)
    low, peak = base - 50, base - rng.uniform(190, 220)
    s.poly(
        [(x + 10, base), (x + 10, low), (x + w - 10, peak), (x + w - 10, base)], white if rng.random() < 0.6 else wood
    )
    frame = st.frame
    glass: Colour = (*LAMP, 255) if st.light.lamps else mix((168, 196, 204), st.light.sky[1], 0.3)
    for i in range(5):
        a, b = x + w * (0.34 + i * 0.125), x + w * (0.34 + i * 0.125 + 0.11)
        ya, yb = (low + (peak - low) * (px - x) / w + 34 for px in (a, b))
        s.poly([(a - 6, base), (a - 6, ya - 6), (b + 6, yb - 6), (b + 6, base)], frame)
        s.poly([(a, base), (a, ya), (b, yb), (b, base)], glass)
        s.poly([(a, base), (a, base - 30), (b, yb + 26), (b, yb + 60)], veil(WHITE, 0.2))
    s.poly([(x - 40, low + 18), (x + w + 46, peak - 18), (x + w + 46, peak + 10), (x - 40, low + 44)], roof)
    s.rect(x + w * 0.34, base - 34, w * 0.62, 5, INK)
    s.rect(x + w * 0.34, base - 32, w * 0.62, 32, veil((214, 232, 236), 0.4))
    return x, x + w
