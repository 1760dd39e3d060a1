"""Areas, facilities, houses and their photos."""

from typing import cast

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ihome.accounts.models import User
from ihome.kit.db import Base, Fen, Row


class City(Row):
    """What areas belong to; a site can serve several."""

    __tablename__ = "ih_city_info"

    name: Mapped[str] = mapped_column(String(32), unique=True)


class Area(Row):
    """A part of the city that guests search by."""

    __tablename__ = "ih_area_info"

    city_id: Mapped[int] = mapped_column(ForeignKey("ih_city_info.id"), index=True)
    name: Mapped[str] = mapped_column(String(32))

    city: Mapped[City] = relationship()


class Facility(Row):
    """Something that a house may offer."""

    __tablename__ = "ih_facility_info"

    name: Mapped[str] = mapped_column(String(32), unique=True)


class HouseFacility(Base):
    """This house offers this facility."""

    __tablename__ = "ih_house_facility"

    house_id: Mapped[int] = mapped_column(ForeignKey("ih_house_info.id"), primary_key=True)
    facility_id: Mapped[int] = mapped_column(ForeignKey("ih_facility_info.id"), primary_key=True, index=True)


class House(Row):
    """A house on offer. Money is in fen; `max_days` 0 means no limit."""

    __tablename__ = "ih_house_info"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("deposit >= 0", name="deposit"),
        CheckConstraint("min_days >= 1 AND (max_days = 0 OR max_days >= min_days)", name="days"),
        # Search walks one of these in order and stops after a page: see storefront/search.py.
        Index("ix_house_new", "is_listed", "create_time", "id"),
        Index("ix_house_price", "is_listed", "price", "id"),
        Index("ix_house_booked", "is_listed", "order_count", "id"),
        Index("ix_house_area_new", "area_id", "is_listed", "create_time", "id"),
        Index("ix_house_area_price", "area_id", "is_listed", "price", "id"),
        Index("ix_house_area_booked", "area_id", "is_listed", "order_count", "id"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("ih_user_profile.id"), index=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("ih_area_info.id"))
    title: Mapped[str] = mapped_column(String(64))
    description: Mapped[str] = mapped_column(Text, default="")
    price: Mapped[Fen]
    address: Mapped[str] = mapped_column(String(512))
    room_count: Mapped[int]
    acreage: Mapped[int]
    unit: Mapped[str] = mapped_column(String(32))
    capacity: Mapped[int]
    beds: Mapped[str] = mapped_column(String(64))
    deposit: Mapped[Fen]
    min_days: Mapped[int]
    max_days: Mapped[int]
    order_count: Mapped[int] = mapped_column(default=0)  # Stays that were commented on.
    rating_count: Mapped[int] = mapped_column(default=0)
    rating_sum: Mapped[int] = mapped_column(default=0)
    index_image_url: Mapped[str | None] = mapped_column(String(128))  # The main picture's key in storage.
    is_listed: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)  # Grows with whatever its page shows; the cache is keyed by it.

    landlord: Mapped[User] = relationship()
    area: Mapped[Area] = relationship()
    facilities: Mapped[list[Facility]] = relationship(secondary="ih_house_facility", order_by="Facility.id")
    images: Mapped[list["HouseImage"]] = relationship(order_by="HouseImage.position, HouseImage.id")

    def touch(self) -> None:
        """What the page of this house shows has changed."""
        self.version = House.version + 1  # Counted in the database: two may touch at once.


# The nights that are taken as bits, 60 a word: written by calendar, read by search to count (docs/adr/0006).
TAKEN_WORDS = 11
for _word in range(TAKEN_WORDS):
    setattr(
        House, f"taken_{_word}", mapped_column(BigInteger, default=0, server_default="0", nullable=False, deferred=True)
    )

# For hot lists and bulk changes: a statement on the table skips the ORM, which is a third of a short query's time.
HOUSES = cast(Table, House.__table__)
Index(
    "ix_house_area_free",
    *(HOUSES.c[name] for name in ("area_id", "is_listed", "min_days", "max_days")),
    *(HOUSES.c[f"taken_{word}"] for word in range(TAKEN_WORDS)),
)


class HouseImage(Row):
    """A photo of a house; `url` is the key of its largest size in storage."""

    __tablename__ = "ih_house_image"

    house_id: Mapped[int] = mapped_column(ForeignKey("ih_house_info.id"), index=True)
    url: Mapped[str] = mapped_column(String(128))
    position: Mapped[int] = mapped_column(default=0)
