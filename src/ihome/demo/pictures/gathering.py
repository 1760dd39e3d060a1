"""Rooms for company and for quiet: dining rooms, studies, tea rooms."""

from __future__ import annotations

from ihome.demo.pictures import cloth, hung, lamps, plants, room, seats, tables, windows
from ihome.demo.pictures.living import corner, opening
from ihome.demo.pictures.palette import BRASS, CREAM, Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.sheet import Sheet, smooth


def dining(s: Sheet, st: Setting) -> None:
    """A table for meals under a lamp."""
    rng = st.rng
    r = room.shell(s, st, floor=rng.choice((630, 645)))
    if r.left:
        windows.side_window(r, panes=rng.choice((2, 3)))
        windows.sunlight(r, 0, 0, wall=True)
    x = rng.choice((600, 640))
    back = rng.randrange(4)
    if back == 0 and r.left:
        hung.wall_pieces(r, x - 210, 290, 260)
        hung.wall_pieces(r, x + 220, 290, 260)
    elif back == 1:
        tables.bookcase(s, st, 900, r.floor + 20, 240, rng.choice((420, 480)))
        windows.window(r, x - 240, 110, 380, rng.choice((320, 350)), bars=rng.choice(((2, 2), (3, 2), (2, 1))))
        windows.sunlight(r, x - 240, 380)
    elif back == 2 and not r.left:  # Doors to the balcony.
        windows.window(r, x - 250, 90, 500, r.floor - 96, bars=(4, 1), rail=True, sill=False)
        windows.sunlight(r, x - 250, 420)
        cloth.curtains(s, st, x - 250, 56, 500, r.floor - 4, rng.choice((st.linen, st.throw)), tied=rng.random() < 0.4)
    else:
        wide = rng.choice((320, 440, 540))
        opening(r, x - wide / 2, 104, wide, rng.choice((310, 350)))
    if back == 0:
        tables.sideboard(s, st, 960, r.floor + 20, 200, 160)
    elif back != 1:
        plants.potted(s, st, 1080, 690, rng.uniform(280, 350), rng.choice((0, 2, 3)))
    cloth.rug(r, x, 800, 800, 170)
    style, round_ = rng.randrange(4), rng.random() < 0.45
    wide = 430 if round_ else rng.choice((540, 620))
    spots = (-0.24, 0.24) if round_ else (-0.3, 0, 0.3)
    for spot in spots:
        seats.chair(s, st, x + spot * wide, 724, style=style, fill=st.throw)
    if not round_ and rng.random() < 0.6:
        for side in (-1, 1):
            seats.chair(s, st, x + side * (wide / 2 + 40), 780, style=style, fill=st.throw)
    top = tables.dining_table(s, st, x, 800, wide, round_=round_, cloth=rng.random() < 0.5)
    plate = rng.choice((st.accent, st.second, st.cloth))
    for spot in (-0.32, 0.32) if round_ else (-0.37, -0.24, 0.24, 0.37):
        tables.place_setting(s, x + spot * wide, top, plate)
    kind = rng.randrange(3)
    if kind == 0:
        plants.vase(s, st, x, top, 150)
    elif kind == 1:
        tables.fruit(s, st, x - 20, top + 4, 46)
        tables.cup(s, x + 66, top + 6, 26, plate)
    else:
        tables.teapot(s, x, top + 4, 34, rng.choice(((146, 90, 70), st.second, st.accent)))
    if rng.random() < 0.55:
        for spot in (-0.2, 0.22) if round_ else (-0.22, 0.22):
            seats.chair(s, st, x + spot * wide, 866, away=True, style=style, fill=st.throw)
    lamp = rng.randrange(5)
    for px in (0,) if round_ or back == 0 else rng.choice(((-130, 130), (-170, 0, 170))):
        lamps.pendant(s, st, x + px, 250, 92 if round_ else 64, lamp)
    if not r.left:
        plants.potted(s, st, 110, 740, rng.uniform(260, 340), rng.choice((0, 1, 2, 3)))
    elif rng.random() < 0.5:
        cloth.basket(s, st, 170, 850, 100)


