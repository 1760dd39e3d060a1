"""What can go wrong with money (contract: Orders)."""

from ihome.kit.errors import AppError
from ihome.kit.i18n import _l


class NotPayable(AppError):
    errno = "4002"
    errmsg = _l("This order is not waiting for your payment.")


class PaymentMismatch(AppError):
    errno = "4004"
    errmsg = _l("This payment message could not be verified.")


class GatewayDown(AppError):
    errno = "4301"
    errmsg = _l("The payment gateway does not answer. Please try again in a moment.")
    status = 503


class PaidMeanwhile(AppError):
    errno = "4201"
    errmsg = _l("This order has just been paid.")


class TradesOpen(Exception):
    """A new attempt to pay was started while the others were being closed: close again."""
