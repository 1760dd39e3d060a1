"""Hair and hats: what is behind a head, and what is before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ihome.demo.pictures.palette import BRASS, CREAM, Colour, Setting, shade, tint, veil
from ihome.demo.pictures.sheet import Point, Sheet, smooth

MIDDLE = 128.0


@dataclass
class Person:
    """Somebody before they are drawn."""

    s: Sheet
    st: Setting
    skin: Colour
    hair: Colour
    wear: Colour
    old: bool


def none(who: Person) -> None:
    """Nothing behind the head."""


def cap(who: Person, edge: Sequence[Point], *, high: float = 48) -> None:
    """Hair over the skull, down to this edge (from the right temple to the left)."""
    skull = [(82, 118), (80, 92), (92, high + 18), (MIDDLE, high), (164, high + 18), (176, 92), (174, 118)]
    who.s.poly([*smooth(skull), *smooth(edge)], who.hair)
    shine = [(100, high + 30), (112, high + 16), (134, high + 11)]
    who.s.stroke(shine, tint(who.hair, 0.16), 5)


def parted(who: Person) -> None:
    side = who.st.rng.choice((0, 1))
    edge = [(173, 118), (168, 98), (150, 84), (118, 90), (94, 96), (86, 118)]
    if side:
        edge = [(256 - x, y) for x, y in reversed(edge)]
    cap(who, edge, high=who.st.rng.choice((44, 50)))


def crop(who: Person) -> None:
    cap(who, [(172, 110), (166, 88), (MIDDLE, 80), (90, 88), (84, 110)], high=54)
    if who.st.rng.random() < 0.4:
        beard(who)


def fringe(who: Person) -> None:
    cap(who, [(172, 122), (164, 100), (148, 102), (MIDDLE, 98), (108, 102), (92, 100), (84, 122)], high=46)


def swept(who: Person) -> None:
    cap(who, [(172, 116), (166, 92), (140, 78), (106, 84), (90, 100), (84, 118)], high=40)
    who.s.blob([(92, 74), (118, 42), (160, 46), (172, 76), (140, 62)], tint(who.hair, 0.08))
    if who.st.rng.random() < 0.3:
        beard(who)


def beard(who: Person) -> None:
    s = who.s
    s.blob(
        [
            (86, 124),
            (90, 148),
            (108, 166),
            (MIDDLE, 174),
            (148, 166),
            (166, 148),
            (170, 124),
            (156, 140),
            (MIDDLE, 138),
            (100, 140),
        ],
        veil(who.hair, 0.86),
    )
    s.pie(MIDDLE, 147, 12, 9, (176, 84, 72), 0, 180)


def receding(who: Person) -> None:
    cap(who, [(174, 116), (167, 92), (158, 72), (MIDDLE, 62), (98, 72), (89, 92), (82, 116)], high=53)


def long_back(who: Person) -> None:
    low = who.st.rng.choice((196, 224))
    who.s.blob(
        [
            (76, 100),
            (92, 54),
            (MIDDLE, 42),
            (164, 54),
            (180, 100),
            (186, low - 30),
            (174, low),
            (82, low),
            (70, low - 30),
        ],
        shade(who.hair, 0.1),
    )


def bob_back(who: Person) -> None:
    who.s.blob(
        [(74, 104), (90, 52), (MIDDLE, 40), (166, 52), (182, 104), (184, 150), (168, 168), (88, 168), (72, 150)],
        shade(who.hair, 0.1),
    )


def middle_part(who: Person) -> None:
    cap(who, [(178, 142), (168, 104), (MIDDLE, 72), (88, 104), (78, 142)], high=44)
    earrings(who)


def bun_back(who: Person) -> None:
    s, x = who.s, who.st.rng.choice((MIDDLE, MIDDLE, MIDDLE + 22))
    s.oval(x, 36, 27, 24, who.hair)
    s.oval(x - 7, 30, 11, 8, tint(who.hair, 0.14))
    s.rect(x - 15, 50, 30, 7, who.st.accent, 3)


def drawn_back(who: Person) -> None:
    cap(who, [(173, 114), (160, 84), (MIDDLE, 74), (96, 84), (83, 114)], high=46)
    earrings(who)


def tail_back(who: Person) -> None:
    s, hair = who.s, shade(who.hair, 0.08)
    s.blob([(158, 60), (196, 62), (208, 110), (196, 176), (178, 196), (182, 130), (168, 86)], hair)
    s.oval(166, 64, 9, 11, who.st.accent)


def braids_back(who: Person) -> None:
    s = who.s
    for side in (-1, 1):
        for i in range(5):
            s.oval(
                MIDDLE + side * (54 + i * 1.5),
                138 + i * 18,
                13 - i * 0.8,
                12,
                who.hair if i % 2 else tint(who.hair, 0.08),
            )
        s.rect(MIDDLE + side * 60 - 8, 220, 16, 8, who.st.accent, 3)


def curls_back(who: Person) -> None:
    s, rng = who.s, who.st.rng
    for i in range(13):
        turn = i / 12
        x = MIDDLE - 60 + 120 * turn
        y = 112 - 74 * (1 - (2 * turn - 1) ** 2) ** 0.5
        s.oval(x, y + 10, 22, 22, who.hair if i % 2 else shade(who.hair, 0.12))
        if rng.random() < 0.6:
            s.oval(x - 4, y + 4, 9, 8, tint(who.hair, 0.12))


def curls(who: Person) -> None:
    s = who.s
    for x, y, r in ((92, 90, 17), (108, 74, 19), (MIDDLE, 68, 20), (150, 74, 19), (166, 90, 17)):
        s.oval(x, y, r, r * 0.9, who.hair)
        s.oval(x - 4, y - 5, r * 0.4, r * 0.34, tint(who.hair, 0.14))


def hat(who: Person) -> None:
    """A hat of straw or felt over short hair."""
    s, rng = who.s, who.st.rng
    fringe(who)
    fill = rng.choice(((224, 190, 134), who.st.second, who.st.accent))
    if rng.random() < 0.5:
        s.blob([(76, 84), (88, 34), (MIDDLE, 24), (168, 34), (180, 84)], fill)
        s.oval(MIDDLE, 84, 78, 15, shade(fill, 0.08))
        s.oval(MIDDLE, 80, 76, 12, tint(fill, 0.12))
        s.blob([(84, 78), (90, 42), (MIDDLE, 30), (166, 42), (172, 78), (MIDDLE, 84)], fill)
        s.poly(
            [(84, 66), (172, 66), (173, 80), (MIDDLE, 85), (83, 80)], who.st.cloth if fill != who.st.cloth else CREAM
        )
    else:
        s.blob([(74, 82), (70, 52), (MIDDLE + 4, 28), (190, 50), (180, 82), (MIDDLE, 72)], fill)
        s.blob([(140, 70), (150, 36), (190, 50), (180, 82)], shade(fill, 0.1))
        s.rect(MIDDLE - 3, 22, 6, 12, shade(fill, 0.14), 3)


def earrings(who: Person) -> None:
    if who.st.rng.random() < 0.5:
        for x in (83, 173):
            who.s.oval(x, 137, 4, 5, who.st.accent if who.st.rng.random() < 0.5 else BRASS)


STYLES = (
    (none, parted), (none, crop), (none, fringe), (none, swept), (none, receding), (none, hat),
    (long_back, middle_part), (long_back, fringe), (bob_back, fringe), (bob_back, middle_part),
    (bun_back, drawn_back), (tail_back, drawn_back), (braids_back, fringe), (curls_back, curls),
)  # fmt: skip
