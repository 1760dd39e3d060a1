"""The colours of the book: the light of each hour, the leaves of each season, the paints of each area."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

WIDTH, HEIGHT = 1200, 900
"""The paper: all pictures are painted in these units."""

Colour = tuple[int, ...]
"""Three numbers are paint and take the light of the hour; four are light or shadow, laid over as they are."""

WHITE = (255, 255, 255)
PAPER = (251, 248, 243)
CREAM = (247, 239, 224)
INK = (52, 44, 40)
SHADOW = (62, 40, 38)
PERSIMMON = (205, 92, 48)
JADE = (52, 118, 92)
AMBER = (224, 168, 78)
LAMP = (255, 222, 150)
BRASS = (196, 152, 84)
CLAY = (196, 116, 80)
STONE = (178, 168, 156)
WATER = (132, 176, 182)
TILE = (92, 96, 104)
LIME = (240, 235, 224)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """The first colour with this share (0 to 1) of the second."""
    a, b, c = (round(x + (y - x) * share) for x, y in zip(one[:3], other[:3], strict=True))
    return a, b, c


def shade(colour: Colour, share: float = 0.18) -> Colour:
    return mix(colour, SHADOW, share)


def tint(colour: Colour, share: float = 0.25) -> Colour:
    return mix(colour, (255, 250, 238), share)


def veil(colour: Colour, strength: float) -> Colour:
    """This colour as light or shadow of a strength from 0 to 1."""
    return colour[0], colour[1], colour[2], round(255 * strength)


@dataclass(frozen=True)
class Light:
    """An hour of the day: what the sky does, and what it does to the colours of things."""

    name: str
    sky: tuple[Colour, Colour]
    outdoors: Colour
    indoors: Colour
    haze: Colour
    sun: Colour | None
    sun_height: float = 0.7
    beam: float = 0.0
    lamps: bool = False


MORNING = Light(
    "morning", ((176, 208, 219), (253, 234, 212)), (255, 249, 238), (255, 250, 243), (244, 229, 212),
    (255, 246, 222), 0.55, 0.3,
)  # fmt: skip
DAY = Light(
    "day", ((150, 199, 217), (238, 240, 228)), (255, 255, 250), (255, 253, 249), (222, 231, 226),
    (255, 248, 226), 0.85, 0.22,
)  # fmt: skip
GOLDEN = Light(
    "golden", ((214, 202, 184), (253, 206, 148)), (255, 235, 203), (255, 241, 219), (249, 216, 172),
    (255, 236, 184), 0.34, 0.42,
)  # fmt: skip
MIST = Light(
    "mist", ((205, 216, 213), (241, 237, 226)), (242, 243, 238), (249, 247, 242), (229, 231, 223), None, beam=0.1
)
DUSK = Light(
    "dusk", ((92, 98, 138), (244, 168, 124)), (200, 176, 186), (243, 220, 202), (206, 152, 142),
    (255, 214, 160), 0.16, 0.0, lamps=True,
)  # fmt: skip
NIGHT = Light(
    "night", ((40, 50, 84), (104, 112, 142)), (126, 134, 166), (236, 211, 193), (84, 94, 126),
    (247, 240, 216), 0.78, 0.0, lamps=True,
)  # fmt: skip


@dataclass(frozen=True)
class Season:
    """What grows: three greens from dark to light, and what flowers."""

    leaves: tuple[Colour, Colour, Colour]
    turning: tuple[Colour, ...]
    grass: Colour
    crops: tuple[Colour, ...]


SPRING = Season(
    ((92, 134, 84), (134, 170, 98), (176, 198, 124)),
    ((232, 174, 170), (244, 206, 200), (240, 226, 206)),
    (164, 188, 116),
    ((232, 196, 78), (150, 182, 98), (190, 206, 130), (222, 208, 150)),
)
SUMMER = Season(
    ((58, 106, 82), (88, 140, 96), (132, 170, 108)),
    ((222, 128, 98), (110, 152, 96), (156, 180, 108)),
    (140, 172, 104),
    ((120, 164, 92), (158, 188, 106), (196, 204, 122), (98, 146, 96)),
)
AUTUMN = Season(
    ((110, 120, 72), (156, 150, 84), (196, 170, 96)),
    ((214, 124, 58), (226, 168, 74), (188, 86, 56)),
    (186, 178, 112),
    ((226, 184, 92), (206, 160, 84), (176, 164, 96), (236, 208, 132)),
)


@dataclass(frozen=True)
class Theme:
    """An area of the city: its paints and the hours it is usually drawn at."""

    name: str
    walls: tuple[Colour, ...]
    accents: tuple[Colour, ...]
    cloths: tuple[Colour, ...]
    woods: tuple[Colour, ...]
    lights: tuple[Light, ...]
    beams: float = 0.08
    """The share of rooms with timber under the ceiling."""


LAKE = Theme(
    "lake",
    walls=((240, 234, 222), (208, 223, 222), (232, 221, 203), (190, 211, 213), (226, 230, 224), (240, 220, 204)),
    accents=(PERSIMMON, (56, 124, 126), (224, 132, 102), (66, 92, 120), (220, 166, 82)),
    cloths=((243, 237, 226), (168, 196, 198), (226, 202, 170), (104, 146, 154), (232, 178, 150), (206, 214, 208)),
    woods=((216, 180, 134), (202, 170, 130), (180, 150, 120), (168, 120, 82)),
    lights=(MORNING, MORNING, DAY, DAY, GOLDEN, GOLDEN, MIST, DUSK),
)
OLD_TOWN = Theme(
    "old_town",
    walls=((244, 237, 223), (234, 219, 196), (224, 204, 178), (230, 212, 202), (208, 212, 198), (214, 190, 164)),
    accents=((172, 72, 52), PERSIMMON, (58, 112, 92), (84, 84, 92), (206, 150, 74)),
    cloths=((239, 229, 211), (196, 112, 88), (140, 158, 136), (212, 176, 126), (112, 118, 128), (226, 196, 176)),
    woods=((136, 90, 60), (122, 72, 54), (158, 112, 74), (186, 136, 92)),
    lights=(MORNING, MORNING, DAY, DAY, DAY, GOLDEN, GOLDEN, DUSK, MIST),
    beams=0.25,
)
CITY = Theme(
    "city",
    walls=((234, 230, 223), (223, 209, 196), (200, 209, 211), (232, 205, 187), (198, 205, 188), (238, 226, 202)),
    accents=((218, 162, 64), PERSIMMON, (94, 124, 150), (200, 110, 82), JADE),
    cloths=((240, 234, 225), (150, 170, 186), (222, 176, 152), (178, 186, 164), (228, 198, 128), (128, 130, 138)),
    woods=((206, 166, 120), (150, 104, 72), (224, 194, 152), (178, 130, 92)),
    lights=(MORNING, MORNING, DAY, DAY, DAY, GOLDEN, GOLDEN, DUSK, DUSK, NIGHT),
)
MOUNTAINS = Theme(
    "mountains",
    walls=((204, 212, 190), (234, 224, 206), (228, 198, 170), (182, 194, 168), (243, 236, 222), (220, 208, 186)),
    accents=((54, 104, 80), (190, 90, 50), (212, 156, 72), (82, 120, 116), (134, 86, 88)),
    cloths=((240, 232, 216), (150, 172, 142), (214, 154, 112), (222, 194, 146), (110, 138, 122), (196, 176, 160)),
    woods=((182, 128, 84), (214, 172, 118), (140, 96, 66), (196, 150, 104)),
    lights=(MORNING, MORNING, DAY, DAY, GOLDEN, GOLDEN, MIST, MIST, DUSK),
    beams=0.25,
)
FIELDS = Theme(
    "fields",
    walls=((247, 232, 196), (247, 239, 224), (236, 216, 172), (241, 215, 200), (214, 224, 200), (206, 222, 226)),
    accents=((212, 92, 64), (230, 178, 68), (110, 146, 84), (178, 80, 60), (104, 136, 168)),
    cloths=((246, 239, 224), (238, 200, 118), (172, 192, 140), (232, 164, 138), (158, 184, 202), (224, 204, 172)),
    woods=((218, 170, 108), (206, 162, 112), (158, 108, 70), (226, 188, 134)),
    lights=(MORNING, MORNING, DAY, DAY, DAY, GOLDEN, GOLDEN, DUSK),
    beams=0.25,
)

THEMES = {theme.name: theme for theme in (LAKE, OLD_TOWN, CITY, MOUNTAINS, FIELDS)}


@dataclass
class Setting:
    """What one picture is about to be: its area, hour, season and a handful of paints that go together."""

    rng: random.Random
    house: random.Random
    """Draws what all rooms of a house share."""
    theme: Theme
    light: Light = field(init=False)
    season: Season = field(init=False)
    wall: Colour = field(init=False)
    accent: Colour = field(init=False)
    second: Colour = field(init=False)
    cloth: Colour = field(init=False)
    throw: Colour = field(init=False)
    linen: Colour = field(init=False)
    wood: Colour = field(init=False)
    floor: Colour = field(init=False)
    frame: Colour = field(init=False)
    """Of windows and doors."""
    chair: Colour = field(init=False)
    """The wood of chairs, unlike that of tables."""
    bare: bool = field(init=False, default=False)
    """Nothing grows before this house."""
    beams: bool = field(init=False)
    """Timber under the ceiling: it must stay in the picture."""
    _seen: set[str] = field(init=False, default_factory=set)
    door: float = field(init=False, default=600)
    """Where the house door is: nothing grows there."""

    def __post_init__(self) -> None:
        rng, house, theme = self.rng, self.house, self.theme
        self.light = rng.choice(theme.lights)
        self.season = house.choice((SPRING, SUMMER, SUMMER, AUTUMN))
        self.wall = rng.choice(theme.walls)
        self.accent, self.second = house.sample(theme.accents, 2)
        far = sorted(theme.cloths, key=lambda cloth: -distance(cloth, self.wall))[:4]
        self.cloth, self.throw = rng.sample(far, 2)
        self.linen = rng.choice((theme.cloths[0], tint(self.throw, 0.6), CREAM))
        self.wood, self.floor = house.sample(theme.woods, 2)
        frames = (tint(self.wall, 0.6), (250, 246, 238), self.wood, mix(self.wood, INK, 0.5))
        self.frame = house.choice(frames)
        self.beams = house.random() < theme.beams
        self.chair = house.choice(
            (shade(self.wood, 0.34), mix(self.second, INK, 0.35), CREAM, mix(self.floor, INK, 0.6))
        )

    def once(self, thing: str) -> bool:
        """True the first time it is asked of a thing there is but one of, like the sun."""
        first = thing not in self._seen
        self._seen.add(thing)
        return first

    def odds(self, chance: float) -> bool:
        return self.rng.random() < chance

    def leaf(self) -> Colour:
        return self.rng.choice(self.season.leaves)

    def hazed(self, colour: Colour, far: float) -> Colour:
        """The colour of a thing outdoors, so far (0 near, 1 gone) into the haze."""
        return mix(colour, self.light.haze, far)


def distance(one: Colour, other: Colour) -> int:
    return sum(abs(x - y) for x, y in zip(one[:3], other[:3], strict=True))
