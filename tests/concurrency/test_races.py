"""Two want the same thing at the same moment: threads, real databases, several rounds; and controls that prove it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from ihome.accounts import actions as accounts
from ihome.accounts.identity_number import make_identity_number, read_identity_number
from ihome.accounts.models import Identity, User
from ihome.accounts.queries import get_user
from ihome.houses import actions as houses
from ihome.houses.models import HouseImage
from ihome.houses.queries import Terms
from ihome.kit import outbox, schedule
from ihome.kit.db import in_transaction, reading, session, utcnow
from ihome.kit.outbox import OutboxMessage
from ihome.kit.schedule import Turn
from ihome.orders import actions, queries
from ihome.orders.models import Ending, Order, Status
from ihome.orders.queries import get_order
from ihome.payments import actions as payments
from ihome.payments.models import Payment, Refund
from ihome.payments.providers.alipay import rsa2
from ihome.payments.providers.sandbox import keys
from tests import invariants, make
from tests.concurrency.racing import ROUNDS, THREADS, race, tally
from tests.orders.asking import nights_of, place, status


@pytest.fixture
def house(app):
    return make.house()


@pytest.fixture
def guests(app):
    return [make.user() for _ in range(THREADS)]


@pytest.fixture
def guest(guests):
    return guests[0]


def booking(guest, house, stay, outcome="placed"):
    """This guest asks for this stay, in a transaction of their own."""

    def ask():
        in_transaction(lambda: actions.place_order(guest.id, house.id, stay))
        return outcome

    return ask


def on_order(order, action, outcome, *arguments):
    """This is done with the order, in a transaction of its own."""

    def do():
        in_transaction(lambda: action(get_order(order.id), *arguments))
        return outcome

    return do


def count(what):
    with reading():
        return session.scalar(select(func.count()).select_from(what))


def promised(topic):
    """How many handlers are promised to hear of this."""
    with reading():
        return session.scalar(select(func.count()).where(OutboxMessage.topic == topic))


# --- a night is sold once --------------------------------------------------------------------------------------------


def everybody_wants_one_night(house, guests):
    """What became of them, round by round, each for a night of its own."""
    return [race([booking(guest, house, make.stay(ahead, 1)) for guest in guests]) for ahead in range(1, ROUNDS + 1)]


# SQLite lets one transaction write at a time: there is no race that could be lost.
only_servers = pytest.mark.parametrize("database", ["mariadb", "postgresql"], indirect=True)
ONE_OF_THEM = {"placed": 1, "DatesTaken": THREADS - 1}


def test_of_many_guests_one_gets_the_night(house, guests):
    for outcome in everybody_wants_one_night(house, guests):
        assert tally(outcome) == ONE_OF_THEM
    assert len(nights_of(house)) == ROUNDS


def test_the_key_decides_without_the_lock_and_without_the_look_before(house, guests, monkeypatch):
    """On a cluster a lock holds on one node only: the primary key must be enough."""
    monkeypatch.setattr(actions, "lock", lambda _: None)
    monkeypatch.setattr(actions, "is_taken", lambda *_: False)

    for outcome in everybody_wants_one_night(house, guests):
        assert tally(outcome) == ONE_OF_THEM


@pytest.mark.usefixtures("broken")
def test_the_race_is_real(house, guests, monkeypatch):
    """Without the guard everybody gets in. If this fails, the tests above prove nothing."""
    monkeypatch.setattr(actions, "take_nights", lambda *_, **__: None)
    monkeypatch.setattr(actions, "is_taken", lambda *_: False)

    for outcome in everybody_wants_one_night(house, guests):
        assert outcome.count("placed") > 1
    with reading():
        assert any("is sold to" in sentence for sentence in invariants.broken(session))


@only_servers
@pytest.mark.usefixtures("broken")
def test_looking_first_is_not_enough(house, guests, monkeypatch):
    """Look whether an order is there, then write one, with neither key nor lock: the specification double-booked so."""

    def look(house_id, stay):
        there = select(Order.id).where(Order.house_id == house_id, Order.begin_date == stay.first_night)
        return session.scalar(there.limit(1)) is not None

    def unlocked(house_id):
        found = make.get_house(house_id)
        return Terms(found.user_id, found.price, found.capacity, found.min_days, found.max_days)

    monkeypatch.setattr(actions, "lock_terms", unlocked)
    monkeypatch.setattr(actions, "is_taken", look)
    monkeypatch.setattr(actions, "take_nights", lambda *_, **__: None)

    assert any(outcome.count("placed") > 1 for outcome in everybody_wants_one_night(house, guests))


def test_stays_that_overlap_never_share_a_night(house, guests):
    """Different stays over the same ten nights: whoever gets in, no night is sold twice (the promises say so)."""
    for number in range(ROUNDS):
        begin = 20 * number + 1
        wishes = [make.stay(begin + place % 5, 2 + place % 4) for place in range(THREADS)]
        outcome = tally(race([booking(*pair) for pair in zip(guests, [house] * THREADS, wishes, strict=True)]))

        assert outcome.keys() <= {"placed", "DatesTaken"}
        assert 1 <= outcome["placed"] <= 5
        with reading():
            invariants.check(session)


def test_many_houses_at_once_do_not_disturb_each_other(guests):
    landlord = make.landlord()
    all_houses = [make.house(landlord) for _ in guests]

    for ahead in range(1, ROUNDS + 1):
        steps = [
            booking(guest, house, make.stay(3 * ahead, 3)) for guest, house in zip(guests, all_houses, strict=True)
        ]
        assert race(steps) == ["placed"] * THREADS


def test_nights_given_back_and_taken_at_the_same_moment(house, guests):
    """One guest cancels while the others want the same nights: at most one of them gets in."""
    for ahead in range(1, ROUNDS + 1):
        order = make.order(guests[0], house, ahead=3 * ahead, nights=3)
        leaving = on_order(order, actions.cancel_order, "canceled", Ending.GUEST)
        wanting = [booking(guest, house, make.stay(3 * ahead, 3)) for guest in guests[1:]]
        outcome = tally(race([leaving, *wanting]))

        assert outcome.pop("canceled") == 1
        assert outcome.get("placed", 0) <= 1
        assert outcome.keys() <= {"placed", "DatesTaken"}


def test_the_same_request_many_times_at_once_is_one_order(house, guest):
    for ahead in range(1, ROUNDS + 1):
        assert race([booking(guest, house, make.stay(3 * ahead))] * THREADS) == ["placed"] * THREADS
        assert count(Order) == ahead


# --- an order has one fate -------------------------------------------------------------------------------------------


def test_accepted_rejected_cancelled_or_expired_but_only_one_of_them(house, guest):
    """Only an acceptance may be followed by something: the guest can still withdraw."""
    for number in range(2 * ROUNDS):
        order = make.order(guest, house, ahead=5 + 2 * number)
        make.advance(timedelta(hours=25))

        def expire(order=order):
            return "expire" if in_transaction(actions.expire_request, order.id) else "too late"

        def withdraw(order=order):
            in_transaction(payments.end_order, order.id, Ending.GUEST, closed=set())
            return "withdraw"

        accept = on_order(order, actions.accept_order, "accept")
        reject = on_order(order, actions.reject_order, "reject", "装修")
        outcome = race([accept, reject, withdraw, expire] * 2)

        fates = sorted(str(fate) for fate in outcome if fate not in ("WrongStatus", "too late"))
        assert (fates, status(order)) in [
            (["accept"], "WAIT_PAYMENT"), (["accept", "withdraw"], "CANCELED"), (["reject"], "REJECTED"),
            (["withdraw"], "CANCELED"), (["expire"], "CANCELED"),
        ]  # fmt: skip
        kept = 2 if fates == ["accept"] else 0
        assert list(nights_of(house).values()).count(order.id) == kept
        in_transaction(lambda: session.execute(update(OutboxMessage).values(topic="seen")))


@only_servers
@pytest.mark.usefixtures("broken")
def test_without_the_lock_an_order_has_two_fates(house, guest, monkeypatch):
    """The control: two who have read WAIT_ACCEPT both go on."""
    monkeypatch.setattr(actions, "lock", lambda _: None)
    both = 0
    for number in range(2 * ROUNDS):
        order = make.order(guest, house, ahead=5 + 2 * number)
        accept = on_order(order, actions.accept_order, "accept")
        reject = on_order(order, actions.reject_order, "reject", "装修")
        outcome = race([accept, reject] * (THREADS // 2))
        both += len([fate for fate in outcome if fate != "WrongStatus"]) > 1
    assert both > 0


def test_a_stay_is_commented_on_once_and_counted_once(house, guest):
    for number in range(1, ROUNDS + 1):
        order = make.stayed(guest, house, ahead=3)
        outcome = race([on_order(order, actions.comment_order, "said", "安静", 5)] * THREADS)

        assert tally(outcome) == {"said": 1, "WrongStatus": THREADS - 1}
        with reading():
            assert make.get_house(house.id).order_count == number
    assert promised("order.commented") == ROUNDS


def test_comments_on_many_stays_of_one_house_are_all_counted(house, guests):
    stays = [make.paid(guest, house, ahead=3 + number, nights=1) for number, guest in enumerate(guests)]
    make.advance(timedelta(days=30))
    for stay in stays:
        in_transaction(actions.finish_stay, stay.id)

    assert race([on_order(stay, actions.comment_order, "said", "好", 4) for stay in stays]) == ["said"] * THREADS
    with reading():
        found = make.get_house(house.id)
        assert (found.order_count, found.rating_sum) == (THREADS, 4 * THREADS)


def test_a_comment_has_one_answer(house, guest):
    order = make.stayed(guest, house)
    in_transaction(lambda: actions.comment_order(get_order(order.id), "好", 5))

    outcome = race([on_order(order, actions.reply_to_comment, "replied", f"谢谢 {n}") for n in range(THREADS)])
    assert tally(outcome) == {"replied": 1, "WrongStatus": THREADS - 1}


def test_the_end_of_a_stay_comes_once(house, guest):
    for _ in range(ROUNDS):
        order = make.paid(guest, house, ahead=3)
        make.advance(timedelta(days=6))

        assert race([lambda order=order: in_transaction(actions.finish_stay, order.id)] * THREADS).count(True) == 1


# --- money is counted once -------------------------------------------------------------------------------------------


def attempt(order):
    return in_transaction(lambda: payments.start_payment(get_order(order.id), "sandbox"))


def confirming(payment, outcome="confirmed"):
    def confirm():
        in_transaction(payments.confirm, payment.out_trade_no, f"T{payment.out_trade_no}", payment.amount)
        return outcome

    return confirm


def signed(payment, **more):
    """What the gateway says of a payment, signed by it."""
    params = {
        "app_id": keys.APP_ID, "seller_id": keys.SELLER_ID, "out_trade_no": payment.out_trade_no,
        "trade_no": f"T{payment.out_trade_no}", "total_amount": f"{payment.amount / 100:.2f}",
    } | more  # fmt: skip
    return params | {"sign": rsa2.sign_notice(params, keys.sandbox_keys().gateway)}


def test_notice_return_page_and_query_at_the_same_moment_are_one_payment(app, house, guest):
    """Over HTTP, as they come; the query ends in the same action, called directly."""
    browsers = [make.browser(app, guest) for _ in range(6)]
    for number in range(ROUNDS):
        order = make.accepted(guest, house, ahead=5 + 2 * number)
        payment = attempt(order)
        notice = signed(payment, trade_status="TRADE_SUCCESS", notify_id="n")
        returned = signed(payment, method="alipay.trade.page.pay.return")
        heard = [
            lambda b=browser, p=notice: b.request("POST", "/payments/alipay/notify", data=p).text
            for browser in browsers[:3]
        ]
        came_back = [
            lambda b=browser, p=returned: b.put("/orders/payment", data=p)["errno"] for browser in browsers[3:]
        ]
        outcome = race([*heard, *came_back, *[confirming(payment)] * 3])

        assert outcome == ["success"] * 3 + ["0"] * 3 + ["confirmed"] * 3
        assert status(order) == "PAID"
        assert promised("order.paid") == 2 * (number + 1)  # The receipt and the landlord's, once each.
    assert count(Payment) == ROUNDS
    assert count(Refund) == 0


def test_a_click_made_many_times_is_one_attempt_to_pay(house, guest):
    for number in range(ROUNDS):
        order = make.accepted(guest, house, ahead=5 + 2 * number)

        assert len(set(race([lambda order=order: attempt(order).id] * THREADS))) == 1
    assert count(Payment) == ROUNDS


def test_two_payments_of_one_order_at_the_same_moment(house, guest):
    """One settles it, the other goes back."""
    for number in range(ROUNDS):
        order = make.accepted(guest, house, ahead=5 + 2 * number)
        first = attempt(order)
        second = in_transaction(lambda order=order: payments.start_payment(get_order(order.id), "another"))
        race([confirming(first), confirming(second)] * (THREADS // 2))

        assert (status(order), count(Refund)) == ("PAID", number + 1)
    assert promised("order.paid") == 2 * ROUNDS


def test_money_and_the_end_of_its_time_at_the_same_moment(house, guests):
    """Whichever is first, the guest has the nights and has paid for them: money for free nights is welcome."""
    for number in range(ROUNDS):
        order = make.accepted(guests[0], house, ahead=10 + 2 * number)
        payment = attempt(order)

        def end(order=order, payment=payment):
            in_transaction(payments.end_order, order.id, Ending.UNPAID, closed={payment.out_trade_no})
            return "ended"

        outcome = race([confirming(payment), end] * (THREADS // 2))
        assert outcome.count("confirmed") == THREADS // 2
        assert outcome.count("ended") <= 1
        assert (status(order), count(Refund)) == ("PAID", 0)


def test_money_comes_while_the_nights_are_freed_and_wanted_by_others(house, guests):
    """Either the guest has paid and has the nights, or another has them and the money goes back."""
    for number in range(ROUNDS):
        stay = make.stay(10 + 2 * number)
        order = make.accepted(guests[0], house, ahead=10 + 2 * number)
        payment = attempt(order)

        def end(order=order, payment=payment):
            in_transaction(payments.end_order, order.id, Ending.UNPAID, closed={payment.out_trade_no})
            return "ended"

        wanting = [booking(guest, house, stay) for guest in guests[1:]]
        refunds = count(Refund)
        outcome = race([confirming(payment), end, *wanting])

        assert outcome[0] == "confirmed"
        got_in = outcome.count("placed")
        assert (status(order), got_in, count(Refund) - refunds) in [("PAID", 0, 0), ("CANCELED", 1, 1)]
        with reading():
            invariants.check(session)


def test_a_new_attempt_to_pay_and_a_withdrawal_at_the_same_moment(house, guest):
    """An attempt that nobody closed must not be left open at a cancelled order."""
    for number in range(ROUNDS):
        order = make.accepted(guest, house, ahead=5 + 2 * number)

        def withdraw(order=order):
            in_transaction(payments.end_order, order.id, Ending.GUEST, closed=set())
            return "withdrawn"

        outcome = tally(race([lambda order=order: attempt(order) and "begun", withdraw] * (THREADS // 2)))
        if status(order) == Status.CANCELED:
            assert outcome == {"NotPayable": THREADS // 2, "withdrawn": 1, "WrongStatus": THREADS // 2 - 1}
        else:
            assert outcome == {"begun": THREADS // 2, "TradesOpen": THREADS // 2}


def test_a_refund_is_confirmed_once(house, guests):
    order = make.accepted(guests[0], house)
    payment = attempt(order)
    in_transaction(payments.end_order, order.id, Ending.UNPAID, closed={payment.out_trade_no})
    make.order(guests[1], house)
    race([confirming(payment)] * THREADS)
    with reading():
        (refund,) = session.scalars(select(Refund)).all()
    race([lambda: in_transaction(payments.mark_refunded, refund.id)] * THREADS)

    assert promised("refund.due") == promised("payment.refunded") == 1


# --- the same request twice -------------------------------------------------------------------------------------------


def double_submit(app, house, guest, ahead, keys_):
    browsers = [make.browser(app, guest) for _ in keys_]
    return race(
        [
            lambda b=browser, key=key: place(b, house, ahead=ahead, key=key)
            for browser, key in zip(browsers, keys_, strict=True)
        ]
    )


def test_the_same_key_many_times_at_once_is_one_order(app, house, guest, monkeypatch):
    """With the rule switched off that finds the guest's open order: the key alone must do it."""
    monkeypatch.setattr(queries, "find_open_order", lambda *_: None)
    for number in range(ROUNDS):
        answers = double_submit(app, house, guest, 3 * number + 1, [f"k{number}"] * THREADS)

        assert {answer["errno"] for answer in answers} == {"0"}
        assert len({answer["data"]["order_id"] for answer in answers}) == 1
    assert count(Order) == ROUNDS


