"""Windows with the land behind them, and the light that falls through."""

from __future__ import annotations

import math

from ihome.demo.pictures import scenery
from ihome.demo.pictures.palette import HEIGHT, Colour, Setting, mix, shade, tint, veil
from ihome.demo.pictures.room import Room
from ihome.demo.pictures.sheet import Point, Sheet


def outline(x: float, y: float, w: float, h: float, shape: str) -> list[Point]:
    """The edge of an opening: a rectangle, an arch or a moon."""
    if shape == "moon":
        r = min(w, h) / 2
        return [(x + w / 2 + r * math.cos(t * 0.0983), y + h / 2 + r * math.sin(t * 0.0983)) for t in range(64)]
    if shape == "arch":
        top = [
            (x + w / 2 - w / 2 * math.cos(t * math.pi / 24), y + w / 2 - w / 2 * math.sin(t * math.pi / 24))
            for t in range(25)
        ]
        return [(x, y + h), *top, (x + w, y + h)]
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def window(
    room: Room, x: float, y: float, w: float, h: float, *, shape: str = "", bars: tuple[int, int] = (2, 2),
    lattice: bool = False, rail: bool = False, sill: bool = True, horizon: float | None = None,
) -> None:  # fmt: skip
    """A window in the back wall with the land behind it; a rail makes it a door to a balcony."""
    s, st = room.s, room.st
    frame = st.frame
    s.poly(outline(x - 13, y - 13, w + 26, h + (26 if shape == "moon" else 13), shape), frame)
    s.poly(outline(x - 4, y - 4, w + 8, h + (8 if shape == "moon" else 4), shape), shade(frame, 0.2))
    view = Sheet(w, h, s.scale)
    scenery.paint(view, st, horizon=horizon or st.rng.uniform(0.56, 0.68))
    if rail:
        balcony_rail(view, st)
    view.rect(0, 0, w, 12, veil((62, 40, 38), 0.1))
    view.rect(0, 0, 12, h, veil((62, 40, 38), 0.14))
    s.place(view, x, y, [(px - x, py - y) for px, py in outline(x, y, w, h, shape)])
    if shape == "moon":
        s.ring(x + w / 2, y + h / 2, min(w, h) / 2 + 15, min(w, h) / 2 + 15, frame, 17)
    cols, rows = bars
    for i in range(1, cols):
        high = 0.0
        if shape == "arch":
            away = abs(2 * i / cols - 1)
            high = w / 2 * (1 - math.sqrt(1 - away * away))
        s.rect(x + w * i / cols - 5, y + high - 2, 10, h - high + 2, frame)
        s.rect(x + w * i / cols + 3, y + high - 2, 2, h - high + 2, shade(frame, 0.2))
    for j in range(1, rows):
        inset = 0.0
        if shape == "arch" and h * j / rows < w / 2:
            up = 1 - h * j / rows / (w / 2)
            inset = w / 2 * (1 - math.sqrt(1 - up * up))
        s.rect(x + inset, y + h * j / rows - 4, w - inset * 2, 8, frame)
    if lattice:
        weave(s, x, y, w, h, frame)
    if sill and shape != "moon":
        s.rect(x - 30, y + h, w + 60, 17, tint(frame, 0.2), 3)
        s.rect(x - 24, y + h + 17, w + 48, 6, veil((62, 40, 38), 0.16))


def weave(s: Sheet, x: float, y: float, w: float, h: float, frame: Colour) -> None:
    """The lattice of an old window: a frame within a frame, and steps in its corners."""
    s.rect(x + w * 0.12, y, 6, h, frame)
    s.rect(x + w * 0.88 - 6, y, 6, h, frame)
    s.rect(x, y + h * 0.14, w, 6, frame)
    s.rect(x, y + h * 0.86 - 6, w, 6, frame)
    for px, dx in ((x + w * 0.12, 1), (x + w * 0.88, -1)):
        for py, dy in ((y + h * 0.14, 1), (y + h * 0.86, -1)):
            for i in (1, 2):
                s.rect(min(px, px + dx * i * w * 0.06), py + dy * (3 - i) * h * 0.055 - 2, i * w * 0.06, 5, frame)
                s.rect(
                    px + dx * i * w * 0.06 - 2, min(py, py + dy * (3 - i) * h * 0.055), 5, (3 - i) * h * 0.055, frame
                )


def balcony_rail(view: Sheet, st: Setting) -> None:
    """What stands outside a glass door: floor, rail, a pot of flowers."""
    w, h = view.width, view.height
    iron = mix(st.wood, (60, 60, 66), 0.7) if st.theme.name in ("city", "lake") else shade(st.wood, 0.1)
    view.rect(0, h * 0.93, w, h, mix(st.floor, (190, 180, 166), 0.6))
    for i in range(int(w // 26) + 1):
        view.rect(i * 26 + 8, h * 0.7, 5, h * 0.25, iron)
    view.rect(0, h * 0.685, w, h * 0.018, iron)
    view.rect(0, h * 0.9, w, h * 0.012, iron)


def side_window(room: Room, *, panes: int = 2) -> None:
    """A tall window in the wall on our left."""
    s, st = room.s, room.st
    top, low, near, far = 150.0, 560.0, 34.0, 176.0
    frame = st.frame

    def quad(grow: float) -> list[Point]:
        a, b = far + grow, near - grow
        return [
            room.away(far, top - grow, b),
            room.away(far, top - grow, a),
            room.away(far, low + grow, a),
            room.away(far, low + grow, b),
        ]

    s.poly(quad(12), shade(frame, 0.08))
    view = Sheet(room.left, 760, s.scale)
    scenery.paint(view, st, near=False, horizon=0.6)
    s.place(view, 0, 0, quad(0))
    for i in range(1, panes):
        x = near + (far - near) * (i / panes) ** 0.85
        s.poly(
            [
                room.away(far, top, x - 6),
                room.away(far, top, x + 4),
                room.away(far, low, x + 4),
                room.away(far, low, x - 6),
            ],
            frame,
        )
    middle = top + (low - top) * 0.36
    s.poly([room.away(far, middle, near), (far, middle), (far, middle + 7), room.away(far, middle + 7, near)], frame)
    s.poly(
        [room.away(far, low, near - 10), (far + 12, low), (far + 26, low + 8), room.away(far, low + 10, near - 10)],
        tint(frame, 0.2),
    )


def sunlight(room: Room, x: float, w: float, *, wall: bool = False) -> None:
    """Light through a window at x: a bright shape on the floor, or across the wall from a side window."""
    s, st = room.s, room.st
    strength, y = st.light.beam, room.floor
    if not strength:
        return
    gold = veil((255, 244, 214), strength)
    if wall:
        for i in range(2):
            a = room.left + 150 + i * 180
            s.poly([(a, 210), (a + 140, 190), (a + 210, y - 60), (a + 60, y - 40)], gold)
        s.poly(
            [
                (room.left + 120, y + 30),
                (room.left + 470, y + 22),
                (room.left + 560, y + 110),
                (room.left + 90, y + 130),
            ],
            gold,
        )
        return
    for i in range(2):
        a = x + w * 0.5 * i + 46
        b = a + w * 0.5 - 16
        s.poly([(a, y + 22), (b, y + 22), (b + 170, HEIGHT - 70), (a + 150, HEIGHT - 70)], gold)
