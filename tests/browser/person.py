"""Somebody in front of a browser: what they open, fill in and press, and what went wrong meanwhile."""

import re
import sqlite3
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request

from ihome.accounts.actions import open_session
from ihome.accounts.models import User
from ihome.kit import db, i18n
from tests import make
from tests.site_process import Site, inside
from tests.test_journey import eventually

# The browser says this itself of every answer of the API that is a refusal; a test asks for those.
REFUSAL = re.compile(r"Failed to load resource: .* status of 4\d\d")


class Person:
    """A browser with its own cookies; `faults` fills with what no visit may cause."""

    def __init__(self, context: BrowserContext, site: Site, language: str) -> None:
        self.context, self.site, self.language = context, site, language
        self.faults: list[str] = []
        self.user: User | None = None
        context.add_cookies([{"name": "lang", "value": language, "url": site.url}])
        context.on("request", self._look_at_request)
        self.page: Page = context.new_page()
        self.page.on("console", self._look_at_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script failed: {error}"))

    def _look_at_request(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.faults.append(f"asked another host: {request.url}")

    def _look_at_console(self, message: ConsoleMessage) -> None:
        is_refusal = REFUSAL.search(message.text) and "/api/" in message.location["url"]
        if message.type == "error" and not is_refusal:
            self.faults.append(f"{message.text} ({message.location['url']})")

    def is_signed_in_as(self, user: User) -> None:
        self.user = user
        with inside(self.site):
            token = db.in_transaction(open_session, user.id, None)
        self.context.add_cookies([{"name": "session", "value": token, "url": self.site.url, "httpOnly": True}])

    def says(self, message: str, **facts: object) -> str:
        """The site's words in this person's language."""
        with i18n.speaking(self.language):
            return i18n.gettext(message, **facts)

    def open(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def form(self, call: str) -> Locator:
        """The form that makes this call of the API."""
        return self.find(f"form[data-api='{call}']")

    def fill(self, form: Locator, **fields: Any) -> None:
        """Text into inputs, values into selects, files into file inputs."""
        for name, value in fields.items():
            field = form.locator(f"[name={name}]")
            if step := field.evaluate("one => one.closest('[data-form-step][hidden]')?.id"):
                form.locator(f"a[href='#{step}']").click()
            tag = field.evaluate("one => one.localName")
            if tag == "select":
                field.select_option(str(value))
            elif field.get_attribute("type") == "file":
                field.set_input_files(value)
            elif field.get_attribute("type") == "hidden":
                self.choose_day(form, name, str(value))
            else:
                field.fill(str(value))

    def choose_day(self, form: Locator, name: str, day: str) -> None:
        """In the calendar that opens in place of a date field, and stays open until both dates are chosen."""
        opener = form.locator(f"[name={name}]").get_attribute("id")
        calendar = self.find("dialog.when")
        if not calendar.is_visible():
            form.locator(f"#{opener}-pick").click()
        cell = calendar.locator(f"[data-day='{day}']")
        while not cell.is_visible():
            calendar.locator("[rel=next]").click()
        cell.click()

    def send(self, call: str, **fields: Any) -> Locator:
        """Fill the form that makes this call and press its button."""
        form = self.form(call)
        self.fill(form, **fields)
        form.locator("button:not([type=button])").last.click()
        return form

    def error_at(self, form: Locator, name: str) -> Locator:
        """Where the form says what is wrong with this field."""
        ids = form.locator(f"[name={name}]").get_attribute("aria-describedby") or ""
        return self.find("#" + next(one for one in ids.split() if one.endswith("-error")))

    def drag(self, places: list[tuple[float, float]]) -> None:
        """One finger comes down at the first of these places, goes over the others, and leaves."""
        cdp = self.context.new_cdp_session(self.page)
        for number, (x, y) in enumerate(places):
            kind = "touchMove" if number else "touchStart"
            cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
            self.page.wait_for_timeout(20)
        cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def swipe(self, over: Locator) -> None:
        """With one finger, from right to left."""
        box = over.bounding_box()
        assert box
        at = box["y"] + box["height"] / 4
        self.drag([(box["x"] + box["width"] * part / 10, at) for part in range(9, 1, -1)])

    def api(self, path: str) -> Any:
        """What the API tells this person."""
        return self.context.request.get(f"{self.site.url}/api/v1.0{path}").json()["data"]

    def picture_code(self, form: Locator) -> str:
        """The text of the picture that the form shows, from where the site keeps it."""
        code_id = form.locator("[name=image_code_id]").input_value()
        with sqlite3.connect(self.site.instance / "kv.db") as store:
            ask = "SELECT value FROM kv WHERE key=?"
            rows = eventually(lambda: store.execute(ask, [f"image_code_{code_id}"]).fetchall())
        return str(rows[0][0])

    def mailed_code(self, email: str) -> str:
        def look() -> str | None:
            for path in (self.site.instance / "mail").glob("*.eml"):
                mail = message_from_bytes(path.read_bytes(), policy=policy.default)
                if email in mail["To"]:
                    found = re.search(r"\b\d{6}\b", mail.get_body(("plain",)).get_content())
                    return found.group() if found else None
            return None

        return str(eventually(look))

    def register(self, email: str) -> None:
        """From the registration page to being signed in."""
        self.open("/register")
        form = self.form("POST /api/v1.0/users")
        self.fill(form, email=email, image_code=self.picture_code(form))
        form.locator("[data-ask]").click()
        self.fill(form, email_code=self.mailed_code(email))
        self.send("POST /api/v1.0/users", password=make.PASSWORD, confirm_password=make.PASSWORD)
        self.page.wait_for_url(f"{self.site.url}/")


def photo(folder: Path, name: str = "photo.jpg") -> Path:
    """A picture file to upload."""
    path = folder / name
    path.write_bytes(make.picture(1200, 900).getvalue())
    return path
