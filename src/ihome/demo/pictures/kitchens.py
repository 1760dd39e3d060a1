"""Kitchens."""

from __future__ import annotations

from ihome.demo.pictures import cloth, lamps, plants, room, seats, tables, windows
from ihome.demo.pictures.palette import BRASS, CREAM, HEIGHT, WHITE, WIDTH, Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.room import Room
from ihome.demo.pictures.sheet import Sheet

CHINA = (246, 243, 236)
CROCKERY = (0, 1, 2, 4, 4, 6, 6, 7, 7)


def kitchen(s: Sheet, st: Setting) -> None:
    """Cupboards along the wall, a window over the sink, a table or island in front."""
    rng = st.rng
    r = room.shell(s, st, floor=630, wall="plain", ground=rng.choice(("tiles", "tiles", "planks", "cross")))
    front = rng.choice(
        (mix(st.second, CREAM, 0.3), mix(st.cloth, CREAM, 0.2), st.wood, mix(st.accent, CREAM, 0.25), (238, 232, 220))
    )
    left = r.left + 10 if r.left else 40.0
    splash = rng.choice((CHINA, mix(st.second, WHITE, 0.6), mix(st.throw, WHITE, 0.5), mix(st.accent, WHITE, 0.6)))
    if r.left:
        windows.side_window(r)
    cold = rng.random() < 0.45
    back_tiles(r, left, 1000 if cold else WIDTH, splash)
    wx = rng.choice((430, 480, 530)) + (60 if r.left else 0)
    ww = rng.choice((240, 300, 340))
    windows.window(r, wx, 110, ww, 250, bars=rng.choice(((2, 1), (2, 2), (3, 1))))
    if rng.random() < 0.5:
        cloth.blind(s, st, wx, 104, ww, 70)
    for px in rng.sample((0.15, 0.4, 0.7, 0.9), 2):
        plants.potted(s, st, wx + ww * px, 361, rng.uniform(66, 90), rng.choice((1, 4, 5)))
    uppers(r, left + 20, wx - 60, front)
    uppers(r, wx + ww + 60, 984 if cold else 1170, front)
    counter(r, left, 1000 if cold else 1180, front, wx + ww / 2)
    if cold:
        fridge(r, 1014, mix(st.second, CREAM, rng.choice((0.2, 0.5, 0.8))))
    if not r.left:
        windows.sunlight(r, wx, ww)
    if rng.random() < 0.6:
        island(r, rng.choice((560, 640)))
    else:
        x = rng.choice((560, 640))
        cloth.rug(r, x, 812, 620, 130)
        style = rng.randrange(4)
        for side in (-1, 1):
            seats.chair(s, st, x + side * 130, 748, style=style, fill=st.accent)
        top = tables.dining_table(s, st, x, 850, 380, round_=True, cloth=False)
        plants.vase(s, st, x + 40, top, 130)
        tables.fruit(s, st, x - 70, top + 4, 40)
        lamps.pendant(s, st, x, 210, 84, rng.randrange(5))
    if rng.random() < 0.5:
        plants.potted(s, st, 1110, 860, 330, rng.choice((0, 2, 3)))


