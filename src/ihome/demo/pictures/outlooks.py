"""The best seats: balconies, terraces, deep windows, and the view from them."""

from __future__ import annotations

from ihome.demo.pictures import plants, scenery
from ihome.demo.pictures.cloth import cat
from ihome.demo.pictures.lamps import lampshade
from ihome.demo.pictures.palette import CREAM, INK, LAMP, WHITE, WIDTH, Setting, mix, shade, tint, veil
from ihome.demo.pictures.seats import DARK, RATTAN, cushion, legs, shadow
from ihome.demo.pictures.sheet import Sheet
from ihome.demo.pictures.tables import cup, fruit, teapot
from ihome.demo.pictures.windows import outline


def view(s: Sheet, st: Setting) -> None:
    st.rng.choice((balcony, balcony, terrace, window_seat, window_seat))(s, st)


def garden_chair(s: Sheet, st: Setting, x: float, y: float, side: int, k: float = 1.0) -> None:
    """A wicker chair half turned to the view; side -1 faces right, 1 faces left."""
    wood, pad = RATTAN, st.accent
    shadow(s, x, y - 2, 170 * k, 12)
    for px in (-62, 62):
        s.line([(x + px * k, y), (x + px * 0.9 * k, y - 110 * k)], shade(wood, 0.25), 10 * k)
    back = x + side * 62 * k
    s.poly(
        [
            (back - 16 * k, y - 90 * k),
            (back + side * 34 * k - 16 * k, y - 236 * k),
            (back + side * 34 * k + 18 * k, y - 236 * k),
            (back + 20 * k, y - 84 * k),
        ],
        wood,
    )
    s.rect(x - 86 * k, y - 118 * k, 172 * k, 34 * k, tint(pad, 0.12), 16 * k)
    s.rect(x - 86 * k, y - 94 * k, 172 * k, 20 * k, shade(wood, 0.1), 8 * k)
    s.rect(x - 92 * k, y - 168 * k, 168 * k, 15 * k, tint(wood, 0.16), 7 * k)
    s.rect(x - side * 84 * k - 7 * k, y - 162 * k, 13 * k, 162 * k, shade(wood, 0.12), 5 * k)
    cushion(s, st, back - side * 26 * k, y - 112 * k, 76 * k, st.second)


def tea_table(s: Sheet, st: Setting, x: float, y: float, w: float = 190) -> None:
    wood = tint(st.wood, 0.1)
    shadow(s, x, y - 2, w * 0.8, 11)
    for at in (-0.3, 0.3, 0.02):
        s.line([(x + at * w * 0.6, y - 118), (x + at * w * 1.1, y)], shade(wood, 0.3), 8)
    s.oval(x, y - 116, w / 2, w * 0.11, shade(wood, 0.2))
    s.oval(x, y - 124, w / 2, w * 0.11, wood)
    kind = st.rng.randrange(3)
    if kind == 0:
        teapot(s, x - 6, y - 122, 32, st.rng.choice(((146, 90, 70), st.second, st.accent)))
    elif kind == 1:
        plants.vase(s, st, x + 28, y - 122, 118)
        cup(s, x - 38, y - 120, 24, CREAM)
    else:
        fruit(s, st, x - 24, y - 122, 34)
        cup(s, x + 44, y - 120, 24, st.second)


def boards(s: Sheet, st: Setting, y: float) -> None:
    """A wooden deck from y to the lower edge."""
    wood = mix(st.floor, (206, 176, 140), 0.4)
    s.rect(0, y, WIDTH, 900 - y, wood)
    for i in range(-16, 17):
        s.line([(600 + i * 64, y), (600 + i * 64 * 1.8, 900)], shade(wood, 0.14), 3)
    s.rect(0, y, WIDTH, 12, veil(DARK, 0.12))


def sun_shape(s: Sheet, st: Setting, points: list[tuple[float, float]]) -> None:
    if st.light.beam:
        s.poly(points, veil((255, 244, 214), st.light.beam))


def string_lights(s: Sheet, st: Setting, x: float, end: float, y: float, sag: float) -> None:
    def at(t: float) -> tuple[float, float]:
        return x + (end - x) * t, y + sag * 4 * t * (1 - t)

    s.line([at(i / 24) for i in range(25)], INK, 2)
    for i in range(1, 10):
        px, py = at(i / 10)
        if st.light.lamps:
            s.glow(px, py + 12, 34, (255, 214, 140), 0.6)
        s.oval(px, py + 12, 7, 9, (*LAMP, 255) if st.light.lamps else (250, 236, 200))


