"""Places under the sky: a pavilion, a roof, a fire, a hot spring, a jetty."""

from __future__ import annotations

from itertools import pairwise

from ihome.demo.pictures import plants, scenery
from ihome.demo.pictures.cloth import cat
from ihome.demo.pictures.masonry import lanterns, ribbed_roof, smoke
from ihome.demo.pictures.outlooks import boards, garden_chair, string_lights, tea_table
from ihome.demo.pictures.palette import (
    BRASS,
    CREAM,
    LIME,
    STONE,
    TILE,
    WHITE,
    WIDTH,
    Setting,
    mix,
    shade,
    tint,
    veil,
)  # fmt: skip
from ihome.demo.pictures.plants import any_tree
from ihome.demo.pictures.seats import DARK, RATTAN, cushion, shadow
from ihome.demo.pictures.sheet import Point, Sheet, smooth
from ihome.demo.pictures.tables import teapot


def pavilion(s: Sheet, st: Setting) -> None:
    """A pavilion at the water, a winding bridge to it."""
    rng = st.rng
    scenery.paint(s, st, near=False, horizon=rng.uniform(0.44, 0.5))
    s.cast = mix(st.light.outdoors, WHITE, 0.1)
    grass = st.season.grass
    s.poly([*smooth([(0, 560), (300, 540), (700, 562), (1200, 540)]), (1200, 900), (0, 900)], grass)
    water = mix((112, 168, 172), st.light.sky[1], 0.25)
    shape = [(240, 660), (480, 606), (820, 600), (1120, 640), (1180, 740), (1000, 830), (640, 850), (330, 800)]
    s.blob([(x, y + 10) for x, y in shape], shade(STONE, 0.05))
    s.blob(shape, water)
    for _ in range(16):
        px, py = rng.uniform(340, 1000), rng.uniform(640, 800)
        s.rect(px, py, rng.uniform(40, 110), 4, veil(tint(water, 0.7), 0.45), 2)
    for px in rng.sample((60, 150, 1040, 1130, 960), 3):
        any_tree(s, st, px, 600, rng.uniform(300, 420), 0.06)
    cx, y, wood = rng.choice((560.0, 700.0)), 660.0, mix(st.wood, (150, 62, 44), rng.choice((0.3, 0.75)))
    s.oval(cx, y + 6, 236, 34, shade(STONE, 0.1))
    s.oval(cx, y - 6, 236, 32, tint(STONE, 0.25))
    for px in (-150, -58, 58, 150):
        s.rect(cx + px - 9, 400, 18, y - 404, wood)
        s.rect(cx + px + 3, 400, 6, y - 404, shade(wood, 0.2))
    for a, b in ((-150, -58), (58, 150)):
        s.rect(cx + a, y - 70, b - a, 12, tint(wood, 0.12), 4)
        for i in range(5):
            s.rect(cx + a + 14 + i * 16, y - 60, 4, 50, wood)
    tea = (cx, y - 10)
    s.oval(tea[0], tea[1], 50, 7, veil(DARK, 0.16))
    s.poly([(cx - 16, y - 66), (cx + 16, y - 66), (cx + 24, y - 10), (cx - 24, y - 10)], shade(STONE, 0.1))
    s.oval(cx, y - 68, 52, 9, tint(STONE, 0.3))
    teapot(s, cx - 2, y - 68, 19, (146, 90, 70))
    s.rect(cx - 168, 396, 336, 22, shade(wood, 0.12))
    roof = TILE if rng.random() < 0.7 else (92, 122, 112)
    ribbed_roof(s, [(cx - 236, 400), (cx - 60, 270), (cx + 60, 270), (cx + 236, 400)], roof, 17)
    for turn in (-1, 1):
        s.poly([(cx + turn * 200, 372), (cx + turn * 270, 358), (cx + turn * 240, 404)], roof)
    s.poly([(cx - 74, 276), (cx, 214), (cx + 74, 276)], shade(roof, 0.12))
    s.oval(cx, 208, 13, 17, BRASS)
    lanterns(s, st, (cx - 104, cx + 104), 448, 19)
    stone = mix(STONE, CREAM, 0.4)
    zig = [(cx - 190, 672), (cx - 330, 700), (cx - 230, 752), (cx - 420, 806), (cx - 330, 905)]
    for offset, paint in ((12, shade(stone, 0.3)), (0, stone)):
        s.line([(px, py + offset) for px, py in zig], paint, 62)
    s.line([(px, py - 2) for px, py in zig], tint(stone, 0.25), 50)
    green = st.season.leaves[1]
    for _ in range(9):
        px, py = rng.uniform(cx + 30, 1060), rng.uniform(700, 806)
        s.oval(px, py, 34, 12, shade(green, 0.1))
        s.oval(px - 3, py - 2, 30, 9, green)
        if rng.random() < 0.45:
            for turn in (40, 140, 65, 115, 90):
                plants.leaf(s, (px, py - 4), turn, 40, 18, (242, 178, 172) if turn != 90 else (252, 214, 204))
    for px, py, r in ((1120, 760, 54), (1040, 822, 40), (780, 858, 44), (300, 640, 40)):
        rock(s, px, py, r)
    yard_tree(s, st, 1150, 840)
    for bx in rng.sample((40, 140, 560, 700, 900, 1060), 4):
        plants.bush(
            s, st, bx, 900, rng.uniform(110, 170), st.leaf(), rng.choice((st.accent, (244, 206, 140), CREAM, None))
        )


