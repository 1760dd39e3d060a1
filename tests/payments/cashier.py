"""The gateway's page as a payer's browser sees it."""

import html
import re
from functools import cache
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from tests.site_process import PLAIN

FORM = re.compile(r'<form method="post" action="([^"]+)">\s*<input type="hidden" name="token" value="([^"]+)">')


@cache
def _browser() -> httpx.Client:
    # No connection is kept: the next test's site may have the same port.
    nothing_kept = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(trust_env=False, timeout=30, verify=PLAIN, limits=nothing_kept)


def open_cashier(pay_url: str) -> httpx.Response:
    """The page that a pay link leads to."""
    return _browser().get(pay_url, follow_redirects=True)


def press(page: httpx.Response) -> dict[str, str]:
    """Press the one button; what the gateway appends to the return address."""
    action, token = FORM.search(page.text).groups()
    address = urljoin(str(page.url), html.unescape(action))
    answer = _browser().post(address, data={"token": token})
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query, strict_parsing=True))


def pay(pay_url: str) -> dict[str, str]:
    return press(open_cashier(pay_url))
