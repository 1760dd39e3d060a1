"""What comes in: field types of the contract, and a validation error as a sentence per field."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from ihome.kit.db import MAX_ID
from ihome.kit.errors import BadInput
from ihome.kit.i18n import Text, _l
from ihome.kit.money import parse_yuan

F = TypeVar("F", bound=BaseModel)

DIGITS = re.compile(r"-?\d{1,1000}", re.ASCII)  # Bounds are the fields'; Python refuses to read over 4300.
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LAST_DAY = date.max - timedelta(days=1)  # A night has a day after it; later than this is as far as this.
# NUL is refused by PostgreSQL, a lone surrogate by UTF-8: both would be a 500 far from here.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Control characters, and those that turn the direction of what follows: a text on one line looks like what it is.
DECEIVING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# What is drawn as nothing (Unicode: Default_Ignorable_Code_Point; Braille's empty cell): names that differ by it alone
# look the same, and pages that people copy from are full of it.
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
SIGN = rf"[^\w\s{UNSEEN}]"
# But a selector after a sign, and a joiner between two, make an emoji what it is.
DROPPED = re.compile(rf"(?!\ufe0f|\u200d)[{UNSEEN}]|(?<!{SIGN})\ufe0f|\u200d(?<!{SIGN}.)(?<!\ufe0f.)|\u200d(?!{SIGN})")


class JsonNumber(str):
    """The digits of a JSON number that is no integer, as they were sent: 1e2 stays "1e2", 199.50 stays "199.50"."""


def read_integer(digits: str) -> int | JsonNumber:
    """For json.loads(): an integer so long that Python will not read it is no number of ours, but it is JSON."""
    return int(digits) if len(digits) <= 1000 else JsonNumber(digits)


class Form(BaseModel):
    """Unknown fields are ignored: a client that knows more than we do is not broken."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


def _whole_number(value: object) -> int:
    """A JSON number or a string of digits; booleans, fractions and exponents are refused (contract: Conventions)."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(_l("Enter a whole number."))
    if isinstance(value, str) and not DIGITS.fullmatch(value.strip()):
        raise ValueError(_l("Enter a whole number."))
    return int(value)


def _yuan(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(_l("Enter an amount in yuan with at most two decimals."))
    try:
        return parse_yuan(str(value).strip())
    except ValueError:
        raise ValueError(_l("Enter an amount in yuan with at most two decimals.")) from None


def _day(value: object) -> date:
    try:
        if not isinstance(value, str) or not DAY.fullmatch(value.strip()):
            raise ValueError
        return min(date.fromisoformat(value.strip()), LAST_DAY)
    except ValueError:
        raise ValueError(_l("Enter a date as YYYY-MM-DD.")) from None


def _storable(value: str) -> str:
    if UNSTORABLE.search(value):
        raise ValueError(_l("This text has characters that cannot be kept."))
    return value


def _visible(value: str) -> str:
    if not any(sign.isprintable() and not sign.isspace() for sign in DROPPED.sub("", value)):
        raise ValueError(_l("This field is required."))
    return value


def _one_line(value: str) -> str:
    if DECEIVING.search(value):
        raise ValueError(_l("Write this on one line, without invisible characters."))
    return DROPPED.sub("", value).strip()


def _text(value: object) -> object:
    if isinstance(value, JsonNumber | bool):
        raise ValueError(_l("Enter a text."))
    return str(value) if isinstance(value, int) else value


def _secret(value: object) -> object:
    """Taken as it was typed, spaces and all; a number is no password, or 1e2 and 100 would differ."""
    if isinstance(value, JsonNumber):
        raise ValueError(_l("Enter a text."))
    return value


def _no_blank(value: object) -> object:
    """An empty field of a form is a field not filled in."""
    return None if isinstance(value, str) and not value.strip() else value


Whole = Annotated[int, BeforeValidator(_whole_number, json_schema_input_type=int | str)]
Id = Annotated[Whole, AfterValidator(lambda value: value if 0 < value <= MAX_ID else 0)]
AS_YUAN = BeforeValidator(_yuan, json_schema_input_type=float | str)
Fen = Annotated[int, AS_YUAN]
Day = Annotated[date, BeforeValidator(_day)]
Words = Annotated[
    str, StringConstraints(strip_whitespace=True), BeforeValidator(_text), AfterValidator(_storable)
]  # May be empty, and have several lines.
Prose = Annotated[Words, StringConstraints(min_length=1), AfterValidator(_visible)]
Line = Annotated[Prose, AfterValidator(_one_line)]
Secret = Annotated[
    str, StringConstraints(min_length=1, max_length=1024), BeforeValidator(_secret), AfterValidator(_storable)
]
Blank = BeforeValidator(_no_blank)

MESSAGES: dict[str, Text] = {
    "missing": _l("This field is required."),
    "string_too_short": _l("At least {min_length} characters."),
    "string_too_long": _l("At most {max_length} characters."),
    "string_type": _l("Enter a text."),
    "greater_than_equal": _l("At least {ge}."),
    "less_than_equal": _l("At most {le}."),
    "list_type": _l("Enter a list."),
    "too_long": _l("At most {max_length} entries."),
    "literal_error": _l("Choose one of: {expected}."),
    "none_required": _l("This field is required."),
}


def check(form: type[F], values: object) -> F:
    """The values as this form.

    Raises BadInput, one sentence per field that breaks a rule.
    """
    if not isinstance(values, dict):
        raise BadInput
    try:
        return form.model_validate(values)
    except ValidationError as error:
        raise BadInput(errors=_sentences(form, error)) from None


def _sentences(form: type[BaseModel], error: ValidationError) -> dict[str, Text | str]:
    found: dict[str, Text | str] = {}
    for fault in error.errors(include_url=False):
        field = str(fault["loc"][0]) if fault["loc"] else "form"
        found.setdefault(field, _sentence(form, field, fault))
    return found


def _sentence(form: type[BaseModel], field: str, fault: Any) -> Text | str:
    if isinstance(fault["input"], str) and not fault["input"].strip():
        return MESSAGES["missing"]  # Whichever rule it was that nothing could keep.
    context = dict(fault.get("ctx", {}))
    if isinstance(cause := context.get("error"), ValueError) and cause.args and isinstance(cause.args[0], Text):
        return cause.args[0]
    kind = "string_too_long" if fault["type"] == "too_long" and isinstance(fault["input"], str) else fault["type"]
    known = MESSAGES.get(kind)
    if known is None:
        return _l("This is not valid.")
    if kind == "literal_error":
        context["expected"] = ", ".join(re.findall(r"'([^']*)'", context["expected"]))
    if AS_YUAN in form.model_fields[field].metadata:  # Bounds of money are in fen; people think in yuan.
        context = {name: Decimal(value) / 100 for name, value in context.items()}
    return Text(known.message, **context)
