"""Signing in as somebody of the demo city with a tap."""

from typing import Literal

from flask import Blueprint, Response

from ihome.accounts.queries import find_user
from ihome.accounts.signin import sign_in
from ihome.config import config
from ihome.demo.city import ACCOUNTS
from ihome.kit.db import reading
from ihome.kit.errors import AppError, NotFound, PathNotFound
from ihome.kit.forms import Form
from ihome.kit.http import error_answer, ok, parse

pages = Blueprint("demo", __name__)


class SwitchForm(Form):
    """Whom to be; the names of ACCOUNTS."""

    who: Literal["guest", "guest2", "landlord", "operator"]


@pages.post("/demo/sign-in")
def switch() -> Response:
    """Sign in as this account of the demo city, without its password. Answers as the API does."""
    if not config().demo:
        raise PathNotFound
    form = parse(SwitchForm)
    with reading():
        user = find_user(ACCOUNTS[form.who])
    if user is None:
        raise NotFound
    return sign_in(ok({"user_id": user.id, "name": user.name}), user.id)


@pages.errorhandler(AppError)
def answer_error(error: AppError) -> Response:
    """The script that calls this reads envelopes."""
    return error_answer(error)
