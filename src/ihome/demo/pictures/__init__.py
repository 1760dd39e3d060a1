"""The pictures of the demo city: one illustrator's book, drawn by code from a seed."""

from ihome.demo.pictures.book import KINDS, THEMES, draw

__all__ = ["KINDS", "THEMES", "draw"]
