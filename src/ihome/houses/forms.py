"""What comes in about houses (contract: POST /houses/info)."""

from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from ihome.kit.forms import Fen, Form, Id, Line, Whole, Words
from ihome.kit.i18n import _l

YUAN = 100


def _one_or_many(value: object) -> object:
    """A form with one box ticked sends a single value, one with none perhaps an empty one."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


class HouseForm(Form):
    """Money is typed in yuan with at most two decimals, and is fen from here on."""

    title: Annotated[Line, Field(max_length=64)]
    price: Annotated[Fen, Field(ge=1, le=1_000_000 * YUAN)]
    area_id: Id
    address: Annotated[Line, Field(max_length=512)]
    room_count: Annotated[Whole, Field(ge=1, le=50)]
    acreage: Annotated[Whole, Field(ge=1, le=100_000)]
    unit: Annotated[Line, Field(max_length=32)]
    capacity: Annotated[Whole, Field(ge=1, le=100)]
    beds: Annotated[Line, Field(max_length=64)]
    deposit: Annotated[Fen, Field(ge=0, le=1_000_000 * YUAN)]
    min_days: Annotated[Whole, Field(ge=1, le=365)]
    max_days: Annotated[Whole, Field(ge=0, le=2**31 - 1)]  # The contract knows no upper bound, the column does.
    facility: Annotated[list[Id], BeforeValidator(_one_or_many), Field(max_length=200)] = []  # noqa: RUF012
    description: Annotated[Words, Field(max_length=2000)] = ""

    @field_validator("max_days")
    @classmethod
    def _follows_min_days(cls, max_days: int, info: ValidationInfo) -> int:
        if max_days and max_days < info.data.get("min_days", 0):
            raise ValueError(_l("Enter 0 for no limit, or at least as many nights as the minimum."))
        return max_days


class HouseChangeForm(HouseForm):
    """`seen` is the mark of what was being changed, as the page of the form had it."""

    seen: Annotated[Words, Field(max_length=64)] = ""


class PhotoForm(Form):
    house_id: Id


class PhotoOrderForm(Form):
    image_ids: Annotated[list[Id], Field(max_length=200)]


class ListingForm(Form):
    is_listed: bool
