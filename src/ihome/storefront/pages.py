"""The pages a visitor sees, and where links to the pages of old lead."""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from pydantic import ValidationInfo, field_validator
from werkzeug.wrappers import Response as Redirect

from ihome.accounts.signin import find_current_user_id, public_reads
from ihome.calendar.errors import StayNotAllowed
from ihome.calendar.rules import HORIZON, ONE_DAY, Stay, check_stay
from ihome.config import config
from ihome.houses.errors import AreaNotFound
from ihome.houses.queries import find_area, list_areas, list_facilities
from ihome.kit import clock
from ihome.kit.browser import exempt_from_csrf
from ihome.kit.dates import MONTHS
from ihome.kit.db import reads
from ihome.kit.errors import BadInput
from ihome.kit.forms import Blank, Day, Fen, Form, check
from ihome.kit.http import parse_query
from ihome.kit.i18n import Text, _l, language
from ihome.orders.errors import TooManyGuests
from ihome.orders.queries import find_open_order
from ihome.storefront import queries
from ihome.storefront.forms import SearchQuery
from ihome.storefront.relax import MOST, ways_out
from ihome.storefront.rules import REACH, months_from, nearest_free, spans, within_rules
from ihome.storefront.search import SORTS, Found, Wanted, search
from ihome.storefront.share import lodging

pages = Blueprint("storefront", __name__)

MOST_BOOKED, NEWEST = 5, 8
CARDS = 12  # On a page of search: full rows of two, three and four.
MONTHS_SHOWN = 2
COMMENTS, LAST_COMMENTS = 6, 1000  # On a page; pages that can be asked for.
KEPT = ("check_in", "check_out", "guests")  # What goes along from search to house.
WRONG_ORDER = _l("Check-out must be after check-in.")
UNREADABLE = _l("These dates cannot be read. Please choose them again.")  # From a broken link: nobody types dates here.


class Dates(Form):
    """Check-in and check-out as people say them; one alone means one night."""

    check_in: Annotated[Day | None, Blank] = None
    check_out: Annotated[Day | None, Blank] = None

    @property
    def stay(self) -> Stay | None:
        match self.check_in, self.check_out:
            case None, None:
                return None
            case None, date() as leaves:
                return Stay(leaves - ONE_DAY, leaves) if leaves > date.min else None
            case date() as comes, None:
                return Stay(comes, comes + ONE_DAY) if comes < date.max else None
        return Stay(self.check_in, self.check_out) if self.check_in and self.check_out else None


class Wishes(SearchQuery, Dates):
    """What the search form asks: the API's search, with prices in yuan and people's dates."""

    price_min: Annotated[Fen | None, Blank] = None
    price_max: Annotated[Fen | None, Blank] = None

    @field_validator("check_out")
    @classmethod
    def _follows_check_in(cls, leaves: date | None, info: ValidationInfo) -> date | None:
        if leaves and (comes := info.data.get("check_in")) and leaves <= comes:
            raise ValueError(WRONG_ORDER)
        return leaves

    @field_validator("price_max")
    @classmethod
    def _follows_price_min(cls, most: int | None, info: ValidationInfo) -> int | None:
        if most is not None and most < (info.data.get("price_min") or 0):
            raise ValueError(_l("The highest price is below the lowest."))
        return most

    def wanted(self) -> Wanted:
        return replace(super().wanted(), stay=self.stay, page_size=self.limit or CARDS)


@dataclass(frozen=True)
class Offer:
    """What the booking card says of the dates asked for: a total, or which rule is in the way and what is free."""

    stay: Stay | None = None
    problem: Text | str | None = None
    taken: tuple[Stay, ...] = ()
    instead: tuple[Stay, ...] = ()


@pages.app_template_filter("month")
def format_month(day: date) -> str:
    """2026年6月, or Jun 2026."""
    return f"{day.year}年{day.month}月" if language() == "zh" else f"{MONTHS[day.month - 1]} {day.year}"


# --- pages ----------------------------------------------------------------------------------------------------------


@pages.get("/")
@public_reads
def home() -> str:
    """The newest and the most booked houses."""
    return render_template(
        "storefront/home.html",
        most_booked=queries.most_booked(MOST_BOOKED),
        newest=queries.newest(NEWEST),
        areas=list_areas(),
    )


