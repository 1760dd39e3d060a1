"""The three promises under whatever people, gateway and clock do next: hypothesis looks for a way to break them."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from ihome.calendar.actions import rebuild_words
from ihome.calendar.errors import DatesTaken
from ihome.calendar.tasks import clear_passed_word
from ihome.houses.models import House
from ihome.kit import clock
from ihome.kit.db import Base, in_transaction, reading, session
from ihome.kit.outbox import OutboxMessage
from ihome.orders import actions
from ihome.orders.errors import OwnHouse, WrongStatus
from ihome.orders.models import NEXT, OPEN, Ending, Order, Status
from ihome.orders.queries import get_order
from ihome.orders.tasks import expire_requests, finish_stays
from ihome.payments import actions as payments
from ihome.payments.errors import NotPayable, PaymentMismatch, TradesOpen
from ihome.payments.models import Payment, PaymentStatus, Refund
from tests import invariants, make

GUESTS, HOUSES = 3, 2
LANDLORD = GUESTS  # Comes after the guests, and may not book.
PEOPLE = {"ih_user_profile", "ih_id_card", "ih_house_info", "ih_house_facility"}  # Made once for all examples.
SEEDS = {"ih_city_info", "ih_area_info", "ih_facility_info"}
# An order that waits for money which has come; one that is cancelled and may still be paid without anybody looking.
UNSETTLED = {(Status.WAIT_PAYMENT, PaymentStatus.PAID), (Status.CANCELED, PaymentStatus.OPEN)}
PICK = st.integers(0, 7)
PROVIDERS = ["sandbox", "another"]  # Two attempts to pay can be open at once only at two gateways.
PEOPLE_WHO_ASK = st.sampled_from([*range(GUESTS)] * 3 + [LANDLORD])
FIRST = st.sampled_from([0, 0, 1, 2, 3, 5])
ASKED, ACCEPTED = 0, 1
WENT_ON = st.sampled_from([ASKED, ACCEPTED, ACCEPTED + 1, ACCEPTED + 2])


def there_is(*statuses):
    """The rule has an order or an attempt in one of these statuses to work on."""
    return precondition(
        lambda site: any(status in statuses for status in (*site.orders.values(), *site.attempts.values()))
    )


class Site(RuleBasedStateMachine):
    """Three guests, two houses, and a gateway that may say of any attempt at any time that it was paid."""

    people: tuple[list[int], list[int]]
    orders: dict[int, Status]
    attempts: dict[str, PaymentStatus]

    @initialize()
    def begin_empty(self):
        def forget():
            for table in reversed(Base.metadata.sorted_tables):
                if table.name not in PEOPLE | SEEDS:
                    session.execute(delete(table))
            for house in session.scalars(select(House)):
                house.order_count = house.rating_count = house.rating_sum = 0
            session.flush()
            rebuild_words(clock.today())

        in_transaction(forget)
        clock._seen = None
        self.guests, self.houses = self.people
        self.orders, self.attempts = {}, {}

    # --- guests and landlords

    @rule(
        guest=PEOPLE_WHO_ASK, house=st.integers(0, HOUSES - 1), first=FIRST, nights=st.integers(1, 3), went_on=WENT_ON
    )
    def ask(self, guest, house, first, nights, went_on):
        """And perhaps, so that the interesting things happen often enough, the landlord has said yes already."""
        stay = make.stay(first, nights)

        def place():
            order = get_order(actions.place_order(self.guests[guest], self.houses[house], stay))
            if order.id not in self.orders and went_on >= ACCEPTED:
                actions.accept_order(order)
                for provider in PROVIDERS[: went_on - ACCEPTED]:
                    payments.start_payment(order, provider)
            return order

        placed = self.do(place, DatesTaken, OwnHouse)
        assert placed is None or guest != LANDLORD

    @there_is(Status.CANCELED)
    @rule(pick=PICK, guest=st.integers(0, GUESTS - 1))
    def ask_for_nights_that_became_free(self, pick, guest):
        """If they did, and are not past."""

        def place(order):
            if order.stay.first_night >= clock.today():
                actions.place_order(self.guests[guest], order.house_id, order.stay)

        self.on_order(pick, place, Status.CANCELED)

    @there_is(Status.WAIT_ACCEPT)
    @rule(pick=PICK)
    def accept(self, pick):
        self.on_order(pick, actions.accept_order, Status.WAIT_ACCEPT)

    @there_is(*OPEN)
    @rule(pick=PICK, how=st.sampled_from(["rejected", "withdrawn", "withdrawn, the trades not closed"]))
    def end(self, pick, how):
        """Where the trades at the gateway are not closed first, only an order that has none may end."""
        if how == "rejected":
            self.on_order(pick, lambda order: actions.reject_order(order, "no"), *OPEN)
        else:
            self.on_order(pick, self.ending(Ending.GUEST, closes=how == "withdrawn"), *OPEN)

    @there_is(Status.WAIT_COMMENT)
    @rule(pick=PICK, rating=st.one_of(st.none(), st.integers(1, 5)))
    def comment(self, pick, rating):
        self.on_order(pick, lambda order: actions.comment_order(order, "good", rating), Status.WAIT_COMMENT)

    @there_is(Status.COMPLETE)
    @rule(pick=PICK)
    def reply(self, pick):
        self.on_order(pick, lambda order: actions.reply_to_comment(order, "thanks"), Status.COMPLETE)

    @there_is(*Status)
    @rule(pick=PICK, what=st.sampled_from(["accept", "reject", "withdraw", "comment", "reply", "pay"]))
    def try_what_may_not_be_allowed(self, pick, what):
        doing = {
            "accept": actions.accept_order,
            "reject": lambda order: actions.reject_order(order, "no"),
            "withdraw": self.ending(Ending.GUEST, closes=False),
            "comment": lambda order: actions.comment_order(order, "good", None),
            "reply": lambda order: actions.reply_to_comment(order, "thanks"),
            "pay": lambda order: payments.start_payment(order, "sandbox"),
        }
        self.on_order(pick, doing[what], *Status)

    # --- money

    @there_is(Status.WAIT_PAYMENT)
    @rule(pick=PICK, provider=st.sampled_from(PROVIDERS))
    def begin_to_pay(self, pick, provider):
        self.on_order(pick, lambda order: payments.start_payment(order, provider), Status.WAIT_PAYMENT)

    @there_is(PaymentStatus.OPEN)
    @rule(pick=PICK)
    def the_gateway_says_it_is_paid(self, pick):
        self.paid(self.pick_attempt(pick, PaymentStatus.OPEN))

    @there_is(PaymentStatus.CLOSED)
    @rule(pick=PICK)
    def late_money_comes(self, pick):
        self.paid(self.pick_attempt(pick, PaymentStatus.CLOSED))

    @there_is(PaymentStatus.PAID)
    @rule(pick=PICK, other_trade=st.booleans())
    def the_gateway_says_it_again(self, pick, other_trade):
        """The same is nothing new; another trade under the same number is nothing to believe."""
        attempt, before = self.pick_attempt(pick, PaymentStatus.PAID), self.facts()
        if other_trade:
            with pytest.raises(PaymentMismatch):
                self.confirm(attempt, trade_no="another")
        else:
            self.confirm(attempt)
        assert self.facts() == before

    @there_is(*PaymentStatus)
    @rule(pick=PICK)
    def somebody_says_that_another_amount_was_paid(self, pick):
        attempt, before = self.pick_attempt(pick, *PaymentStatus), self.facts()
        with pytest.raises(PaymentMismatch):
            self.confirm(attempt, more=1)
        assert self.facts() == before

    @there_is(PaymentStatus.OPEN)
    @rule(pick=PICK)
    def the_gateway_says_it_is_closed(self, pick):
        in_transaction(payments.mark_closed, self.pick_attempt(pick, PaymentStatus.OPEN))

    @there_is(PaymentStatus.PAID)
    @rule()
    def the_gateway_pays_back(self):
        def pay_back():
            for refund in session.scalars(select(Refund)):
                payments.mark_refunded(refund.id)

        in_transaction(pay_back)

    # --- time

    @there_is(Status.WAIT_ACCEPT, Status.WAIT_PAYMENT, Status.PAID)
    @rule(days=st.sampled_from([1, 2, 9]))
    def time_passes(self, days):
        make.advance(timedelta(days=days, hours=1))
        expire_requests()
        finish_stays()
        clear_passed_word()

    @there_is(Status.WAIT_PAYMENT)
    @rule(pick=PICK)
    def the_time_to_pay_ends(self, pick):
        """The worker closes the trades first."""
        make.advance(timedelta(minutes=31))
        self.on_order(pick, self.ending(Ending.UNPAID, closes=True), Status.WAIT_PAYMENT)

    # --- what holds

    @invariant()
    def the_promises_hold(self):
        with reading():
            invariants.check(session)

    @invariant()
    def an_order_goes_only_where_it_may(self):
        """Each rule takes an order one step further at most, but time, which goes on for as long as it passes."""
        with reading():
            # Sorted, or PostgreSQL has them as it likes, and the same choices pick another one.
            orders = session.scalars(select(Order).order_by(Order.id)).all()
            attempts = session.scalars(select(Payment).order_by(Payment.id)).all()
        for order in orders:
            before = self.orders.get(order.id, Status.WAIT_ACCEPT)
            assert order.status == before or order.status in NEXT[before], (order.id, before, order.status)
            assert (order.deadline_at is not None) == (order.status in OPEN)
            assert (order.ended_at is not None) == (order.status in (Status.CANCELED, Status.REJECTED))
            assert (order.ending is not None) == (order.status == Status.CANCELED)
            assert (order.paid_at is not None) == (order.trade_no is not None)
        self.orders = {order.id: Status(order.status) for order in orders}
        assert UNSETTLED.isdisjoint((self.orders[each.order_id], each.status) for each in attempts)
        self.attempts = {each.out_trade_no: PaymentStatus(each.status) for each in attempts}

    @invariant()
    def each_payment_is_told_once_to_both(self):
        """Nothing is delivered here, so what was promised is still there to be counted."""
        with reading():
            told = session.scalars(select(OutboxMessage).where(OutboxMessage.topic == "order.paid"))
            times = Counter(message.payload["order_id"] for message in told)
            paid = session.scalars(select(Order.id).where(Order.paid_at.is_not(None))).all()
        assert times == dict.fromkeys(paid, 2)

    # --- helpers

    def do(self, action, *refusals):
        """What the action makes, in a transaction; None where it refuses, as it may."""
        try:
            return in_transaction(action)
        except refusals:
            return None

    def on_order(self, pick, action, *statuses):
        """One of the orders in these statuses."""
        eligible = [order_id for order_id, status in self.orders.items() if status in statuses]
        order_id = eligible[pick % len(eligible)]
        self.do(lambda: action(get_order(order_id)), WrongStatus, NotPayable, TradesOpen, DatesTaken)

    def pick_attempt(self, pick, *statuses):
        eligible = [attempt for attempt, status in self.attempts.items() if status in statuses]
        return eligible[pick % len(eligible)]

    @staticmethod
    def ending(ending, *, closes):
        def end(order):
            trades = session.scalars(select(Payment).where(Payment.order_id == order.id)) if closes else ()
            payments.end_order(order.id, ending, closed={payment.out_trade_no for payment in trades})

        return end

    def paid(self, attempt):
        self.confirm(attempt)
        assert self.facts()[attempt][0] == PaymentStatus.PAID

    def confirm(self, attempt, *, trade_no="", more=0):
        def confirm():
            amount = session.scalars(select(Payment.amount).where(Payment.out_trade_no == attempt)).one()
            payments.confirm(attempt, trade_no or f"T{attempt}", amount + more)

        in_transaction(confirm)

    def facts(self):
        with reading():
            return {
                payment.out_trade_no: (payment.status, payment.trade_no, payment.paid_at)
                for payment in session.scalars(select(Payment))
            }


def test_no_sequence_of_events_breaks_the_promises(app):
    landlord, *guests = make.landlord(), *[make.user() for _ in range(GUESTS)]
    people = [person.id for person in (*guests, landlord)], [make.house(landlord).id for _ in range(HOUSES)]
    run_state_machine_as_test(
        type("OurSite", (Site,), {"people": people}),
        settings=settings(
            max_examples=50,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,  # The same in every run: what it finds, it finds for everybody.
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
