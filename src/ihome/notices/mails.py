"""The mails: which facts each of them needs, and how facts become a letter in the recipient's language."""

import re
from collections.abc import Callable
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ihome.accounts.errors import BadAddress
from ihome.accounts.forms import checked_address
from ihome.config import config
from ihome.kit import clock, i18n, outbox
from ihome.kit.crypto import keyed_hash
from ihome.kit.dates import format_day
from ihome.kit.db import utcnow
from ihome.kit.money import format_yuan
from ihome.notices.delivery import send

SEVEN_BIT = SMTP.clone(cte_type="7bit")  # Every server takes it, with or without 8BITMIME.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
BLANK_LINES = re.compile(r"\n{3,}")

STAY = ("house_title", "check_in", "check_out", "nights", "guests")

# Who gets it stands in the comment. Callers may pass more facts than a mail needs, never fewer.
MAILS: dict[str, tuple[str, ...]] = {
    "code": ("code", "purpose", "minutes"),
    "order_placed": ("landlord_name", "guest_name", *STAY, "amount_fen", "deadline", "order_url"),  # landlord
    "order_accepted": ("guest_name", *STAY, "amount_fen", "deadline", "order_url"),  # guest
    "order_rejected": ("guest_name", *STAY, "reason", "search_url"),  # guest
    "order_paid": ("guest_name", "landlord_name", *STAY, "address", "amount_fen", "order_url"),  # guest
    "order_paid_landlord": ("landlord_name", "guest_name", *STAY, "amount_fen", "order_url"),  # landlord
    "order_expired_unanswered": ("guest_name", *STAY, "search_url"),  # guest
    "order_expired_unanswered_landlord": ("landlord_name", "guest_name", *STAY, "order_url"),  # landlord
    "order_expired_unpaid": ("guest_name", *STAY, "house_url"),  # guest
    "order_expired_unpaid_landlord": ("landlord_name", "guest_name", *STAY, "order_url"),  # landlord
    "order_canceled": ("landlord_name", "guest_name", *STAY, "order_url"),  # landlord
    "order_refunded": ("guest_name", *STAY, "amount_fen", "order_url"),  # guest
    "comment_received": ("landlord_name", "guest_name", "house_title", "rating", "comment", "order_url"),  # landlord
    "archive_ready": ("user_name", "deadline", "account_url"),  # whoever asked for it
    "reply_received": ("guest_name", "landlord_name", "house_title", "reply", "order_url"),  # guest
}


class BadFact(TypeError):
    """A mail was asked for without a fact it needs, or with one of another kind."""


def send_mail(template: str, *, to: str, language: str | None, key: str, **facts: object) -> None:
    """Write this mail and hand it over; for outbox handlers, outside transactions.

    `key` names the event: the same template, recipient and key are the same mail, however often it is delivered.
    Raises BadFact, delivery.MailDown or outbox.GiveUp.
    """
    send(compose(template, to=to, language=language, key=key, **facts))


def compose(template: str, *, to: str, language: str | None, key: str, **facts: object) -> EmailMessage:
    """The mail, in Chinese where `language` is None. Raises BadFact, or outbox.GiveUp where `to` is no address."""
    known = _checked(template, facts)
    with i18n.speaking(language):
        first, _, text = _render(f"{template}.txt", known).partition("\n")
        # "=?" would start an encoded word: the header would be decoded, and what is in it could be a line break.
        subject = first.removeprefix("Subject: ").replace("=?", "= ?")
        html = _render(f"{template}.html", known | {"subject": subject})
    message = EmailMessage(policy=SEVEN_BIT)
    message["From"] = config().mail_from
    message["To"] = _recipient(to)
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.local(utcnow()))
    # Keyed, because mail servers log it: nobody shall find a code by trying all of them against a plain hash.
    digest = keyed_hash(config().secret_key, "mail", template, to, key)[:32]
    message["Message-ID"] = f"<{template}.{digest}@{message['From'].addresses[0].domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.strip("\n") + "\n")
    message.add_alternative(html, subtype="html")
    return message


def _recipient(to: str) -> Address:
    try:
        return Address(addr_spec=checked_address(to))
    except (BadAddress, ValueError):  # `from None`: what was raised quotes the address, and the outbox logs it.
        raise outbox.GiveUp("the recipient's address is not valid") from None


# --- facts ----------------------------------------------------------------------------------------------------------


def _line(value: object) -> str:
    """One line, whatever was typed: a line break in a title must not end the subject."""
    if not isinstance(value, str):
        raise TypeError
    return CONTROLS.sub("", " ".join(value.split()))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return CONTROLS.sub("", "\n".join(value.strip().splitlines()))


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _maybe_number(value: object) -> int | None:
    return None if value is None else _number(value)


def _instant(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError
    return value


def _url(value: object) -> str:
    if not (isinstance(value, str) and value.startswith(("http://", "https://"))):
        raise TypeError
    return _line(value)


def _purpose(value: object) -> str:
    if value not in ("register", "reset"):
        raise TypeError
    return str(value)


KINDS: dict[str, Callable[[object], object]] = {
    "code": _line,
    "purpose": _purpose,  # "register" or "reset"
    "minutes": _number,
    "user_name": _line,
    "guest_name": _line,
    "landlord_name": _line,
    "house_title": _line,
    "address": _line,
    "check_in": _day,
    "check_out": _day,
    "nights": _number,
    "guests": _maybe_number,  # Nobody said.
    "amount_fen": _number,
    "deadline": _instant,  # Aware; shown by the site's clock.
    "reason": _text,
    "comment": _text,
    "reply": _text,
    "rating": _maybe_number,
    "order_url": _url,
    "house_url": _url,
    "search_url": _url,
    "account_url": _url,
}


def _checked(template: str, facts: dict[str, object]) -> dict[str, object]:
    """The facts that this mail declares, and no others: a template cannot come to need what callers do not know of."""
    known: dict[str, object] = {}
    for name in MAILS[template]:
        if name not in facts:
            raise BadFact(f"mail {template}: {name} is missing")
        try:
            known[name] = KINDS[name](facts[name])
        except TypeError:
            raise BadFact(f"mail {template}: {name} is of the wrong kind") from None
    return known


# --- letters --------------------------------------------------------------------------------------------------------


def format_moment(instant: datetime) -> str:
    """6月3日 周三 14:30, or Wed 3 Jun, 14:30 (UTC+08:00): who reads English may be elsewhere."""
    at = clock.local(instant)
    if i18n.language() == "zh":
        return f"{format_day(at.date())} {at:%H:%M}"
    offset = f"{at:%z}"
    return f"{format_day(at.date())}, {at:%H:%M} (UTC{offset[:3]}:{offset[3:5]})"


def quote(text: str) -> str:
    """Somebody else's words in a text mail, so that nobody can pass them for ours."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


_letters = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates" / "mail"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_letters.globals.update(i18n.translations_for_jinja())
_letters.filters.update(yuan=format_yuan, day=format_day, moment=format_moment, quote=quote)


def _render(name: str, facts: dict[str, object]) -> str:
    rendered = _letters.get_template(name).render(**facts, site_url=config().base_url)
    return BLANK_LINES.sub("\n\n", rendered)
