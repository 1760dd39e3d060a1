"""A page as a browser reads it: its links, forms, fields and labels, and whatever should not stand in it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse

from tests.browser_double import Browser

FOREIGN = re.compile(r"(?:https?:)?//(?!localhost(?:[:/]|$))", re.ASCII)
ADDRESSES = {"href", "src", "srcset", "action", "poster", "data-next", "formaction"}
FIELDS = {"input", "select", "textarea"}


@dataclass
class Page:
    """What was found, in the order of the page."""

    html: str
    status: int = 200
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    fields: list[dict[str, str]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    described: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    words: str = ""

    def calls(self) -> set[str]:
        """The API calls its forms make."""
        return {form["data-api"] for form in self.forms if "data-api" in form}


class Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = {name: value or "" for name, value in attrs}
        self.page.ids += [found["id"]] if "id" in found else []
        self._look_for_faults(tag, found)
        if tag == "a" and "href" in found:
            self.page.links.append(found["href"])
        if tag == "form":
            self.page.forms.append(found)
        if tag in FIELDS and found.get("type") != "hidden":
            self.page.fields.append(found | {"inside": "label" if "label" in self.within else ""})
        if tag == "label" and "for" in found:
            self.page.labels.add(found["for"])
        self.page.described |= set(found.get("aria-describedby", "").split())
        self.page.described |= set(found.get("aria-labelledby", "").split())
        if tag in ("label", "script", "style"):
            self.within.append(tag)

    def _look_for_faults(self, tag: str, found: dict[str, str]) -> None:
        is_data = found.get("type") == "application/ld+json"  # Nothing runs it.
        if tag == "style" or (tag == "script" and "src" not in found and not is_data):
            self.page.faults.append(f"inline {tag}")
        for name, value in found.items():
            if name == "style" or name.startswith("on"):
                self.page.faults.append(f"{tag} {name}={value}")
            if name in ADDRESSES and (FOREIGN.match(value) or value.lower().startswith(("javascript:", "data:"))):
                self.page.faults.append(f"{tag} {name}={value}")
        if tag == "img" and not {"alt", "width", "height"} <= found.keys():
            self.page.faults.append(f"img without alt, width or height: {found}")

    def handle_endtag(self, tag: str) -> None:
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if "script" not in self.within:
            self.page.words += data


def answer_of(browser: Browser, path: str, language: str = "zh") -> TestResponse:
    """The answer to a page asked for in this language, redirects not followed."""
    return browser.client.get(path, headers={"Accept-Language": language}, environ_base={"REMOTE_ADDR": browser.ip})


def read(browser: Browser, path: str, language: str = "zh") -> Page:
    answer = answer_of(browser, path, language)
    page = Page(answer.get_data(as_text=True), answer.status_code)
    Reader(page).feed(page.html)
    page.words = " ".join(page.words.split())
    return page


def where(browser: Browser, path: str) -> str:
    """Where this address leads."""
    answer = answer_of(browser, path)
    assert answer.status_code in (301, 302, 308), answer.status_code
    return answer.headers["Location"]
