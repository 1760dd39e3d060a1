"""What can go wrong, as classes: one per fact, each with its number and sentence.

The numbers are the contract's ("Error numbers"). Raised anywhere, turned into an answer in one place per entry.
"""

from typing import ClassVar

from ihome.kit.i18n import Text, _l


class AppError(Exception):
    """A fact that the caller should know. `errno` and `errmsg` are what a client sees."""

    errno: ClassVar[str]
    errmsg: ClassVar[Text]
    status: ClassVar[int] = 200

    def __init__(self, errors: dict[str, Text | str] | None = None, **facts: object) -> None:
        """`errors` marks fields of the form that was sent; `facts` fill the sentence's placeholders."""
        super().__init__(type(self).__name__)
        self.errors = errors
        self.facts = facts

    def __str__(self) -> str:
        return str(self.errmsg).format(**self.facts)


class DatabaseDown(AppError):
    errno = "4001"
    errmsg = _l("The database does not answer. Please try again in a moment.")
    status = 503


class StoreDown(AppError):
    errno = "4001"
    errmsg = _l("Codes and limits cannot be read at the moment. Please try again shortly.")
    status = 503


class NotFound(AppError):
    errno = "4002"
    errmsg = _l("There is no such thing here.")


class PathNotFound(AppError):
    errno = "4002"
    errmsg = _l("There is no such address.")
    status = 404


class NotSignedIn(AppError):
    errno = "4101"
    errmsg = _l("Please sign in first.")


class BadInput(AppError):
    errno = "4103"
    errmsg = _l("Please check what was entered.")


class UnreadableBody(AppError):
    errno = "4201"
    errmsg = _l("The request could not be read: it is not valid JSON.")
    status = 400


class BadCsrfToken(AppError):
    errno = "4201"
    errmsg = _l("This page has expired. Please reload it and try again.")
    status = 400


class WrongHost(AppError):
    errno = "4201"
    errmsg = _l("This site answers under {site} only.")
    status = 400


class WrongMethod(AppError):
    errno = "4201"
    errmsg = _l("This address does not take that method.")
    status = 405


class BodyTooLarge(AppError):
    errno = "4103"
    errmsg = _l("That is too large.")
    status = 413


class WrongContentType(AppError):
    errno = "4103"
    errmsg = _l("The body must be JSON (Content-Type: application/json).")
    status = 415


class WrongFormType(AppError):
    errno = "4103"
    errmsg = _l("The body must be a form (Content-Type: multipart/form-data).")
    status = 415


class TooManyRequests(AppError):
    errno = "4201"
    errmsg = _l("Too many requests. Please wait a little.")
    status = 429


class InternalError(AppError):
    errno = "4500"
    errmsg = _l("Something went wrong on our side. It has been noted.")
    status = 500
