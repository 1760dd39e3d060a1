"""What tests of orders ask and look up again and again."""

from datetime import date
from typing import Any

from sqlalchemy import select

from ihome.calendar.models import HouseNight
from ihome.houses.models import House
from ihome.kit.db import reading, session
from ihome.kit.outbox import drain
from ihome.notices.delivery import KeptMail, list_mails
from ihome.orders.models import Order
from tests import make
from tests.browser_double import Browser


def wish(house: House, ahead: int = 10, nights: int = 2, **changed: Any) -> dict[str, Any]:
    """The body of POST /orders; both dates are slept."""
    stay = make.stay(ahead, nights)
    return {"house_id": house.id, "start_date": str(stay.first_night), "end_date": str(stay.last_night)} | changed


def place(browser: Browser, house: House, ahead: int = 10, nights: int = 2, key: str = "") -> dict[str, Any]:
    headers = {"Idempotency-Key": key} if key else {}
    return browser.post("/orders", wish(house, ahead, nights), headers=headers)


def nights_of(house: House) -> dict[date, int]:
    """The nights of this house that are gone, and to which order."""
    with reading():
        found = select(HouseNight).where(HouseNight.house_id == house.id).order_by(HouseNight.night)
        return {night.night: night.order_id for night in session.scalars(found)}


def status(order: Order | int) -> str:
    return make.read_order(order if isinstance(order, int) else order.id).status


def count_orders() -> int:
    with reading():
        return len(session.scalars(select(Order.id)).all())


def deliver_all() -> int:
    """Deliver the outbox until nothing is due; how many were delivered."""
    delivered = 0
    while done := drain():
        delivered += done
    return delivered


def mailed_to(address: str) -> list[KeptMail]:
    """What lies in this person's mailbox, newest first, once all that is due is delivered."""
    deliver_all()
    return [mail for mail in list_mails(1000) if mail.to == address]
