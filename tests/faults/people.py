"""What people do at a site while a service behind it fails, how they are answered, and how soon."""

import random
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from itertools import cycle
from typing import Any, NamedTuple

import httpx

from ihome.accounts.models import User
from ihome.kit.db import reading, session
from ihome.kit.kv import store
from tests import invariants, make
from tests.orders.asking import count_orders, wish
from tests.site_process import API, Client, Site

SHOWN = ("home", "search", "house")


class Answer(NamedTuple):
    """`errno` of the envelope, "" of a page; `after` seconds."""

    status: int
    errno: str
    after: float
    data: Any = None

    @property
    def is_good(self) -> bool:
        return self.status == 200 and self.errno in ("", "0")

    def __repr__(self) -> str:
        return f"<{self.status} {self.errno or 'a page'} after {self.after:.1f} s>"

    @property
    def said(self) -> tuple[int, str]:
        return self.status, self.errno


class People:
    """Houses, their landlord, a guest with an accepted order, and somebody who is not signed in. Needs inside()."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.landlord, self.guest, self.someone = make.landlord(), make.user("guest"), make.user("someone")
        self.houses = [make.house(self.landlord) for _ in range(6)]
        self.house = self.houses[0]
        self.for_pictures = cycle(self.houses)  # One takes twenty.
        self.accepted = make.accepted(self.guest, self.house, ahead=2, nights=1)
        self.bodies = iter([wish(house, ahead, 1) for ahead in range(4, 60) for house in self.houses])
        self.at_home = {person.id: site.client_of(person) for person in (self.landlord, self.guest)}
        self.visitor = site.client()
        self.booked: list[int] = []
        self.promised: list[str] = []  # The addresses that were told to expect a code.

    def at(self, person: User) -> Client:
        return self.at_home[person.id]

    # --- what they do

    def home(self) -> Answer:
        return self.call(self.visitor, "GET", "/")

    def search(self) -> Answer:
        return self.call(self.visitor, "GET", f"{API}/houses")

    def house_page(self) -> Answer:
        return self.call(self.visitor, "GET", f"/houses/{self.house.id}")

    def sign_in(self) -> Answer:
        known = {"email": self.someone.email, "password": make.PASSWORD}
        return self.call(self.visitor, "POST", f"{API}/sessions", json=known)

    def ask_for_code(self) -> Answer:
        """A picture first, then a mail with a code. From an address of one's own, as each may ask for few."""
        code_id = str(uuid.uuid4())
        of_mine = {"X-Forwarded-For": str(ip_address(random.getrandbits(32)))}
        picture = self.call(self.visitor, "GET", f"{API}/get_image_codes/{code_id}", headers=of_mine)
        if not picture.is_good:
            return picture
        typed = {"image_code_id": code_id, "image_code": store().get(f"image_code_{code_id}") or ""}
        email = f"{code_id}@example.com"
        answer = self.call(self.visitor, "GET", f"{API}/get_email_codes/{email}", params=typed, headers=of_mine)
        self.promised += [email] if answer.is_good else []
        return answer

    def book(self, body: dict[str, Any] | None = None, key: str = "", guest: Client | None = None) -> Answer:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        who, body = guest or self.at(self.guest), body or next(self.bodies)
        answer = self.call(who, "POST", f"{API}/orders", json=body, headers=headers)
        if answer.is_good:
            self.booked.append(answer.data["order_id"])
        return answer

    def begin_to_pay(self) -> Answer:
        return self.call(self.at(self.guest), "POST", f"{API}/orders/{self.accepted.id}/payment")

    def upload(self) -> Answer:
        sent = {"house_image": ("photo.jpg", make.picture(), "image/jpeg")}
        house = {"house_id": next(self.for_pictures).id}
        return self.call(self.at(self.landlord), "POST", f"{API}/houses/images", data=house, files=sent)

    @property
    def everything(self) -> dict[str, Callable[[], Answer]]:
        return {
            "home": self.home, "search": self.search, "house": self.house_page, "sign in": self.sign_in,
            "code": self.ask_for_code, "book": self.book, "pay": self.begin_to_pay, "upload": self.upload,
        }  # fmt: skip

    def do(self, *what: str) -> dict[str, Answer]:
        """All of this, or all that there is, at the same time."""
        wanted = {name: do for name, do in self.everything.items() if name in what or not what}
        with ThreadPoolExecutor(len(wanted)) as pool:
            begun = {name: pool.submit(do) for name, do in wanted.items()}
        return {name: answer.result() for name, answer in begun.items()}

    def call(self, who: Client, method: str, path: str, **options: Any) -> Answer:
        """Status 0 where the site said nothing."""
        headers = {"X-CSRFToken": who.http.cookies["csrf_token"]} | options.pop("headers", {})
        began = time.monotonic()
        try:
            answer = who.http.request(method, path, headers=headers, timeout=120, **options)
        except httpx.TransportError:
            return Answer(0, "", time.monotonic() - began)
        after = time.monotonic() - began
        if answer.headers["Content-Type"] != "application/json":
            return Answer(answer.status_code, "", after)
        found = answer.json()
        return Answer(answer.status_code, found["errno"], after, found.get("data"))

    def persist(self, seconds: float, *what: str) -> None:
        """They try again until all of it works."""
        deadline = time.monotonic() + seconds
        while failing := {name: answer for name, answer in self.do(*what).items() if not answer.is_good}:
            assert time.monotonic() < deadline, failing
            time.sleep(0.3)
            what = tuple(failing)

    def check_nothing_lost(self) -> None:
        """Each order that was confirmed is there, once, and no other; the promises hold."""
        assert len(set(self.booked)) == count_orders() - 1  # The one that is accepted.
        self.check_promises()

    def check_promises(self) -> None:
        with reading():
            invariants.check(session)


def eventually(is_so: Callable[[], Any], seconds: float, told: Callable[[], Any] = lambda: "") -> None:
    """`told` says what is the matter where it is not so in time."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, told()
        time.sleep(0.2)


def assert_good(answers: dict[str, Answer], *, within: float) -> None:
    assert {name: answer for name, answer in answers.items() if not answer.is_good} == {}
    assert_soon(answers, within)


def assert_down(answers: dict[str, Answer], *, within: float, but: Iterable[str] = ()) -> None:
    """Each is told that it is 503 now, but those, which are answered as ever."""
    assert {name for name, answer in answers.items() if answer.is_good} == set(but), answers
    assert {answer.status for answer in answers.values() if not answer.is_good} == {503}, answers
    assert_soon(answers, within)


def assert_soon(answers: dict[str, Answer], within: float) -> None:
    assert {name: answer.after for name, answer in answers.items() if answer.after > within} == {}
