"""A slow line: whatever one does is seen to be under way, goes once, and can be left again; nothing jumps."""

import re

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import DESKTOP, PATIENCE, PHONE, PHONE_ZH_DESKTOP_EN
from tests.browser.person import photo
from tests.site_process import inside

EVERYWHERE = pytest.mark.parametrize("device", [PHONE, DESKTOP])
BLINK = 250  # Milliseconds: what takes longer has to say so.
LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
TELL = """(blink) => addEventListener("click", () => setTimeout(() => {
  const shown = document.querySelector("body[data-loading], form[data-busy] button:disabled");
  console.info(`under way: ${shown ? "yes" : "no"}`);
}, blink), { capture: true })"""
WATCH = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, sources } of list.getEntries()) {
      if (!hadRecentInput) window.shifts.push([value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 80))]);
    }
  }).observe({ type: "layout-shift", buffered: true });
}"""


@pytest.fixture
def owner(site, language):
    with inside(site):
        return make.user("owner", verified=True, language=language)


@pytest.fixture
def houses(site, owner):
    """More than a page of them, some with pictures."""
    with inside(site):
        made = [make.house(owner, area_id=9, price=6100) for _ in range(13)]
        for house in made[-4:]:
            for _ in range(2):
                make.photo(house)
    return made


@pytest.fixture
def house(houses):
    return houses[-1]


@pytest.fixture
def user(site, language):
    with inside(site):
        return make.user("slow", language=language)


@pytest.fixture
def guest(meet, user):
    someone = meet()
    someone.is_signed_in_as(user)
    return someone


@pytest.fixture
def slow():
    """Puts somebody on a bad line, whose page then tells whether it shows that something is under way."""

    def put(person):
        person.page.evaluate(TELL, BLINK)
        person.page.add_init_script(f"({TELL})({BLINK})")
        person.told = []
        person.page.on("console", lambda message: person.told.append(message.text) if message.type == "info" else None)
        client = person.context.new_cdp_session(person.page)
        client.send("Network.enable")
        client.send("Network.emulateNetworkConditions", LINE)
        return person

    return put


def told(person):
    """The next that their page tells. To ask it would wait for the page to come."""
    for _ in range(PATIENCE // 50):
        if person.told:
            break
        person.page.wait_for_timeout(50)
    return person.told.pop(0)


def is_under_way(person):
    """Within a blink of the click the page says that something happens."""
    assert told(person) == "under way: yes"


def calls(person, method, path):
    """Fills with what is sent there."""
    sent = []
    person.page.on(
        "request", lambda asked: sent.append(asked) if asked.method == method and re.search(path, asked.url) else None
    )
    return sent


@EVERYWHERE
def test_searching_and_opening_a_house_are_seen_to_be_under_way(person, slow, house):
    person.open("/")
    slow(person)
    search = person.find("form[role=search]")
    search.locator("[name=area_id]").select_option("9")
    search.locator("button.primary").last.click(no_wait_after=True)
    is_under_way(person)
    person.page.wait_for_url("**/search?*area_id=9*")
    expect(person.find("body[data-loading]")).to_have_count(0)
    person.find(f".card a[href^='/houses/{house.id}']").click(no_wait_after=True)
    is_under_way(person)
    person.page.wait_for_url(f"**/houses/{house.id}*")
    expect(person.find("h1")).to_be_visible()


@EVERYWHERE
def test_more_places_come_once(person, slow, houses):
    person.open("/search?area_id=9&price_min=61&price_max=61")
    slow(person)
    cards = person.find("#results > *")
    before = cards.count()
    asked = calls(person, "GET", "page=2")
    person.find(".further button").dblclick(no_wait_after=True)
    is_under_way(person)
    expect(person.find("#results")).to_have_attribute("aria-busy", "true")
    expect(cards).not_to_have_count(before)
    expect(person.find("#results[aria-busy]")).to_have_count(0)
    assert len(asked) == 1
    links = [card.get_attribute("href") for card in person.find("#results .card a").all()]
    assert len(links) == len(set(links))


@pytest.fixture
def waiting(person, slow, house):
    """They open a house that does not come; `leave` runs a second later."""

    def wait(leave):
        person.open("/")
        person.open("/search?area_id=9")
        slow(person)
        held = []
        person.page.route(re.compile(rf"/houses/{house.id}(\?.*)?$"), lambda route: held.append(route))
        person.page.evaluate(f"() => addEventListener('click', () => setTimeout(() => {{ {leave} }}, 1000))")
        person.find(f".card a[href^='/houses/{house.id}']").click(no_wait_after=True)
        is_under_way(person)
        person.page.wait_for_timeout(1500)
        assert len(held) == 1

    return wait


@EVERYWHERE
def test_a_page_that_does_not_come_can_be_stopped(person, waiting):
    waiting("stop(); setTimeout(() => console.info(document.body.dataset.loading ?? 'at rest'), 100);")
    assert told(person) == "at rest"


@EVERYWHERE
def test_a_page_that_does_not_come_can_be_left(person, site, waiting):
    waiting("history.back();")
    person.page.wait_for_url(f"{site.url}/")
    expect(person.find("body[data-loading]")).to_have_count(0)
    person.find("#nav a[href='/search']").click()
    person.page.wait_for_url("**/search")


@EVERYWHERE
def test_months_and_prices_on_their_way_are_seen_to_be(guest, slow, house):
    guest.open(f"/houses/{house.id}")
    slow(guest)
    guest.find("#months [rel=next]").click()
    is_under_way(guest)
    expect(guest.find("body[data-loading]")).to_have_count(0)
    guest.find("#months .free:visible").nth(3).click()
    guest.find("#months .free:visible").nth(5).click()
    is_under_way(guest)
    expect(guest.find("#quote .sum")).to_contain_text("¥122")
    expect(guest.find("body[data-loading]")).to_have_count(0)


@PHONE_ZH_DESKTOP_EN
def test_a_request_an_answer_and_a_payment_go_once(meet, guest, slow, house, owner, site):
    with inside(site):
        stay = make.stay(50, nights=2)
    guest.open(f"/houses/{house.id}/book?check_in={stay.check_in}&check_out={stay.check_out}")
    slow(guest)
    asked = calls(guest, "POST", "/orders$")
    guest.find("#ask").dblclick(no_wait_after=True)
    is_under_way(guest)
    guest.page.wait_for_url("**/trips/*")
    assert len(asked) == 1
    order_id = int(guest.page.url.split("/")[-1])

    landlord = meet()
    landlord.is_signed_in_as(owner)
    landlord.open("/hosting")
    slow(landlord)
    answered = calls(landlord, "PUT", "/status$")
    landlord.find(f"#accept-{order_id}").dblclick(no_wait_after=True)
    is_under_way(landlord)
    expect(landlord.find(f"#order-{order_id} .badge").first).to_have_text(landlord.says("Waiting for payment"))
    assert len(answered) == 1

    guest.page.reload()
    paid = calls(guest, "POST", "/payment$")
    guest.told.clear()  # Of the second half of the double click.
    guest.find("form[data-api$='/payment'] button").dblclick(no_wait_after=True)
    is_under_way(guest)
    guest.page.wait_for_url("**/sandbox/**")
    assert len(paid) == 1


def test_pictures_on_their_way_have_a_bar_and_a_way_out(meet, slow, owner, site, tmp_path):
    with inside(site):
        house = make.house(owner)
    landlord = meet()
    landlord.is_signed_in_as(owner)
    landlord.open(f"/houses/{house.id}/photos")
    slow(landlord)
    landlord.fill(
        landlord.form("POST /api/v1.0/houses/images"), house_image=[photo(tmp_path, f"{name}.jpg") for name in "abc"]
    )
    expect(landlord.find(".upload-row progress")).to_have_count(3, timeout=BLINK * 2)
    landlord.find(".upload-row [data-drop]").last.click()
    expect(landlord.find("#photos img")).to_have_count(2)


@EVERYWHERE
@pytest.mark.parametrize("page", ["home", "search", "house"])
def test_nothing_jumps_while_pictures_come(person, slow, house, page):
    person.open("/docs")
    slow(person)
    person.open({"home": "/", "search": "/search?area_id=9", "house": f"/houses/{house.id}"}[page])
    person.page.evaluate(WATCH)
    for _ in range(6):
        person.page.mouse.wheel(0, 500)
        person.page.wait_for_timeout(150)
    person.page.wait_for_load_state("networkidle")
    shifts = person.page.evaluate("window.shifts")
    assert sum(shift[0] for shift in shifts) < 0.02, shifts


@EVERYWHERE
def test_going_back_while_the_request_is_on_its_way_leaves_no_stuck_button(guest, slow, house, site):
    with inside(site):
        stay = make.stay(60, nights=2)
    review = f"/houses/{house.id}/book?check_in={stay.check_in}&check_out={stay.check_out}"
    guest.open(f"/houses/{house.id}")
    guest.open(review)
    slow(guest)
    guest.find("#ask").click(no_wait_after=True)
    is_under_way(guest)
    guest.page.evaluate("setTimeout(() => history.back())")  # Else the answer may be lost with the page.
    guest.page.wait_for_url(re.compile(rf"/houses/{house.id}$"))
    guest.page.evaluate("setTimeout(() => history.forward())")
    guest.page.wait_for_url(re.compile("/book"))
    # Either the request has arrived, and the page says so, or it can be sent now: never neither.
    expect(guest.find("#ask:enabled, #quote .note.amber a[href^='/trips/']")).to_have_count(1)
