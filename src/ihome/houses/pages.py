"""A landlord's houses: the list, the form to publish or change one, its pictures."""

from flask import Blueprint, render_template

from ihome.accounts.models import User
from ihome.accounts.queries import find_identity
from ihome.accounts.signin import current_user
from ihome.houses import actions, queries
from ihome.houses.models import House
from ihome.houses.names import local_name
from ihome.houses.rules import format_beds, street_of
from ihome.kit import clock
from ihome.kit.db import reads
from ihome.kit.money import YUAN
from ihome.storage.pictures import sized

pages = Blueprint("houses", __name__)

# How every page writes these.
pages.app_template_filter("local")(local_name)
pages.app_template_filter("street")(street_of)
pages.app_template_filter("beds")(format_beds)
pages.app_template_filter("sized")(sized)


@pages.get("/my-houses")
@reads
def my_houses() -> str:
    landlord = current_user()
    return render_template(
        "houses/my_houses.html",
        houses=queries.list_own_houses(landlord),
        identity=_standing(landlord),
    )


@pages.get("/houses/new")
@reads
def new_house() -> str:
    owner = current_user()
    return _form(owner, None, _standing(owner))


@pages.get("/houses/<id:house_id>/edit")
@reads
def edit_house(house_id: int) -> str:
    owner = current_user()
    return _form(owner, queries.get_own_house(owner, house_id), "adult")


def _standing(owner: User) -> str:
    """Whether they may offer a place: "adult", "minor", or "" without a verified identity."""
    identity = find_identity(owner.id)
    return "" if identity is None else "adult" if identity.is_adult(clock.today()) else "minor"


def _form(owner: User, house: House | None, identity: str) -> str:
    return render_template(
        "houses/form.html",
        owner=owner,
        house=house,
        identity=identity,
        seen=actions.HouseFacts.of(house).mark() if house else "",
        areas=queries.list_areas(),
        facilities=queries.list_facilities(),
        amount=rf"\s*{YUAN.pattern}\s*",
    )


@pages.get("/houses/<id:house_id>/photos")
@reads
def photos(house_id: int) -> str:
    house = queries.get_own_house(current_user(), house_id)
    return render_template("houses/photos.html", house=house, most=actions.MAX_PHOTOS)
