"""The demo city, served, and each of its pages by name: for accessibility, budgets and screenshots."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from ihome.config import load
from ihome.demo.city import ACCOUNTS, PASSWORD, read_city
from ihome.demo.gallery import all_shots
from ihome.demo.load import Draw
from ihome.kit.db import utcnow
from ihome.web import create_app
from tests import make
from tests.site_process import Client, Site, inside, running_site
from tests.test_journey import eventually

VISITOR, GUEST, LANDLORD, NEWCOMER = "visitor", "guest", "landlord", "newcomer"
DATES = "check_in={check_in}&check_out={check_out}"

# name: (who looks, address); {facts} are found when the city is there.
PAGES: dict[str, tuple[str, str]] = {
    "home": (VISITOR, "/"),
    "search": (VISITOR, "/search"),
    "search-dates": (VISITOR, f"/search?area_id=2&{DATES}"),
    "search-empty": (VISITOR, "/search?price_min=99999"),
    "search-bare": (VISITOR, "/search?area_id=2&price_min=190&price_max=230"),
    "search-wrong": (VISITOR, "/search?check_in=tomorrow&guests=0"),
    "house": (VISITOR, "/houses/{house_id}"),
    "house-dates": (VISITOR, f"/houses/{{house_id}}?{DATES}"),
    "house-taken": (VISITOR, "/houses/{house_id}?check_in={taken_in}&check_out={taken_out}"),
    "house-bare": (VISITOR, "/houses/{bare_id}"),
    "book": (VISITOR, "/houses/{house_id}/book"),
    "book-dates": (GUEST, f"/houses/{{house_id}}/book?{DATES}"),
    "book-taken": (VISITOR, "/houses/{house_id}/book?check_in={taken_in}&check_out={taken_out}"),
    "sign-in": (VISITOR, "/signin"),
    "register": (VISITOR, "/register"),
    "reset-password": (VISITOR, "/reset-password"),
    "needs-script": (VISITOR, "/needs-script"),
    "not-found": (VISITOR, "/nowhere"),
    "not-yours": (NEWCOMER, "/houses/{house_id}/edit"),
    "broken": (VISITOR, "/broken"),
    "offline": (VISITOR, "/offline"),
    "pay-done": (VISITOR, "/pay/done"),
    "about": (VISITOR, "/about"),
    "help": (VISITOR, "/help"),
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
    "house-photos-none": (LANDLORD, "/houses/{bare_id}/photos"),
    "trips-none": (NEWCOMER, "/trips"),
    "hosting-none": (NEWCOMER, "/hosting"),
    "my-houses-none": (NEWCOMER, "/my-houses"),
    "me-first": (NEWCOMER, "/me"),
    "house-new-first": (NEWCOMER, "/houses/new"),
}


def _press(selector: str) -> Callable[[Page], None]:
    """Press what of this is in sight: a page may have another one for the other size."""
    return lambda page: page.locator(selector).filter(visible=True).first.click()


def _send(call: str) -> Callable[[Page], None]:
    """Send the form whose call ends so, as it is."""
    return _press(f"form[data-api$='{call}'] button:not([type=button])")


# name: (the page, what is done there): what is seen only after a key or a tap.
STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "menu": ("home-signed-in", _press("summary.person")),
    "home-when": ("home", _press("form[role=search] [aria-haspopup=dialog]")),
    "search-asked": ("search-dates", _press(".asked, form[role=search] [aria-haspopup=dialog]")),
    "search-filters": ("search", _press(".filters summary")),
    "house-when": ("house", _press("#booking [aria-haspopup=dialog]")),
    "house-lightbox": ("house", _press("[data-gallery] a")),
    "request-declining": ("request", _press("details.ask-again summary")),
    "trip-withdrawing": ("trip", _press("details.ask-again summary")),
    "register-wrong": ("register", _send("/users")),
    "reset-password-wrong": ("reset-password", _send("/users/password_resets")),
    "sign-in-wrong": ("sign-in", _send("/sessions")),
    "identity-wrong": ("me-first", _send("/users/auths")),
    "me-password": ("me", _press("#security summary")),
    "house-new-wrong": ("house-new", _press("[data-forward]")),
    "trip-comment-wrong": ("trip-to-comment", _send("/comment")),
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

    def open(self, name: str, page: Page) -> None:
        """Lead this page to what PAGES or STATES call so."""
        base, act = STATES.get(name, (name, None))
        if base == "broken":
            body = self._broken_page()
            page.route(self.address(base), lambda route: route.fulfill(status=500, content_type="text/html", body=body))
        page.goto(self.address(base), wait_until="load")
        if act:
            act(page)

    def _broken_page(self) -> str:
        """What visitors see of a page in which there is a fault; no page has one to be visited."""
        with inside(self.site):
            app = create_app(load({name: value for name, value in self.site.environment.items() if "IHOME_" in name}))

            @app.get("/broken")
            def broken() -> str:
                raise RuntimeError

            return app.test_client().get("/broken").text

    @staticmethod
    def whose(name: str) -> str:
        """Who looks at it."""
        return PAGES[STATES[name][0] if name in STATES else name][0]

    def context(self, browser: Browser, who: str, **options: Any) -> BrowserContext:
        """A browser of this person; animations would be caught half-way."""
        made = browser.new_context(reduced_motion="reduce", **{"locale": "zh-CN"} | options)
        made.add_cookies(self.cookies[who])
        return made


@contextmanager
def showcase(folder: Path, *, bare: bool = True, draw: Draw = lambda _: ()) -> Iterator[Showcase]:
    """The demo city in this folder, served until the block ends; `bare`: with a house that has no picture.

    Loading draws what `draw` has not kept.
    """
    with running_site(folder, demo="1") as site:
        with inside(site):
            list(draw(all_shots(read_city())))
        site.command("demo", "load")
        people = {who: _signed_in(site, who) for who in (GUEST, LANDLORD)}
        with inside(site):
            people[NEWCOMER] = site.client_of(make.user("newcomer"))
        cookies = {who: _cookies(site, person) for who, person in people.items()}
        yield Showcase(site, cookies | {VISITOR: []}, _facts(site, people[GUEST], people[LANDLORD], bare=bare))


def _signed_in(site: Site, who: str) -> Client:
    person = site.client()
    answer = person.post("/sessions", {"email": ACCOUNTS[who], "password": PASSWORD})
    assert answer["errno"] == "0", answer
    return person


def _cookies(site: Site, person: Client) -> list[Any]:
    return [{"name": one.name, "value": one.value, "url": site.url} for one in person.http.cookies.jar]


def _facts(site: Site, guest: Client, landlord: Client, *, bare: bool) -> dict[str, str]:
    """The addresses' blanks; on the way the guest books a stay, which takes its nights and mails the landlord."""
    house_id = guest.get("/houses", sort_key="booking")["data"]["houses"][0]["house_id"]
    arrive = utcnow().date() + timedelta(days=150)
    body = {"house_id": house_id, "start_date": str(arrive), "end_date": str(arrive + timedelta(days=1))}
    placed = guest.post("/orders", body)
    assert placed["errno"] == "0", placed
    orders = guest.get("/user/orders", role="custom")["data"]["orders"]
    unpaid_id = next(order["order_id"] for order in orders if order["status"] == "WAIT_PAYMENT")
    pay_url = guest.post(f"/orders/{unpaid_id}/payment")["data"]["pay_url"]
    own_id = landlord.get("/user/houses")["data"]["houses"][0]["house_id"]
    bare_id = landlord.post("/houses/info", make.HOUSE)["data"]["house_id"] if bare else own_id
    landlord.post("/user/archive")
    requests = landlord.get("/user/orders", role="landlord")["data"]["orders"]
    eventually(lambda: landlord.get("/user/archive")["data"]["status"] == "ready")
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
        "own_id": str(own_id),
        "cashier": str(guest.http.get(pay_url, follow_redirects=True).url),
        "bare_id": str(bare_id),
        "mail": eventually(lambda: re.search(r"/mailbox/[^\"/]+", guest.http.get("/mailbox").text)).group(),
    }
