"""What holds for every page: two languages, nothing inline or foreign, labelled fields, forms whose call exists."""

import re
from pathlib import Path

import pytest
from werkzeug.exceptions import HTTPException

from ihome.houses.actions import add_photo
from ihome.kit import db
from ihome.kit.db import in_transaction
from tests import make
from tests.browser_double import Browser
from tests.page_reader import Page, answer_of, read

STATIC = Path(__file__).parents[1] / "src" / "ihome" / "static"
TEMPLATES = STATIC.parent / "templates"
OPEN = ["/", "/search", "/search?area_id=2&rooms=1&facility=1", "/search?check_in=x", "/signin", "/register",
        "/reset-password", "/docs", "/pay/done", "/pay/done?a=b", "/needs-script", "/houses/{id}",
        "/houses/{id}/book", "/offline"]  # fmt: skip
SIGNED_IN = ["/trips", "/hosting", "/my-houses", "/houses/new", "/houses/{id}/edit", "/houses/{id}/photos", "/me"]
TITLE = "<script>alert('家')</script> & \"{x}\" %(y)s"


@pytest.fixture
def settings():
    return {"demo": "1"}


@pytest.fixture
def landlord(app):
    return make.landlord()


@pytest.fixture
def house(landlord):
    """With a picture and a request, a paid stay, and one that is over."""
    owner, guest = landlord, make.user("guest")
    house = make.house(owner, title=TITLE, description="<b>院子</b>")
    in_transaction(lambda: add_photo(make.get_house(house.id), "houses/1/abc-l.webp"))
    make.order(guest, house, ahead=3)
    make.accepted(owner, make.house(), ahead=20)
    make.paid(guest, house, ahead=30)
    make.stayed(guest, house, ahead=1, nights=1)
    return house


@pytest.fixture
def everywhere(app, landlord, house, visitor):
    """Each page, read: the open ones by a visitor, the others by the landlord."""

    def read_all(language: str = "zh") -> dict[str, Page]:
        signed_in = make.browser(app, landlord)
        asked = dict.fromkeys(OPEN, visitor) | dict.fromkeys(SIGNED_IN, signed_in)
        return {path: read(browser, path.format(id=house.id), language) for path, browser in asked.items()}

    return read_all


def test_pages_answer_in_both_languages(everywhere):
    for path, page in everywhere("zh").items():
        assert (path, page.status) == (path, 200)
        assert '<html lang="zh-CN">' in page.html
    for path, page in everywhere("en").items():
        assert (path, page.status) == (path, 200)
        assert path in SIGNED_IN or '<html lang="en">' in page.html  # Whoever is signed in has chosen Chinese.


def test_pages_are_kept_by_the_browser_alone(visitor):
    assert answer_of(visitor, "/").headers["Cache-Control"] == "private, no-cache"


def test_pages_bring_no_inline_code_and_ask_no_foreign_host(everywhere):
    assert {path: page.faults for path, page in everywhere().items() if page.faults} == {}


def test_what_people_typed_stays_text(everywhere):
    for path, page in everywhere().items():
        assert "<script>alert" not in page.html, path
        assert "<b>院子" not in page.html, path


def test_fields_have_labels_and_ids_are_unique(everywhere):
    for path, page in everywhere().items():
        assert len(page.ids) == len(set(page.ids)), path
        assert page.described <= set(page.ids), path
        nameless = [one for one in page.fields if one.get("id") not in page.labels and one["inside"] != "label"]
        assert nameless == [], path


def test_forms_call_endpoints_there_are_and_never_put_secrets_into_an_address(app, everywhere):
    for path, page in everywhere().items():
        for form in page.forms:
            if "data-api" not in form:
                assert form.get("method") == "dialog" or re.fullmatch(
                    r"/search|/houses/\d+/book", form.get("action", "")
                ), path
                continue
            assert (form["method"], form["action"]) == ("post", "/needs-script"), path
            method, address = form["data-api"].split()
            try:
                app.url_map.bind("localhost").match(address, method)
            except HTTPException:
                pytest.fail(f"{path}: {form['data-api']} is no endpoint")


def test_links_of_the_site_lead_somewhere(app, everywhere):
    adapter = app.url_map.bind("localhost")
    for page in everywhere().values():
        for link in {re.sub(r"[?#].*", "", link) for link in page.links} - {""}:
            adapter.match(link.removeprefix("http://localhost"), "GET")


def test_styles_and_scripts_ask_no_foreign_host():
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), *STATIC.rglob("*.svg")]:
        found = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", found), path
        assert not re.search(r"https?://[a-z]", found), path


def test_only_the_tokens_name_colours():
    """A colour of its own in a rule is one that the dark does not know; white stands on pictures alone."""
    for path in STATIC.glob("css/*.css"):
        if path.name != "tokens.css":
            assert set(re.findall(r"#[0-9a-f]{3,8}\b", path.read_text())) <= {"#ffffff", "#cfc5b6", "#f2ede6"}, path


def classes_in(path: Path) -> set[str]:
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", path.read_text(), flags=re.S)))


def test_styles_are_for_classes_that_pages_have():
    written = "\n".join(path.read_text() for path in [*TEMPLATES.rglob("*.html"), *STATIC.rglob("*.js")])
    for path in STATIC.glob("css/*.css"):
        unused = {one for one in classes_in(path) if not re.search(rf"(?<![\w-]){one}(?![\w-])", written)}
        assert {one for one in unused if not one.startswith("mosaic-")} == set(), path  # Those end in a number.


