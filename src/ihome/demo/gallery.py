"""The pictures of the demo city: which ones there are, and processes of their own that draw and keep them.

`python -m ihome.demo.gallery` is such a process: it reads what to draw from standard input and says a line for each
picture that is kept. It imports nothing but what drawing needs, and knows no database.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from ihome.config import ConfigError
from ihome.demo.city import City, HouseText, Person
from ihome.demo.pictures import avatar, draw
from ihome.storage import media
from ihome.storage.pictures import keep_avatar, keep_picture, sized

FOLDER = "demo"
SIZE = (1200, 900)
QUICK = 2  # WebP's method: half the time of the usual 4, 6 % more bytes.
THEMES = {"oldtown": "old_town", "mountain": "mountains", "field": "fields"}
# Seeds of portraits, in the order of the people: chosen by eye, so that Grandpa Zhou looks like one.
FACES = {
    "l": (101, 102, 70, 116, 106, 43, 48, 113, 105, 59, 31, 118, 58, 1, 90, 25, 42, 92, 119),
    "g": (107, 49, 3, 28, 73, 38, 16, 47, 2, 54, 114, 78, 120, 45, 103, 79, 57, 67, 125, 135, 63, 75, 18, 69, 85, 132,
          126, 134),
    "o": (5,),
}  # fmt: skip
# What the first picture shows, and what the others may; a bedroom always is among them.
ROOMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "apartment": (("living", "living", "facade"), ("kitchen", "bath", "view", "study", "dining")),
    "business": (("living", "facade"), ("study", "kitchen", "bath", "view", "dining")),
    "courtyard": (("facade",), ("courtyard", "tearoom", "living", "dining", "kitchen", "bath")),
    "family": (("living", "living", "facade"), ("dining", "kitchen", "bath", "study", "view")),
    "farmhouse": (("facade",), ("courtyard", "kitchen", "dining", "view", "living", "bath")),
    "homestay": (("facade", "living"), ("tearoom", "view", "bath", "study", "courtyard", "dining")),
    "lakeside": (("living", "facade"), ("view", "bath", "dining", "tearoom", "kitchen")),
    "loft": (("living",), ("study", "kitchen", "bath", "view", "dining")),
    "student": (("living", "facade"), ("study", "kitchen", "bath", "view")),
    "villa": (("facade", "facade", "living"), ("view", "courtyard", "dining", "tearoom", "bath", "kitchen")),
}


@dataclass(frozen=True)
class Shot:
    """A picture that is to be drawn; of kind "avatar" somebody's portrait."""

    name: str
    kind: str
    seed: int
    theme: str = ""

    @property
    def key(self) -> str:
        return f"avatars/{self.name}.webp" if self.kind == "avatar" else f"{FOLDER}/{self.name}-l.webp"


def shots(house: HouseText) -> list[Shot]:
    """Three to six different pictures of a house, the main one first."""
    rng = random.Random(f"ihome demo pictures {house.key}")  # noqa: S311 - the same city every time
    firsts, others = ROOMS[house.kind]
    first = rng.choice(firsts)
    rest = sorted(rng.sample([kind for kind in others if kind != first], rng.randint(1, 4)), key=others.index)
    theme = THEMES.get(house.theme, house.theme)
    return [
        Shot(f"{house.key}-{number}", kind, house.number, theme)
        for number, kind in enumerate((first, "bedroom", *rest), 1)
    ]


def portrait(person: Person) -> Shot:
    faces = FACES[person.key[0]]
    return Shot(f"{FOLDER}-{person.key}", "avatar", faces[(person.number - 1) % len(faces)])


def avatar_key(person: Person) -> str:
    return portrait(person).key


def all_shots(city: City) -> list[Shot]:
    return [shot for house in city.houses for shot in shots(house)] + [portrait(person) for person in city.pictured]


def missing(wanted: list[Shot]) -> list[Shot]:
    """Those that are not in the storage. Raises StorageDown, or ConfigError where it would name them itself."""
    if media.storage().names_files:
        raise ConfigError("IHOME_STORAGE_URL: the demo city names its own pictures: it needs file:// or s3://")
    return [shot for shot in wanted if not _is_kept(sized(shot.key, "s") if shot.kind != "avatar" else shot.key)]


def _is_kept(key: str) -> bool:
    try:
        media.storage().size(key)
    except media.NotStored:
        return False
    return True


def keep(shot: Shot, size: tuple[int, int] = SIZE) -> None:
    """Draw it and store it; twice is the same picture again. Raises StorageDown."""
    if shot.kind == "avatar":
        keep_avatar(avatar(shot.seed), name=shot.name)
    else:
        keep_picture(draw(shot.kind, shot.seed, shot.theme, size), FOLDER, method=QUICK, name=shot.name)


def keep_here(wanted: Iterable[Shot], size: tuple[int, int] = SIZE) -> Iterator[Shot]:
    """Draw them in this process; each one when it is kept."""
    for shot in wanted:
        keep(shot, size)
        yield shot


class DrawingFailed(Exception):
    """A drawing process ended before it was done; its traceback stands above."""


def keep_in_processes(wanted: list[Shot], storage_url: str, processes: int) -> Iterator[str]:
    """Draw them side by side; the name of each when it is kept. Raises DrawingFailed."""
    shares = [wanted[number::processes] for number in range(processes)]
    read_end, write_end = os.pipe()  # One for all of them: short lines do not mix.
    command = [sys.executable, "-m", "ihome.demo.gallery"]
    children = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=write_end, text=True) for _ in shares]  # noqa: S603
    os.close(write_end)
    try:
        with os.fdopen(read_end) as kept:
            for child, share in zip(children, shares, strict=True):
                if child.stdin:
                    json.dump({"storage": storage_url, "shots": [asdict(shot) for shot in share]}, child.stdin)
                    child.stdin.close()
            for line in kept:
                yield line.strip()
        if any(child.wait() for child in children):
            raise DrawingFailed
    finally:
        for child in children:
            child.kill()
            child.wait()


def main() -> None:
    for number in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)  # Ctrl-C, or who asked is gone: this ends without a word.
    asked = json.load(sys.stdin)
    media.connect(asked["storage"])
    for shot in keep_here(Shot(**facts) for facts in asked["shots"]):
        sys.stdout.write(f"{shot.name}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
