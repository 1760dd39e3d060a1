"""What can go wrong with orders (contract: Orders)."""

from ihome.kit.errors import AppError, BadInput, NotFound
from ihome.kit.i18n import Text, _l
from ihome.kit.money import format_yuan


class OwnHouse(AppError):
    errno = "4105"
    errmsg = _l("This is your own house.")


class TooManyGuests(BadInput):
    errmsg = _l("This place sleeps at most {most}.")

    def __init__(self, most: int) -> None:
        super().__init__(errors={"guests": Text(self.errmsg.message, most=most)}, most=most)


class PriceChanged(BadInput):
    """The guest was shown another total than the one of today: nothing is booked."""

    errmsg = _l("The price has changed: the total is now ¥{total}. Please look again.")

    def __init__(self, total_fen: int) -> None:
        total = format_yuan(total_fen)
        super().__init__(errors={"amount": Text(self.errmsg.message, total=total)}, total=total)


class OrderNotFound(NotFound):
    errmsg = _l("There is no such order.")


class WrongStatus(AppError):
    """Also what a stranger is told: whose order it is and where it stands is not theirs to know."""

    errno = "4201"
    errmsg = _l("This cannot be done with this order now.")
