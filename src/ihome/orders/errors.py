"""What can go wrong with orders (contract: Orders)."""

from ihome.kit.errors import AppError, NotFound
from ihome.kit.i18n import _l


class OwnHouse(AppError):
    errno = "4105"
    errmsg = _l("This is your own house.")


class OrderNotFound(NotFound):
    errmsg = _l("There is no such order.")


class WrongStatus(AppError):
    """Also what a stranger is told: whose order it is and where it stands is not theirs to know."""

    errno = "4201"
    errmsg = _l("This cannot be done with this order now.")