def test_without_the_key_they_are_requests_of_their_own(app, house, guest, monkeypatch):
    """The control."""
    monkeypatch.setattr(queries, "find_open_order", lambda *_: None)
    answers = double_submit(app, house, guest, 5, [""] * THREADS)

    assert sorted(answer["errno"] for answer in answers) == ["0"] + ["4004"] * (THREADS - 1)


# --- people and pictures ----------------------------------------------------------------------------------------------


def test_one_address_is_registered_once(app):
    for number in range(ROUNDS):
        email = f"anna{number}@example.com"
        outcome = race([lambda e=email: in_transaction(accounts.register, e, "hash", "zh") and "registered"] * THREADS)

        assert tally(outcome) == {"registered": 1, "AddressRegistered": THREADS - 1}
    assert count(User) == ROUNDS


def test_one_identity_number_belongs_to_one_account(guests):
    for number in range(ROUNDS):
        text = make_identity_number("340102", date(1970, 1, 1 + number), 500)
        identity = read_identity_number(text, date(2026, 1, 1))
        people = [make.user() for _ in range(THREADS)]

        def verify(person, identity=identity):
            in_transaction(lambda: accounts.verify_identity(get_user(person.id), "王小明", identity))
            return "verified"

        outcome = race([lambda person=person, v=verify: v(person) for person in people])
        assert tally(outcome) == {"verified": 1, "IdentityUsed": THREADS - 1}
    assert count(Identity) == ROUNDS