def study(s: Sheet, st: Setting) -> None:
    st.rng.choice((at_the_window, at_the_window, under_shelves, library))(s, st)


def at_the_window(s: Sheet, st: Setting) -> None:
    """A desk at the window, books within reach."""
    rng = st.rng
    r = room.shell(s, st, floor=645)
    if r.left:
        windows.side_window(r)
        windows.sunlight(r, 0, 0, wall=True)
    wx, ww = (380, 380) if r.left else (rng.choice((150, 220)), rng.choice((380, 460)))
    opening(r, wx, 112, ww, 340)
    tables.bookcase(s, st, 880, 668, 250, rng.choice((400, 470, 520)))
    x = wx + ww / 2
    cloth.rug(r, x + 80, 800, 640, 150)
    desk(s, st, x, rng.choice((460, 500)))
    seats.chair(s, st, x + 20, 796, away=True, style=rng.randrange(4), fill=st.accent)
    if rng.random() < 0.5:
        seats.armchair(s, st, 1000, 842, st.throw)
    else:
        plants.potted(s, st, 1090, 850, 330, rng.choice((0, 2, 3)))
    corner(s, st, 120 if not r.left else 200, 846)
    if rng.random() < 0.5 and not r.left:
        tables.wall_shelf(s, st, 668, 250, 180)


def under_shelves(s: Sheet, st: Setting) -> None:
    """A desk under shelves and pictures, the window at its side."""
    rng = st.rng
    r = room.shell(s, st, floor=645)
    if r.left:
        windows.side_window(r, panes=3)
        windows.sunlight(r, 0, 0, wall=True)
    x, w = (560, 500) if r.left else (400, 520)
    if rng.random() < 0.6:
        tables.wall_shelf(s, st, x - 220, 210, 440)
        tables.wall_shelf(s, st, x - 220, 350, 440)
    else:
        tables.wall_shelf(s, st, x - 220, 350, 440)
        hung.wall_pieces(r, x, 180, 380)
    opening(r, 830, 110, 290, 360)
    cloth.rug(r, x + 60, 810, 720, 150)
    desk(s, st, x, w)
    seats.chair(s, st, x - 30, 800, away=True, style=rng.randrange(4), fill=st.accent)
    seats.armchair(s, st, 950, 780, rng.choice((st.throw, st.second)))
    if rng.random() < 0.5:
        lamps.floor_lamp(s, st, 1110, 740, rng.choice((0, 1)))
    else:
        plants.potted(s, st, 1110, 800, 320, rng.choice((0, 2, 3)))
    corner(s, st, 110 if not r.left else 190, 850)


