"""Living rooms."""

from __future__ import annotations

from ihome.demo.pictures import cloth, hung, lamps, plants, room, seats, tables, windows
from ihome.demo.pictures.palette import CREAM, INK, WIDTH, Setting, mix, shade
from ihome.demo.pictures.room import Room
from ihome.demo.pictures.sheet import Sheet


def opening(r: Room, x: float, y: float, w: float, h: float, *, dressed: bool = True) -> None:
    """A window of some kind with its light, and perhaps curtains or a blind."""
    st, rng = r.st, r.st.rng
    old = st.theme.name in ("old_town", "mountains")
    shape = rng.choice(("", "", "", "arch")) if h > w * 0.8 else ""
    bars = rng.choice(((2, 1), (2, 2), (2, 3), (3, 2), (3, 3))) if w > 200 else rng.choice(((1, 2), (2, 3)))
    windows.window(r, x, y, w, h, shape=shape, bars=bars, lattice=old and not shape and rng.random() < 0.35)
    windows.sunlight(r, x, w)
    dress = rng.randrange(5) if dressed else 4
    if dress <= 2:
        low = r.floor - 6 if dress else y + h + 46
        cloth.curtains(r.s, st, x, y - 34, w, low, rng.choice((st.linen, st.throw, st.cloth)), tied=dress == 2)
    elif dress == 3 and not shape:
        cloth.blind(r.s, st, x, y - 6, w, h * rng.uniform(0.16, 0.34))
    if dress in (0, 3, 4):
        for at in rng.sample((0.2, 0.5, 0.8), rng.randint(1, 2)):
            plants.potted(r.s, st, x + w * at, y + h + 2, rng.uniform(74, 104), rng.choice((1, 4, 5, 5)))


def living(s: Sheet, st: Setting) -> None:
    old, green = st.theme.name == "old_town", st.theme.name in ("mountains", "fields")
    plans = [under_pictures, under_pictures, panorama, panorama, reading_corner, two_chairs, along_the_wall]
    plans += [moon_room, moon_room] if old else [hearth, hearth] if green else [moon_room, hearth]
    st.rng.choice(plans)(s, st)


def under_pictures(s: Sheet, st: Setting) -> None:
    """A sofa under pictures, light from the left."""
    rng = st.rng
    r = room.shell(s, st, floor=rng.choice((640, 655)))
    if r.left:
        windows.side_window(r, panes=rng.choice((2, 3)))
        windows.sunlight(r, 0, 0, wall=True)
    else:
        opening(r, rng.choice((70, 96)), 130, rng.choice((230, 270)), rng.choice((330, 380)))
    x, w = rng.choice((745, 775)), rng.choice((470, 520, 560))
    hung.wall_pieces(r, x, 290, w)
    cloth.rug(r, x - 40, 800, rng.choice((720, 800)), 150)
    lamp = rng.randrange(2 if st.light.lamps else 3)
    if lamp == 0:
        lamps.floor_lamp(s, st, x - w / 2 - 75, 700, rng.choice((0, 1, 2)))
    elif lamp == 1:
        top = tables.side_table(s, st, x - w / 2 - 66, 712)
        lamps.table_lamp(s, st, x - w / 2 - 66, top, 108)
    else:
        plants.potted(s, st, x - w / 2 - 74, 706, 300, rng.choice((0, 2, 3)))
    seats.sofa(s, st, x, 726, w, st.cloth)
    if x + w / 2 < 1090:
        plants.potted(s, st, 1120, 716, rng.uniform(190, 320))
    tables.low_table(s, st, x - 60, 842, rng.choice((250, 290)))
    corner(s, st, 150 if not r.left else 170, 830)
    if rng.random() < 0.5:
        lamps.pendant(s, st, rng.choice((430, 470)), rng.choice((190, 220)), 84, rng.randrange(5))


def corner(s: Sheet, st: Setting, x: float, y: float) -> None:
    """What stands in the foreground: a pouf, a chair, a basket, a plant or the cat."""
    kind = st.rng.randrange(5)
    if kind == 0:
        seats.pouf(s, x, y, st.rng.choice((st.accent, st.second, st.throw)))
    elif kind == 1:
        plants.potted(s, st, x, y + 26, st.rng.uniform(280, 350), st.rng.choice((0, 1, 2, 3)))
    elif kind == 2:
        cloth.basket(s, st, x, y, 104)
    elif kind == 3:
        cloth.cat(s, st, x, y, 1.2)
    else:
        seats.armchair(s, st, x, y, st.rng.choice((st.throw, st.second)))


