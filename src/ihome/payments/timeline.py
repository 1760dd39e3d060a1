"""Money that goes back, as part of the life of an order that people read."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ihome.kit.i18n import _l
from ihome.kit.money import format_yuan
from ihome.orders.timeline import Step

OVER = ("done", "ended")


def with_refunds(steps: Sequence[Step], refunds: Iterable[Any]) -> list[Step]:
    """The steps of an order, and between what is over and what comes next its refunds (rows of list_refunds())."""
    back = [step for refund in refunds for step in _steps(refund)]
    coming = next((at for at, step in enumerate(steps) if step.state not in OVER), len(steps))
    return [*steps[:coming], *back, *steps[coming:]]


def _steps(refund: Any) -> Iterator[Step]:
    yield Step(_l("Paid twice") if refund.reason == "duplicate" else _l("Paid too late"), "done", at=refund.paid_at)
    amount = format_yuan(refund.amount)
    if refund.refunded_at:
        yield Step(_l("¥{amount} returned", amount=amount), "done", at=refund.refunded_at)
        return
    if refund.failed_at:
        yield Step(_l("The refund did not go through"), "ended", at=refund.failed_at)
    yield Step(_l("Refund of ¥{amount}", amount=amount), "next")
