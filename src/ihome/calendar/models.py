"""Which nights are gone."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ihome.kit.db import Base


class HouseNight(Base):
    """One night of one house that nobody else can have. Free nights have no row.

    The primary key is the guard against double booking: on SQLite, MariaDB and PostgreSQL alike, the second of two
    transactions that insert it fails.
    """

    __tablename__ = "ih_house_night"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    house_id: Mapped[int] = mapped_column(ForeignKey("ih_house_info.id"), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    # The order's table belongs to a feature above; its name is all that is known here.
    order_id: Mapped[int] = mapped_column(ForeignKey("ih_order_info.id"), index=True)
