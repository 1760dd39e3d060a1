"""The rows of the demo city: people, then houses with all that ever happened there. Nobody is mailed about it."""

from datetime import date, timedelta

from sqlalchemy import insert, select

from ihome.accounts.actions import verify_identity
from ihome.accounts.identity_number import make_identity_number, read_identity_number
from ihome.accounts.models import User
from ihome.accounts.queries import find_user
from ihome.calendar.models import HouseNight
from ihome.calendar.words import masks
from ihome.demo.city import City, Person
from ihome.demo.gallery import FOLDER, avatar_key, shots
from ihome.demo.life import Visit
from ihome.demo.plan import Plan, seeded
from ihome.houses.models import House, HouseFacility, HouseImage
from ihome.kit import clock
from ihome.kit.db import session
from ihome.kit.money import parse_yuan
from ihome.orders.models import HOLDING, OPEN, Order
from ihome.payments.models import Payment, PaymentStatus
from ihome.payments.providers.alipay.wire import TradeStatus, clean_subject
from ihome.payments.providers.sandbox.keys import BUYER_ID
from ihome.payments.providers.sandbox.models import SandboxTrade

REGIONS = ("340102", "340103", "340104", "340111", "340121", "340122", "340123", "340124", "340181")


def is_loaded() -> bool:
    """Whether the houses are there: they come with all their orders, or not at all."""
    return session.scalar(select(HouseImage.id).where(HouseImage.url.startswith(f"{FOLDER}/")).limit(1)) is not None


def add_people(city: City, plan: Plan, password_hash: str) -> None:
    """Everybody who is not registered yet; who is, stays as they are."""
    for person in city.people:
        if find_user(person.email) is None:
            _add_person(person, plan, password_hash)


def _add_person(person: Person, plan: Plan, password_hash: str) -> None:
    joined_at = plan.joined_at[person.key]
    is_taken = session.scalar(select(User.id).where(User.name == person.name)) is not None
    user = User(
        email=person.email, password_hash=password_hash, name=person.name + f"-{person.key}" * is_taken,
        chose_name=person.real_name is not None, is_operator=person.key == "op",
        avatar_url=avatar_key(person) if person.real_name else None, create_time=joined_at, update_time=joined_at,
    )  # fmt: skip
    session.add(user)
    session.flush()
    if person.real_name:
        number = read_identity_number(_identity_number(person), joined_at.date())
        identity = verify_identity(user, person.real_name, number)
        identity.create_time = identity.update_time = joined_at


def _identity_number(person: Person) -> str:
    """A fictional number, of an adult."""
    rng = seeded(f"identity {person.key}")
    birthday = date(rng.randint(1958, 2002), 1, 1) + timedelta(days=rng.randrange(365))
    return make_identity_number(rng.choice(REGIONS), birthday, 2 * rng.randrange(500) + person.is_man)


def add_city(city: City, plan: Plan) -> bool:
    """Houses, orders, nights, payments, comments: all of them, or nothing where they are there. True if added."""
    if is_loaded():
        return False
    users = {person.key: person.email for person in city.people}
    found = session.execute(select(User.email, User.id).where(User.email.in_(users.values())))
    ids = {row.email: row.id for row in found}
    people = {key: ids[email] for key, email in users.items()}
    houses = _add_houses(city, plan, people)
    _add_orders(plan.visits, houses, people)
    return True


