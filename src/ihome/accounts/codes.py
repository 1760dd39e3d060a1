"""Codes sent by mail, and how often somebody may ask or guess (contract: Verification, Account)."""

import secrets

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

# Other tools of a deployment read email_code_* (contract: Keys in Redis), so that name is kept.
PREFIXES = {"register": "email_code_", "reset": "reset_code_"}


def check_may_mail(purpose: str, email: str, ip: str) -> None:
    """Raises CodeMailedRecently or TooManyCodeMails, without counting."""
    if store().get(f"{PREFIXES[purpose]}time_{email}"):
        raise CodeMailedRecently
    if int(store().get(f"access_nums_mail_{ip}") or 0) >= MAILS_PER_IP:
        raise TooManyCodeMails


def make_code(purpose: str, email: str, ip: str) -> str:
    """A new 6-digit code, kept for LASTS seconds.

    Raises CodeMailedRecently or TooManyCodeMails: of two requests at once, one gets a code.
    """
    if not store().add(f"{PREFIXES[purpose]}time_{email}", "1", COOLDOWN):
        raise CodeMailedRecently
    if store().count(f"access_nums_mail_{ip}", MAILS_WINDOW) > MAILS_PER_IP:
        raise TooManyCodeMails
    code = f"{secrets.randbelow(10**6):06d}"
    store().delete(f"{PREFIXES[purpose]}tries_{email}")
    store().set(PREFIXES[purpose] + email, code, LASTS)
    return code


def drop_code(purpose: str, email: str) -> None:
    """As if it had not been asked for: the promise to mail it could not be written."""
    store().delete(PREFIXES[purpose] + email)
    store().delete(f"{PREFIXES[purpose]}time_{email}")


def check_code(purpose: str, email: str, typed: str) -> None:
    """Raises NoValidCode or WrongCode; the fifth wrong try burns the code."""
    kept = store().get(PREFIXES[purpose] + email)
    if kept is None:
        raise NoValidCode
    tries = store().count(f"{PREFIXES[purpose]}tries_{email}", LASTS)  # Counted first: a hundred at once get five.
    if tries > TRIES:
        raise NoValidCode  # Not burnt here: one of the five before may be the right one, about to be used.
    if not same(kept, typed.strip()):
        if tries == TRIES:
            store().delete(PREFIXES[purpose] + email)
        raise WrongCode(errors={"email_code": WrongCode.errmsg})


def take_code(purpose: str, email: str, typed: str) -> None:
    """Use the code up, after everything else is checked. Raises NoValidCode where another request was faster."""
    if not same(store().take(PREFIXES[purpose] + email) or "", typed.strip()):
        raise NoValidCode


# --- guessing passwords ---------------------------------------------------------------------------------------------


def check_may_sign_in(email: str, ip: str, *, has_picture: bool) -> None:
    """Raises TooManyFailures or PictureNeeded, by the failures so far."""
    if _failures(f"{ip}_{email}") >= FAILURES or _failures(ip) >= FAILURES_PER_IP:
        raise TooManyFailures
    if _failures(email) >= FAILURES_ANYWHERE and not has_picture:
        raise PictureNeeded


def note_failure(email: str, ip: str) -> None:
    """Raises TooManyFailures where others used up the tries at the same moment: that it was wrong is not said then."""
    of_both = _count_failure(f"{ip}_{email}", FAILURES_WINDOW)
    of_ip = _count_failure(ip, FAILURES_WINDOW)
    _count_failure(email, ANYWHERE_WINDOW)
    if of_both > FAILURES or of_ip > FAILURES_PER_IP:
        raise TooManyFailures


def note_success(email: str, ip: str, *, has_picture: bool) -> None:
    """Raises what check_may_sign_in() raises: of a hundred guesses at once all have come past it a first time."""
    check_may_sign_in(email, ip, has_picture=has_picture)
    store().delete(f"access_nums_login_{ip}_{email}")
    store().delete(f"access_nums_login_{email}")


def _failures(whose: str) -> int:
    return int(store().get(f"access_nums_login_{whose}") or 0)


def _count_failure(whose: str, seconds: int) -> int:
    return store().count(f"access_nums_login_{whose}", seconds)