def back_tiles(r: Room, left: float, end: float, fill: Colour) -> None:
    """The tiles between the counter and the cupboards."""
    s, kind = r.s, r.st.rng.randrange(2)
    w, h = ((64, 30), (38, 38))[kind]
    top, low = 320.0, 450.0
    s.rect(left, top, end - left, low - top, shade(fill, 0.1))
    for row in range(int((low - top) // h) + 1):
        for col in range(int((end - left) // w) + 1):
            x = left + col * w + (w / 2 if not kind and row % 2 else 0)
            s.rect(x, top + row * h + 2, min(w - 3, end - x), min(h - 3, low - top - row * h), fill)


def uppers(r: Room, x: float, end: float, front: Colour) -> None:
    """Cupboards or open boards on the wall from x to end."""
    s, st, w = r.s, r.st, end - x
    if w < 120:
        return
    if st.rng.random() < 0.45:
        for y in (200, 300):
            s.rect(x, y, w, 12, st.wood, 3)
            s.rect(x, y + 12, w, 6, veil(seats.DARK, 0.1))
            at = x + 34
            while at < end - 30:
                tables.knick_knack(s, st, at, y, 58, CROCKERY)
                at += st.rng.choice((76, 92, 110))
        return
    count = max(1, round(w / 120))
    s.rect(x, 90, w, 220, shade(front, 0.08), 4)
    for i in range(count):
        px, pw = x + 6 + i * (w - 6) / count, (w - 6) / count - 6
        s.rect(px, 96, pw, 208, front, 4)
        s.rect(px + 12, 110, pw - 24, 180, tint(front, 0.14), 3)
        s.rect(px + (pw - 16 if i % 2 == 0 else 8), 250, 7, 40, BRASS, 3)


def counter(r: Room, x: float, end: float, front: Colour, sink: float) -> None:
    """Cupboards under a worktop, with a sink, a stove and what one cooks with."""
    s, st, rng = r.s, r.st, r.st.rng
    top, low = 452.0, r.floor + 22
    w = end - x
    count = round(w / 130)
    s.rect(x, low - 18, w, 18, shade(front, 0.5))
    s.rect(x, top, w, low - top - 16, shade(front, 0.08))
    stove = rng.choice((0, count - 1, count - 2))
    for i in range(count):
        px, pw = x + i * w / count + 3, w / count - 6
        if i == stove:
            s.rect(px, top + 24, pw, low - top - 44, (92, 88, 88), 5)
            s.rect(px + 12, top + 62, pw - 24, 84, (58, 56, 60), 6)
            s.rect(px + 12, top + 48, pw - 24, 6, (206, 200, 192), 3)
            for j in range(3):
                s.oval(px + pw * (0.25 + 0.25 * j), top + 36, 5, 5, BRASS)
            s.rect(px + pw * 0.2, top - 50, pw * 0.6, 42, rng.choice((st.accent, st.second, (110, 112, 116))), 8)
            s.rect(px + pw * 0.14, top - 56, pw * 0.72, 8, (84, 80, 80), 4)
            s.rect(px + pw * 0.45, top - 64, pw * 0.1, 9, (84, 80, 80), 3)
            continue
        if i % 3 == 2:
            for j in range(3):
                s.rect(px, top + 26 + j * 52, pw, 47, front, 4)
                s.rect(px + pw / 2 - 18, top + 34 + j * 52, 36, 6, BRASS, 3)
        else:
            s.rect(px, top + 26, pw, low - top - 48, front, 4)
            s.rect(px + 12, top + 40, pw - 24, low - top - 76, tint(front, 0.13), 3)
            s.rect(px + (pw - 16 if i % 2 == 0 else 8), top + 46, 7, 40, BRASS, 3)
    slab = rng.choice(((240, 234, 224), st.wood, (206, 200, 192)))
    s.rect(x - 4, top - 10, w + 8, 24, slab, 3)
    s.rect(x - 4, top + 8, w + 8, 7, shade(slab, 0.16))
    s.stroke([(sink, top - 10), (sink, top - 74), (sink + 34, top - 78), (sink + 38, top - 50)], BRASS, 8)
    at = x + 60
    while at < end - 40:
        near_stove = x + stove * w / count - 30 < at < x + (stove + 1) * w / count + 30
        if not near_stove and abs(at - sink) > 80 and rng.random() < 0.75:
            tables.knick_knack(s, st, at, top - 9, 58, CROCKERY) if rng.random() < 0.7 else tables.fruit(
                s, st, at, top - 8, 34
            )
        at += 96


def island(r: Room, x: float) -> None:
    """A block to cook and sit at, with stools."""
    s, st, rng = r.s, r.st, r.st.rng
    w, top, low = rng.choice((520, 580)), 640.0, 836.0
    front = rng.choice((st.wood, mix(st.second, CREAM, 0.12), (240, 234, 222)))
    seats.shadow(s, x, low, w, 18)
    s.rect(x - w / 2 + 20, top, w - 40, low - top, front, 4)
    for i in range(1, 9):
        s.rect(x - w / 2 + 20 + i * (w - 40) / 9, top, 3, low - top, shade(front, 0.1))
    slab = (238, 232, 222) if front == st.wood else tint(st.wood, 0.1)
    s.poly(
        [(x - w / 2 + 22, top - 34), (x + w / 2 - 22, top - 34), (x + w / 2, top), (x - w / 2, top)], tint(slab, 0.2)
    )
    s.rect(x - w / 2, top, w, 17, shade(slab, 0.08), 3)
    tables.fruit(s, st, x - w * 0.22, top - 10, 44)
    plants.vase(s, st, x + w * 0.24, top - 12, 140)
    s.rect(x - 50, top - 20, 120, 10, (176, 126, 84), 4)
    s.oval(x + 8, top - 30, 34, 15, (214, 158, 96))
    s.oval(x + 2, top - 34, 16, 6, (232, 188, 130))
    for i in (-1, 0, 1):
        px = x + i * w * 0.28
        seats.shadow(s, px, 876, 70, 7)
        seats.legs(s, px, min(878.0, HEIGHT - 14), 46, 128, shade(st.wood, 0.3), splay=14)
        s.rect(px - 40, 740, 80, 20, st.accent, 9)
        s.rect(px - 34, 816, 68, 6, shade(st.wood, 0.3))
    lamp = rng.randrange(5)
    for px in (-150, 150) if rng.random() < 0.6 else (-180, 0, 180):
        lamps.pendant(s, st, x + px, 240, 66, lamp)


def fridge(r: Room, x: float, fill: Colour) -> None:
    """A fridge with round corners, something on it."""
    s, low = r.s, r.floor + 26
    seats.shadow(s, x + 85, low, 180, 12)
    for px in (x + 16, x + 134):
        s.rect(px, low - 20, 20, 20, (120, 112, 106))
    s.rect(x, 210, 172, low - 224, fill, 26)
    s.rect(x + 128, 224, 40, low - 252, shade(fill, 0.07), 20)
    s.rect(x, 352, 172, 5, shade(fill, 0.24))
    for py in (290, 380):
        s.rect(x + 16, py, 9, 46, (226, 222, 214), 4)
    s.rect(x + 74, 250, 34, 26, (250, 244, 230), 2)
    s.oval(x + 90, 252, 5, 5, r.st.accent)
    s.rect(x + 90, 420, 44, 54, (250, 244, 230), 2)
    s.pie(x + 112, 466, 16, 22, r.st.season.leaves[1], 180, 360)
    plants.potted(s, r.st, x + 54, 212, 92, 4)
    tables.knick_knack(s, r.st, x + 124, 212, 54, CROCKERY)