def _add_houses(city: City, plan: Plan, people: dict[str, int]) -> dict[str, House]:
    """With facilities, pictures, the count of their comments, and the words that search counts by."""
    houses: dict[str, House] = {}
    taken: dict[str, list[date]] = {text.key: [] for text in city.houses}
    for visit in plan.visits:
        if visit.status in HOLDING:
            taken[visit.house] += [night for night in visit.stay.nights if night >= clock.today()]
    for text in city.houses:
        listed_at, pictures = plan.listed_at[text.key], shots(text)
        ratings = [comment.rating for comment in city.comments if comment.house == text.key]
        houses[text.key] = House(
            user_id=people[text.landlord], area_id=text.area_id, title=text.title, description=text.description,
            price=parse_yuan(text.price), address=text.address, room_count=text.room_count, acreage=text.acreage,
            unit=text.unit, capacity=text.capacity, beds=text.beds, deposit=parse_yuan(text.deposit),
            min_days=text.min_days, max_days=text.max_days, order_count=len(ratings), rating_count=len(ratings),
            rating_sum=sum(ratings), index_image_url=pictures[0].key, create_time=listed_at, update_time=listed_at,
            **{f"taken_{word}": bits for word, bits in masks(taken[text.key]).items()},
        )  # fmt: skip
    session.add_all(houses.values())
    session.flush()
    links, images = [], []
    for text in city.houses:
        house, listed_at = houses[text.key], plan.listed_at[text.key]
        links += [{"house_id": house.id, "facility_id": facility_id} for facility_id in text.facility]
        images += [
            {"house_id": house.id, "url": shot.key, "position": position}
            | {"create_time": listed_at, "update_time": listed_at}
            for position, shot in enumerate(shots(text))
        ]
    session.execute(insert(HouseFacility), links)
    session.execute(insert(HouseImage), images)
    return houses


def _add_orders(visits: list[Visit], houses: dict[str, House], people: dict[str, int]) -> None:
    rng = seeded("numbers")
    orders = [_order(visit, houses[visit.house], people[visit.guest]) for visit in visits]
    parties = seeded("guests")
    for order, visit in zip(orders, visits, strict=True):
        order.guests = parties.randint(1, houses[visit.house].capacity)
        if order.paid_at:
            order.trade_no = f"{order.paid_at:%Y%m%d}{rng.randrange(10**20):020d}"
    session.add_all(orders)
    session.flush()
    nights, payments, trades = [], [], []
    titles = {house.id: house.title for house in houses.values()}
    for order in orders:
        if order.status in HOLDING:
            nights += [
                {"house_id": order.house_id, "night": night, "order_id": order.id} for night in order.stay.nights
            ]
        if order.paid_at and order.answered_at:
            begun_at = order.answered_at + (order.paid_at - order.answered_at) / 2
            shared = {
                "out_trade_no": f"{order.paid_at:%Y%m%d}{rng.randrange(10**16):016d}", "trade_no": order.trade_no,
                "amount": order.amount, "paid_at": order.paid_at, "create_time": begun_at, "update_time": order.paid_at,
            }  # fmt: skip
            payments.append(shared | {"order_id": order.id, "provider": "sandbox", "status": PaymentStatus.PAID})
            trades.append(shared | _trade(titles[order.house_id]) | {"expires_at": begun_at + timedelta(minutes=30)})
    session.execute(insert(HouseNight), nights)
    session.execute(insert(Payment), payments)
    session.execute(insert(SandboxTrade), trades)


def _order(visit: Visit, house: House, guest_id: int) -> Order:
    return Order(
        user_id=guest_id, house_id=house.id, begin_date=visit.stay.first_night, end_date=visit.stay.last_night,
        days=visit.stay.days, house_price=house.price, amount=house.price * visit.stay.days, status=visit.status,
        deadline_at=visit.deadline_at if visit.status in OPEN else None, comment=visit.comment, rating=visit.rating,
        reply=visit.reply, commented_at=visit.commented_at, replied_at=visit.replied_at, ending=visit.ending,
        answered_at=visit.answered_at, paid_at=visit.paid_at, ended_at=visit.ended_at,
        create_time=visit.created_at, update_time=visit.changed_at,
    )  # fmt: skip


def _trade(title: str) -> dict[str, object]:
    """What the sandbox knows of a trade that was paid there, so that it can be asked about and refunded."""
    return {
        "pay_method": "alipay.trade.page.pay", "subject": clean_subject(title), "status": TradeStatus.TRADE_SUCCESS,
        "buyer": BUYER_ID, "refunded": 0, "return_url": "", "notify_url": "", "quit_url": "",
    }  # fmt: skip
