"""An order: a guest's claim to a stay, and what may become of it."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ihome.accounts.models import User
from ihome.calendar.rules import Stay
from ihome.houses.models import House
from ihome.kit.db import Fen, Row
from ihome.orders.errors import WrongStatus


class Status(StrEnum):
    """The contract's words (Orders, "Statuses")."""

    WAIT_ACCEPT = "WAIT_ACCEPT"
    WAIT_PAYMENT = "WAIT_PAYMENT"
    PAID = "PAID"
    WAIT_COMMENT = "WAIT_COMMENT"
    COMPLETE = "COMPLETE"
    CANCELED = "CANCELED"
    REJECTED = "REJECTED"


NEXT = {
    Status.WAIT_ACCEPT: {Status.WAIT_PAYMENT, Status.REJECTED, Status.CANCELED},
    Status.WAIT_PAYMENT: {Status.PAID, Status.CANCELED},
    Status.PAID: {Status.WAIT_COMMENT},
    Status.WAIT_COMMENT: {Status.COMPLETE},
    Status.CANCELED: {Status.PAID},  # Late money, if the nights are still free; else it is refunded.
}
OPEN = (Status.WAIT_ACCEPT, Status.WAIT_PAYMENT)
HOLDING = (*OPEN, Status.PAID, Status.WAIT_COMMENT, Status.COMPLETE)  # These hold their nights.


class Ending(StrEnum):
    """Who or what cancelled an order."""

    GUEST = "guest"
    UNANSWERED = "unanswered"
    UNPAID = "unpaid"


class Order(Row):
    """A guest's claim to a stay. The price is copied in: a new rate never changes an old order."""

    __tablename__ = "ih_order_info"
    __table_args__ = (
        CheckConstraint("begin_date <= end_date", name="dates"),
        CheckConstraint("amount >= 0 AND house_price >= 0 AND days >= 1", name="amounts"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint(f"status IN ({', '.join(repr(str(s)) for s in Status)})", name="status"),
        Index(None, "user_id", "id"),
        Index(None, "house_id", "status", "id"),
        Index(None, "status", "deadline_at"),
        Index(None, "status", "end_date"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("ih_user_profile.id"))
    house_id: Mapped[int] = mapped_column(ForeignKey("ih_house_info.id"))
    begin_date: Mapped[date]
    end_date: Mapped[date]  # The last night, not the day of leaving.
    days: Mapped[int]
    guests: Mapped[int | None]  # None where the client did not say (contract: v1.0 knows no number of guests).
    house_price: Mapped[Fen]  # A night.
    amount: Mapped[Fen]  # In all: the truth for whatever is paid.
    status: Mapped[Status] = mapped_column(String(16), default=Status.WAIT_ACCEPT)
    deadline_at: Mapped[datetime | None]  # While open: when it expires, by the business clock.
    comment: Mapped[str | None] = mapped_column(Text)  # The guest's; of a rejected order the landlord's reason.
    rating: Mapped[int | None]
    reply: Mapped[str | None] = mapped_column(Text)
    commented_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    trade_no: Mapped[str | None] = mapped_column(String(64))  # The gateway's number of the trade that paid it.
    ending: Mapped[str | None] = mapped_column(String(16))
    answered_at: Mapped[datetime | None]  # Accepted or rejected.
    paid_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    guest: Mapped[User] = relationship()
    house: Mapped[House] = relationship()

    @property
    def stay(self) -> Stay:
        return Stay(self.begin_date, self.end_date + timedelta(days=1))

    def become(self, wanted: Status) -> None:
        """Raises WrongStatus unless NEXT allows it."""
        if not self.can_become(wanted):
            raise WrongStatus(status=self.status, wanted=wanted)
        self.status = wanted

    def can_become(self, wanted: Status) -> bool:
        return wanted in NEXT.get(Status(self.status), ())


ORDERS = cast(Table, Order.__table__)
