"""Why the gateway says no: Alipay's codes for its answers, a sentence for the payer's page."""

from typing import ClassVar

from ihome.kit.i18n import Text, _l


class Refused(Exception):
    """The gateway does not do what was asked."""

    code: ClassVar[str] = "40004"
    msg: ClassVar[str] = "Business Failed"
    sub_code: ClassVar[str]
    reason: ClassVar[Text]

    def __init__(self, detail: str = "") -> None:
        """`detail` is for whoever programs the merchant: the names of the parameters that are wrong."""
        super().__init__(detail)
        self.detail = detail


class BadRequest(Refused):
    """Not a request of this protocol."""

    code = "40002"
    msg = "Invalid Arguments"
    sub_code = "isv.invalid-parameter"
    reason = _l("The payment request cannot be read.")


class UnknownMethod(BadRequest):
    sub_code = "isv.invalid-method"
    reason = _l("The gateway does not know this method.")


class UnknownApp(BadRequest):
    sub_code = "isv.invalid-app-id"
    reason = _l("The gateway does not know this app.")


class NoSignature(BadRequest):
    sub_code = "isv.missing-signature"
    reason = _l("The payment request is not signed.")


class WrongSignature(BadRequest):
    sub_code = "isv.invalid-signature"
    reason = _l("The payment request was not signed by the merchant, or was changed on its way.")


class StaleForm(BadRequest):
    reason = _l("This page has expired. Please open it again.")


class NoSuchTrade(Refused):
    sub_code = "ACQ.TRADE_NOT_EXIST"
    reason = _l("There is no such trade.")


class WrongStatus(Refused):
    sub_code = "ACQ.TRADE_STATUS_ERROR"
    reason = _l("The trade's status does not allow this.")


class AnotherAmount(Refused):
    sub_code = "ACQ.CONTEXT_INCONSISTENT"
    reason = _l("This payment was opened before with another amount.")


class MoreThanPaid(Refused):
    sub_code = "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    reason = _l("That is more than is left to refund.")


class AnotherRefund(Refused):
    sub_code = "ACQ.DISCORDANT_REPEAT_REQUEST"
    reason = _l("This refund number was used before with another amount.")
