"""What is in an archive: data.json and the person's own pictures. An edge's helper.

Of other people there is what the site shows this person anyway: names, and the words of comments and replies.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import structlog

from ihome.accounts.models import User
from ihome.accounts.queries import find_identity, get_user
from ihome.archive import queries
from ihome.config import config
from ihome.houses.models import House
from ihome.kit.clock import local
from ihome.kit.db import reading, utcnow
from ihome.orders.models import Status
from ihome.orders.overview import address_for_guest
from ihome.payments.models import Payment
from ihome.storage.media import NotStored, storage

log = structlog.get_logger()
T = TypeVar("T")

BATCH = 500  # Rows in memory at once; of the pictures there is one.
Paths = dict[str, str]  # Where in the archive the picture with this key is.


def write_archive(file: IO[bytes], user_id: int) -> None:
    """Write the ZIP of this person's data. Raises NotFound, StorageDown, IdentityUnreadable, DatabaseDown, OSError."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        paths = _add_pictures(archive, user_id)
        with archive.open("data.json", "w", force_zip64=True) as data:
            for piece in _as_json(_sections(user_id, paths)):
                data.write(piece.encode())


def _add_pictures(archive: ZipFile, user_id: int) -> Paths:
    """Put in what is stored of the person's pictures: where each is. One that is missing is left out."""
    paths: Paths = {}
    for key, path in _pictures(user_id):
        try:
            archive.writestr(path, storage().get(key), ZIP_STORED)
        except NotStored:
            log.warning("archive.picture_missing", key=key)
        else:
            paths[key] = path
    return paths


def _pictures(user_id: int) -> Iterator[tuple[str, str]]:
    with reading():
        avatar = get_user(user_id).avatar_url
    if avatar:
        yield avatar, "pictures/avatar.webp"
    for house in _each(queries.list_houses, user_id):
        for number, image in enumerate(house.images, 1):
            yield image.url, f"pictures/houses/{house.id}/{number:02}.webp"


# --- data.json --------------------------------------------------------------------------------------------------------


def _sections(user_id: int, paths: Paths) -> Iterator[tuple[str, Any]]:
    """Keys and values, in order; what may be long is an iterator. Instants have the site's offset, money is in fen."""
    with reading():
        user, identity = get_user(user_id), find_identity(user_id)
    yield "site", config().base_url
    yield "made_at", _at(utcnow())
    yield "profile", _profile(user, paths)
    yield "identity", identity.masked() | {"verified_at": _at(identity.create_time)} if identity else None
    yield "houses", (_house(house, paths) for house in _each(queries.list_houses, user_id))
    trips, requests = queries.list_trips, queries.list_requests
    yield "orders_as_guest", (_trip(row) for row in _each(trips, user_id))
    yield "comments", (_comment(row) for row in _each(trips, user_id) if row.status == Status.COMPLETE)
    yield "payments", _payments(user_id)
    yield "orders_as_landlord", ({**_order(row), "guest": row.guest_name} for row in _each(requests, user_id))
    yield "replies", (_comment(row) for row in _each(requests, user_id) if row.reply)


def _profile(user: User, paths: Paths) -> dict[str, Any]:
    return {
        "user_id": user.id,
        "name": user.name,
        "email": user.email,
        "mobile": user.mobile,
        "language": user.language,
        "avatar": paths.get(user.avatar_url or ""),
        "registered_at": _at(user.create_time),
    }


def _house(house: House, paths: Paths) -> dict[str, Any]:
    return {
        "house_id": house.id,
        "title": house.title,
        "description": house.description,
        "area": house.area.name,
        "address": house.address,
        "price_fen": house.price,
        "deposit_fen": house.deposit,
        "room_count": house.room_count,
        "acreage": house.acreage,
        "unit": house.unit,
        "capacity": house.capacity,
        "beds": house.beds,
        "min_days": house.min_days,
        "max_days": house.max_days,
        "facilities": [facility.name for facility in house.facilities],
        "pictures": [paths[image.url] for image in house.images if image.url in paths],
        "is_listed": house.is_listed,
        "published_at": _at(house.create_time),
    }


def _order(row: Any) -> dict[str, Any]:
    return {
        "order_id": row.id,
        "house_id": row.house_id,
        "house_title": row.title,
        "first_night": row.begin_date.isoformat(),
        "last_night": row.end_date.isoformat(),
        "nights": row.days,
        "guests": row.guests,
        "price_fen": row.house_price,
        "amount_fen": row.amount,
        "status": row.status,
        "ending": row.ending,
        "rejection": row.comment if row.status == Status.REJECTED else None,
        "asked_at": _at(row.create_time),
        "answered_at": _at(row.answered_at),
        "paid_at": _at(row.paid_at),
        "ended_at": _at(row.ended_at),
    }


def _trip(row: Any) -> dict[str, Any]:
    return {**_order(row), "address": address_for_guest(row), "landlord": row.landlord_name}


def _comment(row: Any) -> dict[str, Any]:
    return {
        "order_id": row.id,
        "house_id": row.house_id,
        "house_title": row.title,
        "rating": row.rating,
        "comment": row.comment,
        "commented_at": _at(row.commented_at),
        "reply": row.reply,
        "replied_at": _at(row.replied_at),
    }


def _payments(user_id: int) -> Iterator[dict[str, Any]]:
    for payment in _each(queries.list_payments, user_id):
        with reading():
            refunds = queries.list_refunds([payment.id])
        yield _payment(payment) | {
            "refunds": [
                {"amount_fen": refund.amount, "reason": refund.reason, "refunded_at": _at(refund.refunded_at)}
                for refund in refunds
            ]
        }


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "order_id": payment.order_id,
        "provider": payment.provider,
        "out_trade_no": payment.out_trade_no,
        "trade_no": payment.trade_no,
        "amount_fen": payment.amount,
        "status": payment.status,
        "begun_at": _at(payment.create_time),
        "paid_at": _at(payment.paid_at),
    }


def _at(instant: datetime | None) -> str | None:
    return local(instant).isoformat(timespec="seconds") if instant else None


def _each(list_rows: Callable[[int, int, int], Sequence[T]], user_id: int) -> Iterator[T]:
    """All rows of this list, a batch in memory at a time."""
    after_id = 0
    while True:
        with reading():
            rows: Sequence[Any] = list_rows(user_id, after_id, BATCH)
        yield from rows
        if len(rows) < BATCH:
            return
        after_id = rows[-1].id


def _as_json(sections: Iterator[tuple[str, Any]]) -> Iterator[str]:
    """The text of an object, piece by piece; each element of a list stands on a line of its own."""
    before = "{"
    for name, value in sections:
        yield f'{before}\n  "{name}": '
        if isinstance(value, Iterator):
            yield from _list_as_json(value)
        else:
            yield json.dumps(value, ensure_ascii=False)
        before = ","
    yield "\n}\n"


def _list_as_json(values: Iterator[Any]) -> Iterator[str]:
    before = "["
    for value in values:
        yield f"{before}\n    {json.dumps(value, ensure_ascii=False)}"
        before = ","
    yield "[]" if before == "[" else "\n  ]"
