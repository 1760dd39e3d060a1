"""What comes in about orders (contract: Orders). Their order of checks is the contract's, so dates that are readable
but not allowed are the action's to refuse."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from ihome.calendar.rules import Stay
from ihome.kit.forms import Blank, Day, Form, Id, Prose, Whole
from ihome.kit.i18n import _l


class OrderForm(Form):
    """Both dates are nights that are slept (contract: Conventions).

    `guests` and `amount`, the total in fen that the guest was shown, are beyond v1.0 and may be left out.
    """

    house_id: Id
    start_date: Day
    end_date: Day
    guests: Annotated[Annotated[Whole, Field(ge=1)] | None, Blank] = None
    amount: Annotated[Annotated[Whole, Field(ge=0)] | None, Blank] = None

    @property
    def stay(self) -> Stay:
        return Stay.of_nights(self.start_date, self.end_date)


class OrdersQuery(Form):
    role: Annotated[Literal["custom", "landlord"], BeforeValidator(lambda role: role or "custom")] = "custom"
    page: Annotated[Annotated[Whole, Field(ge=1, le=1_000_000)] | None, Blank] = None  # An OFFSET has 64 bits.


class AnswerForm(Form):
    """What the landlord says to a request."""

    action: Literal["accept", "reject"]
    reason: Annotated[Annotated[Prose, Field(max_length=500)] | None, Blank, Field(validate_default=True)] = None

    @field_validator("reason")
    @classmethod
    def _is_given_with_a_no(cls, reason: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("action") == "reject" and not reason:
            raise ValueError(_l("Please tell the guest why."))
        return reason


class CommentForm(Form):
    comment: Annotated[Prose, Field(max_length=2000)]
    rating: Annotated[Annotated[Whole, Field(ge=1, le=5)] | None, Blank] = None


class ReplyForm(Form):
    reply: Annotated[Prose, Field(max_length=2000)]
