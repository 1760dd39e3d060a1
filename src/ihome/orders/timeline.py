"""The life of one order as people read it: what happened, when, and what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ihome.calendar.rules import ONE_DAY
from ihome.kit.i18n import Text, _l
from ihome.orders.models import Ending, Status

STATES = (Status.WAIT_ACCEPT, Status.WAIT_PAYMENT, Status.PAID, Status.WAIT_COMMENT, Status.COMPLETE)
RUNNING = STATES[:-1]  # Something comes next.
ENDED = {
    Ending.UNANSWERED: _l("Expired without an answer"),
    Ending.UNPAID: _l("Expired unpaid"),
    Ending.GUEST: _l("Withdrawn"),
}


@dataclass(frozen=True)
class Step:
    """`at` says when it happened, `by` until when it may, `on` the day it is planned for."""

    name: Text
    state: str  # done, next, later; or ended, after which nothing comes.
    at: datetime | None = None
    by: datetime | None = None
    on: date | None = None


def timeline(order: Any, today: date) -> list[Step]:
    """The steps of a row of overview, in the order in which they happen."""
    if order.status in (Status.CANCELED, Status.REJECTED):
        return list(_ended(order))
    return list(_running(order, today))


def _ended(order: Any) -> Iterator[Step]:
    yield Step(_l("Requested"), "done", at=order.create_time)
    if order.status == Status.REJECTED:
        yield Step(_l("Declined"), "ended", at=order.answered_at)
        return
    if order.answered_at:
        yield Step(_l("Accepted"), "done", at=order.answered_at)
    yield Step(ENDED[Ending(order.ending or Ending.GUEST)], "ended", at=order.ended_at)


def _running(order: Any, today: date) -> Iterator[Step]:
    reached, leaves = STATES.index(order.status), order.end_date + ONE_DAY
    is_accepted, is_paid = reached > 0, reached > 1
    facts: list[tuple[Text, bool, dict[str, Any]]] = [
        (_l("Requested"), True, {"at": order.create_time}),
        (
            _l("Accepted") if is_accepted else _l("Answer"),
            is_accepted,
            {"at": order.answered_at, "by": order.deadline_at},
        ),
        (_l("Paid") if is_paid else _l("Payment"), is_paid, {"at": order.paid_at, "by": order.deadline_at}),
        (_l("Check-in"), is_paid and order.begin_date <= today, {"on": order.begin_date}),
        (_l("Check-out"), is_paid and leaves <= today, {"on": leaves}),
        (_l("Comment"), reached > 3, {"at": order.commented_at}),
    ]
    if order.reply:
        facts.append((_l("Answer to the comment"), True, {"at": order.replied_at}))
    is_next_found = False
    for name, is_done, when in facts:
        state = "done" if is_done else "later" if is_next_found else "next"
        is_next_found = is_next_found or not is_done
        yield Step(name, state, **when)
