"""Areas, facilities and a landlord's houses over JSON (contract: Houses)."""

import orjson
from flask import Response

from ihome.accounts.actions import require_verified_adult
from ihome.accounts.errors import AdultsOnly, IdentityRequired, NoFile
from ihome.accounts.signin import current_user
from ihome.houses import actions, queries
from ihome.houses.errors import AreaNotFound, HouseChanged, HouseNotFound, NotYourHouse, PhotosChanged, TooManyPhotos
from ihome.houses.forms import HouseChangeForm, HouseForm, ListingForm, PhotoForm, PhotoOrderForm
from ihome.kit import clock
from ihome.kit.cache import cached
from ihome.kit.db import in_transaction, reading, reads, writes
from ihome.kit.errors import BadInput, NotFound
from ihome.kit.http import Api, ok, parse, parse_form, public, uploaded
from ihome.storage.media import StorageDown, media_url
from ihome.storage.pictures import (
    NotAPicture,
    PicturesBusy,
    TooManyUploads,
    count_upload,
    drop_picture,
    keep_picture,
    read_picture,
)

api = Api("houses")

AREAS_FOR, AREAS_KEY, FACILITIES_KEY = 7200, "area_info", "facility_info"  # Seconds; rows change by migration only.


@api.get("/areas")
def list_areas() -> Response:
    """The areas that guests search by."""
    return public(ok(orjson.Fragment(cached(AREAS_KEY, AREAS_FOR, _areas))), 300)


def _areas() -> bytes:
    with reading():
        return orjson.dumps([{"aid": area.id, "aname": area.name} for area in queries.list_areas()])


@api.get("/facilities")
def list_facilities() -> Response:
    """What houses may offer."""
    return public(ok(orjson.Fragment(cached(FACILITIES_KEY, AREAS_FOR, _facilities))), 300)


def _facilities() -> bytes:
    with reading():
        return orjson.dumps([{"fid": facility.id, "fname": facility.name} for facility in queries.list_facilities()])


@api.get("/user/houses", auth=True)
@reads
def list_own_houses() -> Response:
    """One's own houses, newest first."""
    return ok({"houses": queries.list_own_houses(current_user())})


@api.post("/houses/info", takes=HouseForm, auth=True, raises=(IdentityRequired, AdultsOnly, BadInput, AreaNotFound))
@writes
def publish_house() -> Response:
    """Publish a house. Needs a verified identity."""
    landlord = current_user()
    require_verified_adult(landlord.id, clock.today())
    house = actions.publish_house(landlord, _facts(parse(HouseForm)))
    return ok({"house_id": house.id})


@api.put(
    "/houses/<id:house_id>/info",
    takes=HouseChangeForm,
    auth=True,
    extension=True,
    raises=(HouseNotFound, NotYourHouse, BadInput, AreaNotFound, HouseChanged),
)
@writes
def edit_house(house_id: int) -> Response:
    """Change a house; every field is sent, as when it was published."""
    house = queries.get_own_house(current_user(), house_id)
    form = parse(HouseChangeForm)
    actions.edit_house(house, _facts(form), form.seen)
    return ok({"house_id": house.id})


def _facts(form: HouseForm) -> actions.HouseFacts:
    return actions.HouseFacts(**form.model_dump(exclude={"seen"}))


@api.put(
    "/houses/<id:house_id>/listing",
    takes=ListingForm,
    auth=True,
    extension=True,
    raises=(HouseNotFound, NotYourHouse, BadInput),
)
@writes
def set_listed(house_id: int) -> Response:
    """Unpublish a house, or publish it again."""
    house = queries.get_own_house(current_user(), house_id)
    form = parse(ListingForm)
    actions.set_listed(house, form.is_listed)
    return ok({"is_listed": form.is_listed})


@api.post(
    "/houses/images",
    takes=PhotoForm,
    files=("house_image",),
    auth=True,
    raises=(
        BadInput,
        NoFile,
        HouseNotFound,
        NotYourHouse,
        TooManyPhotos,
        TooManyUploads,
        PicturesBusy,
        NotAPicture,
        StorageDown,
    ),
)
def add_photo() -> Response:
    """Add a picture to a house; the first becomes the main one."""
    with reading():
        landlord = current_user()
        form, sent = parse_form(PhotoForm), uploaded("house_image")
        if sent is None:
            raise BadInput(errors={"house_image": NoFile.errmsg})
        actions.check_may_add_photo(queries.get_own_house(landlord, form.house_id))
    count_upload(landlord.id)
    key = keep_picture(read_picture(sent.stream), f"houses/{form.house_id}")
    try:
        image_id = in_transaction(
            lambda: actions.add_photo(queries.get_own_house(current_user(), form.house_id), key).id
        )
    except Exception:
        drop_picture(key)
        raise
    return ok({"image_url": media_url(key), "image_id": image_id})


PHOTO = "/houses/<id:house_id>/images/<id:image_id>"


@api.delete(PHOTO, auth=True, extension=True, raises=(HouseNotFound, NotYourHouse, NotFound))
@writes
def remove_photo(house_id: int, image_id: int) -> Response:
    """Take a picture away."""
    house = queries.get_own_house(current_user(), house_id)
    actions.remove_photo(house, image_id)
    return ok()


@api.put(PHOTO + "/main", auth=True, extension=True, raises=(HouseNotFound, NotYourHouse, NotFound))
@writes
def make_main_photo(house_id: int, image_id: int) -> Response:
    """Make this picture the main one."""
    house = queries.get_own_house(current_user(), house_id)
    actions.make_main_photo(house, image_id)
    return ok()


@api.put(
    "/houses/<id:house_id>/images/order",
    takes=PhotoOrderForm,
    auth=True,
    extension=True,
    raises=(HouseNotFound, NotYourHouse, BadInput, PhotosChanged),
)
@writes
def order_photos(house_id: int) -> Response:
    """Show the pictures in this order: the ids of all of them, each once."""
    house = queries.get_own_house(current_user(), house_id)
    form = parse(PhotoOrderForm)
    actions.order_photos(house, form.image_ids)
    return ok({"image_ids": form.image_ids})
