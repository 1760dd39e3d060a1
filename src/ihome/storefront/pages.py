"""The pages a visitor sees."""

from flask import Blueprint, render_template

pages = Blueprint("storefront", __name__)


@pages.get("/")
def home() -> str:
    return render_template("base.html")
