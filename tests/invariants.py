"""What must hold after every step and every race (DESIGN, the three promises), recomputed from the rows."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from ihome.calendar.models import HouseNight
from ihome.calendar.rules import HORIZON
from ihome.calendar.words import WORDS, masks
from ihome.houses.models import HOUSES, House
from ihome.kit import clock
from ihome.orders.models import HOLDING, Order, Status
from ihome.payments.models import Payment, PaymentStatus, Refund

SETTLED = (Status.PAID, Status.WAIT_COMMENT, Status.COMPLETE)


def check(session: Session | LocalProxy[Session]) -> None:
    """Fails with one sentence for each promise that is broken."""
    assert broken(session) == []


def broken(session: Session | LocalProxy[Session]) -> list[str]:
    return [*_nights(session), *_words(session), *_money(session), *_counts(session)]


def _nights(session: Session | LocalProxy[Session]) -> list[str]:
    """Each holding order holds exactly its nights; there are no other nights, and none twice."""
    held = {(night.house_id, night.night): night.order_id for night in session.scalars(select(HouseNight))}
    wrong, wanted = [], {}
    for order in session.scalars(select(Order).where(Order.status.in_(HOLDING)).order_by(Order.id)):
        for night in order.stay.nights:
            place = (order.house_id, night)
            if place in wanted:
                wrong.append(f"night {night} of house {order.house_id} is sold to {wanted[place]} and {order.id}")
            wanted[place] = order.id
    wrong += [f"order {wanted[place]} does not hold its night {place[1]}" for place in wanted.keys() - held.keys()]
    wrong += [f"order {held[place]} holds {place[1]} and may not" for place in held.keys() - wanted.keys()]
    return wrong + [
        f"night {place[1]} of order {wanted[place]} belongs to order {held[place]}"
        for place in wanted.keys() & held.keys()
        if wanted[place] != held[place]
    ]


def _words(session: Session | LocalProxy[Session]) -> list[str]:
    """The words that search counts by say the same of every bookable night as the rows do."""
    bookable = [clock.today() + timedelta(days=ahead) for ahead in range(HORIZON + 1)]
    taken: dict[int, list[date]] = defaultdict(list)
    for night in session.scalars(select(HouseNight).where(HouseNight.night.between(bookable[0], bookable[-1]))):
        taken[night.house_id].append(night.night)
    asked = masks(bookable)
    columns = [HOUSES.c[f"taken_{word}"] for word in range(WORDS)]
    return [
        f"the words of house {house_id} are not its nights"
        for house_id, *words in session.execute(select(HOUSES.c.id, *columns))
        if {word: bits & asked.get(word, 0) for word, bits in enumerate(words)}
        != dict.fromkeys(range(WORDS), 0) | masks(taken[house_id])
    ]


def _money(session: Session | LocalProxy[Session]) -> list[str]:
    """A payment that was made either settles its order or is on its way back, in full, never both and never neither."""
    wrong = []
    orders = {order.id: order for order in session.scalars(select(Order))}
    refunds: dict[int, list[Refund]] = defaultdict(list)
    for refund in session.scalars(select(Refund)):
        refunds[refund.payment_id].append(refund)
    settled = Counter[int]()
    for payment in session.scalars(select(Payment).order_by(Payment.id)):
        order, back = orders[payment.order_id], refunds.pop(payment.id, [])
        if payment.amount != order.amount:
            wrong.append(f"payment {payment.id} is of another amount than its order")
        if payment.status != PaymentStatus.PAID:
            wrong += [f"refund {refund.id} is of a payment that was not made" for refund in back]
            continue
        if sum(refund.amount for refund in back) > payment.amount:
            wrong.append(f"payment {payment.id} is refunded more than once")
        settles = order.status in SETTLED and order.trade_no == payment.trade_no
        if settles == bool(back):
            wrong.append(f"payment {payment.id} {'settles and goes back' if settles else 'is lost'}")
        settled[order.id] += settles
    wrong += [f"refunds of payment {payment_id}, which there is none of" for payment_id in refunds]
    return wrong + [
        f"order {order.id} is {order.status} by {settled[order.id]} payments"
        for order in orders.values()
        if settled[order.id] != (order.status in SETTLED)
    ]


def _counts(session: Session | LocalProxy[Session]) -> list[str]:
    """A house counts the stays that were commented on, and their stars."""
    stays, stars = Counter[int](), Counter[int]()
    for order in session.scalars(select(Order).where(Order.status == Status.COMPLETE)):
        stays[order.house_id] += 1
        stars[order.house_id] += order.rating or 0
    return [
        f"house {house.id} counts {house.order_count} stays and {house.rating_sum} stars"
        for house in session.scalars(select(House))
        if (house.order_count, house.rating_sum) != (stays[house.id], stars[house.id])
    ]
