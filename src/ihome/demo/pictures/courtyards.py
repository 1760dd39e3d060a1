"""Courtyards: stone, water, a tree, a table for tea."""

from __future__ import annotations

from ihome.demo.pictures import plants, scenery
from ihome.demo.pictures.cloth import cat
from ihome.demo.pictures.gardens import fire_place, hot_spring, jetty, pavilion, rock, roof_garden, yard_tree
from ihome.demo.pictures.masonry import lanterns, ribbed_roof
from ihome.demo.pictures.palette import (
    BRASS,
    CREAM,
    INK,
    LAMP,
    LIME,
    STONE,
    TILE,
    WHITE,
    WIDTH,
    Colour,
    Setting,
    mix,
    shade,
    tint,
    veil,
)  # fmt: skip
from ihome.demo.pictures.plants import any_tree
from ihome.demo.pictures.seats import DARK, shadow
from ihome.demo.pictures.sheet import Sheet
from ihome.demo.pictures.tables import fruit, teapot
from ihome.demo.pictures.windows import outline


def courtyard(s: Sheet, st: Setting) -> None:
    plans = {
        "lake": (moon_gate, pavilion, jetty, jetty, roof_garden, hot_spring),
        "old_town": (moon_gate, moon_gate, hall, hall, pavilion, roof_garden),
        "city": (roof_garden, roof_garden, roof_garden, moon_gate),
        "mountains": (pavilion, hall, fire_place, hot_spring, hot_spring),
        "fields": (hall, fire_place, fire_place, moon_gate, pavilion),
    }
    st.rng.choice(plans[st.theme.name])(s, st)


def moon_gate(s: Sheet, st: Setting) -> None:
    """A yard behind walls: stone, water, a tree, a table for tea."""
    rng = st.rng
    scenery.paint(s, st, near=False, horizon=rng.choice((0.34, 0.42)))
    s.cast = mix(st.light.outdoors, WHITE, 0.15)
    y, top = 610.0, rng.choice((236.0, 280.0))
    white = LIME if st.theme.name in ("old_town", "lake") else mix(LIME, st.wall, 0.6)
    for x in rng.sample((120, 380, 820, 1080), 2):
        any_tree(s, st, x, 620, rng.uniform(480, 580), 0.08)
    s.rect(0, top, WIDTH, y - top, white)
    s.rect(0, y - 44, WIDTH, 44, mix(STONE, (140, 140, 138), 0.4))
    ribbed_roof(s, [(-30, top + 18), (-10, top - 34), (1210, top - 34), (1230, top + 18)], TILE, 18)
    s.rect(0, top - 44, WIDTH, 13, shade(TILE, 0.2))
    s.rect(0, top + 22, WIDTH, 12, veil(DARK, 0.1))
    gx = rng.choice((330, 600, 840))
    gate(s, st, gx, y, rng.choice((128, 150)))
    ground(s, st, y)
    s.rect(gx - 96, y - 8, 192, 16, tint(STONE, 0.3), 4)
    for px in (160, 600, 1040):
        if abs(px - gx) > 240:
            lattice_window(s, st, px, 450, 62)
    for px in rng.sample([p for p in (60, 250, 470, 730, 960, 1150) if abs(p - gx) > 210], 2):
        plants.bamboo(s, st, px, y + 12, rng.uniform(260, 360), st.leaf())
    side = -1 if gx > 600 else 1 if gx < 600 else rng.choice((-1, 1))
    px = 600 + side * 310
    if rng.random() < 0.65:
        pond(s, st, px, 770)
    else:
        for i in range(3):
            rock(s, px - 90 + i * 96, 770 + (i % 2) * 16, 60 + 26 * (i == 1))
        plants.cypress_pine(s, st, px + 20, 776, 300, shade(st.season.leaves[0], 0.1))
    stone_table(s, st, 600 - side * 240, 820)
    yard_tree(s, st, 70 if side < 0 else 1130, 800)
    lanterns(s, st, (gx - 190, gx + 190), top + 76, 22)
    for bx in rng.sample((60, 330, 880, 1120, 600), 3):
        plants.bush(s, st, bx, 892, rng.uniform(110, 160), st.leaf(), rng.choice((st.accent, (244, 206, 140), None)))
    if rng.random() < 0.3:
        cat(s, st, 600 - side * 30, 876, 1.1)