def test_one_account_has_one_identity(guest):
    numbers = [make_identity_number("340102", date(1970, 2, 1 + n), 500) for n in range(THREADS)]

    def verify(number):
        identity = read_identity_number(number, date(2026, 1, 1))
        in_transaction(lambda: accounts.verify_identity(get_user(guest.id), "王小明", identity))
        return "verified"

    outcome = tally(race([lambda n=number: verify(n) for number in numbers]))
    assert outcome.pop("verified") == 1
    assert outcome.keys() <= {"AlreadyVerified", "IdentityUsed"}


def test_the_twenty_first_picture_is_one_too_many(house):
    for _ in range(2):
        in_transaction(lambda: [houses.add_photo(make.get_house(house.id), f"k{n}.webp") for n in range(17)])
        outcome = race(
            [lambda n=n: in_transaction(lambda: houses.add_photo(make.get_house(house.id), f"r{n}") and "added")
             for n in range(THREADS)]
        )  # fmt: skip

        assert tally(outcome) == {"added": 3, "TooManyPhotos": THREADS - 3}
        with reading():
            positions = session.scalars(select(HouseImage.position)).all()
        assert sorted(positions) == list(range(20))
        in_transaction(lambda: session.execute(HouseImage.__table__.delete()))


# --- workers ----------------------------------------------------------------------------------------------------------


