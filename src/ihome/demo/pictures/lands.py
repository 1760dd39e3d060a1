"""The five kinds of land around Hefei."""

from __future__ import annotations

from ihome.demo.pictures import plants
from ihome.demo.pictures.landmarks import boat, gable_house, island, pagoda, tower, town_house, village_house
from ihome.demo.pictures.palette import LIME, SPRING, WATER, Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.plants import any_tree
from ihome.demo.pictures.sheet import Sheet, smooth


def ridge(s: Sheet, setting: Setting, base: float, rise: float, fill: Colour, peaks: int = 5) -> None:
    """A line of hills whose feet stand below base; some peaks are shoulders of others."""
    rng, w = setting.rng, s.width
    points = [(-0.1 * w, base - rise * rng.uniform(0.2, 0.6))]
    for i in range(peaks):
        x, wide = (i + rng.uniform(0.3, 0.7)) / peaks * w, w / peaks
        high = rise * rng.choice((0.5, 0.62, 0.78, 0.9, 1.05))
        points.append((x - wide * 0.42, base - rise * rng.uniform(0.1, 0.34)))
        if rng.random() < 0.6:
            points.append((x - wide * 0.2, base - high * rng.uniform(0.5, 0.72)))
        points.append((x, base - high))
        if rng.random() < 0.4:
            points.append((x + wide * 0.16, base - high * rng.uniform(0.66, 0.8)))
    points.append((1.1 * w, base - rise * rng.uniform(0.2, 0.6)))
    s.poly([(-0.1 * w, s.height), *smooth(points), (1.1 * w, s.height)], fill)


def mist(s: Sheet, setting: Setting, y: float, h: float) -> None:
    """Bars of mist at the foot of a hill."""
    rng = setting.rng
    for _ in range(3):
        long = s.width * rng.uniform(0.4, 0.8)
        s.rect(
            rng.uniform(-0.2, 0.8) * s.width,
            y + rng.uniform(-0.5, 0.5) * h,
            long,
            h,
            veil(setting.light.haze, 0.45),
            h / 2,
        )


