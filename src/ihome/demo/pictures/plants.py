"""Everything that grows: trees outside, pots inside."""

from __future__ import annotations

import math

from ihome.demo.pictures.palette import CLAY, CREAM, Colour, Setting, mix, shade, tint
from ihome.demo.pictures.sheet import Point, Sheet

TRUNK = (128, 96, 74)


def almond(base: Point, degrees: float, length: float, width: float, bend: float = 0.0) -> list[Point]:
    """The outline of a leaf that grows from a point in a direction (0 right, 90 up)."""
    cos, sin = math.cos(math.radians(degrees)), -math.sin(math.radians(degrees))
    outline = []
    for along, side in ((0, 0), (0.25, 0.8), (0.5, 1), (0.78, 0.6), (1, 0), (0.78, -0.6), (0.5, -1), (0.25, -0.8)):
        u, v = along * length, side * width / 2 + bend * length * math.sin(along * math.pi)
        outline.append((base[0] + u * cos - v * sin, base[1] + u * sin + v * cos))
    return outline


def leaf(s: Sheet, base: Point, degrees: float, length: float, width: float, fill: Colour, bend: float = 0.0) -> None:
    """A leaf with a lit and a shaded half."""
    outline = almond(base, degrees, length, width, bend)
    s.blob(outline, fill)
    lower = outline[:5] if math.cos(math.radians(degrees)) > 0 else [*outline[4:], outline[0]]
    s.poly(lower, shade(fill, 0.16))


def petal(fill: Colour) -> Colour:
    """The paint of a flower: never green, blue or nearly black."""
    return fill if fill[0] > 180 and fill[0] > fill[1] + 8 else (226, 122, 92)


# --- trees -------------------------------------------------------------------------------------------------


