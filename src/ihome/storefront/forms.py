"""What a visitor asks for (contract: GET /houses)."""

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from ihome.calendar.rules import Stay
from ihome.kit.forms import Blank, Day, Form, Id, Whole, Words
from ihome.kit.i18n import _l
from ihome.storefront.search import PAGE_SIZE, SORTS, Wanted


def _known_sort(value: object) -> object:
    return value if value in SORTS else "new"


def _page(value: object) -> object:
    """A page that is no number ≥ 1 is page 1 (contract)."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= 1 else 1


def _without_blanks(value: object) -> object:
    """A filter sent once is a single value; one left empty is no filter."""
    given = value if isinstance(value, list) else [value]
    return [one for one in given if not (isinstance(one, str) and not one.strip())]


class SearchQuery(Form):
    """One date alone means that night."""

    start_date: Annotated[Day | None, Blank] = None
    end_date: Annotated[Day | None, Blank] = None
    area_id: Annotated[Id | None, Blank] = None
    sort_key: Annotated[Words, BeforeValidator(_known_sort)] = "new"
    page: Annotated[Whole, BeforeValidator(_page)] = 1
    guests: Annotated[Annotated[Whole, Field(ge=1, le=1000)] | None, Blank] = None
    price_min: Annotated[Annotated[Whole, Field(ge=0, le=10**9)] | None, Blank] = None
    price_max: Annotated[Annotated[Whole, Field(ge=0, le=10**9)] | None, Blank] = None
    rooms: Annotated[Annotated[Whole, Field(ge=1, le=1000)] | None, Blank] = None
    facility: Annotated[list[Id], BeforeValidator(_without_blanks), Field(max_length=23)] = []  # noqa: RUF012
    limit: Annotated[Annotated[Whole, Field(ge=1, le=50)] | None, Blank] = None

    @model_validator(mode="after")
    def _dates_in_order(self) -> "SearchQuery":
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise ValueError(_l("The last night is before the first."))
        return self

    def wanted(self) -> Wanted:
        first, last = self.start_date or self.end_date, self.end_date or self.start_date
        return Wanted(
            stay=Stay.of_nights(first, last) if first and last else None,
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