def panorama(s: Sheet, st: Setting) -> None:
    """A sofa in front of a wide window."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=rng.choice((640, 660)))
    doors = rng.random() < 0.45
    w, h, y = rng.choice((700, 780, 840)), 0.0, rng.choice((96, 118))
    x = (WIDTH - w) / 2 + rng.choice((-60, 0, 60))
    h = r.floor - y - 8 if doors else rng.choice((330, 370))
    windows.window(r, x, y, w, h, bars=rng.choice(((3, 1), (4, 1), (4, 2), (2, 1))), rail=doors, sill=not doors)
    windows.sunlight(r, x, w * 0.6)
    if rng.random() < 0.8:
        fill = rng.choice((st.linen, st.throw, st.cloth))
        cloth.curtains(s, st, x, y - 36, w, r.floor - 4, fill, tied=rng.random() < 0.35)
    cloth.rug(r, 600, 800, rng.choice((760, 860)), 150)
    at = rng.choice((560, 600, 650))
    seats.sofa(s, st, at, 738, rng.choice((480, 540, 580)), st.cloth)
    plants.potted(s, st, 1075, 716, rng.uniform(270, 370), rng.choice((0, 2, 3, 1)))
    if rng.random() < 0.5:
        lamps.floor_lamp(s, st, 195, 722, rng.choice((0, 1, 2)))
    else:
        top = tables.side_table(s, st, at - 360, 732)
        lamps.table_lamp(s, st, at - 360, top, 112)
    tables.low_table(s, st, at + rng.choice((-40, 0, 40)), 850, rng.choice((250, 300)))
    if rng.random() < 0.6:
        corner(s, st, rng.choice((140, 1040)), 846)
    if rng.random() < 0.4:
        plants.trailing(s, st, rng.choice((x - 50, x + w + 50)), 0, 300)


def reading_corner(s: Sheet, st: Setting) -> None:
    """A wall of books, a chair and a lamp."""
    rng = st.rng
    r = room.shell(s, st, floor=650)
    if r.left:
        windows.side_window(r)
        windows.sunlight(r, 0, 0, wall=True)
    else:
        opening(r, 110, 130, 260, 370)
    bw, bh = rng.choice((300, 360, 400)), rng.choice((430, 480, 530))
    bx = 1140 - bw
    tables.bookcase(s, st, bx, 668, bw, bh)
    middle = (520 + bx) / 2 - 40
    if rng.random() < 0.5:
        hung.art(s, st, middle - 90, 210, 170, 210)
    else:
        hung.round_mirror(s, st, middle - 10, 300, 82)
    cloth.rug(r, 600, 800, 640, 150)
    seats.sofa(s, st, 540, 742, 330, st.cloth, rng.choice((0, 1, 2, 3)))
    lamps.floor_lamp(s, st, 330 if not r.left else 336, 724, rng.choice((0, 1, 2)))
    seats.armchair(s, st, 960, 830, st.throw if st.throw != st.cloth else st.accent)
    tables.low_table(s, st, 590, 856, 220, rng.choice((0, 1, 3)))
    if rng.random() < 0.5:
        plants.potted(s, st, 140, 850, 300, rng.choice((0, 2, 3)))
    else:
        cloth.cat(s, st, 190, 838, 1.15)


def two_chairs(s: Sheet, st: Setting) -> None:
    """Two chairs that face a small table between two windows."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=645)
    shape, w, h = rng.choice(("arch", "arch", "")), rng.choice((230, 260)), rng.choice((400, 440))
    bars = rng.choice(((2, 3), (2, 2), (2, 4)))
    for x in (250 - w / 2 + 60, 950 - w / 2 - 60):
        windows.window(r, x, 110, w, h, shape=shape, bars=bars)
        windows.sunlight(r, x, w)
    if rng.random() < 0.6:
        hung.art(s, st, 520, 210, 160, 200)
    else:
        hung.hanging(s, st, 600, 250, 150)
    tables.sideboard(s, st, 470, 664, 260, 140)
    cloth.rug(r, 600, 790, 780, 160)
    style = rng.randrange(4)
    seats.armchair(s, st, 330, 790, st.cloth, style)
    seats.armchair(s, st, 870, 790, st.cloth, style)
    tables.low_table(s, st, 600, 850, 240)
    plants.potted(s, st, 90, 730, rng.uniform(260, 340), rng.choice((0, 2, 3)))
    plants.potted(s, st, 1110, 730, rng.uniform(180, 300))
    lamps.pendant(s, st, 600, 140, 80, rng.randrange(5))


def along_the_wall(s: Sheet, st: Setting) -> None:
    """A long low cabinet, a window seat of light, a chair in the foreground."""
    rng = st.rng
    r = room.shell(s, st, floor=640)
    first = 280 if r.left else 90
    if r.left:
        windows.side_window(r, panes=3)
        windows.sunlight(r, 0, 0, wall=True)
    opening(r, 830, 120, 270, 340)
    tables.sideboard(s, st, first + 20, 662, 430, 148)
    hung.wall_pieces(r, first + 235, 300, 400)
    cloth.rug(r, 640, 790, 720, 160)
    seats.sofa(s, st, 860, 756, 420, st.cloth, rng.choice((0, 1, 2, 3)))
    seats.armchair(s, st, 310, 836, rng.choice((st.throw, st.second)))
    tables.low_table(s, st, 620, 860, 220)
    if st.light.lamps or rng.random() < 0.6:
        lamps.pendant(s, st, 690, 190, 84, rng.randrange(5))
    plants.potted(s, st, 1130, 800, rng.uniform(240, 320), rng.choice((0, 1, 2, 3)))


