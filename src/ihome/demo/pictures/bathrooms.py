"""Bathrooms."""

from __future__ import annotations

from ihome.demo.pictures import cloth, hung, lamps, plants, room, seats, tables, windows
from ihome.demo.pictures.palette import BRASS, CREAM, WHITE, WIDTH, Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.room import Room
from ihome.demo.pictures.sheet import Sheet

CHINA = (246, 243, 236)


def tiled(r: Room, fill: Colour, top: float, kind: int) -> None:
    """Tiles on the back wall from the floor up to top: squares, bricks or upright fingers."""
    s = r.s
    w, h = ((56, 56), (84, 36), (34, 92))[kind]
    s.rect(r.left, top, WIDTH, r.floor - top, shade(fill, 0.13))
    rows, cols = int((r.floor - top) // h) + 1, int(WIDTH // w) + 2
    for row in range(rows):
        for col in range(cols):
            x, y = r.left + col * w - (w / 2 if kind == 1 and row % 2 else 0), top + 4 + row * h
            left = max(x, r.left)
            high = min(h - 3, r.floor - y)
            paint = tint(fill, 0.16) if r.st.rng.random() < 0.14 else fill
            s.rect(left, y, w - 3 - (left - x), high, paint)
    s.rect(r.left, top - 8, WIDTH, 12, tint(fill, 0.4))
    room.skirting(r)


def bath(s: Sheet, st: Setting) -> None:
    rng = st.rng
    r = room.shell(s, st, floor=655, wall="plain", ground=rng.choice(("tiles", "tiles", "stone", "planks")))
    fill = rng.choice(
        (mix(st.second, CREAM, 0.5), mix(st.cloth, WHITE, 0.3), mix(st.accent, CREAM, 0.62), (226, 224, 214))
    )
    tiled(r, fill, rng.choice((96, 330, 380)), rng.randrange(3))
    if r.left:
        windows.side_window(r)
        windows.sunlight(r, 0, 0, wall=True)
    if rng.random() < 0.6:
        tub_and_window(r)
    else:
        basin_first(r)


def tub_and_window(r: Room) -> None:
    """A bath in front of the view."""
    s, st, rng = r.s, r.st, r.st.rng
    x = rng.choice((760, 800))
    shape = rng.choice(("", "arch", "moon", ""))
    if shape == "moon":
        windows.window(r, x - 190, 90, 360, 360, shape="moon", bars=(1, 1))
    else:
        windows.window(r, x - 210, 100, 420, 330, shape="", bars=rng.choice(((2, 1), (3, 1), (2, 2))))
    windows.sunlight(r, x - 200, 400)
    basin(r, 330 if r.left else 210, 230)
    cloth.rug(r, x - 60, 822, 420, 90)
    tub(s, st, x, 770, 460)
    stool(s, st, x - 330, 800)
    plants.potted(s, st, 1110, 760, rng.uniform(250, 350), rng.choice((0, 2, 3)))
    if rng.random() < 0.5:
        plants.trailing(s, st, x + 290 if x < 780 else 1130, 0, 300)
    if rng.random() < 0.5:
        lamps.pendant(s, st, x - 280, 180, 70, rng.choice((0, 1, 2)))


def basin_first(r: Room) -> None:
    """Two basins under a long mirror, a bath at the side."""
    s, st, rng = r.s, r.st, r.st.rng
    basin(r, 520 if not r.left else 560, 420)
    if not r.left:
        windows.window(r, 70, 130, 170, 320, shape=rng.choice(("", "arch")), bars=(1, 2))
        windows.sunlight(r, 70, 170)
    x = 980
    s.rect(x - 130, 200, 260, 10, BRASS, 5)
    towel(s, st, x - 100, 200, 90, st.accent)
    towel(s, st, x + 16, 200, 90, st.linen)
    cloth.rug(r, 560, 830, 460, 84)
    tub(s, st, x - 10, 780, 400)
    plants.potted(s, st, 150 if not r.left else 230, 770, rng.uniform(260, 340), rng.choice((0, 2, 3, 1)))
    stool(s, st, 690, 826)


def towel(s: Sheet, st: Setting, x: float, y: float, w: float, fill: Colour) -> None:
    s.rect(x, y, w, 150, fill, 6)
    s.rect(x + w * 0.7, y + 4, w * 0.3, 144, shade(fill, 0.08), 6)
    for at in (112, 124):
        s.rect(x, y + at, w, 6, tint(fill, 0.5) if sum(fill) < 620 else st.second)


def tub(s: Sheet, st: Setting, x: float, y: float, w: float) -> None:
    """A bath on feet or a plinth, with its tap and foam."""
    rng, half = st.rng, w / 2
    outside = rng.choice((CHINA, CHINA, mix(st.accent, CREAM, 0.15), mix(st.second, CREAM, 0.2)))
    wooden = st.theme.name in ("mountains", "old_town") and rng.random() < 0.5
    outside = st.wood if wooden else outside
    seats.shadow(s, x, y - 2, w * 0.84, 16, 0.2)
    s.rect(x + half * 0.62, y - 330, 9, 200, BRASS, 4)
    s.stroke([(x + half * 0.64, y - 326), (x + half * 0.5, y - 344), (x + half * 0.4, y - 316)], BRASS, 9)
    s.oval(x, y - 176, half, 24, shade(CHINA, 0.1))
    for i in range(9):
        s.oval(x - half * 0.72 + i * half * 0.17, y - 186 + (i % 3) * 5, 30, 20, (252, 251, 247))
    s.blob(
        [
            (x - half, y - 178),
            (x - half * 0.9, y - 90),
            (x - half * 0.66, y - 12),
            (x, y - 2),
            (x + half * 0.66, y - 12),
            (x + half * 0.9, y - 90),
            (x + half, y - 178),
            (x, y - 166),
        ],
        outside,
    )
    s.blob(
        [
            (x + half * 0.5, y - 166),
            (x + half * 0.6, y - 90),
            (x + half * 0.36, y - 8),
            (x + half * 0.66, y - 12),
            (x + half * 0.9, y - 90),
            (x + half, y - 178),
        ],
        shade(outside, 0.1),
    )
    if wooden:
        for i in range(-6, 7):
            s.line([(x + i * half * 0.145, y - 166), (x + i * half * 0.108, y - 8)], shade(outside, 0.16), 3)
    s.rect(x - half - 6, y - 188, w + 12, 18, tint(outside, 0.4), 9)
    if rng.random() < 0.6:
        towel(s, st, x - half * 0.62, y - 190, 96, rng.choice((st.throw, st.accent, st.linen)))


def basin(r: Room, x: float, w: float) -> None:
    """A washstand with its mirror and lamps."""
    s, st, rng = r.s, r.st, r.st.rng
    count = 2 if w > 300 else 1
    y, wood = r.floor + 22, st.wood
    round_ = rng.random() < 0.5
    for i in range(count):
        px = x + (i - (count - 1) / 2) * w * 0.5
        if round_:
            hung.round_mirror(s, st, px, 280, 92)
        else:
            s.top_round(px - 76, 160, 152, 230, shade(wood, 0.12), 76)
            s.top_round(px - 67, 169, 134, 212, mix(st.wall, (214, 228, 230), 0.6), 67)
            s.poly([(px - 44, 350), (px + 30, 200), (px + 52, 220), (px - 10, 350)], veil(WHITE, 0.25))
    for px in (x - w / 2 - 4, x + w / 2 + 4) if count > 1 or x > 260 else (x + w / 2 + 10,):
        lamps.sconce(s, st, px, 290)
    seats.shadow(s, x, y, w, 12)
    seats.legs(s, x, y, w * 0.86, 40, shade(wood, 0.25), splay=0)
    s.rect(x - w / 2, y - 194, w, 160, wood, 6)
    doors = count * 2
    for i in range(doors):
        s.rect(x - w / 2 + 9 + i * (w - 12) / doors, y - 184, (w - 12) / doors - 6, 140, tint(wood, 0.1), 4)
        s.oval(x - w / 2 + 9 + (i + (0.84 if i % 2 == 0 else 0.1)) * (w - 12) / doors, y - 116, 5, 5, BRASS)
    s.rect(x - w / 2 - 8, y - 208, w + 16, 16, (240, 236, 228), 3)
    for i in range(count):
        px = x + (i - (count - 1) / 2) * w * 0.5
        s.pie(px, y - 248, 66, 42, CHINA, 0, 180)
        s.oval(px, y - 248, 66, 8, shade(CHINA, 0.1))
        s.stroke([(px + 2, y - 252), (px + 2, y - 290), (px - 22, y - 292), (px - 24, y - 274)], BRASS, 7)
    tables.jar(s, x - w * 0.44 if count == 1 else x, y - 208, 26, 52, rng.choice((st.accent, st.second, CREAM)))
    if count > 1:
        plants.vase(s, st, x + 36, y - 208, 84)


def stool(s: Sheet, st: Setting, x: float, y: float) -> None:
    """A stool with towels and a soap dish."""
    seats.shadow(s, x, y - 2, 84, 8)
    seats.legs(s, x, y, 66, 100, shade(st.wood, 0.2), splay=6)
    s.rect(x - 46, y - 110, 92, 13, tint(st.wood, 0.1), 5)
    for i, fill in enumerate((st.accent, tint(st.linen, 0.4), st.throw)):
        s.rect(x - 38 + i * 3, y - 130 - i * 19, 74 - i * 6, 18, fill, 8)
