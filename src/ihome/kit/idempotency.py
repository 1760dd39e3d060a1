"""`Idempotency-Key`: a retried request gets the first one's answer, not a second effect (contract: Orders)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import JSON, BigInteger, String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from ihome.kit.crypto import keyed_hash
from ihome.kit.db import Base, is_duplicate_key, savepoint, session, utcnow
from ihome.kit.errors import BadInput
from ihome.kit.i18n import _l

KEPT = timedelta(hours=24)
MAX_LENGTH = 200


class IdempotencyKeyReused(BadInput):
    errmsg = _l("This Idempotency-Key was already used for another request.")


class RememberedAnswer(Base):
    """What the request with this key did. Written in the transaction that did it."""

    __tablename__ = "ih_idempotency"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    endpoint: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # hashed: any length and alphabet may come
    body_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    create_time: Mapped[datetime] = mapped_column(default=utcnow, index=True)


def once(user_id: int, endpoint: str, key: str | None, body: Any, do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `do` returns, or what it returned when this key first came. Call it inside the transaction.

    Two requests with one key at once: the second waits on the primary key, fails, and finds the first's answer.
    Raises IdempotencyKeyReused.
    """
    if not key:
        return do()
    if len(key) > MAX_LENGTH:
        raise BadInput(errors={"Idempotency-Key": _l("At most {max} characters.", max=MAX_LENGTH)})
    hashed, body_hash = (
        keyed_hash("key", key),
        keyed_hash("body", orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()),
    )
    known = _find(user_id, endpoint, hashed)
    if known is None:
        row = RememberedAnswer(user_id=user_id, endpoint=endpoint, key=hashed, body_hash=body_hash, answer={})
        try:
            with savepoint():
                session.add(row)
        except IntegrityError as error:
            if not is_duplicate_key(error) or (known := _find(user_id, endpoint, hashed)) is None:
                raise
        else:
            row.answer = do()
            return row.answer
    if known.body_hash != body_hash:
        raise IdempotencyKeyReused
    return known.answer


def _find(user_id: int, endpoint: str, hashed: str) -> RememberedAnswer | None:
    found = session.get(RememberedAnswer, (user_id, endpoint, hashed), populate_existing=True)
    if found is None or found.create_time >= utcnow() - KEPT:
        return found
    # This very one: another request may have put a new answer in its place meanwhile, which must stay.
    mine = (RememberedAnswer.user_id == user_id) & (RememberedAnswer.endpoint == endpoint)
    seen = (RememberedAnswer.key == hashed) & (RememberedAnswer.create_time == found.create_time)
    session.execute(delete(RememberedAnswer).where(mine, seen))
    return None


def forget_old() -> int:
    done = session.execute(delete(RememberedAnswer).where(RememberedAnswer.create_time < utcnow() - KEPT))
    return int(done.rowcount)  # type: ignore[attr-defined]
