"""The house from outside, with the land it stands in: what a guest sees first."""

from __future__ import annotations

from ihome.demo.pictures import scenery
from ihome.demo.pictures.grounds import foreground, lawn
from ihome.demo.pictures.houses import HOUSES
from ihome.demo.pictures.palette import Setting
from ihome.demo.pictures.plants import any_tree
from ihome.demo.pictures.sheet import Sheet


def facade(s: Sheet, st: Setting) -> None:
    """A house of the kind people build there, with its trees and its path."""
    rng = st.rng
    scenery.paint(s, st, near=False, horizon=rng.uniform(0.56, 0.62))
    house = rng.choice(HOUSES[st.theme.name])
    lawn(s, st, 668)
    for x in rng.sample((60, 170, 1040, 1140, 320, 900), 3):
        any_tree(s, st, x, 706, rng.uniform(330, 470), 0.12)
    left, right = house(s, st)
    if not st.bare:
        foreground(s, st, left, right)
