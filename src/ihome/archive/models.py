"""The copy of a person's data: one row for each person who asked."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ihome.kit.db import Row

KEPT_FOR = timedelta(days=7)
AGAIN_AFTER = timedelta(hours=24)  # Until then asking again gives the same one.


class Status(StrEnum):
    """What the API says of it."""

    NONE = "none"
    PREPARING = "preparing"
    READY = "ready"


class Archive(Row):
    """The newest copy that this person asked for. The row is there before its file, and a name is used once."""

    __tablename__ = "ih_archive"

    user_id: Mapped[int] = mapped_column(ForeignKey("ih_user_profile.id"), unique=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)  # Of the file, without .zip.
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    size: Mapped[int | None] = mapped_column(BigInteger)  # In bytes.
    kept_until: Mapped[datetime] = mapped_column(index=True)

    def is_over(self, now: datetime) -> bool:
        """Kept long enough; or not made in all the time in which a worker tries."""
        return self.kept_until <= now or (self.ready_at is None and self.again_at <= now)

    @property
    def again_at(self) -> datetime:
        """When another one may be asked for."""
        return (self.ready_at or self.asked_at) + AGAIN_AFTER

    def can_be_replaced(self, now: datetime) -> bool:
        return self.kept_until <= now or self.again_at <= now
