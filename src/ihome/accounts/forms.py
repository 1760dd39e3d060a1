"""What comes in about people (contract: Verification, Account)."""

import re
from typing import Annotated, Literal

from pydantic import Field

from ihome.accounts.errors import BadAddress
from ihome.kit.forms import Blank, Form, Line, Secret

ADDRESS = re.compile(  # Without the slash, which the standard lets in: addresses stand in paths.
    r"[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}",
    re.ASCII,
)


def checked_address(text: str) -> str:
    """The address in lower case. Raises BadAddress."""
    if len(text) > 254 or not ADDRESS.fullmatch(text):
        raise BadAddress(errors={"email": BadAddress.errmsg})
    return text.lower()


class CodeQuery(Form):
    """GET /get_email_codes/<email>"""

    image_code: Annotated[Line, Field(max_length=16)]
    image_code_id: Annotated[Line, Field(max_length=64)]


class RegisterForm(Form):
    email: Line
    email_code: Annotated[Line, Field(max_length=16)]
    password: Secret
    confirm_password: Secret


class SignInForm(Form):
    email: Line
    password: Secret
    image_code: Annotated[Line | None, Blank] = None
    image_code_id: Annotated[Line | None, Blank] = None


class NicknameForm(Form):
    nickname: Annotated[Line, Field(max_length=32)]


class LanguageForm(Form):
    language: Literal["zh", "en"]


class IdentityForm(Form):
    real_name: Annotated[Line, Field(max_length=64)]
    id_card: Line  # One that is too long is no valid number (4004), not an incomplete form.


class ResetCodeForm(CodeQuery):
    email: Line


class NewPasswordForm(Form):
    password: Secret
    confirm_password: Secret


class ResetPasswordForm(NewPasswordForm):
    email: Line
    email_code: Annotated[Line, Field(max_length=16)]


class ChangePasswordForm(NewPasswordForm):
    current_password: Secret
