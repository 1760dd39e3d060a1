"""What a visitor asks for (contract: GET /houses)."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from ihome.calendar.rules import Stay
from ihome.kit.db import MAX_ID
from ihome.kit.forms import Blank, Day, Form, Id, Whole, Words
from ihome.kit.i18n import _l
from ihome.storefront.search import PAGE_SIZE, SORTS, Wanted


def _known_sort(value: object) -> object:
    return value if isinstance(value, str) and value in SORTS else "new"  # Given twice it is a list.


def _page(value: object) -> object:
    """A page that is no number ≥ 1 is page 1 (contract)."""
    text = str(value).strip().lstrip("0")
    return min(int(text[:19]), MAX_ID) if text.isascii() and text.isdigit() else 1


def _without_blanks(value: object) -> object:
    """A filter sent once is a single value; one left empty is no filter."""
    given = value if isinstance(value, list) else [value]
    return [one for one in given if not (isinstance(one, str) and not one.strip())]


# More than any house has or costs is readable and finds what that finds; the columns compare no further than this.
MOST = 2**31 - 1
Many = Annotated[Whole, AfterValidator(lambda value: min(value, MOST))]


class SearchQuery(Form):
    """One date alone means that night."""

    start_date: Annotated[Day | None, Blank] = None
    end_date: Annotated[Day | None, Blank] = None
    city_id: Annotated[Id | None, Blank] = None
    area_id: Annotated[Id | None, Blank] = None
    sort_key: Annotated[Words, BeforeValidator(_known_sort)] = "new"
    page: Annotated[Whole, BeforeValidator(_page)] = 1
    guests: Annotated[Annotated[Many, Field(ge=1)] | None, Blank] = None
    price_min: Annotated[Annotated[Many, Field(ge=0)] | None, Blank] = None
    price_max: Annotated[Annotated[Many, Field(ge=0)] | None, Blank] = None
    rooms: Annotated[Annotated[Many, Field(ge=1)] | None, Blank] = None
    facility: Annotated[list[Id], BeforeValidator(_without_blanks), Field(max_length=23)] = []  # noqa: RUF012
    limit: Annotated[Annotated[Whole, Field(ge=1, le=50)] | None, Blank] = None

    @field_validator("end_date")
    @classmethod
    def _follows_start(cls, end_date: date | None, info: ValidationInfo) -> date | None:
        if end_date and (start_date := info.data.get("start_date")) and end_date < start_date:
            raise ValueError(_l("The last night is before the first."))
        return end_date

    def wanted(self) -> Wanted:
        first, last = self.start_date or self.end_date, self.end_date or self.start_date
        return Wanted(
            stay=Stay.of_nights(first, last) if first and last else None,
            city_id=self.city_id,
            area_id=self.area_id,
            guests=self.guests,
            price_min=self.price_min,
            price_max=self.price_max,
            rooms=self.rooms,
            facilities=frozenset(self.facility),
            sort=self.sort_key,
            page=self.page,
            page_size=self.limit or PAGE_SIZE,
        )
