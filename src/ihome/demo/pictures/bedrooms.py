"""Bedrooms."""

from __future__ import annotations

from ihome.demo.pictures import beds, cloth, hung, lamps, plants, room, seats, tables, windows
from ihome.demo.pictures.living import opening
from ihome.demo.pictures.palette import WIDTH, Setting, mix, shade, tint
from ihome.demo.pictures.sheet import Sheet


def bedroom(s: Sheet, st: Setting) -> None:
    st.rng.choice((double, double, double, by_the_window, twin, under_the_roof))(s, st)


def double(s: Sheet, st: Setting) -> None:
    """A wide bed with its head at the wall."""
    rng = st.rng
    r = room.shell(s, st, floor=600)
    x = rng.choice((610, 640)) if r.left else rng.choice((590, 630))
    if r.left:
        windows.side_window(r)
        windows.sunlight(r, 0, 0, wall=True)
    back = rng.choice((0, 0, 1, 1, 2, 2, 2, 3))
    side = rng.randrange(3)
    if side == 0:
        tables.wardrobe(s, st, 990, r.floor + 22, rng.choice((190, 220)), rng.choice((420, 460)))
    if back == 0:  # A painted arch behind the bed.
        s.top_round(x - 250, 110, 500, r.floor - 130, mix(st.wall, st.second, 0.4), 250)
    elif back == 1:
        s.oval(x, 290, 180, 180, mix(st.wall, st.accent, 0.3))
    if not r.left:
        opening(r, 50, 130, 210, 330)
    if back == 1 and rng.random() < 0.5:
        hung.art(s, st, x - 70, 190, 140, 170)
    elif back != 3 and rng.random() < 0.85:
        hung.wall_pieces(r, x - (40 if side == 0 else 0), 248, 380)
    w = rng.choice((380, 420))
    cloth.rug(r, x, 838, w + 420, 110)
    for hand in (-1, 1):
        px = x + hand * (w / 2 + 86)
        if hand < 0 and not r.left and px < 330:
            plants.potted(s, st, px - 40, 660, 190, rng.choice((1, 4, 2)))
            continue
        top = tables.side_table(s, st, px, 656, 128)
        kind = rng.randrange(3)
        if kind < 2:
            lamps.table_lamp(s, st, px, top, 112)
        else:
            plants.vase(s, st, px, top, 108)
            lamps.pendant(s, st, px, 330, 58, rng.randrange(5))
    beds.bed(s, st, x, r.floor, w, deep=rng.choice((170, 190)), style=rng.randrange(999), canopied=back == 3)
    if side == 1:
        plants.potted(s, st, 1120, 730, rng.uniform(260, 350), rng.choice((0, 2, 3)))
    elif side == 2:
        seats.armchair(s, st, 1080, 790, st.throw)
    if rng.random() < 0.35:
        cloth.cat(s, st, x - 60, 690, 0.85)
    if rng.random() < 0.4:
        lamps.pendant(s, st, rng.choice((x, 440)), 150, 90, rng.randrange(5))


def by_the_window(s: Sheet, st: Setting) -> None:
    """A bed under a wide window."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=600)
    w, x = rng.choice((560, 660, 740)), 600.0
    windows.window(r, x - w / 2, 100, w, 290, bars=rng.choice(((3, 1), (4, 1), (3, 2), (4, 2))))
    windows.sunlight(r, x - w / 2, w)
    cloth.curtains(s, st, x - w / 2, 62, w, r.floor - 6, rng.choice((st.linen, st.throw)), tied=rng.random() < 0.4)
    cloth.rug(r, x, 836, 860, 112)
    for side in (-1, 1):
        px = x + side * 296
        top = tables.side_table(s, st, px, 656, 124)
        if side == rng.choice((-1, 1)):
            lamps.table_lamp(s, st, px, top, 110)
        else:
            tables.knick_knack(s, st, px, top, 66)
    beds.bed(s, st, x, r.floor, 400, deep=190, style=rng.randrange(999))
    plants.potted(s, st, 110, 780, rng.uniform(280, 360), rng.choice((0, 2, 3, 1)))
    if rng.random() < 0.5:
        cloth.basket(s, st, 1070, 790, 110)
    else:
        seats.armchair(s, st, 1080, 800, st.accent)


def twin(s: Sheet, st: Setting) -> None:
    """Two narrow beds and a window between them."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=600)
    opening(r, 480, 110, 240, 330)
    for x in (245, 955):
        hung.art(s, st, x - 62, 170, 124, 150) if rng.random() < 0.6 else hung.round_mirror(s, st, x, 240, 66)
    cloth.rug(r, 600, 770, 330, 200)
    top = tables.side_table(s, st, 600, 652, 120)
    lamps.table_lamp(s, st, 600, top, 112)
    st.throw, st.accent = st.accent, st.second
    style = rng.randrange(999)
    for x in (255, 945):
        beds.bed(s, st, x, r.floor, 250, deep=190, style=style)
    if rng.random() < 0.5:
        cloth.basket(s, st, 600, 850, 96)
    else:
        seats.pouf(s, 600, 840, st.second)
    for x in (100, 1100):
        lamps.sconce(s, st, x, 330)


def under_the_roof(s: Sheet, st: Setting) -> None:
    """A bed seen from the side, under a sloping ceiling."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=640, wall=rng.choice(("boarded", "plain", "papered", "panelled")))
    slope = tint(st.wall, 0.5)
    s.poly([(0, 0), (0, 330), (330, 0)], slope)
    s.poly([(WIDTH, 0), (WIDTH, 330), (870, 0)], shade(slope, 0.06))
    for a, b in (((0, 330), (330, 0)), ((WIDTH, 330), (870, 0))):
        s.line([a, b], shade(st.wood, 0.1), 16)
    windows.window(r, 430, 100, 340, 300, shape=rng.choice(("", "arch")), bars=(2, 2))
    windows.sunlight(r, 430, 340)
    if rng.random() < 0.5:
        cloth.curtains(s, st, 430, 66, 340, 470, st.linen, tied=True)
    cloth.rug(r, 620, 800, 780, 150)
    beds.side_bed(s, st, 300, 756, 640, st.cloth)
    top = tables.side_table(s, st, 206, 744, 150)
    lamps.table_lamp(s, st, 206, top, 124)
    if rng.random() < 0.5:
        tables.bookcase(s, st, 960, 668, 190, 300)
    else:
        plants.potted(s, st, 1040, 740, 300, rng.choice((0, 2, 3)))
    if rng.random() < 0.6:
        cloth.cat(s, st, 640, 580, 1.0)
    cloth.basket(s, st, 130, 850, 104) if rng.random() < 0.5 else seats.pouf(s, 1010, 850, st.accent)
