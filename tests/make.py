"""Rows for tests, made through the actions that people use, or as directly as makes sense."""

import io
import itertools
from datetime import date, timedelta
from typing import Any

from flask import Flask
from PIL import Image

from ihome.accounts import actions as accounts
from ihome.accounts.identity_number import make_identity_number, read_identity_number
from ihome.accounts.models import User
from ihome.accounts.passwords import hash_password
from ihome.accounts.queries import get_user
from ihome.calendar.rules import Stay
from ihome.houses import actions as houses
from ihome.houses.models import House
from ihome.kit import clock
from ihome.kit.db import in_transaction, reading, session
from ihome.orders import actions as orders
from ihome.orders.models import Order
from ihome.orders.queries import get_order
from ihome.payments import actions as payments
from ihome.payments.models import Payment
from ihome.storage.pictures import keep_picture, read_picture
from tests.browser_double import Browser

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)
_hash = ""


def user(name: str | None = None, *, verified: bool = False, **values: Any) -> User:
    """A person; their password is PASSWORD."""
    global _hash
    _hash = _hash or hash_password(PASSWORD)
    number = next(_numbers)

    def make() -> User:
        made = accounts.register(f"{name or 'user'}{number}@example.com", _hash, "zh")
        if name:
            made.name, made.chose_name = f"{name}{number}", True
        for field, value in values.items():
            setattr(made, field, value)
        if verified:
            birthday = date(1980, 1, 1) + timedelta(days=number)
            identity = make_identity_number("340102", birthday, number % 1000)
            accounts.verify_identity(made, "王小明", read_identity_number(identity, date(2026, 1, 1)))
        return made

    return in_transaction(make)


def landlord(name: str = "landlord") -> User:
    return user(name, verified=True)


def browser(app: Flask, person: User, **options: Any) -> Browser:
    """A browser in which this person is signed in."""
    made = Browser(app, person, **options)
    token = in_transaction(accounts.open_session, person.id, None)
    made.client.set_cookie("session", token, domain="localhost")
    return made


HOUSE: dict[str, Any] = {
    "title": "逍遥津旁的小院", "price": "199.5", "area_id": 2, "address": "寿春路 8 号", "room_count": 2, "acreage": 60,
    "unit": "两室一厅", "capacity": 4, "beds": "双人床 2 张", "deposit": "500", "min_days": 1, "max_days": 0,
    "facility": [1, 3],
}  # fmt: skip


def house(owner: User | None = None, **values: Any) -> House:
    """A listed house, 10000 fen a night unless said otherwise."""
    owner = owner or landlord()
    facts = {**HOUSE, "price": 10000, "deposit": 50000, "description": "", **values}
    return in_transaction(lambda: houses.publish_house(get_user(owner.id), houses.HouseFacts(**facts)))


def photo(at: House) -> str:
    """A picture of this house, stored and shown; its key."""
    key = keep_picture(read_picture(picture()), f"houses/{at.id}")
    in_transaction(lambda: houses.add_photo(get_house(at.id), key))
    return key


def get_house(house_id: int) -> House:
    """As a row of the session that is open."""
    return session.get_one(House, house_id)


def day(ahead: int) -> date:
    """A date that many days after today."""
    with reading():
        return clock.today() + timedelta(days=ahead)


def stay(ahead: int, nights: int = 2) -> Stay:
    return Stay(day(ahead), day(ahead + nights))


def order(guest: User, at: House, ahead: int = 10, nights: int = 2) -> Order:
    """A request that the landlord has not answered."""
    wanted = stay(ahead, nights)
    return read_order(in_transaction(lambda: orders.place_order(guest.id, at.id, wanted)))


def accepted(guest: User, at: House, ahead: int = 10, nights: int = 2) -> Order:
    placed = order(guest, at, ahead, nights)
    in_transaction(lambda: orders.accept_order(get_order(placed.id)))
    return read_order(placed.id)


def paid(guest: User, at: House, ahead: int = 10, nights: int = 2) -> Order:
    placed = accepted(guest, at, ahead, nights)
    in_transaction(lambda: pay(get_order(placed.id)))
    return read_order(placed.id)


def pay(order: Order) -> Payment:
    """The gateway has said that the guest paid."""
    payment = payments.start_payment(order, "sandbox")
    return payments.confirm(payment.out_trade_no, f"T{payment.out_trade_no}", payment.amount)


def stayed(guest: User, at: House, ahead: int = 10, nights: int = 2) -> Order:
    """Paid, and the stay is over: the business clock is past its end."""
    placed = paid(guest, at, ahead, nights)
    advance(timedelta(days=ahead + nights + 1))
    in_transaction(orders.finish_stay, placed.id)
    return read_order(placed.id)


def read_order(order_id: int) -> Order:
    with reading():
        return get_order(order_id)


def advance(span: timedelta) -> None:
    """Move the business clock."""
    with reading():
        ahead = clock.offset()
    in_transaction(clock.set_offset, ahead + span)
    clock._seen = None


def picture(width: int = 640, height: int = 480, kind: str = "JPEG", **options: Any) -> io.BytesIO:
    """An upload."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 120, 60)).save(out, kind, **options)
    out.seek(0)
    return out
