"""The empty room: walls, floor and ceiling."""

from __future__ import annotations

from dataclasses import dataclass

from ihome.demo.pictures.palette import HEIGHT, WHITE, WIDTH, Setting, mix, shade, tint, veil
from ihome.demo.pictures.sheet import Point, Sheet

EYE = (600.0, 400.0)
"""Where all lines that run away from us meet."""


@dataclass
class Room:
    """The sheet with its walls up; the back wall meets the floor at floor and starts at left."""

    s: Sheet
    st: Setting
    floor: float
    left: float
    ceiling: float

    def away(self, x: float, y: float, to_x: float) -> Point:
        """The point at to_x on the line from (x, y) towards us, away from the vanishing point."""
        return to_x, EYE[1] + (y - EYE[1]) * (to_x - EYE[0]) / (x - EYE[0])

    def near(self, x: float, depth: float) -> Point:
        """A point of the floor: x as at the back wall, depth 0 at the wall, 1 at the lower edge."""
        y = self.floor + (HEIGHT - self.floor) * depth
        return EYE[0] + (x - EYE[0]) * (y - EYE[1]) / (self.floor - EYE[1]), y


def shell(
    s: Sheet, st: Setting, *, corner: bool | None = None, floor: float = 655, wall: str = "", ground: str = ""
) -> Room:
    """Put up walls, ceiling and floor; what is not asked for is drawn by lot."""
    s.cast = st.light.indoors
    corner = not st.beams and st.odds(0.5) if corner is None else corner
    room = Room(s, st, floor, *((212.0, 64.0) if corner else (0.0, 0.0)))
    s.rect(0, 0, WIDTH, HEIGHT, st.wall)
    WALLS[wall or st.rng.choice(WALL_LOTS[st.theme.name])](room)
    lay = FLOORS[ground or st.rng.choice(FLOOR_LOTS[st.theme.name])]
    if corner:
        side_wall(room)
    s.poly(floor_outline(room), st.floor)
    lay(room)
    skirting(room)
    if st.beams and not corner:
        beams(room)
    return room


def floor_outline(room: Room) -> list[Point]:
    if not room.left:
        return [(0, room.floor), (WIDTH, room.floor), (WIDTH, HEIGHT), (0, HEIGHT)]
    corner = [(0, room.away(room.left, room.floor, 0)[1]), (room.left, room.floor)]
    return [*corner, (WIDTH, room.floor), (WIDTH, HEIGHT), (0, HEIGHT)]


def side_wall(room: Room) -> None:
    """A wall on our left, where the light comes from, and a strip of ceiling."""
    s, st, left, top = room.s, room.st, room.left, room.ceiling
    low = room.away(left, room.floor, 0)
    high = room.away(left, top, 0)
    s.poly([high, (left, top), (left, room.floor), low], shade(st.wall, 0.1))
    s.poly([high, (left, top), (WIDTH, top), (WIDTH, 0), (0, -200)], tint(st.wall, 0.55))
    s.poly([high, (left, top), (WIDTH, top), (WIDTH, top + 9), (left, top + 9)], tint(st.wall, 0.3))
    s.line([(left, top), (left, room.floor)], shade(st.wall, 0.16), 2)


def skirting(room: Room) -> None:
    s, left, y = room.s, room.left, room.floor
    board = tint(room.st.wall, 0.5)
    s.rect(left, y - 20, WIDTH - left, 20, board)
    s.rect(left, y - 3, WIDTH - left, 5, shade(room.st.floor, 0.3))
    if left:
        s.poly([(left, y - 20), (left, y), room.away(left, y, 0), room.away(left, y - 20, 0)], shade(board, 0.1))


