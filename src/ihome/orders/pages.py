"""A guest's trips and a landlord's requests."""

from datetime import datetime
from math import ceil

from flask import Blueprint, g, render_template, request

from ihome.accounts.signin import current_user, find_current_user_id
from ihome.calendar.rules import ONE_DAY
from ihome.kit import clock
from ihome.kit.db import reading, reads
from ihome.kit.errors import AppError
from ihome.kit.i18n import gettext, ngettext
from ihome.orders import overview
from ihome.orders.timeline import RUNNING, timeline

pages = Blueprint("orders", __name__)

HIGHEST_PAGE = 100_000


@pages.app_template_global()
def waiting() -> overview.Waiting:
    """What waits for who is looking: the dots of the navigation."""
    if "waiting" not in g:
        g.waiting = overview.Waiting()
        try:
            with reading():
                if user_id := find_current_user_id():
                    g.waiting = overview.count_waiting(user_id)
        except AppError:
            pass
    found: overview.Waiting = g.waiting
    return found


@pages.app_template_filter("left")
def format_time_left(deadline: datetime) -> str:
    """How long until then, in words: 还剩 23 分钟, or 3 hours left. static/js/orders.js counts on in the same way."""
    minutes = ceil((deadline - clock.now()).total_seconds() / 60)
    if minutes <= 0:
        return gettext("The time is up")
    if minutes < 120:
        return ngettext("{number} minute left", "{number} minutes left", minutes)
    return ngettext("{number} hour left", "{number} hours left", minutes // 60)


@pages.get("/trips")
@reads
def trips() -> str:
    """What the guest has asked for, booked and lived through: first what waits for the guest."""
    guest, chosen, page = current_user(), _chosen(), _page()
    counts = overview.count_trips(guest)
    return _list("orders/trips.html", overview.GUEST, overview.list_trips(guest, chosen, page), counts, chosen, page)


@pages.get("/hosting")
@reads
def hosting() -> str:
    """What guests ask of the landlord: first what waits for an answer."""
    landlord, chosen, page = current_user(), _chosen(), _page()
    counts, orders = overview.count_requests(landlord), overview.list_requests(landlord, chosen, page)
    return _list("orders/hosting.html", overview.LANDLORD, orders, counts, chosen, page)


@pages.get("/trips/<id:order_id>")
@reads
def trip(order_id: int) -> str:
    """One order as its guest sees it."""
    order = overview.get_trip(current_user(), order_id)
    return render_template("orders/trip.html", order=order, steps=timeline(order, clock.today()), **_tools())


@pages.get("/hosting/<id:order_id>")
@reads
def request_page(order_id: int) -> str:
    """One order as the landlord of its house sees it."""
    order = overview.get_request(current_user(), order_id)
    return render_template("orders/request.html", order=order, steps=timeline(order, clock.today()), **_tools())


def _list(
    template: str, desk: overview.Desk, orders: overview.Rows, counts: dict[str, int], chosen: str, page: int
) -> str:
    groups: dict[str, list[object]] = {}
    for order in orders:
        groups.setdefault(desk.group(order.status), []).append(order)
    return render_template(
        template,
        groups=groups,
        counts=counts,
        chosen=chosen,
        page=page,
        total_pages=-(-counts[chosen] // overview.PAGE_SIZE),
        **_tools(),
    )


def _tools() -> dict[str, object]:
    return {"address_of": overview.address_for_guest, "timeline": timeline, "one_day": ONE_DAY, "RUNNING": RUNNING}


def _chosen() -> str:
    asked = request.args.get("status", "")
    return asked if asked in overview.FILTERS else ""


def _page() -> int:
    asked = request.args.get("page", default=1, type=int)
    return min(max(asked, 1), HIGHEST_PAGE)