def test_workers_share_the_outbox_and_nothing_is_delivered_twice(app, monkeypatch):
    """While leases hold, that is."""
    monkeypatch.setattr(outbox, "_handlers", dict(outbox._handlers))
    monkeypatch.setattr(outbox, "_topics", dict(outbox._topics))
    heard = []

    @outbox.on("test.said")
    def hear(number):
        heard.append(number)

    promises = 32

    in_transaction(lambda: [outbox.add("test.said", number=number) for number in range(promises)])

    def work():
        delivered = 0
        for _ in range(promises):
            done = outbox.drain()
            delivered += done
            with reading():
                if not outbox.waiting():
                    break
        return delivered

    assert sum(race([work] * THREADS)) == promises
    assert sorted(heard) == list(range(promises))
    assert count(OutboxMessage) == 0


def test_two_schedulers_run_a_job_once_a_turn(app, monkeypatch):
    """The very first turn too, for which there is no row yet."""
    ran = []

    def job():
        ran.append(1)

    monkeypatch.setattr(schedule, "_jobs", {})
    schedule.every(timedelta(hours=1))(job)
    for number in range(1, ROUNDS + 1):
        assert race([schedule.run_due] * THREADS) == [None] * THREADS
        assert len(ran) == number
        in_transaction(lambda: session.execute(update(Turn).values(next_at=utcnow())))
