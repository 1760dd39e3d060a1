"""Telling the merchant's server that a trade is paid, until it says that it has heard."""

from functools import cache

import httpx

from ihome.kit import outbox
from ihome.kit.db import reading, utcnow

from .messages import paid_notice
from .queries import get_trade_by_id


class NotHeard(Exception):
    """The merchant's server did not answer `success`: tell it again later."""


@cache
def _http() -> httpx.Client:
    # Made once: reading the authorities takes 25 ms. No connection is kept, notices are too far apart.
    return httpx.Client(
        timeout=5, trust_env=False, follow_redirects=False, limits=httpx.Limits(max_keepalive_connections=0)
    )


@outbox.on("sandbox.paid")
def send_notice(trade_id: int) -> None:
    """May be sent twice, with the same notify_id; the merchant must not mind. Raises NotHeard."""
    with reading():
        trade = get_trade_by_id(trade_id)
    if not (trade.notify_url and trade.paid_at):
        return
    try:
        answer = _http().post(trade.notify_url, data=paid_notice(trade, trade.paid_at, utcnow()))
    except (httpx.HTTPError, httpx.InvalidURL) as broken:
        raise NotHeard(repr(broken)) from broken
    if answer.status_code != httpx.codes.OK or answer.text.strip() != "success":
        raise NotHeard(f"HTTP {answer.status_code}: {answer.text[:80]!r}")