def hall(s: Sheet, st: Setting) -> None:
    """The main hall of an old house seen across its yard: columns, carved doors, pots of flowers."""
    rng = st.rng
    scenery.paint(s, st, near=False, horizon=0.36)
    s.cast = mix(st.light.outdoors, WHITE, 0.15)
    for x in rng.sample((80, 300, 900, 1120), 2):
        any_tree(s, st, x, 520, rng.uniform(420, 500), 0.1)
    y, wood = 640.0, mix(st.wood, (126, 62, 44), rng.choice((0.3, 0.7)))
    ribbed_roof(s, [(90, 300), (220, 120), (980, 120), (1110, 300)], TILE, 19)
    s.rect(208, 104, 784, 20, shade(TILE, 0.25), 6)
    for edge, turn in ((90, -1), (1110, 1)):
        s.poly([(edge - turn * 60, 282), (edge + turn * 26, 262), (edge, 306)], TILE)
    s.rect(150, 304, 900, 30, shade(wood, 0.2))
    s.rect(150, 330, 900, 22, mix(st.second, wood, 0.4))
    for i in range(15):
        s.rect(158 + i * 60, 335, 44, 12, BRASS if i % 2 else tint(st.second, 0.2), 3)
    s.rect(164, 352, 872, y - 352, shade(wood, 0.3))
    s.rect(164, 352, 872, 30, veil(DARK, 0.14))
    glass: Colour = (*mix(LAMP, CREAM, 0.2), 255) if st.light.lamps else mix(CREAM, (214, 220, 206), 0.5)
    for i in range(8):  # Carved doors.
        px, open_ = 196 + i * 102, i in (3, 4)
        if open_:
            s.rect(
                px,
                372,
                102,
                y - 372,
                mix(st.floor, INK, 0.45) if not st.light.lamps else (*mix(LAMP, (150, 90, 60), 0.4), 255),
            )
            continue
        s.rect(px + 3, 372, 96, y - 372, wood)
        s.rect(px + 12, 384, 78, 150, glass)
        for j in range(1, 4):
            s.rect(px + 12 + j * 19.5 - 2, 384, 4, 150, wood)
        for j in range(1, 6):
            s.rect(px + 12, 384 + j * 25 - 2, 78, 4, wood)
        s.rect(px + 14, 548, 74, 74, shade(wood, 0.16), 3)
        s.oval(px + 51, 585, 20, 20, shade(wood, 0.02))
    if rng.random() < 0.7:  # A table in the dark of the hall, flowers on it.
        s.rect(540, 560, 124, 10, tint(st.wood, 0.1))
        for px in (546, 650):
            s.rect(px, 568, 8, 70, st.wood)
        plants.vase(s, st, 602, 560, 110)
    for px in (168, 396, 780, 1008):
        s.rect(px, 334, 24, y - 330, shade(wood, 0.06))
        s.rect(px + 16, 334, 8, y - 330, shade(wood, 0.25))
        s.rect(px - 7, y - 14, 38, 20, STONE, 4)
    lanterns(s, st, (288, 508, 694, 914), 400, 25)
    ground(s, st, y + 30)
    for i in range(3):
        s.rect(140 - i * 14, y + i * 13, 920 + i * 28, 15, tint(STONE, 0.34 - i * 0.12), 2)
    for i in range(rng.choice((5, 6))):
        px = 90 + i * 60 if i < 3 else 1110 - (i - 3) * 60
        plants.potted(s, st, px, 720 + (i % 3) * 34, rng.uniform(110, 190), rng.choice((4, 5, 5, 0)))
    kind = rng.randrange(3)
    if kind == 0:
        pond(s, st, rng.choice((600, 760)), 800)
    elif kind == 1:
        stone_table(s, st, rng.choice((480, 700)), 850)
    else:
        big_bowl(s, st, 600, 812)
    if kind or rng.random() < 0.5:
        yard_tree(s, st, rng.choice((40, 1160)), 830)
    if kind and rng.random() < 0.5:
        cat(s, st, rng.choice((240, 940)), 866, 1.1)