def beams(room: Room) -> None:
    """Timber under the ceiling."""
    s, wood = room.s, shade(room.st.wood, 0.12)
    s.rect(0, 0, WIDTH, 34, wood)
    s.rect(0, 34, WIDTH, 8, shade(wood, 0.25))
    for x in range(-40, WIDTH + 80, 210):
        centre = x + 30
        lean = (centre - EYE[0]) * 0.12
        s.poly([(x, 42), (x + 60, 42), (x + 60 + lean, -8), (x + lean, -8)], shade(wood, 0.1))
        s.rect(x, 34, 60, 22, tint(wood, 0.08))
        s.rect(x, 52, 60, 5, shade(wood, 0.3))


def plain(room: Room) -> None:
    """Nothing but paint."""


def panelled(room: Room) -> None:
    """The lower third in boards under a rail."""
    s, top = room.s, room.floor - 215
    board = room.st.rng.choice(
        (tint(room.st.wall, 0.5), shade(room.st.wall, 0.12), mix(room.st.wall, room.st.second, 0.45))
    )
    s.rect(0, top, WIDTH, room.floor - top, board)
    for x in range(0, WIDTH, 48):
        s.rect(x, top + 14, 3, room.floor - top, shade(board, 0.1))
    s.rect(0, top - 4, WIDTH, 16, tint(board, 0.35))
    s.rect(0, top + 12, WIDTH, 5, shade(board, 0.16))


def two_tone(room: Room) -> None:
    s, st = room.s, room.st
    top = room.floor - st.rng.choice((230, 290))
    s.rect(0, top, WIDTH, room.floor - top, mix(st.wall, st.rng.choice((st.second, st.accent, st.throw)), 0.34))


def boarded(room: Room) -> None:
    """Wooden boards from floor to ceiling."""
    s, wood = room.s, mix(room.st.wood, (255, 246, 230), 0.45)
    s.rect(0, 0, WIDTH, room.floor, wood)
    for i, x in enumerate(range(-10, WIDTH, 76)):
        if i % 3 == 1:
            s.rect(x, 0, 76, room.floor, shade(wood, 0.05))
        s.rect(x, 0, 3, room.floor, shade(wood, 0.14))