def library(s: Sheet, st: Setting) -> None:
    """Walls of books on both sides of the window, a chair to read in."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=640)
    w = rng.choice((280, 320))
    windows.window(r, 600 - w / 2, 100, w, 430, shape=rng.choice(("arch", "arch", "")), bars=(2, 3))
    windows.sunlight(r, 600 - w / 2, w)
    tall = rng.choice((500, 550))
    for x in (60, 600 + w / 2 + 60):
        tables.bookcase(s, st, x, 664, 600 - w / 2 - 120, tall)
    if rng.random() < 0.5:  # A ladder.
        for px in (880, 930):
            s.line([(px, 130), (px + 50, 690)], st.chair, 9)
        for i in range(1, 8):
            s.line([(880 + i * 6, 130 + i * 70), (930 + i * 6, 130 + i * 70)], st.chair, 8)
    cloth.rug(r, 600, 800, 820, 160)
    if rng.random() < 0.5:
        seats.armchair(s, st, 440, 800, st.cloth)
        lamps.floor_lamp(s, st, 290, 770, rng.choice((0, 1)))
        tables.low_table(s, st, 680, 850, 230)
        seats.armchair(s, st, 890, 816, st.throw)
    else:
        desk(s, st, 600, 520, y=800)
        seats.chair(s, st, 610, 884, away=True, style=rng.randrange(4), fill=st.accent)
        plants.potted(s, st, 1080, 830, 340, rng.choice((0, 2, 3)))
    plants.potted(s, st, 110, 820, 300, rng.choice((0, 1, 2, 3)))
    lamps.pendant(s, st, 600, 150, 84, rng.randrange(5))


def desk(s: Sheet, st: Setting, x: float, w: float, *, y: float = 704) -> None:
    """A desk with its lamp, somebody's work and a pile of books; y is where it stands."""
    rng, wood, top = st.rng, st.wood, y - 178
    seats.shadow(s, x, y - 2, w, 14)
    if rng.random() < 0.5:
        s.rect(x + w / 2 - 130, top + 14, 118, 150, shade(wood, 0.08), 4)
        for i in range(3):
            s.rect(x + w / 2 - 122, top + 22 + i * 46, 102, 40, tint(wood, 0.12), 3)
            s.oval(x + w / 2 - 71, top + 42 + i * 46, 5, 5, BRASS)
        seats.legs(s, x, y, w - 40, 170, shade(wood, 0.2), splay=2)
    else:
        seats.legs(s, x, y, w - 60, 176, shade(wood, 0.2), splay=22)
        s.rect(x - w * 0.36, top + 14, w * 0.72, 36, shade(wood, 0.08), 3)
    board = [(x - w / 2 + 10, top - 14), (x + w / 2 - 10, top - 14), (x + w / 2, top + 6), (x - w / 2, top + 6)]
    s.poly(board, tint(wood, 0.16))
    s.rect(x - w / 2, top + 6, w, 15, shade(wood, 0.06), 3)
    lamps.table_lamp(s, st, x - w * 0.37, top - 2, 120)
    if rng.random() < 0.5:  # A laptop.
        s.poly([(x - 62, top - 84), (x + 62, top - 84), (x + 66, top - 6), (x - 66, top - 6)], (196, 194, 190))
        s.poly(
            [(x - 55, top - 78), (x + 55, top - 78), (x + 58, top - 12), (x - 58, top - 12)], mix(st.second, CREAM, 0.3)
        )
        s.rect(x - 84, top - 6, 168, 8, (214, 212, 208), 3)
    else:  # An open book.
        pages = [
            (x - 64, top - 2),
            (x - 56, top - 10),
            (x, top - 6),
            (x + 56, top - 10),
            (x + 64, top - 2),
            (x, top + 2),
        ]
        s.poly(pages, (250, 246, 236))
        s.line([(x + 78, top - 2), (x + 112, top - 8)], st.accent, 5)
    high = tables.pile(s, st, x + w * 0.3, top, 88, rng.randint(2, 4))
    if rng.random() < 0.5:
        tables.cup(s, x + w * 0.3, top - high, 24, st.second)
    else:
        plants.potted(s, st, x + w * 0.3, top - high, 76, 4)


def tearoom(s: Sheet, st: Setting) -> None:
    st.rng.choice((on_mats, on_mats, at_the_table, by_the_screen))(s, st)


