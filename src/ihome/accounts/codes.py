"""Codes sent by mail, and how often somebody may ask or guess (contract: Verification, Account)."""

import re
import secrets
from typing import NamedTuple

from ihome.accounts.errors import (
    CodeMailedRecently,
    NoValidCode,
    PictureNeeded,
    TooManyCodeMails,
    TooManyFailures,
    WrongCode,
)
from ihome.kit.crypto import same
from ihome.kit.kv import store

LASTS = 300  # Seconds a code is valid.
COOLDOWN = 60  # Seconds between two codes for one address.
MAILS_PER_IP, MAILS_WINDOW = 20, 600
TRIES = 5  # The fifth wrong one burns the code.
FAILURES, FAILURES_PER_IP, FAILURES_WINDOW = 5, 20, 600
FAILURES_ANYWHERE, ANYWHERE_WINDOW = 20, 24 * 3600

CODE = re.compile(r"\d{6}", re.ASCII)


class Keys(NamedTuple):
    """Where the store has what is known of one address. No address, however it is spelt, names the key of another."""

    code: str
    cooldown: str
    tries: str


def keys_of(purpose: str, email: str) -> Keys:
    """Other tools of a deployment read email_code_<email> and email_code_time_<email> (contract: Keys in Redis)."""
    rest = [f"{kind}:{purpose}:{email}" for kind in ("mailed_code", "mailed_time", "mailed_tries")]
    if purpose != "register":
        return Keys(*rest)
    cooldown = f"email_code_time_{email}"
    # The code of time_bob@ would be where the cooldown of bob@ is.
    return Keys(rest[0] if email.startswith("time_") else f"email_code_{email}", cooldown, rest[2])


def check_may_mail(purpose: str, email: str, ip: str) -> None:
    """Raises CodeMailedRecently or TooManyCodeMails, without counting."""
    if store().get(keys_of(purpose, email).cooldown):
        raise CodeMailedRecently
    if int(store().get(f"access_nums_mail_{ip}") or 0) >= MAILS_PER_IP:
        raise TooManyCodeMails


def make_code(purpose: str, email: str, ip: str) -> str:
    """A new 6-digit code, kept for LASTS seconds.

    Raises CodeMailedRecently or TooManyCodeMails: of two requests at once, one gets a code.
    """
    keys = keys_of(purpose, email)
    if not store().add(keys.cooldown, "1", COOLDOWN):
        raise CodeMailedRecently
    if store().count(f"access_nums_mail_{ip}", MAILS_WINDOW) > MAILS_PER_IP:
        raise TooManyCodeMails
    code = f"{secrets.randbelow(10**6):06d}"
    store().delete(keys.tries)
    store().set(keys.code, code, LASTS)
    return code


def drop_code(purpose: str, email: str) -> None:
    """As if it had not been asked for: the promise to mail it could not be written."""
    keys = keys_of(purpose, email)
    store().delete(keys.code)
    store().delete(keys.cooldown)


def check_code(purpose: str, email: str, typed: str) -> None:
    """Raises NoValidCode or WrongCode; the fifth wrong try burns the code."""
    keys = keys_of(purpose, email)
    kept = store().get(keys.code)
    if kept is None or not CODE.fullmatch(kept):
        raise NoValidCode
    tries = store().count(keys.tries, LASTS)  # Counted first: a hundred at once get five.
    if tries > TRIES:
        raise NoValidCode  # Not burnt here: one of the five before may be the right one, about to be used.
    if not same(kept, typed.strip()):
        if tries == TRIES:
            store().delete(keys.code)
        raise WrongCode(errors={"email_code": WrongCode.errmsg})


def take_code(purpose: str, email: str, typed: str) -> None:
    """Use the code up, after everything else is checked. Raises NoValidCode where another request was faster."""
    kept = store().take(keys_of(purpose, email).code)
    if kept is None or not CODE.fullmatch(kept) or not same(kept, typed.strip()):
        raise NoValidCode


# --- guessing passwords ---------------------------------------------------------------------------------------------


class Counters(NamedTuple):
    """Where the store counts failures: at this address from this IP, from this IP, at this address from anywhere."""

    pair: str
    ip: str
    email: str


def counters_of(email: str, ip: str) -> Counters:
    """What kind it is comes first: 9.9.9.9_bob@ is an address, too."""
    return Counters(
        f"access_nums_login_pair_{ip}_{email}", f"access_nums_login_ip_{ip}", f"access_nums_login_email_{email}"
    )


def check_may_sign_in(email: str, ip: str, *, has_picture: bool) -> None:
    """Raises TooManyFailures or PictureNeeded, by the failures so far."""
    of = counters_of(email, ip)
    if _failures(of.pair) >= FAILURES or _failures(of.ip) >= FAILURES_PER_IP:
        raise TooManyFailures
    if _failures(of.email) >= FAILURES_ANYWHERE and not has_picture:
        raise PictureNeeded


def note_failure(email: str, ip: str) -> None:
    """Raises TooManyFailures where others used up the tries at the same moment: that it was wrong is not said then."""
    of = counters_of(email, ip)
    by_pair, by_ip = store().count(of.pair, FAILURES_WINDOW), store().count(of.ip, FAILURES_WINDOW)
    store().count(of.email, ANYWHERE_WINDOW)
    if by_pair > FAILURES or by_ip > FAILURES_PER_IP:
        raise TooManyFailures


def note_success(email: str, ip: str, *, has_picture: bool) -> None:
    """Raises what check_may_sign_in() raises: of a hundred guesses at once all have come past it a first time."""
    check_may_sign_in(email, ip, has_picture=has_picture)
    of = counters_of(email, ip)
    store().delete(of.pair)
    store().delete(of.email)


def _failures(key: str) -> int:
    return int(store().get(key) or 0)
