"""The demo city, served, and each of its pages by name: for accessibility, budgets and screenshots."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from ihome.demo.city import ACCOUNTS, PASSWORD
from ihome.kit.db import utcnow
from tests.site_process import Client, Site, running_site
from tests.test_journey import eventually

VISITOR, GUEST, LANDLORD = "visitor", "guest", "landlord"
DATES = "check_in={check_in}&check_out={check_out}"

# name: (who looks, address); {facts} are found when the city is there.
PAGES: dict[str, tuple[str, str]] = {
    "home": (VISITOR, "/"),
    "search": (VISITOR, "/search"),
    "search-dates": (VISITOR, f"/search?area_id=2&{DATES}"),
    "search-empty": (VISITOR, "/search?price_min=99999"),
    "search-wrong": (VISITOR, "/search?check_in=tomorrow&guests=0"),
    "house": (VISITOR, "/houses/{house_id}"),
    "house-dates": (VISITOR, f"/houses/{{house_id}}?{DATES}"),
    "house-taken": (VISITOR, "/houses/{house_id}?check_in={taken_in}&check_out={taken_out}"),
    "book": (VISITOR, "/houses/{house_id}/book"),
    "book-dates": (GUEST, f"/houses/{{house_id}}/book?{DATES}"),
    "book-taken": (VISITOR, "/houses/{house_id}/book?check_in={taken_in}&check_out={taken_out}"),
    "sign-in": (VISITOR, "/signin"),
    "register": (VISITOR, "/register"),
    "reset-password": (VISITOR, "/reset-password"),
    "needs-script": (VISITOR, "/needs-script"),
    "not-found": (VISITOR, "/nowhere"),
    "offline": (VISITOR, "/offline"),
    "pay-done": (VISITOR, "/pay/done"),
    "docs": (VISITOR, "/docs"),
    "mailbox": (VISITOR, "/mailbox"),
    "mail": (VISITOR, "{mail}"),
    "home-signed-in": (GUEST, "/"),
    "trips": (GUEST, "/trips"),
    "trip": (GUEST, "/trips/{order_id}"),
    "trip-unpaid": (GUEST, "/trips/{unpaid_id}"),
    "trip-to-comment": (GUEST, "/trips/{stayed_id}"),
    "trips-ended": (GUEST, "/trips?status=ended"),
    "cashier": (GUEST, "{cashier}"),
    "pay-left": (GUEST, "/pay/done"),
    "pay-late": (GUEST, "/pay/done?sign=x"),
    "me": (GUEST, "/me"),
    "hosting": (LANDLORD, "/hosting"),
    "request": (LANDLORD, "/hosting/{request_id}"),
    "my-houses": (LANDLORD, "/my-houses"),
    "house-new": (LANDLORD, "/houses/new"),
    "house-edit": (LANDLORD, "/houses/{own_id}/edit"),
    "house-photos": (LANDLORD, "/houses/{own_id}/photos"),
    "house-own": (LANDLORD, "/houses/{own_id}"),
    "me-verified": (LANDLORD, "/me"),
}


@dataclass(frozen=True)
class Showcase:
    """The served city, who is signed in where, and what the addresses of PAGES need."""

    site: Site
    cookies: dict[str, list[Any]]
    facts: dict[str, str]

    def address(self, name: str) -> str:
        path = PAGES[name][1].format(**self.facts)
        return path if path.startswith("http") else self.site.url + path

    def context(self, browser: Browser, who: str, **options: Any) -> BrowserContext:
        """A browser of this person; animations would be caught half-way."""
        made = browser.new_context(reduced_motion="reduce", **{"locale": "zh-CN"} | options)
        made.add_cookies(self.cookies[who])
        return made


@contextmanager
def showcase(folder: Path) -> Iterator[Showcase]:
    """The demo city in this folder, served until the block ends."""
    with running_site(folder, demo="1") as site:
        site.command("demo", "load")
        people = {who: _signed_in(site, who) for who in (GUEST, LANDLORD)}
        cookies = {who: _cookies(site, person) for who, person in people.items()}
        yield Showcase(site, cookies | {VISITOR: []}, _facts(site, people[GUEST], people[LANDLORD]))


def _signed_in(site: Site, who: str) -> Client:
    person = site.client()
    answer = person.post("/sessions", {"email": ACCOUNTS[who], "password": PASSWORD})
    assert answer["errno"] == "0", answer
    return person


def _cookies(site: Site, person: Client) -> list[Any]:
    return [{"name": one.name, "value": one.value, "url": site.url} for one in person.http.cookies.jar]


def _facts(site: Site, guest: Client, landlord: Client) -> dict[str, str]:
    """The addresses' blanks; on the way the guest books a stay, which takes its nights and mails the landlord."""
    house_id = guest.get("/houses", sort_key="booking")["data"]["houses"][0]["house_id"]
    arrive = utcnow().date() + timedelta(days=150)
    body = {"house_id": house_id, "start_date": str(arrive), "end_date": str(arrive + timedelta(days=1))}
    placed = guest.post("/orders", body)
    assert placed["errno"] == "0", placed
    orders = guest.get("/user/orders", role="custom")["data"]["orders"]
    unpaid_id = next(order["order_id"] for order in orders if order["status"] == "WAIT_PAYMENT")
    pay_url = guest.post(f"/orders/{unpaid_id}/payment")["data"]["pay_url"]
    requests = landlord.get("/user/orders", role="landlord")["data"]["orders"]
    return {
        "house_id": str(house_id),
        "taken_in": str(arrive),
        "taken_out": str(arrive + timedelta(days=2)),
        "check_in": str(arrive + timedelta(days=7)),
        "check_out": str(arrive + timedelta(days=10)),
        "order_id": str(placed["data"]["order_id"]),
        "unpaid_id": str(unpaid_id),
        "stayed_id": str(next(order["order_id"] for order in orders if order["status"] == "WAIT_COMMENT")),
        "request_id": str(next(order["order_id"] for order in requests if order["status"] == "WAIT_ACCEPT")),
        "own_id": str(landlord.get("/user/houses")["data"]["houses"][0]["house_id"]),
        "cashier": str(guest.http.get(pay_url, follow_redirects=True).url),
        "mail": eventually(lambda: re.search(r"/mailbox/[^\"/]+", guest.http.get("/mailbox").text)).group(),
    }
