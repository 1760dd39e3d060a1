"""Houses as people build them around Hefei."""

from __future__ import annotations

from ihome.demo.pictures import plants
from ihome.demo.pictures.grounds import GROUND, path
from ihome.demo.pictures.masonry import GLASS, door, gable_wall, lanterns, pane, ribbed_roof, shingles, smoke, wall
from ihome.demo.pictures.palette import (
    CREAM,
    INK,
    LAMP,
    LIME,
    STONE,
    TILE,
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
from ihome.demo.pictures.townhouses import apartments, canal_house, lane_house, towers, villa


def huizhou(s: Sheet, st: Setting) -> tuple[float, float]:
    """A house of old Huizhou: white walls, dark tiles, gables like horses' heads."""
    rng, g = st.rng, GROUND
    lime = rng.choice((tint(LIME, 0.3), LIME, mix(LIME, st.wall, 0.35), shade(LIME, 0.06)))
    wood = mix(st.wood, rng.choice(((112, 66, 46), (150, 62, 44), (92, 70, 58))), 0.5)
    twin, yard = rng.random() < 0.35, rng.random() < 0.4
    w, high = rng.uniform(720, 820), rng.uniform(240, 340)
    x = 600 - w / 2
    gw = rng.uniform(170, 210) if twin else rng.uniform(260, 350)
    gh, steps = high + rng.uniform(44, 120), rng.choice((1, 2, 2)) if twin else rng.choice((1, 2, 2, 3))
    mx = x + gw - 20
    mw = w - gw * 2 + 40 if twin else w - gw - 60
    cx = 600.0 if twin else mx + mw * rng.choice((0.3, 0.5, 0.62))
    path(s, st, cx, g + 20, 90, rng.choice((0, 1)))
    up = rng.uniform(70, 110)
    eaves = [
        (mx - 10, g - high + 6),
        (mx + 8, g - high - up),
        (mx + mw - 8, g - high - up),
        (mx + mw + 10, g - high + 6),
    ]
    ribbed_roof(s, eaves, TILE)
    s.rect(mx - 4, g - high - up - 12, mw + 8, 15, shade(TILE, 0.22), 4)
    wall(s, mx - 10, g, mw + 20, high, lime)
    s.rect(mx - 10, g - high + 6, mw + 20, 13, veil(DARK, 0.12))
    bars = rng.choice(((5, 3), (4, 2), (3, 3)))
    bays = 3 if mw > 400 else 2
    for i in range(bays):
        pane(s, st, mx + mw * (i + 0.5) / bays - 50, g - high + 42, 100, 66, bars=bars, frame=wood)
    ends = [(x, gw, gh)]
    ends.append((x + w - gw, gw, gh) if twin else (x + w - 90, 90.0, high - 30))
    for i, (px, pw, ph) in enumerate(ends):
        gable_wall(s, px, g, pw, ph, lime, steps=steps if not i or twin else 1)
        if pw > 240:
            for at in (0.26, 0.74):
                pane(s, st, px + pw * at - 36, g - ph + 40, 72, 70, bars=(3, 2), frame=wood)
        elif pw > 120:
            pane(s, st, px + pw / 2 - 30, g - ph + 50, 60, 66, bars=(3, 2), frame=wood)
        if pw > 120:
            lattice_round(s, st, px + pw / 2, g - 120, 54 if pw > 240 else 44, wood)
    s.rect(x, g - 40, w, 40, mix(STONE, (150, 150, 148), 0.4))
    if yard:  # A low wall before the house, the gate in it.
        a = x + gw - 10
        b = x + w - gw + 10 if twin else x + w + 40
        wall(s, a, g + 12, b - a, 150, tint(lime, 0.2))
        s.rect(a, g - 20, b - a, 32, mix(STONE, (150, 150, 148), 0.3))
        ribbed_roof(s, [(a - 14, g - 130), (a, g - 158), (b, g - 158), (b + 14, g - 130)], TILE, 14)
        for px in (cx - 170, cx + 170):
            if a + 70 < px < b - 70:
                lattice_round(s, st, px, g - 66, 36, wood)
    elif high > 270:
        for px in (cx - 190, cx + 190):
            if mx + 60 < px < mx + mw - 60:
                pane(s, st, px - 44, g - 150, 88, 80, bars=(4, 3), frame=wood)
    porch(s, st, cx, g + (12 if yard else 0), wood, plain=rng.random() < 0.5)
    return x, x + w


def porch(s: Sheet, st: Setting, x: float, y: float, wood: Colour, *, plain: bool) -> None:
    """The gate of an old house under its own small roof."""
    if plain:
        s.rect(x - 84, y - 176, 168, 18, wood)
        ribbed_roof(s, [(x - 124, y - 178), (x - 96, y - 216), (x + 96, y - 216), (x + 124, y - 178)], TILE, 14)
    else:
        s.rect(x - 92, y - 200, 184, 200, TILE, 3)
        s.rect(x - 82, y - 190, 164, 24, mix(STONE, CREAM, 0.3))
        ribbed_roof(s, [(x - 112, y - 194), (x - 96, y - 222), (x + 96, y - 222), (x + 112, y - 194)], TILE, 14)
    fill = mix(wood, (150, 50, 36), st.rng.choice((0.1, 0.5)))
    door(s, st, x, y, 112, 158, double=True, fill=fill)
    lanterns(s, st, (x - 96, x + 96), y - 128)


def lattice_round(s: Sheet, st: Setting, x: float, y: float, r: float, wood: Colour) -> None:
    """A round window with a lattice."""
    s.oval(x, y, r, r, TILE)
    s.oval(x, y, r - 8, r - 8, (*LAMP, 255) if st.light.lamps else mix(GLASS, st.leaf(), 0.3))
    k = r / 52
    for i in (-1, 0, 1):
        s.rect(x + i * 22 * k - 2.5, y - (41 - abs(i) * 6) * k, 5, (82 - abs(i) * 12) * k, wood)
        s.rect(x - (41 - abs(i) * 6) * k, y - 2.5 + i * 22 * k, (82 - abs(i) * 12) * k, 5, wood)


def farmhouse(s: Sheet, st: Setting) -> tuple[float, float]:
    """One long storey under a tiled roof, a porch, what was harvested on the wall."""
    rng, g = st.rng, GROUND
    x, w = rng.uniform(200, 270), rng.uniform(680, 760)
    high = rng.choice((210, 236))
    fill = rng.choice((LIME, (238, 214, 176), (226, 190, 156), tint(st.second, 0.6)))
    roof = rng.choice((TILE, (176, 92, 66), (150, 104, 84)))
    cx = x + w * rng.choice((0.34, 0.5, 0.66))
    path(s, st, cx, g + 20, 84, rng.randrange(3))
    s.rect(x + w * 0.78, g - high - 190, 44, 100, mix(fill, (150, 110, 90), 0.5))
    s.rect(x + w * 0.78 - 6, g - high - 198, 56, 14, shade(roof, 0.2))
    smoke(s, x + w * 0.78 + 22, g - high - 206)
    wall(s, x, g, w, high, fill)
    s.rect(x, g - 42, w, 42, mix(fill, STONE, 0.6))
    (ribbed_roof if roof == TILE or rng.random() < 0.5 else shingles)(
        s,
        [(x - 44, g - high + 14), (x + 44, g - high - 140), (x + w - 44, g - high - 140), (x + w + 44, g - high + 14)],
        roof,
    )
    s.rect(x + 36, g - high - 150, w - 72, 16, shade(roof, 0.2), 6)
    s.rect(x, g - high + 18, w, 13, veil(DARK, 0.12))
    spots = [px for px in (0.12, 0.34, 0.5, 0.66, 0.88) if abs(x + w * px - cx) > 100]
    for px in spots:
        pane(s, st, x + w * px - 46, g - high + 66, 92, 92, bars=(2, rng.choice((1, 2))), box=rng.random() < 0.6)
    door(s, st, cx, g, 96, 164, double=rng.random() < 0.4, fill=rng.choice((st.accent, st.second, st.wood)))
    if rng.random() < 0.6:  # A porch.
        for px in (cx - 104, cx + 96):
            s.rect(px, g - 190, 10, 190, shade(st.wood, 0.1))
        s.poly([(cx - 140, g - 180), (cx, g - 246), (cx + 140, g - 180)], shade(roof, 0.12))
        s.poly([(cx - 104, g - 184), (cx, g - 232), (cx + 104, g - 184)], tint(st.wood, 0.2))
    for px in (cx - 70, cx + 74):  # Corn and peppers.
        for i in range(7):
            s.oval(px + (-5 if i % 2 else 5), g - high + 50 + i * 11, 8, 8, ((232, 180, 70), (196, 60, 44))[px > cx])
    return x, x + w


def cottage(s: Sheet, st: Setting) -> tuple[float, float]:
    """Two storeys under a steep gable, with a lower wing."""
    rng, g = st.rng, GROUND
    fill = rng.choice((CREAM, tint(st.second, 0.55), tint(st.accent, 0.62), mix(st.wall, WHITE, 0.2)))
    roof = rng.choice(((172, 90, 68), (96, 104, 112), (140, 96, 76), mix(st.second, INK, 0.4)))
    x, w, high = rng.uniform(290, 340), rng.uniform(310, 350), rng.uniform(312, 332)
    wing, low = rng.uniform(270, 320), rng.uniform(180, 200)
    trim = rng.choice((WHITE, st.wood, tint(roof, 0.5)))
    wx = x + w - 6
    path(s, st, x + w * 0.5, g + 20, 80, rng.randrange(3))
    s.rect(wx + wing * 0.6, g - low - 180, 46, 120, mix(fill, (160, 110, 90), 0.6))
    smoke(s, wx + wing * 0.6 + 22, g - low - 186)
    wall(s, wx, g, wing, low, shade(fill, 0.05))
    shingles(
        s,
        [
            (wx - 10, g - low + 10),
            (wx - 10, g - low - 124),
            (wx + wing - 40, g - low - 124),
            (wx + wing + 34, g - low + 10),
        ],
        shade(roof, 0.1),
        6,
    )
    s.rect(wx, g - low + 12, wing, 12, veil(DARK, 0.12))
    for px in (0.16, 0.58):
        pane(s, st, wx + wing * px, g - low + 50, wing * 0.26, 96, box=True)
    wall(s, x, g, w, high, fill)
    peak = (x + w / 2, g - high - 170)
    s.poly([(x, g - high), peak, (x + w, g - high)], fill)
    if rng.random() < 0.5:
        for i in range(1, 9):
            px = x + w * i / 9
            top = g - high - 170 * (1 - abs(2 * i / 9 - 1))
            s.rect(px, top, 3, g - top, shade(fill, 0.06))
    for sx, ex in ((x - 36, peak[0]), (x + w + 36, peak[0])):
        s.poly(
            [
                (sx, g - high + 34),
                (ex, peak[1] - 30),
                (ex, peak[1] + 4),
                (sx + (18 if sx < ex else -18), g - high + 46),
            ],
            roof if sx < ex else shade(roof, 0.14),
        )
    s.rect(x, g - 34, w + wing - 6, 34, mix(STONE, fill, 0.3))
    pane(s, st, x + w / 2 - 40, g - high - 92, 80, 82, arch=True, bars=(2, 2), frame=trim)
    for px in (0.14, 0.62):
        pane(s, st, x + w * px, g - high + 18, w * 0.24, 78, box=rng.random() < 0.5, frame=trim)
        if rng.random() < 0.9:
            for sx in (x + w * px - 34, x + w * px + w * 0.24 + 8):
                s.rect(sx, g - high + 14, 26, 88, st.second, 2)
    door(s, st, x + w / 2, g, 88, 156)
    s.poly([(x + w / 2 - 92, g - 172), (x + w / 2, g - 214), (x + w / 2 + 92, g - 172)], roof)
    return x, wx + wing


def lodge(s: Sheet, st: Setting) -> tuple[float, float]:
    """A timber house whose roof reaches the ground, with a deck."""
    rng, g = st.rng, GROUND
    wood, roof = mix(st.wood, (182, 124, 82), 0.5), rng.choice(((92, 84, 80), (122, 74, 60), mix(st.second, INK, 0.45)))
    cx, half, high = rng.uniform(540, 640), rng.uniform(290, 330), rng.uniform(500, 540)
    path(s, st, cx, g + 30, 90, rng.choice((0, 2)))
    s.poly(
        [(cx + 10, g - high - 24), (cx + half + 150, g - 26), (cx + half + 150, g), (cx + half, g)], shade(roof, 0.16)
    )
    s.poly([(cx - half, g), (cx, g - high), (cx + half, g)], wood)
    for i in range(1, 24):
        px = cx - half + i * half / 12
        top = g - high * (1 - abs(px - cx) / half)
        s.rect(px, top, 3, g - top, shade(wood, 0.1))
    glass: Colour = (*LAMP, 255) if st.light.lamps else mix(GLASS, st.light.sky[1], 0.3)
    k = 0.56
    s.poly([(cx - half * k + 8, g - high * 0.36), (cx, g - high * 0.9), (cx + half * k - 8, g - high * 0.36)], glass)
    s.poly(
        [
            (cx - half * 0.2, g - high * 0.36),
            (cx + half * 0.06, g - high * 0.66),
            (cx + half * 0.2, g - high * 0.58),
            (cx, g - high * 0.36),
        ],
        veil(WHITE, 0.22),
    )
    for px in (-0.24, 0, 0.24):
        top = g - high * (0.9 - abs(px) / k * 0.52)
        s.rect(cx + px * half - 4, top, 8, g - high * 0.36 - top, shade(wood, 0.2))
    s.rect(cx - half * 0.64, g - high * 0.37, half * 1.28, 14, shade(wood, 0.25))
    for px in (-0.54, 0.3):
        pane(s, st, cx + half * px, g - 150, half * 0.24, 112, frame=shade(wood, 0.3))
    door(s, st, cx, g, 94, 158)
    for side in (-1, 1):
        s.poly(
            [(cx + side * (half + 44), g + 6), (cx, g - high - 54), (cx, g - high + 6), (cx + side * half, g + 6)],
            roof if side < 0 else shade(roof, 0.12),
        )
    s.rect(cx - half - 60, g, half * 2 + 120, 18, tint(wood, 0.16), 3)
    s.rect(cx - half - 60, g + 18, half * 2 + 120, 12, shade(wood, 0.3))
    for side in (-1, 1):
        for i in range(5):
            s.rect(cx + side * (110 + i * 62) - 4, g - 72, 8, 74, shade(wood, 0.12))
        s.rect(cx + (110 if side > 0 else -110 - 256), g - 78, 256, 10, tint(wood, 0.1), 3)
    plants.potted(s, st, cx - 150, g, 120, 5)
    plants.potted(s, st, cx + 160, g, 130, 2)
    return cx - half - 40, cx + half + 60


def stilts(s: Sheet, st: Setting) -> tuple[float, float]:
    """A timber house on posts, with a gallery all along its front."""
    rng, g = st.rng, GROUND
    wood = mix(st.wood, (156, 104, 70), 0.5)
    x, w = rng.uniform(240, 290), rng.uniform(640, 700)
    base, top = g - 128, g - 128 - 190
    cx = x + w * rng.choice((0.3, 0.7))
    path(s, st, cx, g + 10, 84, rng.choice((0, 1)))
    s.rect(x + 20, base, w - 40, 130, mix(wood, INK, 0.5))
    for i in range(9):
        s.oval(x + 60 + i * w * 0.09, g - 14, 34, 20, shade(st.leaf(), 0.2))
    for i in range(7):
        px = x + 14 + i * (w - 40) / 6
        s.rect(px, base, 14, 134, shade(wood, 0.2))
        s.oval(px + 7, g + 4, 18, 7, STONE)
    wall(s, x + 10, base, w - 20, base - top, wood)
    for i in range(int(w // 30)):
        s.rect(x + 10 + i * 30, top, 3, base - top, shade(wood, 0.12))
    for px in (0.08, 0.4, 0.62, 0.84):
        if abs(x + w * px + 45 - cx) > 90:
            pane(s, st, x + w * px, top + 52, 90, 92, bars=(3, 2), frame=shade(wood, 0.35))
    roof = rng.choice((TILE, (112, 86, 74)))
    ribbed_roof(s, [(x - 62, top + 30), (x + 60, top - 116), (x + w - 60, top - 116), (x + w + 62, top + 30)], roof)
    s.rect(x + 52, top - 128, w - 104, 16, shade(roof, 0.24), 5)
    for edge, turn in ((x - 62, -1), (x + w + 62, 1)):
        s.poly([(edge - turn * 46, top + 12), (edge + turn * 20, top + 6), (edge, top + 34)], roof)
    s.rect(x + 10, top + 30, w - 20, 14, veil(DARK, 0.14))
    door(s, st, cx, base, 92, 146, fill=rng.choice((st.accent, shade(wood, 0.3))))
    s.rect(x - 30, base - 4, w + 60, 18, tint(wood, 0.14), 3)
    for i in range(int((w + 50) // 24)):
        px = x - 26 + i * 24
        if abs(px - cx) > 56:
            s.rect(px, base - 62, 6, 60, shade(wood, 0.08))
    for a, b in ((x - 30, cx - 60), (cx + 60, x + w + 30)):
        s.rect(a, base - 68, b - a, 9, tint(wood, 0.1), 3)
    for px in (x - 26, x + w * 0.5, x + w + 14):
        s.rect(px, top + 28, 11, base - top - 30, shade(wood, 0.06))
    for i in range(7):
        s.rect(cx - 56 - i * 3, base + 12 + i * 18, 112 + i * 6, 15, tint(wood, 0.1 - 0.03 * (i % 2)), 2)
    lanterns(s, st, (x + 60, x + w - 60), top + 70, 19)
    for px in (x + 130, x + w - 150):
        plants.potted(s, st, px, base - 2, 96, 5)
    st.door = cx
    return x - 20, x + w + 20


def rural(s: Sheet, st: Setting) -> tuple[float, float]:
    """A village house of two or three storeys: balconies with columns, a hipped roof."""
    rng, g = st.rng, GROUND
    fill = rng.choice((CREAM, tint(st.second, 0.6), tint(st.accent, 0.66), (232, 214, 190), mix(st.wall, WHITE, 0.3)))
    roof, trim = rng.choice(((178, 92, 66), (108, 112, 122), (150, 84, 70))), rng.choice((WHITE, tint(fill, 0.6)))
    floors, w = rng.choice((2, 2, 3)), rng.uniform(440, 540)
    tall = 172.0 if floors == 2 else 148.0
    x, high = 600 - w / 2 + rng.uniform(-60, 60), floors * tall
    path(s, st, x + w / 2, g + 20, 96, rng.randrange(3))
    side, low = rng.choice((-1, 1)), 140.0
    ax, aw = (x - 170, 180.0) if side < 0 else (x + w - 10, 180.0)
    wall(s, ax, g, aw, low, shade(fill, 0.05))  # The kitchen at its side.
    lean = g - low + 8
    ribbed_roof(s, [(ax - 16, lean), (ax + 16, lean - 64), (ax + aw - 16, lean - 64), (ax + aw + 16, lean)], roof, 16)
    pane(s, st, ax + 52, g - 110, 76, 62, bars=(2, 1), box=rng.random() < 0.6)
    wall(s, x, g, w, high, fill)
    eaves = g - high + 8
    shingles(s, [(x - 40, eaves), (x + w * 0.2, eaves - 112), (x + w * 0.8, eaves - 112), (x + w + 40, eaves)], roof)
    s.rect(x, g - high + 8, w, 12, veil(DARK, 0.12))
    bay = w / 3
    for row in range(floors):
        foot = g - row * tall
        if row:
            s.rect(x - 8, foot - 8, w + 16, 13, trim)
        for col in (0, 2) if row == 0 else (0, 1, 2):
            px = x + bay * col + bay * 0.2
            if row and col == 1:
                pane(s, st, px, foot - tall * 0.84, bay * 0.6, tall * 0.8, bars=(2, 1), frame=trim)
            else:
                pane(
                    s,
                    st,
                    px,
                    foot - tall * 0.78,
                    bay * 0.6,
                    tall * 0.5,
                    bars=(2, 2),
                    box=rng.random() < 0.4,
                    frame=trim,
                )
        if row:  # The balcony: posts and a rail.
            a, wide = (x + bay - 26, bay + 52) if rng.random() < 0.5 else (x - 8, w + 16)
            for i in range(int(wide // 20) + 1):
                s.rect(a + i * wide / (wide // 20), foot - 56, 6, 50, trim)
            s.rect(a - 4, foot - 62, wide + 8, 9, trim, 3)
    for at in (-26.0, bay + 10):
        s.rect(x + bay + at, g - tall + 4, 16, tall - 4, tint(trim, 0.3))
        s.rect(x + bay + at - 5, g - 14, 26, 14, trim)
    s.rect(x, g - 34, bay - 30, 34, mix(STONE, fill, 0.4))
    s.rect(x + bay * 2 + 30, g - 34, bay - 30, 34, mix(STONE, fill, 0.4))
    door(s, st, x + w / 2, g, 104, tall - 30, double=True, fill=rng.choice((st.accent, (150, 60, 44), st.wood)))
    for px in (x + bay - 44, x + bay * 2 + 44):
        lanterns(s, st, (px,), g - tall + 40, 17)
    return (x - 160, x + w) if side < 0 else (x, x + w + 170)


HOUSES = {
    "lake": (villa, villa, cottage, cottage, apartments, huizhou, stilts, towers, rural),
    "old_town": (huizhou, huizhou, huizhou, lane_house, lane_house, canal_house, canal_house),
    "city": (apartments, apartments, apartments, lane_house, villa, towers, towers),
    "mountains": (lodge, lodge, villa, huizhou, cottage, stilts, stilts, farmhouse, rural),
    "fields": (farmhouse, farmhouse, rural, rural, cottage, cottage, huizhou, villa),
}