def balcony(s: Sheet, st: Setting) -> None:
    """Two chairs, a table, a rail, and the whole land behind it."""
    rng = st.rng
    scenery.paint(s, st, near=rng.random() < 0.4, horizon=rng.uniform(0.5, 0.58))
    s.cast = mix(st.light.outdoors, WHITE, 0.3)
    y = 668.0
    kind = rng.randrange(3)
    rail = mix(INK, st.wood, 0.3) if kind else CREAM
    if kind == 2:  # Glass.
        s.rect(0, 500, WIDTH, y - 500, veil((226, 240, 242), 0.26))
        for x in range(-40, WIDTH, 250):
            s.poly([(x + 60, y), (x + 150, 500), (x + 190, 500), (x + 100, y)], veil(WHITE, 0.16))
            s.rect(x, 496, 9, y - 490, rail)
    else:
        for x in range(-10, WIDTH, 34 if kind else 44):
            if kind:
                s.rect(x, 500, 6, y - 496, rail)
            else:
                s.poly(
                    [
                        (x + 8, 506),
                        (x + 26, 506),
                        (x + 22, 556),
                        (x + 34, 610),
                        (x + 22, y),
                        (x + 12, y),
                        (x, 610),
                        (x + 12, 556),
                    ],
                    rail,
                )
        s.rect(0, y - 22, WIDTH, 12, rail)
    s.rect(0, 486, WIDTH, 17, tint(rail, 0.1) if kind else shade(rail, 0.06), 4)
    boards(s, st, y)
    sun_shape(s, st, [(260, y + 16), (760, y + 16), (1000, 880), (380, 880)])
    frame_left = rng.random() < 0.5
    if rng.random() < 0.75:  # The wall of the house at one side, a curtain that moves.
        x0 = 0 if frame_left else 1060
        s.rect(x0, 0, 140, 742, st.wall)
        s.rect(x0 + (128 if frame_left else 0), 0, 12, 742, shade(st.wall, 0.14))
        s.rect(x0, 730, 140, 18, tint(st.wall, 0.4))
        if st.light.lamps:
            s.glow(x0 + 70, 300, 190, (255, 214, 140), 0.5)
        s.rect(x0 + 58, 274, 24, 52, lampshade(st, CREAM), 8)
    top = rng.randrange(4)
    if top == 0:
        string_lights(s, st, -10, 1210, 60, 70)
    elif top == 1:  # An awning.
        for i in range(12):
            s.poly([(i * 100, 0), (i * 100 + 100, 0), (i * 100 + 100, 84), (i * 100, 84)], (st.accent, CREAM)[i % 2])
            s.pie(i * 100 + 50, 82, 50, 30, (st.accent, CREAM)[i % 2], 0, 180)
    elif top == 2:
        for x in (220, 420, 940):
            plants.trailing(s, st, x, 0, rng.uniform(240, 320))
    x = rng.choice((560, 600, 650))
    garden_chair(s, st, x - 240, 812, -1)
    garden_chair(s, st, x + 240, 812, 1)
    tea_table(s, st, x, 836)
    for px, high in ((70, 300), (1110, 330)):
        plants.potted(s, st, px, 850, high * rng.uniform(0.8, 1.1), rng.choice((0, 2, 3, 4, 5)))
    if rng.random() < 0.5:
        cat(s, st, rng.choice((240, 960)), 868, 1.2)