def test_pages_bring_the_styles_of_their_classes(everywhere):
    """Each family of pages has a file of its own; who uses a class of another family has to load that one, too."""
    styled = {path.name: classes_in(path) for path in STATIC.glob("css/*.css")}
    for path, page in everywhere().items():
        loaded = set().union(*(styled[name] for name in re.findall(r"css/(\w+\.css)", page.html)))
        used = {one for names in re.findall(r'class="([^"]*)"', page.html) for one in names.split()}
        assert used & set().union(*styled.values()) - loaded == set(), path


MODULES = {
    "avatar": ["crop"], "codes": ["captcha", "ask", "reveal"], "dates": ["days"], "draft": ["draft"],
    "order": ["order"], "orders": ["left", "now", "fill"], "payment": ["confirm"], "pictures": ["carousel", "gallery"],
    "stay": ["preview"], "steps": ["steps"], "uploads": ["uploads"],
}  # fmt: skip


def test_pages_load_the_modules_of_their_parts(everywhere):
    met = set()
    for path, page in everywhere().items():
        for module, parts in MODULES.items():
            if re.search(rf"\sdata-({'|'.join(parts)})[\s=>]", page.html):
                met.add(module)
                assert re.search(rf"/{module}\.js", page.html), (path, module)
    assert met == MODULES.keys()


def test_an_unknown_address_is_a_page_with_a_way_on(visitor):
    page = read(visitor, "/no/such/page")
    assert page.status == 404
    assert "/search" in page.links


def test_an_unknown_house_is_a_page_with_a_way_on(visitor):
    assert read(visitor, "/houses/4711471147").status == 404
    assert read(visitor, "/houses/99999999999999999999").status == 404


def test_a_page_for_somebody_leads_to_sign_in_and_back(visitor, house):
    for path in (path.format(id=house.id) for path in SIGNED_IN):
        answer = answer_of(visitor, f"{path}?page=2")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/signin?next={path}?page%3D2")


def test_who_may_not_see_a_page_learns_who_they_are(app, landlord):
    guest = make.user("guest")
    page = read(make.browser(app, guest), f"/houses/{make.house(landlord).id}/edit")
    assert page.status == 403
    assert guest.name in page.words
    assert "/me#security" in page.links


def test_a_fault_of_ours_offers_another_try_and_a_number_to_name(app, visitor, monkeypatch):
    monkeypatch.setitem(app.view_functions, "storefront.search_page", lambda: 1 / 0)
    answer = answer_of(visitor, "/search?area_id=2")
    assert answer.status_code == 500
    assert 'href="/search?area_id=2"' in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_the_page_for_no_connection_says_nothing_of_who_is_signed_in(app, landlord):
    browser = make.browser(app, landlord)
    assert landlord.name not in answer_of(browser, "/offline").text
    worker = {
        language: answer_of(browser if language == "zh" else Browser(app), "/sw.js", language).text
        for language in ("zh", "en")
    }
    assert '"/offline"' in worker["zh"]
    assert worker["zh"] != worker["en"]  # Another language is another page to keep.


def test_an_outage_has_a_page(app, landlord, tmp_path):
    """Though every page says who is looking, and in whose language: neither can be looked up."""
    browser = make.browser(app, landlord)
    db.connect(f"sqlite:///{tmp_path}/away/ihome.db")
    for path, status in {"/": 503, "/trips": 503, "/no/such/page": 404}.items():
        page = read(browser, path)
        assert (path, page.status) == (path, status)
        assert "/search" in page.links


def test_the_cashier_has_one_form_and_needs_no_script(app):
    """Also in the demo, whose bar would bring forms of its own: programs press the only button there is."""
    guest = make.user()
    order = make.accepted(guest, make.house())
    browser = make.browser(app, guest)
    pay_url = browser.post(f"/orders/{order.id}/payment")["data"]["pay_url"]
    html = browser.client.get(pay_url, follow_redirects=True).get_data(as_text=True)
    assert html.count("<form") == 1
    assert "<script" not in html


def test_the_demo_lets_one_be_somebody_else(visitor):
    page = read(visitor, "/")
    assert "POST /demo/sign-in" in page.calls()
    assert "/mailbox" in page.links


@pytest.mark.parametrize("settings", [{}])
def test_a_site_in_earnest_has_no_demo_bar(visitor):
    page = read(visitor, "/register")
    assert "POST /demo/sign-in" not in page.calls()
    assert "/mailbox" not in page.links


def test_a_browser_without_script_is_told_and_nothing_is_done(app):
    """It sends no token, so this page must take none."""
    answer = Browser(app).client.post("/needs-script", data={"password": "secret"})
    assert answer.status_code == 200
    assert "secret" not in answer.get_data(as_text=True)


def test_modules_find_each_other_under_the_version_of_all(visitor):
    """A module that is imported under two addresses runs twice; one without a version would be kept for ever."""
    (address,) = re.findall(r'src="(/static/js-[0-9a-f]{10}/app\.js)"', answer_of(visitor, "/").text)
    for module in (STATIC / "js").glob("*.js"):
        with visitor.client.get(address.replace("app.js", module.name)) as answer:
            assert (module.name, answer.status_code) == (module.name, 200)
            assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert all(name.startswith("./") for name in re.findall(r'from "([^"]+)"', module.read_text()))
