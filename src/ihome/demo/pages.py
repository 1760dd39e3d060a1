"""Signing in as somebody of the demo city with a tap."""

from flask import Blueprint

pages = Blueprint("demo", __name__)