def terrace(s: Sheet, st: Setting) -> None:
    """A long table or a hammock under a pergola."""
    rng = st.rng
    scenery.paint(s, st, near=False, horizon=rng.uniform(0.52, 0.6))
    s.cast = mix(st.light.outdoors, WHITE, 0.3)
    y = 664.0
    for x in range(-30, 1230, 84):
        plants.bush(s, st, x, y + 12, rng.uniform(110, 150), st.leaf(), rng.choice((None, st.accent, (244, 206, 140))))
    boards(s, st, y)
    sun_shape(s, st, [(200, y + 16), (520, y + 16), (700, 890), (240, 890)])
    wood = shade(st.wood, 0.06)
    for px in (96.0, 1064.0):
        s.rect(px, 110, 40, 590, wood)
        s.rect(px + 28, 110, 12, 590, shade(wood, 0.16))
    for i in range(13):
        px = -20.0 + i * 100
        s.poly(
            [(px, 60), (px + 34, 60), (px + 34 + (px - 600) * 0.05, 10), (px + (px - 600) * 0.05, 10)], shade(wood, 0.2)
        )
    s.rect(0, 66, WIDTH, 44, tint(wood, 0.1))
    s.rect(0, 104, WIDTH, 10, shade(wood, 0.24))
    vine = rng.choice(st.season.leaves)
    bloom = plants.petal(rng.choice(((214, 158, 196), (240, 190, 170), st.accent)))
    for _ in range(46):
        px, py = rng.uniform(0, WIDTH), rng.uniform(40, 128)
        s.oval(
            px, py, rng.uniform(16, 30), rng.uniform(12, 22), rng.choice((vine, shade(vine, 0.14), tint(vine, 0.14)))
        )
    for _ in range(12):
        px = rng.uniform(0, WIDTH)
        for i in range(5):
            s.oval(px + (i % 2) * 8 - 4, 124 + i * 13, 10 - i * 1.4, 8, (bloom, tint(bloom, 0.3))[i % 2])
    if rng.random() < 0.45:  # A hammock.
        cloth = st.accent
        s.line([(118, 330), (250, 520)], CREAM, 4)
        s.line([(1082, 330), (950, 520)], CREAM, 4)
        for i in range(7):
            s.line([(118, 330), (240 + i * 20, 560 + i * 14)], CREAM, 2)
            s.line([(1082, 330), (960 - i * 20, 560 + i * 14)], CREAM, 2)
        shadow(s, 600, 806, 640, 18)
        s.blob(
            [
                (236, 512),
                (380, 596),
                (600, 630),
                (820, 596),
                (964, 512),
                (930, 640),
                (780, 706),
                (600, 722),
                (420, 706),
                (270, 640),
            ],
            cloth,
        )
        for i in range(-2, 3):
            s.blob(
                [
                    (600 + i * 120 - 14, 626 - abs(i) * 20),
                    (600 + i * 120 + 14, 626 - abs(i) * 20),
                    (600 + i * 100 + 14, 718 - abs(i) * 10),
                    (600 + i * 100 - 14, 718 - abs(i) * 10),
                ],
                tint(cloth, 0.55),
            )
        cushion(s, st, 350, 622, 96, st.second)
        tea_table(s, st, 880, 860, 160)
    else:  # Supper outdoors.
        for side in (-1, 1):
            garden_chair(s, st, 600 + side * 330, 806, side, 0.95)
        shadow(s, 600, 834, 460, 18)
        legs(s, 600, 834, 380, 160, shade(wood, 0.26), splay=20)
        s.poly([(400, 640), (800, 640), (840, 678), (360, 678)], tint(wood, 0.18))
        s.rect(360, 678, 480, 17, shade(wood, 0.1), 3)
        s.poly([(560, 640), (640, 640), (654, 678), (546, 678)], tint(st.linen, 0.4))
        s.rect(546, 678, 108, 60, shade(tint(st.linen, 0.4), 0.06))
        plants.vase(s, st, 600, 662, 140)
        teapot(s, 470, 668, 34, st.second)
        fruit(s, st, 730, 668, 36)
    string_lights(s, st, 130, 1070, 150, 60)
    for px in (60, 1140):
        plants.potted(s, st, px, 852, rng.uniform(220, 320), rng.choice((0, 2, 3, 4, 5)))