@pages.get("/search")
@public_reads
def search_page() -> str:
    """Houses by area, dates and wishes."""
    wishes, found, ways, errors = Wishes(), Found([], 0), None, {}
    areas, today = list_areas(), clock.today()
    try:
        wishes = parse_query(Wishes)
        if wishes.area_id and wishes.area_id not in {area.id for area in areas}:
            raise BadInput(errors={"area_id": AreaNotFound.errmsg})
        if wishes.city_id and wishes.city_id not in {area.city_id for area in areas}:
            raise BadInput(errors={"city_id": AreaNotFound.errmsg})
        found = search(wishes.wanted(), today=today)
        if not found.total:
            near = [area.id for area in areas if wishes.city_id in (None, area.city_id)]
            ways = ways_out(wishes.wanted(), near, today=today)
    except BadInput as error:
        errors = error.errors or {}
    return render_template(
        "storefront/search.html",
        areas=areas,
        facilities=list_facilities(),
        sorts=SORTS,
        wishes=wishes,
        stay=wishes.stay,
        found=found,
        ways=ways,
        most=MOST,
        errors=errors,
        asked=_asked(Wishes.model_fields),
        kept=_asked(KEPT),
    )


def _asked(names: Container[str]) -> dict[str, Any]:
    """The address's own words of these names, for fields to keep and links to repeat."""
    return {
        name: values if name == "facility" else values[0]
        for name, values in request.args.lists()
        if name in names and any(value.strip() for value in values)
    }


@pages.get("/houses/<id:house_id>")
@public_reads
def house_page(house_id: int) -> str:
    """A house with everything that helps to decide, and the form to ask for a stay."""
    comments_page = min(max(request.args.get("comments", default=1, type=int), 1), LAST_COMMENTS)
    viewer_id, skip = find_current_user_id(), COMMENTS * (comments_page - 1)
    house = queries.full_house(house_id, comments=COMMENTS + 1, skip=skip, viewer_id=viewer_id)
    for said in house["comments"]:
        said["day"] = date.fromisoformat(said["ctime"][:10])
    today = clock.today()
    offer = _offer(house, today)
    months = months_from(_month_asked(today, offer.stay), MONTHS_SHOWN)
    taken = _taken(house_id, _bookable(today))
    area = find_area(house["area_id"])
    facilities = [facility for facility in list_facilities() if facility.id in house["facilities"]]
    address = config().base_url + url_for("storefront.house_page", house_id=house_id)
    return render_template(
        "storefront/house.html",
        house=house,
        area=area,
        facilities=facilities,
        address=address,
        lodging=lodging(house, address, area.name if area else "", [facility.name for facility in facilities]),
        is_own=house["user_id"] == viewer_id,
        offer=offer,
        months=months,
        taken=taken,
        taken_stays=spans(sorted(taken)),
        comments=house["comments"][:COMMENTS],
        comments_page=comments_page,
        has_older_comments=len(house["comments"]) > COMMENTS,
        **_party(house),
        asked=_asked((*KEPT, "month", "comments")),
        kept=_asked(KEPT),
        last_month=today + timedelta(days=HORIZON),
        one_day=ONE_DAY,
    )


@pages.get("/houses/<id:house_id>/book")
@reads
def book_page(house_id: int) -> str:
    """The last look before asking for a stay: house, dates, what it costs, the rules, what happens then."""
    house, guest_id = queries.full_house(house_id, comments=0), find_current_user_id()
    today = clock.today()
    offer = _offer(house, today)
    return render_template(
        "storefront/book.html",
        house=house,
        area=find_area(house["area_id"]),
        is_own=house["user_id"] == guest_id,
        offer=offer,
        taken_stays=spans(sorted(_taken(house_id, _bookable(today)))),
        asked_before=find_open_order(guest_id, house_id, offer.stay) if guest_id and offer.stay else None,
        **_party(house),
        asked=_asked(KEPT),
        one_day=ONE_DAY,
    )


def _party(house: dict[str, Any]) -> dict[str, Any]:
    """How many come: as many as are asked for and there is room for, and the rule where that is fewer."""
    asked, most = request.args.get("guests", default=1, type=int), house["capacity"]
    return {"guests": min(max(asked, 1), most), "crowd": str(TooManyGuests(most)) if asked > most else ""}


def _month_asked(today: date, stay: Stay | None) -> date:
    """The month that the calendar begins with: the one asked for, the stay's, or this one; a bookable one."""
    try:
        asked = date.fromisoformat(request.args.get("month", "") + "-01")
    except ValueError:
        asked = stay.check_in if stay else today
    return asked if today < asked <= today + timedelta(days=HORIZON) else today


