"""The texts of the demo city: who lives there, what they let, what was said of it."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PASSWORD = "ihome-demo-2026"  # noqa: S105 - known to everybody; a demo is no secret
ACCOUNTS = {
    "guest": "guest@example.com",
    "guest2": "guest2@example.com",
    "landlord": "landlord@example.com",
    "operator": "operator@example.com",
}
KNOWN = {"g01": "guest", "g02": "guest2", "l01": "landlord", "op": "operator"}  # The rest are l02@, g03@ and so on.
QUIET = (
    80  # Guests who never chose a name and never say anything: without them the others would be on the road for ever.
)
NAME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Person:
    """Somebody of the city. Who has no real name was never verified, and has no picture."""

    key: str
    name: str
    is_man: bool = False
    real_name: str | None = None

    @property
    def email(self) -> str:
        return ACCOUNTS[KNOWN[self.key]] if self.key in KNOWN else f"{self.key}@example.com"

    @property
    def number(self) -> int:
        return int(self.key[1:]) if self.key[1:].isdigit() else 0


@dataclass(frozen=True)
class HouseText:
    """A house as its landlord describes it. Prices are typed in yuan."""

    key: str
    landlord: str
    kind: str
    theme: str
    title: str
    price: str
    area_id: int
    address: str
    room_count: int
    acreage: int
    unit: str
    capacity: int
    beds: str
    deposit: str
    min_days: int
    max_days: int
    facility: tuple[int, ...]
    description: str

    @property
    def number(self) -> int:
        return int(self.key[1:])


@dataclass(frozen=True)
class CommentText:
    """What a guest says of a stay. `months`: when it can have been written, as it tells of snow or strawberries."""

    house: str
    guest: str
    rating: int
    text: str
    reply: str | None = None
    months: tuple[int, ...] = tuple(range(1, 13))


@dataclass(frozen=True)
class City:
    landlords: tuple[Person, ...]
    guests: tuple[Person, ...]
    quiet_guests: tuple[Person, ...]
    operator: Person
    houses: tuple[HouseText, ...]
    comments: tuple[CommentText, ...]
    reject_reasons: tuple[str, ...]

    @property
    def people(self) -> tuple[Person, ...]:
        return (*self.landlords, *self.guests, self.operator, *self.quiet_guests)

    @property
    def pictured(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.real_name)


@cache
def read_city() -> City:
    texts = json.loads((Path(__file__).parent / "city.json").read_text(encoding="utf-8"))
    guests = tuple(_person(person) for person in texts["guests"])
    return City(
        landlords=tuple(_person(person) for person in texts["landlords"]),
        guests=guests,
        quiet_guests=tuple(_quiet_guests(len(guests) + 1)),
        operator=Person("op", "爱家客服小晴", real_name="齐晴"),
        houses=tuple(HouseText(**_frozen(house)) for house in texts["houses"]),
        comments=tuple(CommentText(**_frozen(comment)) for comment in texts["comments"]),
        reject_reasons=tuple(texts["reject_reasons"]),
    )


def _person(facts: dict[str, str]) -> Person:
    return Person(facts["key"], facts["name"], facts["gender"] == "m", facts["real_name"])


def _quiet_guests(first: int) -> Iterator[Person]:
    """Called as registration calls people who have not chosen a name."""
    rng = random.Random("quiet guests")  # noqa: S311 - made-up people, no secret
    for number in range(first, first + QUIET):
        yield Person(f"g{number:02}", "用户" + "".join(rng.choices(NAME_ALPHABET, k=8)))


def _frozen(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