def window_seat(s: Sheet, st: Setting) -> None:
    """A deep window with cushions on its seat: the room stays outside the picture."""
    rng = st.rng
    shape = rng.choice(("", "", "arch", "moon"))
    x, y, w, h = (150.0, 84.0, 900.0, 560.0) if shape != "moon" else (250.0, 40.0, 700.0, 700.0)
    s.cast = st.light.indoors
    s.rect(0, 0, WIDTH, 900, st.wall)
    if rng.random() < 0.4:
        for i in range(0, WIDTH, 80):
            s.rect(i, 0, 3, 900, shade(st.wall, 0.06))
    frame = st.frame
    moon = shape == "moon"
    if shape == "arch":
        y, w, h, x = 40.0, 760.0, 604.0, 220.0
    s.poly(outline(x - 26, y - 26, w + 52, h + 52 if moon else h + 26, shape), tint(st.wall, 0.5))
    s.poly(outline(x - 10, y - 10, w + 20, h + 20 if moon else h + 10, shape), frame)
    land = Sheet(w, h, s.scale)
    scenery.paint(land, st, horizon=rng.uniform(0.55, 0.64))
    land.rect(0, 0, w, 16, veil(DARK, 0.12))
    land.rect(0, 0, 16, h, veil(DARK, 0.14))
    s.place(land, x, y, [(px - x, py - y) for px, py in outline(x, y, w, h, shape)])
    if moon:
        s.ring(x + w / 2, y + h / 2, w / 2 + 16, h / 2 + 16, frame, 24)
    else:
        count = rng.choice((2, 3, 4))
        for i in range(1, count):
            high = w / 2 * (1 - (1 - (2 * i / count - 1) ** 2) ** 0.5) if shape else 0
            s.rect(x + w * i / count - 6, y + high, 12, h - high, frame)
        if rng.random() < 0.5 and not shape:
            s.rect(x, y + h * 0.3, w, 10, frame)
    seat, low = mix(st.wood, CREAM, 0.25), 644.0
    wide = (70.0, 1060.0)
    s.rect(wide[0], low, wide[1], 26, tint(seat, 0.3), 4)
    s.rect(wide[0] + 14, low + 26, wide[1] - 28, 230, seat)
    doors = rng.choice((3, 4))
    for i in range(doors):
        px, pw = wide[0] + 26 + i * (wide[1] - 52) / doors, (wide[1] - 52) / doors - 14
        s.rect(px, low + 44, pw, 156, shade(seat, 0.08), 4)
        if rng.random() < 0.4:
            s.rect(px + pw * 0.16, low + 96, pw * 0.68, 100, RATTAN, 6)
            for j in range(1, 5):
                s.rect(px + pw * 0.16, low + 96 + j * 20, pw * 0.68, 3, shade(RATTAN, 0.2))
        else:
            s.rect(px + 12, low + 56, pw - 24, 132, tint(seat, 0.12), 3)
            s.oval(px + pw / 2, low + 76, 6, 6, (196, 152, 84))
    s.rect(0, 870, WIDTH, 30, st.floor)
    s.rect(wide[0] + 12, low - 34, wide[1] - 24, 38, st.cloth, 14)
    s.rect(wide[0] + 12, low - 12, wide[1] - 24, 14, shade(st.cloth, 0.12), 7)
    paints = [st.accent, st.second, st.linen, st.throw]
    for i, px in enumerate((150, 236, 1010, 1086)[: rng.choice((3, 4))]):
        cushion(s, st, px, low - 26, rng.uniform(104, 132), paints[i])
    choice = rng.randrange(3)
    if choice == 0:
        cat(s, st, rng.choice((460, 700)), low - 30, 1.3)
    elif choice == 1:
        teapot(s, 560, low - 30, 44, rng.choice((st.accent, (146, 90, 70))))
    else:
        s.poly(
            [(520, low - 34), (536, low - 46), (600, low - 40), (664, low - 46), (680, low - 34), (600, low - 30)],
            (250, 246, 236),
        )
        cup(s, 740, low - 32, 34, st.second)
    plants.potted(s, st, 860 if choice else 900, low - 30, rng.uniform(120, 170), rng.choice((1, 4, 5)))
    if st.light.lamps:
        s.glow(1130, 330, 200, (255, 214, 140), 0.5)
    if rng.random() < 0.5 and not moon:
        fill = rng.choice((st.linen, st.throw))
        for px, side in ((x - 110, 1), (x + w + 110, -1)):
            for i in range(5):
                a, b = px + side * i * 32, px + side * (i + 1) * 32
                s.poly(
                    [(a, 0), (b, 0), (b - side * i * 5, low + 10), (a - side * i * 5, low + 10)],
                    (fill, shade(fill, 0.08), tint(fill, 0.14))[i % 3],
                )
        s.rect(x - 150, 8, w + 300, 11, shade(st.wood, 0.2), 5)
