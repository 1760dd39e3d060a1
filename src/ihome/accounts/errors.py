"""What can go wrong with accounts (contract: Verification, Account)."""

from ihome.kit.errors import AppError, BadInput
from ihome.kit.i18n import _l


class BadAddress(AppError):
    errno = "4004"
    errmsg = _l("This is not a valid e-mail address.")


class AddressRegistered(AppError):
    errno = "4003"
    errmsg = _l("This e-mail address is already registered. Sign in, or reset the password.")


class PasswordsDiffer(BadInput):
    errmsg = _l("The two passwords differ.")


class WeakPassword(BadInput):
    errmsg = _l("Choose a password of 8 to 128 characters that is not your address and not a common one.")


class PictureExpired(AppError):
    errno = "4002"
    errmsg = _l("The picture code has expired. Please take a new one.")


class WrongPicture(AppError):
    errno = "4004"
    errmsg = _l("The picture code is wrong. Please try the new one.")


class PictureNeeded(AppError):
    errno = "4201"
    errmsg = _l("Please also enter the picture code.")

    def __init__(self) -> None:
        # Others have this number, too, and there no picture helps.
        super().__init__(errors={"image_code": self.errmsg})


class CodeMailedRecently(AppError):
    errno = "4201"
    errmsg = _l("A code was sent less than a minute ago. Please wait before asking for another.")


class TooManyPictures(AppError):
    errno = "4201"
    errmsg = _l("Too many picture codes were asked for. Please wait a few minutes.")


class TooManyCodeMails(AppError):
    errno = "4201"
    errmsg = _l("Too many codes were asked for. Please wait ten minutes.")


class NoValidCode(AppError):
    errno = "4002"
    errmsg = _l("There is no valid code for this address. Please ask for a new one.")


class WrongCode(AppError):
    errno = "4004"
    errmsg = _l("The code from the mail is wrong.")


class TooManyFailures(AppError):
    errno = "4201"
    errmsg = _l("Too many failed attempts. Please wait ten minutes.")


class WrongCredentials(AppError):
    errno = "4004"
    errmsg = _l("The e-mail address or the password is wrong.")


class WrongPassword(AppError):
    errno = "4106"
    errmsg = _l("The current password is wrong.")


class NameTaken(AppError):
    errno = "4003"
    errmsg = _l("This name is taken.")


class NoFile(AppError):
    errno = "4002"
    errmsg = _l("Please choose a file.")


class BadIdentityNumber(AppError):
    errno = "4004"
    errmsg = _l(
        "This is not a valid identity number. It has 18 characters: 17 digits, and at the end a digit or X. Please"
        " compare it with the card."
    )


class AlreadyVerified(AppError):
    errno = "4003"
    errmsg = _l("Your identity is already verified.")


class IdentityUsed(AppError):
    errno = "4003"
    errmsg = _l("This identity number belongs to another account.")


class NotVerified(AppError):
    errno = "4002"
    errmsg = _l("Your identity is not verified yet.")


class IdentityUnreadable(AppError):
    errno = "4001"
    errmsg = _l("Your identity number cannot be read at the moment. It has been noted; please try again later.")
    status = 503


class IdentityRequired(AppError):
    errno = "4105"
    errmsg = _l("Please verify your identity first.")


class AdultsOnly(AppError):
    errno = "4105"
    errmsg = _l("This is for people of 18 years and older.")


class OperatorsOnly(AppError):
    errno = "4105"
    errmsg = _l("This is for the operators of the site.")
