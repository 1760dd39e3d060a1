"""What lies outside the windows: the sky, and the land under it."""

from __future__ import annotations

import math

from ihome.demo.pictures.lands import LANDS
from ihome.demo.pictures.palette import Colour, Setting, mix, shade, veil
from ihome.demo.pictures.sheet import Point, Sheet


def paint(s: Sheet, setting: Setting, *, near: bool = True, horizon: float = 0.6) -> None:
    """Fill the sheet with the land of the setting's area; near adds what grows at the window."""
    s.cast = setting.light.outdoors
    sky(s, setting, horizon)
    LANDS[setting.theme.name](s, setting, s.height * horizon, near)


def sky(s: Sheet, setting: Setting, horizon: float) -> None:
    rng, light = setting.rng, setting.light
    cast, s.cast = s.cast, (255, 255, 255)
    w, h = s.width, s.height
    top, low = light.sky
    s.fade(0, h * horizon * 1.1, mix(top, setting.theme.walls[1], 0.1), low)
    if light.sun and setting.once("sun"):
        x, y, r = w * rng.uniform(0.16, 0.46), h * horizon * (1 - light.sun_height * 0.85), h * 0.05
        s.glow(x, y, r * 4.2, light.sun, 0.36)
        if light.name == "night":
            s.poly(crescent(x, y, r), light.sun)
        else:
            s.oval(x, y, r, r, light.sun)
    if light.name == "night":
        for _ in range(26):
            s.oval(rng.uniform(0, w), rng.uniform(0, h * horizon * 0.8), h * 0.0035, h * 0.0035, (232, 230, 214))
    puff = {"dusk": (214, 150, 146), "night": (78, 88, 122), "golden": (255, 228, 188)}.get(light.name, (255, 252, 244))
    for _ in range(rng.randint(2, 4)):
        cloud(
            s,
            setting,
            rng.uniform(0.02, 0.98) * w,
            rng.uniform(0.1, 0.6) * h * horizon,
            rng.uniform(0.12, 0.24) * h,
            puff,
        )
    if rng.random() < 0.5 and light.name not in ("night", "mist"):
        bx, by = rng.uniform(0.35, 0.7) * w, rng.uniform(0.2, 0.5) * h * horizon
        for i in range(rng.randint(3, 5)):
            x, y, u = bx + i * h * 0.05, by + (i % 3) * h * 0.025, h * 0.014
            s.line([(x - u, y - u * 0.6), (x, y), (x + u, y - u * 0.6)], shade(low, 0.5), h * 0.004)
    s.cast = cast


def cloud(s: Sheet, setting: Setting, x: float, y: float, w: float, fill: Colour) -> None:
    """Three flat bars with round ends."""
    rng, bar = setting.rng, w * 0.17
    for i, (at, long) in enumerate(((0, 1), (0.16, 0.62), (-0.2, 0.5))):
        shift = (at + rng.uniform(-0.1, 0.1)) * w
        s.rect(x + shift - long * w / 2, y + (i - 1) * bar * 0.9, long * w, bar, veil(fill, 0.62), bar / 2)


def crescent(x: float, y: float, r: float) -> list[Point]:
    """A young moon: a half circle, less a flatter one."""
    turns = [math.radians(100 + i * 10) for i in range(19)]
    outer = [(x + r * math.cos(turn), y + r * math.sin(turn)) for turn in turns]
    inner = [(x + r * 0.55 * math.cos(turn) + r * 0.08, y + r * math.sin(turn)) for turn in reversed(turns)]
    return outer + inner