def big_bowl(s: Sheet, st: Setting, x: float, y: float) -> None:
    """A great glazed bowl with lotus in it."""
    fill = mix(st.second, (90, 110, 130), 0.4)
    shadow(s, x, y, 230, 14)
    s.blob(
        [(x - 116, y - 108), (x - 124, y - 70), (x - 74, y), (x + 74, y), (x + 124, y - 70), (x + 116, y - 108)], fill
    )
    s.blob(
        [(x + 60, y - 104), (x + 80, y - 66), (x + 40, y - 2), (x + 74, y), (x + 124, y - 70), (x + 116, y - 108)],
        shade(fill, 0.14),
    )
    s.oval(x, y - 108, 122, 25, tint(fill, 0.3))
    s.oval(x, y - 107, 108, 19, (96, 142, 140))
    green = st.season.leaves[1]
    for px, high in ((-80, 70), (-30, 120), (50, 96), (88, 50)):
        s.stroke(
            [(x + px * 0.5, y - 106), (x + px * 0.8, y - 106 - high * 0.6), (x + px, y - 106 - high)],
            shade(green, 0.2),
            5,
        )
        s.oval(x + px, y - 106 - high, 52, 17, shade(green, 0.08))
        s.oval(x + px - 5, y - 110 - high, 44, 12, tint(green, 0.1))
    for turn in (40, 140, 65, 115, 90):
        plants.leaf(s, (x + 6, y - 200), turn, 52, 24, (242, 178, 172) if turn != 90 else (252, 214, 204))
    s.line([(x + 6, y - 104), (x + 6, y - 200)], shade(green, 0.2), 5)


def ground(s: Sheet, st: Setting, y: float) -> None:
    """Paving in perspective: slabs or gravel with stepping stones."""
    fill = mix(STONE, CREAM, st.rng.choice((0.3, 0.5)))
    s.rect(0, y, WIDTH, 900 - y, fill)
    depths = [y, 640, 682, 738, 810, 900]
    for i, low in enumerate(depths[1:]):
        s.rect(0, low, WIDTH, 3, shade(fill, 0.12))
        for j in range(-12, 13):
            a = 600 + (j + 0.5 * (i % 2)) * 120 * (depths[i] - 330) / 300
            b = 600 + (j + 0.5 * (i % 2)) * 120 * (low - 330) / 300
            s.line([(a, depths[i]), (b, low)], shade(fill, 0.12), 3)
    for _ in range(14):
        s.oval(
            st.rng.uniform(0, WIDTH), st.rng.uniform(y + 20, 890), st.rng.uniform(14, 40), 5, veil((120, 150, 96), 0.3)
        )


def gate(s: Sheet, st: Setting, x: float, y: float, r: float) -> None:
    """A moon gate with the land behind it."""
    land = Sheet(r * 2, r * 2, s.scale)
    scenery.paint(land, st, near=False, horizon=0.5)
    land.poly([(0, r * 2), (0, r * 1.7), (r * 2, r * 1.7), (r * 2, r * 2)], mix(STONE, CREAM, 0.4))
    plants.bamboo(land, st, r * 0.4, r * 1.8, r * 1.4, st.leaf())
    s.oval(x, y - r + 22, r + 17, r + 17, mix(STONE, (130, 130, 128), 0.5))
    s.place(land, x - r, y - r * 2 + 22, outline(0, 0, r * 2, r * 2, "moon"))


