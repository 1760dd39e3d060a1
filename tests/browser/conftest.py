"""One Chromium and one site for each test process, and people with browsers of their own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from ihome.calendar.rules import Stay
from ihome.houses.models import House
from tests import make
from tests.browser.person import Person
from tests.conftest import missing
from tests.site_process import Site, inside, running_site

# The shell has no windows to keep: a fifth less work for the same pages.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
PHONE, DESKTOP = "phone", "desktop"
SIZES = {PHONE: {"width": 390, "height": 844}, DESKTOP: {"width": 1440, "height": 900}}
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
# Both sizes and both languages in two runs.
PHONE_ZH_DESKTOP_EN = pytest.mark.parametrize(("device", "language"), [(PHONE, "zh"), (DESKTOP, "en")])
PATIENCE = 15_000  # Milliseconds: the machine that tests is busy.


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Ends with this folder: its event loop must not run under other tests."""
    if not CHROMIUM:
        missing("chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Site]:
    """`ihome serve` with worker and sandbox gateway; each test brings its own people and houses."""
    instance = tmp_path_factory.mktemp("browser") / "instance"
    shutil.copytree(template, instance)
    with running_site(instance) as running:
        yield running


@pytest.fixture
def device() -> str:
    return PHONE


@pytest.fixture
def language() -> str:
    return "zh"


@pytest.fixture
def house(site: Site) -> House:
    with inside(site):
        return make.house(make.landlord("owner"))


@pytest.fixture
def stay(site: Site) -> Stay:
    with inside(site):
        return make.stay(40, nights=2)


Meet = Callable[..., Person]


@pytest.fixture
def meet(chromium: Browser, site: Site, device: str, language: str) -> Iterator[Meet]:
    """Makes people; afterwards none of them has met a script error, a CSP violation or another host."""
    met: list[Person] = []

    def make_person(**options: object) -> Person:
        context = chromium.new_context(
            viewport=SIZES[device],  # type: ignore[arg-type]
            has_touch=device == PHONE,
            locale=LANGUAGES[language],
            # A service worker hides requests from tests.
            **{"service_workers": "block", "reduced_motion": "reduce", **options},  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE)
        met.append(Person(context, site, language))
        return met[-1]

    yield make_person
    faults = [fault for person in met for fault in person.faults]
    for person in met:
        person.context.close()
    assert faults == []


@pytest.fixture
def person(meet: Meet) -> Person:
    """Somebody who is not signed in."""
    return meet()
