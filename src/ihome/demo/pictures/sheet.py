"""A sheet to paint on: flat shapes in the picture's own units, drawn large and reduced at the end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw, ImageOps

from ihome.demo.pictures.palette import WHITE, Colour, mix

Point = tuple[float, float]
SOFT = ImageOps.invert(Image.radial_gradient("L"))


def smooth(points: Sequence[Point], *, closed: bool = False, steps: int = 6) -> list[Point]:
    """A soft curve through the points (Catmull-Rom)."""
    count = len(points)
    spans = count if closed else count - 1
    curve: list[Point] = []
    for i in range(spans):
        if closed:
            p0, p1, p2, p3 = (points[(i + j) % count] for j in (-1, 0, 1, 2))
        else:
            p0, p1, p2, p3 = (points[min(max(i + j, 0), count - 1)] for j in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            a, b, c = t * (2 - t) * t - t, t * t * (3 * t - 5) + 2, t * (1 + t * (4 - 3 * t))
            d = t * t * (t - 1)
            curve.append(
                (
                    (a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0]) / 2,
                    (a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1]) / 2,
                )
            )
    if not closed:
        curve.append(points[-1])
    return curve


def turned(points: Iterable[Point], centre: Point, degrees: float) -> list[Point]:
    """The points, turned clockwise around a centre."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    cx, cy = centre
    return [(cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos) for x, y in points]


class Sheet:
    """Width and height are in the picture's units; every paint takes the cast of the light."""

    def __init__(self, width: float, height: float, scale: float, cast: Colour = WHITE) -> None:
        self.width, self.height, self.scale, self.cast = width, height, scale, cast
        self.image = Image.new("RGB", (math.ceil(width * scale), math.ceil(height * scale)))
        self._paint = ImageDraw.Draw(self.image)
        self._light = ImageDraw.Draw(self.image, "RGBA")

    def _mixed(self, fill: Colour) -> tuple[ImageDraw.ImageDraw, tuple[int, ...]]:
        if len(fill) == 4:
            return self._light, fill
        cast = self.cast
        return self._paint, (fill[0] * cast[0] // 255, fill[1] * cast[1] // 255, fill[2] * cast[2] // 255)

    def rect(self, x: float, y: float, width: float, height: float, fill: Colour, round_: float = 0) -> None:
        if width <= 0 or height <= 0:
            return
        pen, colour = self._mixed(fill)
        k = self.scale
        box = (x * k, y * k, max(x * k, (x + width) * k - 1), max(y * k, (y + height) * k - 1))
        if round_:
            pen.rounded_rectangle(box, min(round_, width / 2, height / 2) * k, fill=colour)
        else:
            pen.rectangle(box, fill=colour)

    def top_round(self, x: float, y: float, width: float, height: float, fill: Colour, round_: float) -> None:
        """A rectangle with two round corners, at its top."""
        pen, colour = self._mixed(fill)
        k = self.scale
        box = (x * k, y * k, (x + width) * k - 1, (y + height) * k - 1)
        radius = min(round_, width / 2, height) * k
        pen.rounded_rectangle(box, radius, fill=colour, corners=(True, True, False, False))

    def poly(self, points: Iterable[Point], fill: Colour) -> None:
        pen, colour = self._mixed(fill)
        k = self.scale
        pen.polygon([(x * k, y * k) for x, y in points], fill=colour)

    def blob(self, points: Sequence[Point], fill: Colour) -> None:
        """A soft closed shape through the points."""
        self.poly(smooth(points, closed=True), fill)

    def oval(self, cx: float, cy: float, rx: float, ry: float, fill: Colour) -> None:
        pen, colour = self._mixed(fill)
        k = self.scale
        pen.ellipse(((cx - rx) * k, (cy - ry) * k, (cx + rx) * k, (cy + ry) * k), fill=colour)

    def pie(self, cx: float, cy: float, rx: float, ry: float, fill: Colour, start: float, end: float) -> None:
        """The part of an oval between two angles, clockwise from the right; 180 to 360 is its upper half."""
        pen, colour = self._mixed(fill)
        k = self.scale
        pen.chord(((cx - rx) * k, (cy - ry) * k, (cx + rx) * k, (cy + ry) * k), start, end, fill=colour)

    def line(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        pen, colour = self._mixed(fill)
        k = self.scale
        pen.line([(x * k, y * k) for x, y in points], fill=colour, width=max(1, round(width * k)), joint="curve")

    def stroke(self, points: Sequence[Point], fill: Colour, width: float) -> None:
        """A soft line through the points, with round ends."""
        self.line(smooth(points) if len(points) > 2 else points, fill, width)
        for x, y in (points[0], points[-1]):
            self.oval(x, y, width / 2, width / 2, fill)

    def ring(self, cx: float, cy: float, rx: float, ry: float, fill: Colour, width: float) -> None:
        pen, colour = self._mixed(fill)
        k = self.scale
        box = ((cx - rx) * k, (cy - ry) * k, (cx + rx) * k, (cy + ry) * k)
        pen.ellipse(box, outline=colour, width=max(1, round(width * k)))

    def fade(self, y: float, height: float, top: Colour, bottom: Colour, bands: int = 48) -> None:
        """The whole width, from one colour above to another below."""
        for i in range(bands):
            band = mix(top, bottom, i / (bands - 1))
            self.rect(0, y + height * i / bands, self.width, height / bands + 1, band)

    def glow(self, cx: float, cy: float, radius: float, colour: Colour, strength: float = 0.3) -> None:
        """Light around a lamp or the sun, softer with every step away from it."""
        k = self.scale
        side = max(2, round(radius * 2 * k))
        fall = [round(255 * strength * max(0.0, (value - 76) / 179) ** 1.6) for value in range(256)]
        mask = SOFT.point(fall).resize((side, side))
        self.image.paste(colour[:3], (round((cx - radius) * k), round((cy - radius) * k)), mask)

    def place(self, other: Sheet, x: float, y: float, outline: Sequence[Point] | None = None) -> None:
        """Paste another sheet of the same scale; an outline (in its units) cuts it out."""
        k = self.scale
        mask = None
        if outline:
            mask = Image.new("L", other.image.size)
            ImageDraw.Draw(mask).polygon([(px * k, py * k) for px, py in outline], fill=255)
        self.image.paste(other.image, (round(x * k), round(y * k)), mask)
