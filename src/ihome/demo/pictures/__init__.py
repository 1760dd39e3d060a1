"""The pictures of the demo city: one illustrator's book, drawn by code from seeds."""

from ihome.demo.pictures.book import KINDS, THEME_OF_AREA, THEMES, draw
from ihome.demo.pictures.portraits import avatar

__all__ = ["KINDS", "THEMES", "THEME_OF_AREA", "avatar", "draw"]
