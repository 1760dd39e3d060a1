"""axe finds nothing wrong on any page, in the light and in the dark, on phone and desktop."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from ihome.demo.gallery import keep
from ihome.storage.media import storage
from ihome.storage.pictures import all_sizes
from tests.browser.conftest import DESKTOP, PHONE, SIZES
from tests.browser.showcase import GUEST, LANDLORD, NEWCOMER, PAGES, STATES, VISITOR, showcase

VENDOR = Path(__file__).parent / "vendor"
AXE = (VENDOR / "axe.min.js").read_text()
LOOK = """async (runOnly) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...(runOnly && { runOnly }) });
  const reason = (node) => [...node.any, ...node.all].map((one) => one.message)[0] ?? "";
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${reason(node)}`));
}"""
# All there are; the dark changes colours, and nothing else.
RULES = {"light": None, "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# What a finger aims at is 44 px in both directions, or its label is; links within sentences are not meant.
AIMED_AT = (
    "button, input, select, textarea, summary, .button, .chip, nav a, .head-back, .menu-list a, .brand, "
    ".order-title a, footer a"
)
SMALL = f"""() => [...document.querySelectorAll("{AIMED_AT}")]
  .filter((one) => one.checkVisibility({{ visibilityProperty: true, opacityProperty: true }}))
  .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([one, box]) => box.width > 1 && Math.min(box.width, box.height) < 43.5)
  .map(([one, box]) => `${{one.outerHTML.slice(0, 90)}} ${{Math.round(box.width)}}x${{Math.round(box.height)}}`)"""
# What is wider than the phone, or than the step of an order it is in.
WIDE = """() => [document.documentElement, ...document.querySelectorAll(".steps li")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.innerText.slice(0, 40))"""
NOT_LOOKED_AT = {
    "static", "module", "serve_media", "storefront.favicon", "accounts.choose_language", "sandbox.gateway",
    "mailbox.letter", "service_worker", "archive.download",
}  # fmt: skip


@pytest.fixture(scope="package")
def city(chromium, tmp_path_factory):
    with showcase(tmp_path_factory.mktemp("showcase"), draw=draw_few) as served:
        yield served


def draw_few(wanted):
    """One picture of each kind, kept under all names: axe minds their size, not what they show."""
    firsts = {}
    for shot in wanted:
        first = firsts.setdefault(shot.kind, shot)
        if shot is first:
            keep(shot)
        for source, copy in zip(keys(first), keys(shot), strict=True):
            storage().put(copy, storage().get(source))
        yield shot


def keys(shot):
    return [shot.key] if shot.kind == "avatar" else all_sizes(shot.key)


@pytest.fixture(scope="package")
def contexts(chromium, city):
    made = {who: city.context(chromium, who) for who in (VISITOR, GUEST, LANDLORD, NEWCOMER)}
    yield made
    for context in made.values():
        context.close()


@pytest.mark.parametrize("name", [*PAGES, *STATES])
def test_axe_finds_no_violation(city, contexts, name):
    page = contexts[city.whose(name)].new_page()
    city.open(name, page)
    page.evaluate(AXE)
    found = {}
    for device in (PHONE, DESKTOP):
        page.set_viewport_size(SIZES[device])
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            found[device, theme] = page.evaluate(LOOK, RULES[theme])
    page.set_viewport_size(SIZES[PHONE])
    found["small"] = page.evaluate(SMALL)
    found["wide"] = page.evaluate(WIDE)
    page.close()
    assert {where: what for where, what in found.items() if what} == {}


def test_axe_would_find_one(city, contexts):
    """If this fails, the tests above prove nothing."""
    page = contexts[VISITOR].new_page()
    page.goto(city.address("sign-in"))
    page.evaluate(AXE)
    page.evaluate("document.querySelector('label[for=email]').remove()")
    assert any("label" in fault for fault in page.evaluate(LOOK))
    page.close()


@pytest.mark.parametrize("who", [VISITOR, GUEST, LANDLORD])  # The newcomer has chosen Chinese.
def test_english_fits_a_phone_and_axe(city, chromium, who):
    """Its words are longer, and others: without this, nobody would see that one sticks out, or is not what is heard."""
    context = city.context(chromium, who, locale="en-US", viewport=SIZES[PHONE])
    page = context.new_page()
    found = {}
    for name in PAGES:
        if PAGES[name][0] == who:
            city.open(name, page)
            assert name in ("broken", "mail") or page.locator("html[lang^=en]").count(), name
            page.evaluate(AXE)
            found[name] = page.evaluate(WIDE) + page.evaluate(LOOK)
    context.close()
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize("name", [name for name in PAGES if PAGES[name][0] == VISITOR and name != "broken"])
def test_without_script_it_can_be_read(city, chromium, name):
    context = city.context(chromium, VISITOR, java_script_enabled=False, viewport=SIZES[PHONE])
    page = context.new_page()
    page.goto(city.address(name), wait_until="load")
    assert page.locator("h1:visible").count() == 1
    assert len(page.locator("main").inner_text()) > 20
    # Nothing is offered that only script could do, but in forms, which lead to a page that says so.
    dead = page.locator("button[type=button]:not(form[data-api] *)").filter(visible=True)
    assert [one.evaluate("one => one.outerHTML") for one in dead.all()] == []
    assert page.locator(".head-back, main a[href]:not([href^='#'])").filter(visible=True).count() > 0
    context.close()


def test_no_page_is_forgotten(city, app: Flask):
    """Each page that the site has is in PAGES, so that it is checked here and has its screenshot."""
    adapter = app.url_map.bind("localhost")
    addresses = [city.address(name).removeprefix(city.site.url).partition("?")[0] for name in PAGES]
    looked_at = {adapter.match(path)[0] for path in addresses if path not in ("/nowhere", "/broken")}
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods and "/api/" not in rule.rule}
    old = {endpoint for endpoint in pages if endpoint.startswith("storefront.old")}  # They only lead to new addresses.
    assert pages - old - NOT_LOOKED_AT == looked_at


@pytest.fixture
def settings():
    return {"demo": "1"}


def test_what_is_vendored_is_what_the_manifest_says():
    for entry in json.loads((VENDOR / "manifest.json").read_text()):
        assert sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert (VENDOR / entry["licence_file"]).is_file()