def crown(s: Sheet, setting: Setting, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
    """A round head of leaves, lit from the left; a large one shows single leaves."""
    rng = setting.rng
    dark, light = shade(fill, 0.17), tint(fill, 0.17)
    large = rx * s.scale > 70
    count = 11 if large else 7
    s.oval(x, y, rx * 0.78, ry * 0.78, dark)
    for i in range(count):
        angle, size = i * 6.283 / count + rng.uniform(-0.16, 0.16), rng.uniform(0.3, 0.42)
        s.oval(x + math.cos(angle) * rx * 0.62, y + math.sin(angle) * ry * 0.62, rx * size, ry * size, dark)
    s.oval(x - rx * 0.12, y - ry * 0.12, rx * 0.62, ry * 0.62, fill)
    for i in range(count - 3):
        angle, size = 2.2 + i * 4.3 / (count - 3) + rng.uniform(-0.2, 0.2), rng.uniform(0.22, 0.34)
        s.oval(x + math.cos(angle) * rx * 0.56 - rx * 0.06, y + math.sin(angle) * ry * 0.54 - ry * 0.08,
               rx * size, ry * size, fill)  # fmt: skip
    for _ in range(5 if large else 2):
        angle, far = rng.uniform(3.0, 4.9), rng.uniform(0.2, 0.6)
        s.oval(x + math.cos(angle) * rx * far - rx * 0.08, y + math.sin(angle) * ry * far, rx * rng.uniform(0.12, 0.22),
               ry * rng.uniform(0.1, 0.17), light)  # fmt: skip
    if large:
        for _ in range(26):
            angle, far = rng.uniform(0, 6.283), rng.uniform(0.1, 0.86)
            lit = math.cos(angle) + math.sin(angle) < 0.2
            paint = tint(fill, 0.3) if lit else shade(fill, 0.3)
            s.oval(x + math.cos(angle) * rx * far, y + math.sin(angle) * ry * far, rx * 0.045, ry * 0.028, paint)


def round_tree(s: Sheet, setting: Setting, x: float, y: float, h: float, fill: Colour, far: float = 0) -> None:
    fill, bark = setting.hazed(fill, far), setting.hazed(TRUNK, far)
    w = h * 0.035
    s.poly([(x - w, y), (x - w * 0.6, y - h * 0.6), (x + w * 0.6, y - h * 0.6), (x + w, y)], bark)
    s.line([(x, y - h * 0.34), (x + h * 0.14, y - h * 0.52)], bark, w)
    s.line([(x, y - h * 0.3), (x - h * 0.12, y - h * 0.48)], bark, w)
    crown(s, setting, x, y - h * 0.66, h * 0.3, h * 0.32, fill)


def poplar(s: Sheet, setting: Setting, x: float, y: float, h: float, fill: Colour, far: float = 0) -> None:
    rng, fill = setting.rng, setting.hazed(fill, far)
    s.rect(x - h * 0.015, y - h * 0.2, h * 0.03, h * 0.2, setting.hazed(TRUNK, far))
    outline = [(x, y - h), (x + h * 0.09, y - h * 0.62), (x + h * 0.11, y - h * 0.3), (x, y - h * 0.1)]
    outline += [(x - h * 0.11, y - h * 0.3), (x - h * 0.09, y - h * 0.62)]
    s.blob(outline, shade(fill, 0.16))
    s.blob([(px - max(0.0, px - x) * 0.6 - h * 0.006, py) for px, py in outline], fill)
    if h * s.scale > 240:
        for i in range(16):
            high = rng.uniform(0.2, 0.84)
            px = x + rng.uniform(-0.075, 0.07) * h * (1.1 - high)
            paint = tint(fill, 0.25) if px < x else shade(fill, 0.3)
            s.oval(px, y - h * high, h * 0.008, h * 0.018, paint if i % 3 else shade(fill, 0.1))


def pine(s: Sheet, setting: Setting, x: float, y: float, h: float, fill: Colour, far: float = 0) -> None:
    fill = setting.hazed(fill, far)
    s.rect(x - h * 0.022, y - h * 0.16, h * 0.044, h * 0.16, setting.hazed(TRUNK, far))
    for i in range(4):
        low, half = y - h * (0.1 + i * 0.2), h * (0.24 - i * 0.045)
        peak = low - h * 0.36
        s.poly([(x - half, low), (x, peak), (x + half, low), (x, low + h * 0.025)], shade(fill, 0.16))
        s.poly([(x - half, low), (x, peak), (x + half * 0.12, low + h * 0.02)], fill)


def willow(s: Sheet, setting: Setting, x: float, y: float, h: float, fill: Colour, far: float = 0) -> None:
    rng, fill, bark = setting.rng, setting.hazed(fill, far), setting.hazed(TRUNK, far)
    s.stroke([(x, y), (x + h * 0.03, y - h * 0.35), (x - h * 0.02, y - h * 0.7)], bark, h * 0.05)
    s.line([(x, y - h * 0.5), (x + h * 0.14, y - h * 0.72)], bark, h * 0.022)
    crown(s, setting, x, y - h * 0.76, h * 0.32, h * 0.18, fill)
    large = h * s.scale > 500
    count = 27 if large else 15
    for i in range(count):
        at = (i * 2 / (count - 1)) - 1
        top, long = y - h * (0.84 - abs(at) * 0.14), h * rng.uniform(0.3, 0.56) * (1 - abs(at) * 0.2)
        px, sway = x + at * h * 0.35, at * h * 0.06
        paint = (shade(fill, 0.12), fill, tint(fill, 0.18))[i % 3]
        strand = [(px, top), (px + sway, top + long * 0.5), (px + sway * 0.9, top + long)]
        s.stroke(strand, paint, h * (0.008 if large else 0.024))
        for j in range(int(long / h * 26) if large else 0):
            part = j / (long / h * 26)
            lx, ly = px + sway * math.sin(part * 1.6), top + long * part
            s.poly(almond((lx, ly), (-58, 238)[j % 2], h * 0.036, h * 0.011), paint)


def bamboo(s: Sheet, setting: Setting, x: float, y: float, h: float, fill: Colour, far: float = 0) -> None:
    """A few stems with their pointed leaves."""
    rng, fill = setting.rng, setting.hazed(fill, far)
    for i in range(4):
        px, high, lean = x + (i - 1.5) * h * 0.09, h * rng.uniform(0.75, 1), rng.uniform(-0.05, 0.07) * h
        stem = mix(fill, (190, 196, 130), 0.35)
        points = [(px + lean * t * t, y - high * t) for t in (0, 0.33, 0.66, 1)]
        s.stroke(points, stem, h * 0.016)
        for t in (0.2, 0.4, 0.6, 0.8):
            s.line([(px + lean * t * t - h * 0.014, y - high * t), (px + lean * t * t + h * 0.014, y - high * t)],
                   shade(stem, 0.25), h * 0.006)  # fmt: skip
        for _ in range(7):
            t = rng.uniform(0.45, 1)
            at = (px + lean * t * t, y - high * t)
            s.poly(
                almond(at, rng.choice((-30, -50, 215, 235, 195, -10)), h * 0.13, h * 0.026),
                rng.choice((fill, shade(fill, 0.15), tint(fill, 0.2))),
            )


def cypress_pine(s: Sheet, setting: Setting, x: float, y: float, h: float, fill: Colour, far: float = 0) -> None:
    """The pine of old paintings: a bent trunk with flat clouds of needles."""
    fill, bark, rng = setting.hazed(fill, far), setting.hazed(shade(TRUNK, 0.2), far), setting.rng
    lean = rng.choice((-1, 1)) * h * 0.12
    s.stroke(
        [(x, y), (x + lean * 0.2, y - h * 0.35), (x - lean * 0.3, y - h * 0.62), (x + lean, y - h * 0.9)],
        bark,
        h * 0.04,
    )
    for px, py, wide in (
        (lean, 0.92, 0.24),
        (-lean * 1.6, 0.66, 0.22),
        (lean * 1.9, 0.6, 0.2),
        (-lean * 0.6, 0.46, 0.15),
    ):
        s.line([(x, y - h * (py - 0.1)), (x + px, y - h * (py - 0.03))], bark, h * 0.018)
        for at, size in ((-0.55, 0.52), (0.5, 0.56), (0, 0.74)):
            s.oval(
                x + px + at * h * wide,
                y - h * (py + 0.03 * size - 0.02),
                h * wide * size,
                h * 0.075 * size,
                shade(fill, 0.18),
            )
        for at, size in ((-0.55, 0.46), (0.42, 0.46), (-0.06, 0.66)):
            s.oval(
                x + px + at * h * wide - h * 0.01, y - h * (py + 0.04 * size), h * wide * size, h * 0.062 * size, fill
            )
        s.oval(x + px - h * wide * 0.35, y - h * (py + 0.055), h * wide * 0.3, h * 0.016, tint(fill, 0.2))


def any_tree(s: Sheet, setting: Setting, x: float, y: float, h: float, far: float = 0) -> None:
    """A leafy tree of the season, sometimes one that flowers or turns."""
    season, rng = setting.season, setting.rng
    fill = rng.choice((*season.leaves, *season.leaves, *season.turning))
    rng.choice((round_tree, round_tree, poplar))(s, setting, x, y, h, fill, far)


def bush(s: Sheet, setting: Setting, x: float, y: float, w: float, fill: Colour, flower: Colour | None = None) -> None:
    rng, h = setting.rng, w * 0.5
    flower = flower and petal(flower)
    for cx, cy, r in ((-0.28, 0.34, 0.24), (0.28, 0.32, 0.25), (0, 0.5, 0.32)):
        s.oval(x + cx * w, y - cy * h, r * w, r * w * 0.9, shade(fill, 0.14))
        s.oval(x + cx * w - w * 0.04, y - cy * h - h * 0.07, r * w * 0.84, r * w * 0.74, fill)
    s.oval(x - w * 0.1, y - h * 0.78, w * 0.12, h * 0.12, tint(fill, 0.2))
    if flower:
        for _ in range(8):
            fx, fy = x + rng.uniform(-0.38, 0.38) * w, y - rng.uniform(0.2, 0.95) * h
            s.oval(fx, fy, w * 0.035, w * 0.035, flower)
            s.oval(fx, fy, w * 0.012, w * 0.012, (250, 226, 150))


def tuft(s: Sheet, setting: Setting, x: float, y: float, h: float, fill: Colour) -> None:
    """A tuft of grass."""
    for i in range(5):
        lean = (i - 2) * 0.22 * h
        high = h * setting.rng.uniform(0.6, 1)
        s.poly(
            [(x + lean * 0.3 - h * 0.05, y), (x + lean, y - high), (x + lean * 0.3 + h * 0.05, y)],
            (fill, shade(fill, 0.12))[i % 2],
        )


# --- pots --------------------------------------------------------------------------------------------------


def pot(s: Sheet, x: float, y: float, w: float, h: float, fill: Colour, shape: int) -> None:
    """A pot that stands at (x, y); shapes: taper, round, basket, on legs."""
    s.oval(x + w * 0.08, y, w * 0.56, h * 0.07, (62, 40, 38, 40))
    if shape == 1:
        s.blob(
            [
                (x - w * 0.36, y - h),
                (x - w * 0.54, y - h * 0.5),
                (x - w * 0.34, y),
                (x + w * 0.34, y),
                (x + w * 0.54, y - h * 0.5),
                (x + w * 0.36, y - h),
            ],
            fill,
        )
        s.blob(
            [
                (x + w * 0.1, y - h),
                (x + w * 0.3, y - h * 0.5),
                (x + w * 0.1, y),
                (x + w * 0.34, y),
                (x + w * 0.54, y - h * 0.5),
                (x + w * 0.36, y - h),
            ],
            shade(fill, 0.14),
        )
        s.oval(x, y - h, w * 0.36, h * 0.06, shade(fill, 0.4))
        return
    if shape == 3:
        leg = (150, 106, 72)
        for at in (-0.36, 0.36):
            s.line([(x + at * w, y - h * 0.4), (x + at * w * 1.15, y)], leg, w * 0.06)
        y, h = y - h * 0.26, h * 0.74
    narrow = 0.42 if shape == 2 else 0.36
    s.poly([(x - w * 0.5, y - h), (x + w * 0.5, y - h), (x + w * narrow, y), (x - w * narrow, y)], fill)
    s.poly([(x + w * 0.16, y - h), (x + w * 0.5, y - h), (x + w * narrow, y), (x + w * 0.12, y)], shade(fill, 0.14))
    if shape == 2:
        for i in range(1, 5):
            s.line([(x - w * 0.47, y - h * i / 5), (x + w * 0.47, y - h * i / 5)], shade(fill, 0.2), w * 0.025)
    else:
        s.rect(x - w * 0.54, y - h * 1.04, w * 1.08, h * 0.18, tint(fill, 0.14), w * 0.03)


def potted(s: Sheet, setting: Setting, x: float, y: float, h: float, kind: int | None = None) -> None:
    """A plant in a pot, h high in all; the kind is drawn by lot when none is asked for."""
    rng = setting.rng
    kind = rng.randrange(6) if kind is None else kind
    paints = (CLAY, CREAM, setting.accent, setting.second, (216, 190, 150), (150, 150, 146))
    ph = h * (0.24 if h > 130 else 0.36)
    pot(s, x, y, ph * rng.uniform(0.95, 1.15), ph, rng.choice(paints), rng.randrange(4))
    top, high = y - ph * 0.95, h - ph
    green = rng.choice(((64, 118, 84), (86, 136, 88), (112, 148, 84), (52, 104, 88), (128, 158, 104)))
    light = tint(green, 0.16)
    if kind == 0:  # A rubber fig: a stem with broad leaves.
        s.line([(x, top), (x, top - high * 0.8)], TRUNK, h * 0.012)
        for i in range(7):
            at, side = 0.16 + i * 0.115, (150, 30)[i % 2]
            leaf(s, (x, top - high * at), side + rng.uniform(-14, 14), high * 0.36, high * 0.2, (green, light)[i % 2])
        leaf(s, (x, top - high * 0.8), 84, high * 0.26, high * 0.14, light)
    elif kind == 1:  # A snake plant: swords.
        for i in range(7):
            lean = (i - 3) * 7
            leaf(
                s,
                (x + (i - 3) * h * 0.02, top + ph * 0.1),
                90 - lean,
                high * rng.uniform(0.62, 1),
                high * 0.13,
                (green, light, shade(green))[i % 3],
            )
    elif kind == 2:  # A palm.
        for i in (0, 10, 2, 8, 4, 6, 1, 9, 3, 7, 5):
            turn = 8 + i * 16.4
            bend = 0.2 if turn > 90 else -0.2
            paint = (green, light, shade(green))[i % 3]
            leaf(s, (x, top), turn + bend * 60, high * rng.uniform(0.74, 0.98), high * 0.075, paint, bend)
    elif kind == 3:  # A monstera: hearts on stalks.
        for turn, far in ((150, 0.55), (30, 0.55), (124, 0.8), (58, 0.78), (92, 0.9), (176, 0.4), (6, 0.42)):
            turn += rng.uniform(-6, 6)
            tip = (
                x + math.cos(math.radians(turn)) * high * far * 0.62,
                top - math.sin(math.radians(turn)) * high * far * 0.72,
            )
            s.stroke([(x, top), ((x + tip[0]) / 2, tip[1] + (top - tip[1]) * 0.3), tip], shade(green, 0.2), h * 0.01)
            leaf(s, tip, turn - (turn - 90) * 0.2, high * 0.32, high * 0.28, (green, light)[turn > 90])
    elif kind == 4:  # A little tree with a round head.
        s.line([(x, top), (x, top - high * 0.5)], TRUNK, h * 0.022)
        crown(s, setting, x, top - high * 0.68, high * 0.3, high * 0.3, green)
    else:  # Flowers.
        bloom = petal(rng.choice((setting.accent, (232, 160, 150), (240, 200, 110), (214, 150, 170))))
        for i in range(9):
            turn = 34 + i * 14
            tip = (
                x + math.cos(math.radians(turn)) * high * 0.66,
                top - math.sin(math.radians(turn)) * high * rng.uniform(0.6, 0.86),
            )
            s.line([(x, top), tip], green, h * 0.01)
            if i % 2:
                leaf(s, (x, top), turn, high * 0.5, high * 0.1, light)
            s.oval(*tip, high * 0.085, high * 0.085, bloom)
            s.oval(tip[0] - high * 0.015, tip[1] - high * 0.015, high * 0.035, high * 0.035, tint(bloom, 0.5))


def trailing(s: Sheet, setting: Setting, x: float, y: float, h: float) -> None:
    """A plant that hangs from (x, y) in a pot on cords."""
    rng, green = setting.rng, setting.rng.choice(((88, 138, 92), (116, 152, 96), (64, 118, 84)))
    bowl = h * 0.42
    for at in (-0.13, 0.13):
        s.line([(x, y), (x + at * h, y + bowl)], (214, 198, 172), h * 0.012)
    s.pie(x, y + bowl, h * 0.15, h * 0.2, rng.choice((CLAY, CREAM, setting.accent)), 0, 180)
    s.oval(x, y + bowl - h * 0.01, h * 0.17, h * 0.07, green)
    for i in range(6):
        px, long = x + (i - 2.5) * h * 0.065, h * rng.uniform(0.22, 0.5)
        sway = (i - 2.5) * h * 0.02
        s.stroke(
            [(px, y + bowl), (px + sway, y + bowl + long * 0.5), (px + sway * 0.6, y + bowl + long)],
            shade(green, 0.1),
            h * 0.008,
        )
        for j in range(5):
            joint = (px + sway * (j / 5), y + bowl + long * j / 5)
            leaf(s, joint, (-40, 220)[j % 2], h * 0.085, h * 0.055, (green, tint(green, 0.18))[j % 2])


def vase(s: Sheet, setting: Setting, x: float, y: float, h: float) -> None:
    """A vase with a few stems."""
    rng = setting.rng
    fill = rng.choice((setting.accent, setting.second, CREAM, (120, 150, 150), (226, 206, 180)))
    vh, top = h * 0.45, y - h * 0.43
    bloom = petal(rng.choice((setting.accent, (240, 200, 110), (232, 172, 160), (246, 238, 220), (196, 112, 92))))
    twig = rng.choice(((104, 136, 92), (146, 112, 84)))
    for turn in rng.sample((62, 74, 86, 98, 110, 122, 50, 134), 5):
        far = h * rng.uniform(0.36, 0.56)
        tip = (x + math.cos(math.radians(turn)) * far, top - math.sin(math.radians(turn)) * far)
        s.line([(x, top), tip], twig, h * 0.014)
        leaf(s, ((x + tip[0]) / 2, (top + tip[1]) / 2), turn + 34, h * 0.16, h * 0.06, (116, 148, 100))
        for part in (1, 0.78):
            px, py = x + (tip[0] - x) * part, top + (tip[1] - top) * part
            s.oval(px, py, h * 0.055 * part, h * 0.055 * part, bloom)
    body = [
        (x - vh * 0.16, y - vh),
        (x - vh * 0.16, y - vh * 0.8),
        (x - vh * 0.36, y - vh * 0.4),
        (x - vh * 0.22, y),
        (x + vh * 0.22, y),
        (x + vh * 0.36, y - vh * 0.4),
        (x + vh * 0.16, y - vh * 0.8),
        (x + vh * 0.16, y - vh),
    ]
    s.blob(body, fill)
    s.blob([(x + vh * 0.04 + max(0, px - x) * 0.9, py) for px, py in body], shade(fill, 0.13))