def roof_garden(s: Sheet, st: Setting) -> None:
    """A garden on a roof: beds of herbs, a sofa outdoors, lights over it."""
    rng = st.rng
    scenery.paint(s, st, near=False, horizon=0.6)
    s.cast = mix(st.light.outdoors, WHITE, 0.22)
    y, wood = 640.0, mix(st.wood, (190, 140, 96), 0.4)
    parapet = mix(LIME, st.wall, 0.5)
    s.rect(0, y - 120, WIDTH, 124, parapet)
    s.rect(0, y - 130, WIDTH, 18, tint(parapet, 0.4), 3)
    boards(s, st, y)
    x = 20.0
    while x < 1160:  # Beds along the wall.
        w = rng.uniform(150, 240)
        for i in range(int(w // 26)):
            px = x + 16 + i * 26
            kind = rng.randrange(3)
            if kind == 0:
                plants.bush(s, st, px, y - 26, 64, st.leaf(), rng.choice((st.accent, (244, 206, 140), (232, 176, 190))))
            elif kind == 1:
                for turn in (60, 75, 90, 105, 120):
                    plants.leaf(s, (px, y - 30), turn, rng.uniform(50, 100), 15, st.leaf())
            else:
                plants.tuft(s, st, px, y - 26, rng.uniform(60, 110), st.leaf())
        s.rect(x, y - 40, w, 76, wood, 3)
        for i in (1, 2):
            s.rect(x, y - 40 + i * 25, w, 3, shade(wood, 0.16))
        x += w + rng.choice((14, 60))
    for px in (70, 1130):
        s.rect(px, 150, 14, 500, shade(wood, 0.3))
    string_lights(s, st, 76, 600, 160, 44)
    string_lights(s, st, 600, 1138, 160, 44)
    s.line([(76, 160), (600, 160), (1138, 160)], veil((60, 50, 46), 0.4), 2)
    if rng.random() < 0.55:
        cx = rng.choice((440.0, 740.0))
        shadow(s, cx, 800, 460, 18)
        s.rect(cx - 230, 690, 460, 100, RATTAN, 14)
        for i in range(1, 5):
            s.rect(cx - 230, 690 + i * 20, 460, 3, shade(RATTAN, 0.16))
        s.rect(cx - 216, 640, 432, 74, shade(RATTAN, 0.1), 16)
        for i in range(3):
            s.rect(cx - 206 + i * 138, 654, 134, 60, tint(st.linen, 0.2), 16)
            s.rect(cx - 206 + i * 138, 702, 134, 34, tint(st.linen, 0.4), 12)
        cushion(s, st, cx - 150, 716, 78, st.accent)
        cushion(s, st, cx + 140, 716, 84, st.second)
        tea_table(s, st, cx + (280 if cx < 600 else -280), 850)
    else:
        for side in (-1, 1):
            garden_chair(s, st, 600 + side * 260, 810, side)
        tea_table(s, st, 600, 836, 210)
    if rng.random() < 0.5:  # A sunshade.
        px = rng.choice((230, 970))
        s.rect(px - 5, 300, 10, 530, shade(wood, 0.3))
        for i in range(6):
            s.poly([(px, 250), (px - 210 + i * 70, 350), (px - 140 + i * 70, 350)], (st.accent, CREAM)[i % 2])
        for i in range(6):
            s.pie(px - 175 + i * 70, 349, 35, 15, shade((st.accent, CREAM)[i % 2], 0.08), 0, 180)
        s.oval(px, 832, 50, 11, STONE)
    for px in (60, 1140):
        plants.potted(s, st, px, 862, rng.uniform(240, 340), rng.choice((0, 2, 3, 4)))
    if rng.random() < 0.4:
        cat(s, st, 600, 880, 1.1)


def fire_place(s: Sheet, st: Setting) -> None:
    """A circle of seats around a fire, the land all around."""
    rng = st.rng
    scenery.paint(s, st, near=False, horizon=rng.uniform(0.5, 0.56))
    s.cast = mix(st.light.outdoors, WHITE, 0.12)
    grass = st.season.grass
    s.poly([*smooth([(0, 640), (350, 618), (800, 636), (1200, 612)]), (1200, 900), (0, 900)], grass)
    for _ in range(24):
        plants.tuft(s, st, rng.uniform(0, WIDTH), rng.uniform(680, 890), rng.uniform(14, 26), shade(grass, 0.14))
    for px in rng.sample((60, 170, 1040, 1140), 3):
        any_tree(s, st, px, 690, rng.uniform(400, 520), 0.05)
    for i in range(12):
        s.rect(-10 + i * 106, 596, 14, 90, shade(st.wood, 0.1))
    for py in (612, 646):
        s.rect(0, py, WIDTH, 11, st.wood)
    s.oval(600, 790, 400, 90, mix(STONE, (214, 190, 150), 0.5))
    for side in (-1, 1):
        garden_chair(s, st, 600 + side * 290, 800, side)
    for i in range(9):
        rock(s, 600 - 112 + i * 28, 806 + (10 if 2 < i < 6 else 0), 24)
    s.glow(600, 740, 230, (255, 190, 100), 0.6 if st.light.lamps else 0.25)
    for px in (-40, 0, 36):
        s.line([(600 + px - 40, 806), (600 + px * 0.3 + 20, 770)], (112, 78, 60), 16)
    for px, high, paint in (
        (-36, 96, (232, 128, 62)),
        (34, 86, (232, 128, 62)),
        (0, 136, (240, 156, 76)),
        (2, 78, (255, 214, 130)),
    ):
        s.blob(
            [
                (600 + px - 28, 794),
                (600 + px - 24, 764),
                (600 + px, 798 - high),
                (600 + px + 28, 760),
                (600 + px + 24, 794),
            ],
            (*paint, 255),
        )
    smoke(s, 610, 660)
    if rng.random() < 0.6:
        s.rect(130, 420, 12, 280, shade(st.wood, 0.2))
        s.rect(1058, 420, 12, 280, shade(st.wood, 0.2))
        string_lights(s, st, 136, 1064, 430, 60)
    plants.bush(s, st, 90, 880, 170, st.leaf(), st.accent)
    plants.bush(s, st, 1120, 890, 190, st.leaf(), CREAM)
    if rng.random() < 0.5:
        cat(s, st, rng.choice((430, 770)), 868, 1.1)


def rock(s: Sheet, x: float, y: float, r: float) -> None:
    fill = (156, 154, 148)
    s.blob(
        [
            (x - r, y),
            (x - r * 0.8, y - r * 0.6),
            (x - r * 0.1, y - r * 0.9),
            (x + r * 0.7, y - r * 0.55),
            (x + r, y),
            (x, y + r * 0.12),
        ],
        fill,
    )
    s.blob(
        [
            (x - r * 0.8, y - r * 0.2),
            (x - r * 0.6, y - r * 0.6),
            (x - r * 0.1, y - r * 0.8),
            (x + r * 0.1, y - r * 0.4),
            (x - r * 0.4, y - r * 0.1),
        ],
        tint(fill, 0.25),
    )


def yard_tree(s: Sheet, st: Setting, x: float, y: float) -> None:
    rng = st.rng
    kind = rng.randrange(3)
    if kind == 0:
        plants.willow(s, st, x, y, rng.uniform(560, 640), st.leaf())
    elif kind == 1:
        plants.cypress_pine(s, st, x, y, rng.uniform(520, 600), shade(st.season.leaves[0], 0.1))
    else:
        plants.round_tree(s, st, x, y, rng.uniform(540, 640), rng.choice((*st.season.leaves, *st.season.turning)))


def hot_spring(s: Sheet, st: Setting) -> None:
    """A pool of warm water between rocks, steam over it, towels laid out."""
    rng = st.rng
    scenery.paint(s, st, near=False, horizon=rng.uniform(0.46, 0.52))
    s.cast = mix(st.light.outdoors, WHITE, 0.15)
    wood, y = mix(st.wood, (186, 132, 88), 0.3), 590.0
    for at in rng.sample((90, 280, 920, 1110), 2):
        any_tree(s, st, at, 580, rng.uniform(360, 460), 0.06)
    if rng.random() < 0.6:  # A fence of bamboo.
        cane = mix((206, 182, 120), st.season.grass, 0.2)
        for i in range(50):
            s.rect(i * 24, 420 + (i % 3) * 5, 21, y - 420, cane if i % 2 else shade(cane, 0.07), 6)
        for rail in (456, 536):
            s.rect(0, rail, WIDTH, 9, shade(cane, 0.3))
    else:
        for i in range(11):
            plants.bush(s, st, i * 118, y + 14, rng.uniform(150, 190), st.leaf(), rng.choice((None, st.accent)))
    s.rect(0, y, WIDTH, 310, mix(STONE, CREAM, 0.2))
    for _ in range(40):
        px, py = rng.uniform(0, WIDTH), rng.uniform(y + 10, 890)
        s.oval(px, py, 22, 6, shade(STONE, 0.06))
    water = mix((104, 176, 178), st.light.sky[1], 0.2)
    far_bank: list[Point] = [(210, 730), (300, 650), (560, 622), (860, 630), (1010, 690)]
    pool = [*far_bank, (1000, 780), (800, 846), (480, 850), (270, 810)]
    s.blob([(px, py + 10) for px, py in pool], shade(STONE, 0.3))
    s.blob(pool, water)
    s.blob([(330, 690), (560, 650), (820, 660), (900, 700), (640, 720), (400, 730)], tint(water, 0.2))
    for i in range(14):
        s.rect(rng.uniform(300, 860), 660 + i * 12, rng.uniform(50, 120), 4, veil(WHITE, 0.3), 2)
    between = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(pool)]
    for px, py in (*pool, *between):
        rock(s, px, py + 14, rng.uniform(34, 58))
    for _ in range(7):
        px, py = rng.uniform(320, 860), rng.uniform(560, 690)
        s.stroke([(px, py), (px - 16, py - 36), (px + 14, py - 70), (px - 4, py - 112)], veil(WHITE, 0.3), 12)
    s.poly([(880, 900), (930, 762), (1200, 742), (1200, 900)], tint(wood, 0.1))
    for i in range(5):
        s.line([(905 - i * 6, 790 + i * 24), (1200, 770 + i * 26)], shade(wood, 0.12), 3)
    for i, fill in enumerate((st.accent, tint(st.linen, 0.4), st.second)):
        s.rect(1000 + i * 4, 800 - i * 24, 120 - i * 8, 24, fill, 11)
    teapot(s, 950, 812, 26, (146, 90, 70))
    for px, py in ((120.0, 780.0), (1090.0, 640.0)):  # Stone lanterns.
        if st.light.lamps:
            s.glow(px, py - 92, 130, (255, 206, 130), 0.6)
        s.rect(px - 12, py - 64, 24, 64, STONE)
        s.rect(px - 30, py - 112, 60, 50, tint(STONE, 0.1), 4)
        s.rect(px - 17, py - 104, 34, 34, (255, 222, 150, 255) if st.light.lamps else CREAM, 3)
        s.poly([(px - 48, py - 110), (px, py - 150), (px + 48, py - 110)], shade(STONE, 0.2))
    plants.bamboo(s, st, 70, 900, 560, st.leaf())
    yard_tree(s, st, 1170, 730)
    for bx in (180, 420, 690):
        if rng.random() < 0.7:
            plants.bush(
                s, st, bx, 905, rng.uniform(120, 160), st.leaf(), rng.choice((None, st.accent, (244, 206, 140)))
            )


def jetty(s: Sheet, st: Setting) -> None:
    """Boards that run out over the water, two long chairs at their end."""
    rng = st.rng
    scenery.paint(s, st, near=rng.random() < 0.5, horizon=rng.uniform(0.44, 0.5))
    s.cast = mix(st.light.outdoors, WHITE, 0.2)
    wood = mix(st.wood, (206, 168, 124), 0.4)
    top, end = 560.0, 900.0
    for x in (330, 860):
        s.rect(x - 8, top, 16, 90, shade(wood, 0.36))
    for x in (190, 1000):
        s.rect(x - 11, 700, 22, 120, shade(wood, 0.36))
    s.poly([(320, top), (880, top), (1180, end), (20, end)], wood)
    s.poly([(320, top), (880, top), (886, top + 12), (314, top + 12)], tint(wood, 0.2))
    for i in range(1, 17):
        t = (i / 17) ** 1.5
        y = top + (end - top) * t
        s.line([(320 - 300 * t, y), (880 + 300 * t, y)], shade(wood, 0.15), 3)
    for x, lean in ((350, -1), (850, 1)):
        s.rect(x - 9, top - 70, 18, 84, shade(wood, 0.2), 3)
        s.rect(x - 11, top - 78, 22, 12, tint(wood, 0.2), 4)
        s.ring(x, top - 34, 15, 9, CREAM, 5)
        s.rect(x + lean * 190 - 10, 640, 20, 110, shade(wood, 0.2), 3)
        s.line([(x, top - 50), (x + lean * 100, 640), (x + lean * 190, 656)], CREAM, 5)
    if st.light.lamps:
        s.glow(350, top - 90, 120, (255, 214, 140), 0.6)
    s.rect(338, top - 112, 24, 36, (255, 222, 150, 255) if st.light.lamps else CREAM, 4)
    for side in (-1, 1):  # Long chairs.
        x, y = 600 + side * 190, 790.0
        shadow(s, x, y, 220, 14)
        for px in (-80, 80):
            s.rect(x + px - 6, y - 62, 12, 62, shade(wood, 0.3))
        back = x + side * 96
        s.poly(
            [
                (x - side * 112, y - 74),
                (back, y - 74),
                (back + side * 62, y - 178),
                (back + side * 80, y - 170),
                (back + side * 12, y - 54),
                (x - side * 112, y - 54),
            ],
            shade(wood, 0.16),
        )
        s.poly(
            [
                (x - side * 108, y - 92),
                (back - side * 4, y - 92),
                (back + side * 50, y - 190),
                (back + side * 72, y - 180),
                (back + side * 8, y - 68),
                (x - side * 108, y - 72),
            ],
            tint(st.accent, 0.1),
        )
        s.poly(
            [(x - side * 40, y - 92), (x - side * 10, y - 92), (x - side * 10, y - 70), (x - side * 40, y - 71)], CREAM
        )
    tea_table(s, st, 600, 800, 150)
    if rng.random() < 0.6:
        px = rng.choice((420, 780))
        s.rect(px - 5, 330, 10, 420, shade(wood, 0.3))
        for i in range(6):
            s.poly([(px, 270), (px - 216 + i * 72, 380), (px - 144 + i * 72, 380)], (st.second, CREAM)[i % 2])
            s.pie(px - 180 + i * 72, 379, 36, 15, shade((st.second, CREAM)[i % 2], 0.08), 0, 180)
    for px in (110, 1090):
        plants.potted(s, st, px, 880, rng.uniform(180, 260), rng.choice((0, 2, 5)))
    if rng.random() < 0.5:
        cat(s, st, rng.choice((330, 880)), 880, 1.1)
