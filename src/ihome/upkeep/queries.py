"""Which pictures the rows name."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from ihome.accounts.models import User
from ihome.houses.models import House, HouseImage
from ihome.kit.db import session
from ihome.storage.pictures import all_sizes


@dataclass(frozen=True)
class Place:
    """A column that names pictures."""

    name: str
    row: type[HouseImage] | type[House] | type[User]
    column: InstrumentedAttribute[Any]
    in_sizes: bool


PLACES = (
    Place("photo", HouseImage, HouseImage.url, True),
    Place("main photo of house", House, House.index_image_url, True),
    Place("avatar of user", User, User.avatar_url, False),
)


class Naming(NamedTuple):
    """A row that names a picture by the key of its largest size."""

    place: Place
    row_id: int
    key: str

    @property
    def keys(self) -> list[str]:
        """Of the picture in the sizes that it is kept in, the largest first."""
        return all_sizes(self.key) if self.place.in_sizes else [self.key]


def count_namings() -> int:
    return sum(session.scalar(select(func.count(place.column))) or 0 for place in PLACES)


def list_namings(place: Place, after_id: int, limit: int) -> list[Naming]:
    """The next ones of this place, by id of the row."""
    found = session.execute(
        select(place.row.id, place.column)
        .where(place.row.id > after_id, place.column.is_not(None), place.column != "")
        .order_by(place.row.id)
        .limit(limit)
    )
    return [Naming(place, row_id, key) for row_id, key in found]