def moon_room(s: Sheet, st: Setting) -> None:
    """A wooden seat under a round window."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=645, wall=rng.choice(("plain", "panelled", "two_tone")))
    size, x = rng.choice((360, 400, 430)), rng.choice((600, 560, 640))
    windows.window(r, x - size / 2, 92, size, size, shape="moon", bars=(1, 1))
    windows.sunlight(r, x - size / 2, size)
    for side, px in ((-1, x - size / 2 - 150), (1, x + size / 2 + 60)):
        if rng.random() < 0.5:
            hung.scroll(s, st, px, 150, 92, 290)
        elif side > 0:
            tables.wall_shelf(s, st, px - 10, 330, 190)
        else:
            hung.art(s, st, px - 50, 190, 140, 190)
    cloth.rug(r, 600, 800, 780, 150)
    seats.sofa(s, st, x, 734, rng.choice((480, 540)), st.cloth, rng.choice((2, 2, 1, 3)))
    tables.low_table(s, st, x - 20, 848, 290, rng.choice((1, 3, 0)))
    plants.potted(s, st, 140, 740, 300, rng.choice((0, 2, 4)))
    if rng.random() < 0.5:
        lamps.floor_lamp(s, st, 1050, 736, 3)
    else:
        tables.sideboard(s, st, 930, 690, 220, 150)
    corner(s, st, 1030 if rng.random() < 0.5 else 210, 850)
    for px in (x - 400, x + 400):
        lamps.pendant(s, st, px, 130, 70, 3 if st.theme.name == "old_town" else 1)


def hearth(s: Sheet, st: Setting) -> None:
    """A fire in the middle, a chair on each side."""
    rng = st.rng
    r = room.shell(s, st, corner=False, floor=645, wall=rng.choice(("plain", "boarded", "panelled", "bricks")))
    x = rng.choice((560, 600, 640))
    chimney = mix(st.wall, rng.choice((CREAM, st.second, (150, 140, 132))), 0.55)
    s.rect(x - 150, 0, 300, r.floor + 6, chimney)
    s.rect(x + 110, 0, 40, r.floor + 6, shade(chimney, 0.07))
    s.rect(x - 186, 372, 372, 26, shade(st.wood, 0.1), 5)
    s.rect(x - 190, r.floor + 2, 380, 18, shade(chimney, 0.24), 4)
    s.top_round(x - 92, 462, 184, r.floor - 462, mix(INK, chimney, 0.12), 70)
    s.glow(x, 610, 170, (255, 180, 90), 0.5)
    for px, high, paint in (
        (-34, 84, (232, 128, 62)),
        (30, 76, (232, 128, 62)),
        (0, 108, (240, 156, 76)),
        (4, 62, (255, 214, 130)),
    ):
        s.blob(
            [(x + px - 24, 628), (x + px - 22, 600), (x + px, 632 - high), (x + px + 24, 598), (x + px + 22, 628)],
            (*paint, 255),
        )
    for px in (-40, 0, 38):
        s.rect(x + px - 34, 622, 68, 17, (118, 82, 62), 8)
    if rng.random() < 0.5:
        hung.art(s, st, x - 80, 176, 160, 166)
    else:
        hung.round_mirror(s, st, x, 250, 84)
    for px in (x - 130, x + 130):
        tables.knick_knack(s, st, px, 372, 60)
    if rng.random() < 0.5:
        opening(r, x - 480, 150, 220, 340, dressed=False)
        tables.bookcase(s, st, x + 250, 664, 230, 420)
    else:
        opening(r, x + 256, 150, 220, 340, dressed=False)
        opening(r, x - 476, 150, 220, 340, dressed=False)
    cloth.rug(r, x, 790, 700, 160)
    style = rng.randrange(4)
    seats.armchair(s, st, x - 300, 800, st.cloth, style)
    if rng.random() < 0.6:
        seats.armchair(s, st, x + 310, 800, st.cloth, style)
    else:
        seats.sofa(s, st, x + 350, 800, 340, st.cloth)
    if rng.random() < 0.5:
        cloth.cat(s, st, x - 10, 760, 1.1)
        seats.pouf(s, x - 90, 860, st.accent)
    else:
        tables.low_table(s, st, x, 850, 220)
    plants.potted(s, st, 76, 770, rng.uniform(240, 300), rng.choice((0, 2, 3)))