def _bookable(today: date) -> Stay:
    return Stay(today, today + timedelta(days=HORIZON + 1))


def _taken(house_id: int, during: Stay) -> set[date]:
    return {date.fromisoformat(night) for night in queries.taken_nights(house_id, during)}


def _offer(house: dict[str, Any], today: date) -> Offer:
    """What can be said of the dates in the page's address; a promise is only made by POST /orders."""
    try:
        stay = check(Dates, request.args.to_dict()).stay
    except BadInput:
        return Offer(problem=UNREADABLE)
    if stay is None:
        return Offer()
    rules = {"today": today, "min_days": house["min_days"], "max_days": house["max_days"]}
    problem: Text | str | None = None
    try:
        check_stay(stay, **rules)
    except StayNotAllowed as refusal:
        problem = WRONG_ORDER if stay.days < 1 else next(iter((refusal.errors or {}).values()))
    allowed, reach = within_rules(stay, **rules), timedelta(days=REACH)
    taken = _taken(house["hid"], Stay(allowed.check_in - reach, allowed.check_out + reach))
    clash = () if problem else tuple(spans([night for night in stay.nights if night in taken]))
    if not problem and not clash:
        return Offer(stay)
    return Offer(
        stay, problem or _l("These nights are taken:"), clash, tuple(nearest_free(allowed, taken, today=today))
    )


@pages.get("/about")
def about() -> str:
    """What this site is, what one may rely on here, and who runs it."""
    return render_template("storefront/about.html")


@pages.get("/help")
def help_page() -> str:
    """How one books, lets, pays and gets in again."""
    return render_template("storefront/help.html")


def needs_script() -> tuple[str, int]:
    """Where a form without script ends: what was typed is not used, and never stood in an address."""
    return render_template("needs_script.html"), 200


exempt_from_csrf(needs_script)  # It does nothing with what it is sent.
pages.add_url_rule("/needs-script", view_func=needs_script, methods=["GET", "POST"])


# --- links of old (contract: "Pages that existing links point to") ----------------------------------------------------

MOVED = {
    "/index.html": "/",
    "/register.html": "/register",
    "/login.html": "/signin",
    "/my.html": "/me",
    "/profile.html": "/me#profile",
    "/auth.html": "/me#identity",
    "/myhouse.html": "/my-houses",
    "/newhouse.html": "/houses/new",
    "/orders.html": "/trips",
    "/lorders.html": "/hosting",
}


def _lead(old: str, new: str) -> None:
    pages.add_url_rule(old, f"old{old}".replace(".", "_"), lambda: redirect(new, 301))


for _old, _new in MOVED.items():
    _lead(_old, _new)


@pages.get("/detail.html")
def old_house() -> Redirect:
    return _to_house(request.args.get("id", ""), "storefront.house_page")


@pages.get("/booking.html")
def old_booking() -> Redirect:
    return _to_house(request.args.get("hid", ""), "storefront.book_page")


def _to_house(number: str, page: str) -> Redirect:
    """This page of the house of this number; where it is none, the houses there are."""
    if not (number.isascii() and number.isdigit() and len(number) < 20):
        return redirect(url_for("storefront.search_page"), 301)
    return redirect(url_for(page, house_id=int(number)), 301)


@pages.get("/search.html")
def old_search() -> Redirect:
    """Its sd and ed were nights that are slept, both; now people say when they leave."""
    kept: dict[str, Any] = {"area_id": request.args.get("aid", "").strip() or None}
    try:
        words = {"start_date": request.args.get("sd"), "end_date": request.args.get("ed")}
        nights = check(SearchQuery, words).wanted().stay
    except BadInput:
        nights = None
    if nights:
        kept |= {"check_in": str(nights.check_in), "check_out": str(nights.check_out)}
    return redirect(url_for("storefront.search_page", **kept), 301)


@pages.get("/payComplete.html")
def old_pay_done() -> Redirect:
    """The gateway's words go on unchanged: they are signed."""
    words = request.query_string.decode("ascii", "replace")
    return redirect(url_for("payments.pay_done") + (f"?{words}" if words else ""), 301)


@pages.get("/favicon.ico")
def favicon() -> Response:
    return current_app.send_static_file("favicon.svg")
