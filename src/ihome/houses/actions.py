"""What landlords do with their houses."""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select

from ihome.accounts.models import User
from ihome.houses import queries
from ihome.houses.errors import AreaNotFound, HouseChanged, PhotosChanged, TooManyPhotos
from ihome.houses.models import House, HouseImage
from ihome.kit import outbox
from ihome.kit.db import lock, session
from ihome.kit.errors import BadInput
from ihome.kit.i18n import _l

MAX_PHOTOS = 20


@dataclass(frozen=True)
class HouseFacts:
    """What a landlord says of a house. Money in fen, `max_days` 0 for no limit."""

    title: str
    price: int
    area_id: int
    address: str
    room_count: int
    acreage: int
    unit: str
    capacity: int
    beds: str
    deposit: int
    min_days: int
    max_days: int
    facility: list[int]
    description: str

    @classmethod
    def of(cls, house: House) -> "HouseFacts":
        told = {name: getattr(house, name) for name in cls.__dataclass_fields__.keys() - {"facility"}}
        return cls(**told, facility=sorted(facility.id for facility in house.facilities))

    def mark(self) -> str:
        """Another one for other facts; unlike the version it does not change with pictures and comments."""
        return sha256(repr(self).encode()).hexdigest()[:16]


def publish_house(landlord: User, facts: HouseFacts) -> House:
    """A new house, listed and bookable at once; pictures may follow. Raises AreaNotFound or BadInput."""
    house = House(user_id=landlord.id)
    _write(house, facts)
    session.add(house)
    session.flush()
    return house


def edit_house(house: House, facts: HouseFacts, seen: str = "") -> None:
    """Orders keep the price they were made at. Raises AreaNotFound, BadInput, or HouseChanged.

    `seen` is the mark of the facts that were being changed: of two tabs the later does not undo the earlier unawares.
    """
    lock(house)
    if seen and seen != HouseFacts.of(house).mark():
        raise HouseChanged
    _write(house, facts)
    house.touch()


def _write(house: House, facts: HouseFacts) -> None:
    wanted = sorted(set(facts.facility))
    facilities = queries.facilities_of(wanted)
    if len(facilities) != len(wanted):
        raise BadInput(errors={"facility": _l("There is no such facility.")})
    if queries.find_area(facts.area_id) is None:
        raise AreaNotFound
    for name in HouseFacts.__dataclass_fields__.keys() - {"facility"}:
        setattr(house, name, getattr(facts, name))
    house.facilities = facilities


def set_listed(house: House, is_listed: bool) -> None:
    """Unlisted houses are not found, shown or booked; orders that exist go on."""
    lock(house)
    house.is_listed = is_listed
    house.touch()


def check_may_add_photo(house: House) -> None:
    """Raises TooManyPhotos. Asked before the upload is decoded, and decided again by add_photo()."""
    if queries.count_images(house.id) >= MAX_PHOTOS:
        raise TooManyPhotos(max=MAX_PHOTOS)


def add_photo(house: House, key: str) -> HouseImage:
    """The first becomes the main picture. Raises TooManyPhotos."""
    lock(house)  # Two uploads at once: the second waits here and counts the first.
    check_may_add_photo(house)
    last = session.scalar(select(func.max(HouseImage.position)).where(HouseImage.house_id == house.id))
    image = HouseImage(house_id=house.id, url=key, position=0 if last is None else last + 1)
    session.add(image)
    if house.index_image_url is None:
        house.index_image_url = key
    house.touch()
    session.flush()
    return image


def make_main_photo(house: House, image_id: int) -> None:
    """Raises NotFound."""
    lock(house)  # Before looking: the picture may be on its way out.
    house.index_image_url = queries.get_image(house.id, image_id).url
    house.touch()


def order_photos(house: House, image_ids: list[int]) -> None:
    """Show the pictures in this order. Raises PhotosChanged unless these are all the house has, each once.

    Whoever orders pictures they no longer see rightly looks again first; half an order would please nobody.
    """
    lock(house)
    images = {image.id: image for image in queries.list_images(house.id)}
    if sorted(image_ids) != sorted(images):
        raise PhotosChanged
    for position, image_id in enumerate(image_ids):
        images[image_id].position = position
    house.touch()


def remove_photo(house: House, image_id: int) -> None:
    """If it was the main picture, the first of the others becomes it. Raises NotFound."""
    lock(house)
    image = queries.get_image(house.id, image_id)
    outbox.add("picture.dropped", key=image.url)
    session.delete(image)
    session.flush()
    if house.index_image_url == image.url:
        others = queries.list_images(house.id)
        house.index_image_url = others[0].url if others else None
    house.touch()


def count_stay(house: House, rating: int | None) -> None:
    """A stay here was commented on (contract: PUT /orders/<id>/comment)."""
    lock(house)
    house.order_count += 1
    if rating:
        house.rating_count += 1
        house.rating_sum += rating
    house.touch()
