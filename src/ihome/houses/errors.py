"""What can go wrong with houses (contract: Houses)."""

from ihome.kit.errors import AppError, NotFound
from ihome.kit.i18n import _l


class HouseNotFound(NotFound):
    errmsg = _l("There is no such house.")


class HouseChanged(AppError):
    errno = "4003"
    errmsg = _l("This house was changed elsewhere in the meantime. Nothing was saved.")


class AreaNotFound(NotFound):
    errmsg = _l("There is no such area.")


class NotYourHouse(AppError):
    errno = "4105"
    errmsg = _l("This is not your house.")


class TooManyPhotos(AppError):
    errno = "4201"
    errmsg = _l("A house has at most {max} pictures.")


class PhotosChanged(AppError):
    errno = "4004"
    errmsg = _l("The pictures of this house have changed meanwhile. Please look at them again.")