def lattice_window(s: Sheet, st: Setting, x: float, y: float, r: float) -> None:
    frame: Colour = mix(TILE, STONE, 0.2)
    inside: Colour = (*LAMP, 255) if st.light.lamps else mix(st.leaf(), WHITE, 0.2)
    if st.rng.random() < 0.5:
        s.rect(x - r - 8, y - r - 8, r * 2 + 16, r * 2 + 16, frame, 3)
        s.rect(x - r, y - r, r * 2, r * 2, inside)
    else:
        s.poly(
            [
                (x - r - 10, y),
                (x - r * 0.5 - 5, y - r - 9),
                (x + r * 0.5 + 5, y - r - 9),
                (x + r + 10, y),
                (x + r * 0.5 + 5, y + r + 9),
                (x - r * 0.5 - 5, y + r + 9),
            ],
            frame,
        )
        s.poly(
            [
                (x - r, y),
                (x - r * 0.5, y - r),
                (x + r * 0.5, y - r),
                (x + r, y),
                (x + r * 0.5, y + r),
                (x - r * 0.5, y + r),
            ],
            inside,
        )
    for i in (-0.5, 0, 0.5):
        s.rect(x + i * r - 3, y - r, 6, r * 2, LIME)
    for i in (-0.5, 0, 0.5):
        half = r * (1 - abs(i) * 0.5)
        s.rect(x - half, y + i * r - 3, half * 2, 6, LIME)


def pond(s: Sheet, st: Setting, x: float, y: float) -> None:
    """Lotus, two carps, stones around."""
    rng, water = st.rng, mix((96, 152, 158), st.light.sky[1], 0.2)
    s.oval(x, y, 236, 62, shade(STONE, 0.12))
    s.oval(x, y + 4, 220, 54, water)
    s.oval(x - 40, y - 12, 110, 16, tint(water, 0.25))
    for fx, fy, paint in ((-70, 20, (226, 120, 64)), (60, 26, (246, 236, 220)), (110, -4, (226, 120, 64))):
        s.blob([(x + fx - 30, y + fy), (x + fx, y + fy - 9), (x + fx + 26, y + fy), (x + fx, y + fy + 8)], paint)
        s.poly([(x + fx - 26, y + fy), (x + fx - 46, y + fy - 9), (x + fx - 44, y + fy + 9)], tint(paint, 0.2))
    for px, py in ((-130, -8), (-20, 34), (150, 16), (30, -22)):
        s.oval(x + px, y + py, 32, 11, shade(st.season.leaves[1], 0.1))
        s.oval(x + px - 3, y + py - 2, 28, 8, st.season.leaves[1])
        if rng.random() < 0.6:
            for turn in (40, 140, 65, 115, 90):
                plants.leaf(s, (x + px, y + py - 4), turn, 34, 16, (242, 178, 172) if turn != 90 else (252, 214, 204))
    for px, py, r in ((-220, 8, 36), (-170, 44, 26), (214, 12, 40), (150, 52, 24), (-10, 62, 20)):
        rock(s, x + px, y + py + 14, r)


def stone_table(s: Sheet, st: Setting, x: float, y: float) -> None:
    """A stone drum with stools and the tea on it."""
    fill = mix(STONE, CREAM, 0.35)
    for px in (-170, 170):
        shadow(s, x + px, y - 4, 96, 9)
        s.blob(
            [
                (x + px - 36, y - 84),
                (x + px - 46, y - 44),
                (x + px - 36, y - 4),
                (x + px + 36, y - 4),
                (x + px + 46, y - 44),
                (x + px + 36, y - 84),
            ],
            shade(fill, 0.06),
        )
        s.blob(
            [
                (x + px + 10, y - 84),
                (x + px + 20, y - 44),
                (x + px + 12, y - 4),
                (x + px + 36, y - 4),
                (x + px + 46, y - 44),
                (x + px + 36, y - 84),
            ],
            shade(fill, 0.18),
        )
        s.oval(x + px, y - 84, 37, 9, st.accent)
    shadow(s, x, y, 220, 14)
    s.poly([(x - 50, y - 130), (x + 50, y - 130), (x + 64, y), (x - 64, y)], shade(fill, 0.12))
    s.poly([(x + 16, y - 130), (x + 50, y - 130), (x + 64, y), (x + 26, y)], shade(fill, 0.22))
    s.oval(x, y - 126, 126, 22, shade(fill, 0.2))
    s.oval(x, y - 138, 126, 22, tint(fill, 0.2))
    if st.rng.random() < 0.6:
        teapot(s, x - 8, y - 136, 36, st.rng.choice(((146, 90, 70), st.second)))
    else:
        plants.vase(s, st, x + 30, y - 138, 120)
        fruit(s, st, x - 44, y - 136, 30)