def papered(room: Room) -> None:
    """A wallpaper with small sprigs."""
    s, st = room.s, room.st
    sprig, dot = mix(st.wall, st.second, 0.3), mix(st.wall, st.accent, 0.42)
    for row in range(int(room.floor // 74) + 1):
        for col in range(WIDTH // 92 + 2):
            x, y = col * 92 - (row % 2) * 46, row * 74 + 24
            s.oval(x - 8, y, 9, 3.6, sprig)
            s.oval(x + 8, y - 5, 9, 3.6, sprig)
            s.oval(x, y - 12, 4, 4, dot)


def striped(room: Room) -> None:
    s, paler = room.s, mix(room.st.wall, tint(room.st.wall, 0.6), 0.5)
    for x in range(0, WIDTH, 100):
        s.rect(x, 0, 50, room.floor, paler)


def bricks(room: Room) -> None:
    """Whitewashed brick: only some of the bricks show."""
    s, st = room.s, room.st
    for row in range(int(room.floor // 30) + 1):
        for col in range(18):
            if st.odds(0.34):
                x, y = col * 72 - (row % 2) * 36, row * 30
                s.rect(x + 3, y + 3, 66, 24, shade(st.wall, st.rng.uniform(0.03, 0.09)), 3)


WALLS = {
    "plain": plain, "panelled": panelled, "two_tone": two_tone, "boarded": boarded,
    "papered": papered, "striped": striped, "bricks": bricks,
}  # fmt: skip
WALL_LOTS = {
    "lake": ("plain", "plain", "panelled", "two_tone", "striped", "boarded"),
    "old_town": ("plain", "plain", "panelled", "bricks", "papered", "two_tone"),
    "city": ("plain", "plain", "two_tone", "bricks", "striped", "panelled"),
    "mountains": ("plain", "plain", "boarded", "boarded", "panelled", "two_tone"),
    "fields": ("plain", "plain", "papered", "panelled", "boarded", "striped"),
}


def planks(room: Room) -> None:
    """Boards that run away from us."""
    s, st = room.s, room.st
    step = st.rng.choice((50, 64, 80))
    for i, x in enumerate(range(int(room.left), WIDTH, step)):
        if i % 3 == 0:
            s.poly(
                [room.near(x, 0), room.near(x + step, 0), room.near(x + step, 1), room.near(x, 1)],
                shade(st.floor, 0.045),
            )
        s.line([room.near(x, 0), room.near(x, 1)], shade(st.floor, 0.13), 2)
        for at in (st.rng.uniform(0.1, 0.4), st.rng.uniform(0.55, 0.9)):
            s.line([room.near(x, at), room.near(x + step, at)], shade(st.floor, 0.13), 2)
    s.rect(room.left, room.floor, WIDTH - room.left, 16, veil((62, 40, 38), 0.08))


def cross_planks(room: Room) -> None:
    """Boards that run from side to side."""
    s, st = room.s, room.st
    depth, i = 0.0, 0
    while depth < 1:
        deep = 0.07 + depth * 0.14
        top, low = room.near(600, depth)[1], room.near(600, depth + deep)[1]
        left = side_edge(room, low)
        if i % 2:
            s.rect(side_edge(room, top), top, WIDTH, low - top, shade(st.floor, 0.05))
        s.rect(left, low, WIDTH, 2, shade(st.floor, 0.14))
        for x in range(150 + (i % 3) * 130, 2000, 420):
            a, b = room.near(x - 400, depth), room.near(x - 400, depth + deep)
            if a[0] > left + 20:
                s.line([a, b], shade(st.floor, 0.14), 2)
        depth, i = depth + deep, i + 1


def side_edge(room: Room, y: float) -> float:
    """Where the floor begins on the left at this height."""
    if not room.left:
        return 0
    return max(0.0, EYE[0] + (room.left - EYE[0]) * (y - EYE[1]) / (room.floor - EYE[1]))


def tiles(room: Room) -> None:
    """Square tiles, some of them darker."""
    s, st = room.s, room.st
    base = mix(st.floor, (236, 226, 208), 0.66)
    s.poly(floor_outline(room), base)
    odd = st.rng.choice((mix(base, st.second, 0.28), shade(base, 0.1), mix(base, st.accent, 0.2)))
    depths = [0.0, 0.13, 0.3, 0.52, 0.8, 1.2]
    for row in range(5):
        for col in range(15):
            x = room.left + col * 84
            corners = [
                room.near(x, depths[row]),
                room.near(x + 84, depths[row]),
                room.near(x + 84, depths[row + 1]),
                room.near(x, depths[row + 1]),
            ]
            if (row + col) % 2:
                s.poly(corners, odd)
    s.rect(room.left, room.floor, WIDTH - room.left, 14, veil((62, 40, 38), 0.08))


def stone(room: Room) -> None:
    """Pale polished stone with a few flecks."""
    s, st = room.s, room.st
    base = mix(st.floor, (232, 224, 212), 0.75)
    s.poly(floor_outline(room), base)
    for _ in range(90):
        y = st.rng.uniform(room.floor + 6, HEIGHT)
        x, r = st.rng.uniform(side_edge(room, y) + 10, WIDTH), 2 + (y - room.floor) / 60
        s.oval(x, y, r * 1.5, r * 0.6, mix(base, st.rng.choice((st.accent, st.second, st.wood, WHITE)), 0.4))


FLOORS = {"planks": planks, "cross": cross_planks, "tiles": tiles, "stone": stone}
FLOOR_LOTS = {
    "lake": ("planks", "planks", "cross", "stone"),
    "old_town": ("planks", "cross", "tiles", "stone"),
    "city": ("planks", "planks", "cross", "stone"),
    "mountains": ("planks", "cross", "cross", "planks"),
    "fields": ("planks", "cross", "tiles", "planks"),
}