def on_mats(s: Sheet, st: Setting) -> None:
    """A low table on mats, a scroll, the quiet."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=610, wall=rng.choice(("plain", "two_tone", "boarded")), ground="cross")
    mat = mix((208, 192, 136), st.season.grass, 0.15)
    for i in range(4):  # Mats with narrow edges of cloth.
        a, b = 214 + i * 194, 402 + i * 194
        s.poly([r.near(a, 0.12), r.near(b, 0.12), r.near(b, 1.1), r.near(a, 1.1)], (mat, shade(mat, 0.04))[i % 2])
        s.line([r.near(a, 0.12), r.near(a, 1.1)], mix(st.second, mat, 0.3), 8)
    s.line([r.near(990, 0.12), r.near(990, 1.1)], mix(st.second, mat, 0.3), 8)
    x = rng.choice((480.0, 600.0, 720.0))
    moon = rng.random() < 0.5
    if moon:
        windows.window(r, x - 215, 84, 430, 430, shape="moon", bars=(1, 1))
    else:
        windows.window(r, x - 290, 100, 580, 420, bars=(4, 1), lattice=rng.random() < 0.6)
    windows.sunlight(r, x - 200, 400)
    side = -1 if x > 600 or (x == 600 and rng.random() < 0.5) else 1
    edge = x + side * (215 if moon else 290)
    hung.scroll(s, st, (edge + (0 if side < 0 else 1200)) / 2 - 50, 120, 104, 310)
    if rng.random() < 0.5:
        plants.potted(s, st, 600 - side * 500, 650, rng.uniform(200, 260), rng.choice((4, 2, 0)))
    else:
        lamps.floor_lamp(s, st, 600 - side * 500, 660, 3)
    tables.sideboard(s, st, 600 + side * 490 - 90, 632, 180, 110)
    w = rng.choice((400, 470))
    for at in (-1, 1):
        sit(s, 600 + at * (w / 2 + 150), 790, st.accent)
    if rng.random() < 0.6:
        sit(s, 600, 716, st.second)
    seats.shadow(s, 600, 826, w, 16)
    low_board(s, st, 600, 826, w, 84)
    tables.teapot(s, 570, 742, 44, rng.choice(((146, 90, 70), st.second, (90, 110, 104))))
    s.stroke([(556, 684), (546, 658), (562, 634), (552, 608)], veil((255, 255, 255), 0.4), 6)
    plants.vase(s, st, 600 + w * 0.34, 742, 150)
    tables.fruit(s, st, 600 - w * 0.36, 744, 30)
    lamp = 3 if st.theme.name == "old_town" else rng.choice((1, 1, 2))
    lamps.pendant(s, st, 600 + side * 330, 150, 80, lamp)
    if rng.random() < 0.5:
        cloth.cat(s, st, rng.choice((170, 1030)), 860, 1.15)


def sit(s: Sheet, x: float, y: float, fill: Colour) -> None:
    """A round cushion to sit on."""
    seats.shadow(s, x, y, 170, 12)
    s.oval(x, y - 12, 88, 26, shade(fill, 0.2))
    s.oval(x, y - 26, 88, 26, fill)
    s.oval(x - 8, y - 30, 66, 17, tint(fill, 0.16))
    s.oval(x, y - 28, 7, 4, shade(fill, 0.2))


def low_board(s: Sheet, st: Setting, x: float, y: float, w: float, high: float) -> None:
    wood = st.wood
    for px in (-w * 0.42, w * 0.42 - 16):
        s.rect(x + px, y - high + 16, 16, high - 16, shade(wood, 0.3))
    s.poly(
        [
            (x - w * 0.42, y - high - 24),
            (x + w * 0.42, y - high - 24),
            (x + w / 2, y - high + 10),
            (x - w / 2, y - high + 10),
        ],
        tint(wood, 0.14),
    )
    s.rect(x - w / 2, y - high + 10, w, 17, shade(wood, 0.1), 3)


def at_the_table(s: Sheet, st: Setting) -> None:
    """A long table with everything for tea, shelves of pots and caddies behind it."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=640, wall=rng.choice(("plain", "two_tone", "panelled")))
    right = rng.random() < 0.5
    x = 330.0 if right else 870.0
    size = rng.choice((380.0, 420.0))
    if rng.random() < 0.6:
        windows.window(r, x - size / 2, 100, size, size, shape="moon", bars=(1, 1))
    else:
        windows.window(r, x - size / 2, 100, size, 400, bars=(3, 2), lattice=True)
    windows.sunlight(r, x - size / 2, size)
    bx, wood = (640.0 if right else 100.0), st.wood
    s.rect(bx, 120, 460, 420, shade(wood, 0.05), 4)
    for row in range(3):
        for col in range(3):
            a, b = bx + 14 + col * 146, 134 + row * 136
            s.rect(a, b, 140, 124, mix(wood, CREAM, 0.62))
            s.rect(a, b, 140, 10, mix(wood, CREAM, 0.4))
            for px in (0.28, 0.72) if rng.random() < 0.6 else (0.5,):
                tables.knick_knack(s, st, a + 140 * px, b + 124, 58)
    cloth.rug(r, 600, 810, 860, 150)
    style = rng.choice((3, 3, 1))
    for px in (-190, 0, 190):
        seats.chair(s, st, 600 + px, 730, style=style, fill=st.accent)
    top = tables.dining_table(s, st, 600, 812, 680, round_=False, cloth=True)
    tables.teapot(s, 600, top + 6, 44, rng.choice(((146, 90, 70), st.second)))
    plants.vase(s, st, 840, top + 6, 160)
    tables.fruit(s, st, 380, top + 6, 38)
    for px in (480, 720, 780):
        tables.cup(s, px, top + 8, 22, tint(st.second, 0.4))
    for px in (-150, 150):
        lamps.pendant(s, st, 600 + px, 200, 74, 3 if st.theme.name == "old_town" else rng.choice((1, 2)))
    plants.potted(s, st, 80 if right else 1120, 780, rng.uniform(260, 330), rng.choice((0, 2, 4)))


