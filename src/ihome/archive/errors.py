"""What can go wrong with the copy of one's data."""

from ihome.kit.errors import AppError
from ihome.kit.i18n import _l


class ArchiveGone(AppError):
    errno = "4002"
    errmsg = _l("There is no copy of your data here.")
