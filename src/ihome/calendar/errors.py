"""What can be wrong with dates (contract: Orders)."""

from ihome.kit.errors import AppError, BadInput
from ihome.kit.i18n import Text, _l


class StayNotAllowed(BadInput):
    errmsg = _l("This stay cannot be booked: {rule}")

    def __init__(self, rule: Text, field: str) -> None:
        super().__init__(errors={field: rule}, rule=rule)


class DatesTaken(AppError):
    errno = "4004"
    errmsg = _l("Some of these nights have just been taken. Please choose other dates.")
