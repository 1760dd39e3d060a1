"""A guest's trips and a landlord's requests."""

from datetime import datetime
from math import ceil

from flask import Blueprint, g, render_template, request

from ihome.accounts.signin import current_user, find_current_user_id
from ihome.calendar.rules import ONE_DAY
from ihome.kit import clock
from ihome.kit.db import reading, reads
from ihome.kit.errors import AppError
from ihome.kit.i18n import ngettext
from ihome.orders import overview, queries
from ihome.orders.models import Status

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
    """How long until then, in words: 还剩 23 分钟, or 3 hours left."""
    minutes = max(0, ceil((deadline - clock.now()).total_seconds() / 60))
    if minutes < 120:
        return ngettext("{number} minute left", "{number} minutes left", minutes)
    return ngettext("{number} hour left", "{number} hours left", minutes // 60)


@pages.get("/trips")
@reads
def trips() -> str:
    """What the guest has asked for, booked and lived through."""
    guest, page = current_user(), _page()
    return render_template(
        "orders/trips.html",
        orders=overview.list_trips(guest, page),
        address_of=overview.address_for_guest,
        one_day=ONE_DAY,
        page=page,
        total_pages=_total_pages(queries.count_orders(guest, "custom")),
    )


@pages.get("/hosting")
@reads
def hosting() -> str:
    """What guests ask of the landlord: first what waits for an answer."""
    landlord, page = current_user(), _page()
    orders = overview.list_requests(landlord, page)
    return render_template(
        "orders/hosting.html",
        requests=[order for order in orders if order.status == Status.WAIT_ACCEPT],
        others=[order for order in orders if order.status != Status.WAIT_ACCEPT],
        one_day=ONE_DAY,
        page=page,
        total_pages=_total_pages(queries.count_orders(landlord, "landlord")),
    )


def _page() -> int:
    asked = request.args.get("page", default=1, type=int)
    return min(max(asked, 1), HIGHEST_PAGE)


def _total_pages(orders: int) -> int:
    return -(-orders // queries.PAGE_SIZE)
