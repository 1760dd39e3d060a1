"""What every request has: an id, an address it came from, a language, a proof against forgery, safe headers."""

import random
import re
import secrets
import time
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import SecurityError
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Request

from ihome.config import Networks, config
from ihome.kit import i18n, log, metrics
from ihome.kit.crypto import keyed_hash, same
from ihome.kit.errors import BadCsrfToken, PathNotFound, WrongHost

SAFE = ("GET", "HEAD", "OPTIONS")
BROWSER_COOKIE, CSRF_COOKIE, LANGUAGE_COOKIE = "browser_id", "csrf_token", "lang"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
YEAR = 365 * 24 * 3600
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
CSP = (
    "default-src 'self'; img-src 'self' data:{media}; object-src 'none'; base-uri 'none';"
    " frame-ancestors 'none'; form-action 'self'"
)


def client_ip() -> str:
    """Who is asking."""
    return address_of(request)


def address_of(asked: Request) -> str:
    """Where it comes from. `X-Forwarded-For` counts only as far as a proxy named in IHOME_TRUSTED_PROXIES wrote it."""
    address = asked.remote_addr or "0.0.0.0"  # noqa: S104 - not bound to, only counted
    trusted = config().trusted_proxies
    if trusted:
        hops = asked.headers.get("X-Forwarded-For", "").split(",")
        while hops and is_in(trusted, address) and (hop := _forwarded(hops.pop())):
            address = hop
    return address


def _forwarded(hop: str) -> str:
    """The address in one word of X-Forwarded-For, which some proxies give a port; "" where there is none."""
    words = re.fullmatch(r"\[(.*)\](?::\d+)?|([^:]*)(?::\d+)?|(.*)", hop.strip())
    try:
        return str(ip_address(next(filter(None, words.groups()), ""))) if words else ""
    except ValueError:
        return ""


def is_in(networks: Networks, address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _check_host() -> None:
    """Raises WrongHost for a name that somebody else gave this machine's address (DNS rebinding).

    Such a name makes the pages of this site, a developer's mailbox among them, readable by theirs. Loopback's own
    names are harmless.
    """
    try:
        name = urlsplit(f"//{request.host}").hostname
    except (ValueError, SecurityError):
        name = None
    if name not in (*LOOPBACK, urlsplit(config().base_url).hostname):
        raise WrongHost(site=config().base_url)


# --- proof against forgery (contract: Conventions) -------------------------------------------------------------------


def csrf_token() -> str:
    """The token of this browser; makes the browser id if there is none, and the answer then sets both cookies."""
    if "browser_id" not in g:
        g.browser_id = request.cookies.get(BROWSER_COOKIE) or secrets.token_urlsafe(24)
    return token_for(g.browser_id)


def token_for(browser_id: str) -> str:
    return keyed_hash(config().secret_key, "csrf", browser_id)


def exempt_from_csrf(view: Callable[..., object]) -> Callable[..., object]:
    """For the two doors that prove themselves otherwise: the gateway's notification and the sandbox."""
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def _refuse_forgeries(app: Flask) -> None:
    if request.method in SAFE or request.url_rule is None:
        return
    if getattr(app.view_functions[request.url_rule.endpoint], "csrf_exempt", False):
        return
    origin = request.headers.get("Origin")
    if origin and origin not in (config().origin, request.host_url.rstrip("/")):
        raise BadCsrfToken
    browser_id, sent = request.cookies.get(BROWSER_COOKIE, ""), request.headers.get("X-CSRFToken", "")
    if not (browser_id and same(sent, token_for(browser_id)) and same(sent, request.cookies.get(CSRF_COOKIE, ""))):
        raise BadCsrfToken


def set_cookie(answer: Response, name: str, value: str, *, max_age: int = YEAR, script: bool = False) -> None:
    """`Secure` exactly when the site is https, `SameSite=Lax` (contract: Conventions)."""
    answer.set_cookie(
        name, value, max_age=max_age, secure=config().is_https, httponly=not script, samesite="Lax", path="/"
    )


def _set_csrf_cookies(answer: Response) -> None:
    if "browser_id" not in g:
        return
    token = token_for(g.browser_id)
    if request.cookies.get(BROWSER_COOKIE) != g.browser_id:
        set_cookie(answer, BROWSER_COOKIE, g.browser_id)
    if request.cookies.get(CSRF_COOKIE) != token:
        set_cookie(answer, CSRF_COOKIE, token, script=True)


# --- language -------------------------------------------------------------------------------------------------------


def asked_language() -> str:
    """The `lang` cookie, else Accept-Language, else Chinese."""
    cookie = request.cookies.get(LANGUAGE_COOKIE)
    return cookie if cookie in i18n.LANGUAGES else _accepted(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=1024)
def _accepted(header: str) -> str:
    """Reading the header takes as long as finding the view; browsers send few different ones."""
    accepted = parse_accept_header(header, LanguageAccept)
    best = accepted.best_match(["zh", "zh-CN", "zh-TW", "zh-HK", "en", "en-US", "en-GB"])
    return best[:2] if best else i18n.DEFAULT


# --- every request --------------------------------------------------------------------------------------------------


def install(app: Flask, language: Callable[[], str], media_origin: str = "") -> None:
    csp = CSP.format(media=f" {media_origin}" if media_origin else "")

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        asked = request.headers.get("X-Request-ID")
        # No secret: the system's own random bytes are a call that lets another thread go first.
        g.request_id = asked if asked and REQUEST_ID.fullmatch(asked) else f"{random.getrandbits(64):016x}"
        log.request_id.set(g.request_id)
        i18n.set_language(language)
        _check_host()
        if "\0" in request.path:
            raise PathNotFound
        _refuse_forgeries(app)

    @app.after_request
    def finish(answer: Response) -> Response:
        headers = answer.headers
        if answer.mimetype == "text/html":
            if request.method == "GET":
                csrf_token()
            headers.setdefault("Content-Security-Policy", csp)
            headers["Referrer-Policy"] = "same-origin"
        _set_csrf_cookies(answer)
        headers["X-Request-ID"] = g.get("request_id", "")
        headers["X-Content-Type-Options"] = "nosniff"
        if config().is_https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        # The rule, not the path: paths carry e-mail addresses (contract: Verification).
        rule = request.url_rule.rule if request.url_rule else "(none)"
        took = time.perf_counter() - g.get("started", 0.0)
        log.access(request.method, rule, answer.status_code, took)
        metrics.count_request(rule, request.method, answer.status_code, took)
        return answer