def lake(s: Sheet, setting: Setting, y: float, near: bool) -> None:
    rng, w, h, light = setting.rng, s.width, s.height, setting.light
    hill = mix(setting.season.leaves[0], (110, 140, 160), 0.5)
    ridge(s, setting, y, h * 0.16, setting.hazed(hill, 0.66), 4)
    ridge(s, setting, y, h * 0.09, setting.hazed(hill, 0.45), 3)
    if rng.random() < 0.55 and setting.once("island"):
        island(s, setting, w * rng.uniform(0.5, 0.85), y + h * 0.01, h * 0.2)
    cast, s.cast = s.cast, (255, 255, 255)
    low = mix(WATER, light.sky[1], 0.55)
    r, g, b = (one * other // 255 for one, other in zip(WATER, cast, strict=True))
    tone = (r, g, b)
    s.fade(y, h - y, mix(low, tone, 0.2), mix(tone, light.sky[0], 0.25), 24)
    for _ in range(22):
        depth = rng.random() ** 1.5
        long, py = h * (0.05 + 0.2 * depth) * rng.uniform(0.5, 1), y + (h - y) * (0.04 + 0.9 * depth)
        s.rect(rng.uniform(-0.05, 1) * w, py, long, h * (0.004 + 0.006 * depth), veil(light.sky[1], 0.5), h * 0.005)
    s.cast = cast
    for _ in range(rng.randint(1, 3)):
        boat(s, setting, w * rng.uniform(0.1, 0.9), y + (h - y) * rng.uniform(0.1, 0.5), h * rng.uniform(0.06, 0.13))
    if near:
        shore(s, setting)


def shore(s: Sheet, setting: Setting) -> None:
    """Reeds, a willow or lotus at the near bank."""
    rng, w, h = setting.rng, s.width, s.height
    green = setting.leaf()
    choice = rng.randrange(3)
    if choice == 0:
        side = rng.choice((0.06, 0.94))
        for _ in range(16):
            x, high = (side + rng.uniform(-0.13, 0.13)) * w, h * rng.uniform(0.16, 0.36)
            lean = rng.uniform(-0.04, 0.05) * h
            s.stroke(
                [(x, h * 1.02), (x + lean * 0.3, h - high * 0.6), (x + lean, h - high)],
                rng.choice((green, shade(green), tint(green))),
                h * 0.009,
            )
            s.oval(x + lean, h - high, h * 0.009, h * 0.032, (176, 130, 88))
    elif choice == 1:
        plants.willow(s, setting, w * rng.choice((0.05, 0.95)), h * 1.08, h * 0.95, green)
    else:
        for _ in range(12):
            x, depth = rng.uniform(0, 1) * w, rng.random()
            y, r = h * (0.84 + 0.14 * depth), h * (0.03 + 0.03 * depth)
            s.oval(x, y, r * 1.5, r * 0.5, shade(green, 0.1))
            s.oval(x - r * 0.1, y - r * 0.08, r * 1.3, r * 0.38, green)
            if rng.random() < 0.45:
                for turn in (50, 130, 70, 110, 90):
                    plants.leaf(
                        s, (x, y - r * 0.2), turn, r * 1.1, r * 0.5, (240, 176, 172) if turn != 90 else (250, 208, 200)
                    )


def old_town(s: Sheet, setting: Setting, y: float, near: bool) -> None:
    rng, w, h = setting.rng, s.width, s.height
    ridge(s, setting, y, h * 0.12, setting.hazed((132, 150, 146), 0.6), 3)
    if rng.random() < 0.6 and setting.once("pagoda"):
        pagoda(s, setting, w * rng.uniform(0.25, 0.8), y + h * 0.04, h * rng.uniform(0.3, 0.4), 0.35)
    rows = 4 if near else 3
    for row in range(rows):
        far, depth = 0.45 - 0.15 * row, row / 3
        base, size = y + h * (0.07 + 0.11 * row), h * (0.09 + 0.065 * row)
        s.rect(0, base - size * 0.2, w, h, setting.hazed(mix(LIME, setting.season.grass, 0.4), far))
        x = -size * rng.uniform(0, 1)
        while x < w:
            wide = size * rng.uniform(1.1, 1.9)
            if rng.random() < 0.3:
                any_tree(s, setting, x + wide / 2, base, size * rng.uniform(1.2, 1.6), far)
            (town_house if rng.random() < 0.64 + 0.1 * row else gable_house)(
                s, setting, x, base + size * 0.25, wide, size * rng.uniform(0.7, 1) + depth, far
            )
            x += wide + size * rng.uniform(-0.05, 0.4)
    if near:
        for x in (rng.uniform(0, 0.2), rng.uniform(0.8, 1)):
            any_tree(s, setting, x * w, h * 1.04, h * rng.uniform(0.34, 0.46))


def city(s: Sheet, setting: Setting, y: float, near: bool) -> None:
    rng, w, h = setting.rng, s.width, s.height
    if rng.random() < 0.6:  # Dashu hill with its mast.
        ridge(s, setting, y, h * 0.2, setting.hazed(setting.season.leaves[0], 0.6), 2)
    stones = ((206, 178, 156), (186, 190, 192), (222, 206, 184), (170, 156, 150), (198, 168, 150))
    for far, high in ((0.66, 0.42), (0.42, 0.34), (0.16, 0.26)):
        x = -h * 0.1 * rng.random()
        while x < w:
            wide = h * rng.uniform(0.07, 0.13)
            tower(
                s,
                setting,
                x,
                y + h * 0.06,
                wide,
                h * high * rng.uniform(0.45, 1),
                setting.hazed(rng.choice(stones), far),
                far,
            )
            x += wide + h * rng.choice((0.004, 0.02, 0.07))
    lawn = setting.hazed(setting.season.grass, 0.15)
    s.rect(0, y + h * 0.05, w, h, lawn)
    if rng.random() < 0.55:
        river(s, setting, y + h * 0.11, h * 0.11)
    for i in range(16):
        any_tree(s, setting, (i + rng.random()) / 16 * w, y + h * 0.09, h * rng.uniform(0.07, 0.12), 0.25)
    if near:
        for i in range(9):
            any_tree(
                s, setting, (i + rng.random()) / 9 * w, h * rng.uniform(0.94, 1.06), h * rng.uniform(0.2, 0.3), 0.05
            )


def river(s: Sheet, setting: Setting, y: float, h: float) -> None:
    w = s.width
    water = mix(WATER, setting.light.sky[1], 0.35)
    s.poly([(0, y), (w, y - h * 0.2), (w, y + h * 0.7), (0, y + h)], water)
    for _ in range(8):
        s.rect(setting.rng.uniform(0, w), y + h * setting.rng.uniform(0.1, 0.6), h * 0.6, h * 0.04, tint(water, 0.4))


def mountains(s: Sheet, setting: Setting, y: float, near: bool) -> None:
    rng, w, h = setting.rng, s.width, s.height
    dark = setting.season.leaves[0]
    blue = mix(dark, (116, 146, 158), 0.6)
    for i, (far, up, rise) in enumerate(
        ((0.68, 0.1, 0.34), (0.46, 0.02, 0.26), (0.26, -0.07, 0.2), (0.08, -0.16, 0.14))
    ):
        fill = setting.hazed(mix(blue, dark, i / 3), far)
        ridge(s, setting, y - up * h, h * rise, fill, 5 - i)
        if i < 3:
            mist(s, setting, y - up * h + h * 0.02, h * 0.028)
        if i >= 2:
            for _ in range(9 * i):
                plants.pine(
                    s,
                    setting,
                    rng.uniform(0, w),
                    y - up * h + h * rng.uniform(-0.03, 0.06),
                    h * (0.05 + 0.03 * (i - 1)),
                    fill,
                    0.05,
                )
    s.rect(0, y + h * 0.18, w, h, setting.hazed(mix(dark, setting.season.grass, 0.5), 0.05))
    kind = rng.randrange(4)
    if kind < 2:
        terraces(s, setting, y + h * 0.16)
    elif kind == 2:
        brook(s, setting, y + h * 0.16)
    else:
        for _ in range(14):
            depth = rng.random()
            any_tree(
                s, setting, rng.uniform(0, w), y + h * (0.2 + 0.2 * depth), h * (0.1 + 0.1 * depth), 0.12 * (1 - depth)
            )
    if near:
        grow = rng.choice((plants.pine, plants.bamboo, plants.cypress_pine))
        for x in rng.sample((0.02, 0.12, 0.9, 1.0, 0.8), 3):
            grow(s, setting, x * w, h * 1.03, h * rng.uniform(0.4, 0.62), shade(setting.leaf(), 0.08))


def terraces(s: Sheet, setting: Setting, y: float) -> None:
    """Rows of tea bushes that follow the slope."""
    w, h, green = s.width, s.height, mix(setting.season.leaves[1], setting.season.grass, 0.3)
    for i in range(6):
        low = y + h * (0.02 + 0.045 * i)
        curve = smooth(
            [
                (-0.1 * w, low + h * 0.04),
                (0.3 * w, low - h * 0.02),
                (0.7 * w, low + h * 0.02),
                (1.1 * w, low - h * 0.03),
            ]
        )
        s.line(curve, shade(green, 0.2), h * 0.03)
        s.line([(px, py - h * 0.008) for px, py in curve], green, h * 0.02)


def fields(s: Sheet, setting: Setting, y: float, near: bool) -> None:
    rng, w, h, crops = setting.rng, s.width, s.height, setting.season.crops
    ridge(s, setting, y, h * 0.1, setting.hazed(setting.season.leaves[0], 0.6), 3)
    ridge(s, setting, y + h * 0.02, h * 0.05, setting.hazed(setting.season.leaves[1], 0.4), 2)
    s.rect(0, y + h * 0.015, w, h, setting.hazed(crops[0], 0.3))
    for _ in range(12):
        plants.poplar(s, setting, rng.uniform(0, w), y + h * 0.03, h * rng.uniform(0.07, 0.12), setting.leaf(), 0.35)
    base = y + h * 0.05
    for i in range(6):
        low, far = base + (h - base) * (i / 6) ** 1.3, 0.3 - 0.05 * i
        slope = rng.uniform(-0.03, 0.03) * h
        top = smooth([(-0.1 * w, low + slope), (0.4 * w, low - h * 0.02 * rng.random()), (1.1 * w, low - slope)])
        fill = setting.hazed(crops[(i + 1) % len(crops)], max(far, 0))
        s.poly([*top, (1.1 * w, h), (-0.1 * w, h)], fill)
        middle, bottom = w * rng.uniform(0.2, 0.8), low + (h - base) * 0.3
        if i % 2:
            for j in range(-9, 10):
                s.line(
                    [(middle + j * w * 0.06, low + h * 0.012), (middle + j * w * 0.13, bottom)],
                    shade(fill, 0.07),
                    h * 0.006,
                )
        if i == 1:
            for _ in range(rng.randint(2, 4)):
                village_house(s, setting, w * rng.uniform(0.08, 0.9), low + h * 0.03, h * rng.uniform(0.07, 0.1))
    if near:
        for _ in range(2):
            any_tree(s, setting, w * rng.choice((0.04, 0.96, 0.88, 0.12)), h * 1.0, h * rng.uniform(0.36, 0.52))
        for _ in range(22):
            bloom = rng.choice(
                ((244, 206, 92), setting.accent, (250, 240, 220))
                if setting.season is SPRING
                else (crops[0], tint(crops[1]))
            )
            s.oval(rng.uniform(0, w), h * rng.uniform(0.9, 0.99), h * 0.008, h * 0.008, bloom)


LANDS = {"lake": lake, "old_town": old_town, "city": city, "mountains": mountains, "fields": fields}


def brook(s: Sheet, setting: Setting, y: float) -> None:
    """A stream that comes down between bushes, with stones in it."""
    w, h, rng = s.width, s.height, setting.rng
    x, water = w * rng.uniform(0.35, 0.65), mix(WATER, setting.light.sky[1], 0.4)
    bank = smooth([(x, y), (x + w * 0.05, y + h * 0.06), (x - w * 0.06, y + h * 0.14), (x + w * 0.04, y + h * 0.3)])
    s.poly([*bank, *[(px + w * (0.015 + 0.09 * (py - y) / (h * 0.3)), py) for px, py in reversed(bank)]], water)
    for _ in range(16):
        depth = rng.random()
        px, py, r = rng.uniform(0, w), y + h * (0.02 + 0.24 * depth), h * (0.014 + 0.03 * depth)
        green = setting.leaf()
        s.oval(px, py, r * 1.3, r * 0.8, shade(green, 0.14))
        s.oval(px - r * 0.2, py - r * 0.2, r, r * 0.6, green)