def by_the_screen(s: Sheet, st: Setting) -> None:
    """Two chairs and a small table before a folding screen, next to open doors."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=640, wall=rng.choice(("plain", "plain", "panelled", "papered")))
    windows.window(r, 60, 90, 430, r.floor - 96, bars=(4, 1), rail=True, sill=False, lattice=rng.random() < 0.5)
    windows.sunlight(r, 60, 430)
    screen = mix(CREAM, st.wall, 0.3)
    for i in range(4):
        x, dip = 560 + i * 140, 16 * (i % 2)
        s.poly([(x, 170 + dip), (x + 140, 186 - dip), (x + 140, 676 - dip), (x, 660 + dip)], shade(st.wood, 0.1))
        s.poly(
            [(x + 9, 182 + dip), (x + 131, 196 - dip), (x + 131, 662 - dip), (x + 9, 646 + dip)],
            (screen, shade(screen, 0.05))[i % 2],
        )
    for i in range(3):  # Hills run over all its leaves.
        y = 500 + i * 46
        hill = [
            (569, y),
            (680, y - 120 + i * 30),
            (790, y - 20),
            (900, y - 150 + i * 34),
            (1010, y - 40),
            (1111, y - 96),
        ]
        s.poly(
            [*smooth(hill), (1111, 640), (569, 640)],
            mix(screen, (st.second, st.season.leaves[1], st.season.leaves[0])[i], 0.4 + 0.16 * i),
        )
    s.oval(1020, 280, 36, 36, mix(screen, st.accent, 0.75))
    for i in range(1, 4):
        s.rect(560 + i * 140 - 5, 178, 10, 490, shade(st.wood, 0.14))
    cloth.rug(r, 740, 800, 760, 160)
    plants.potted(s, st, 520, 700, 220, rng.choice((4, 2)))
    style = rng.choice((2, 3, 1))
    for px in (-190, 190):
        seats.armchair(s, st, 780 + px, 790, st.cloth, style)
    low_board(s, st, 780, 830, 220, 110)
    tables.teapot(s, 770, 722, 36, rng.choice(((146, 90, 70), st.second)))
    lamps.floor_lamp(s, st, 1150, 730, 3)
    corner(s, st, 210, 840)
