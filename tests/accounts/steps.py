"""What a visitor does to get a code, and a clock for what expires."""

import time
import uuid
from collections.abc import Callable

import pytest

from ihome.kit.kv import store
from tests import make

Later = Callable[[float], None]


def new_picture(visitor):
    """The id of a fresh picture, and the text in it."""
    code_id = str(uuid.uuid4())
    assert visitor.request("GET", f"/get_image_codes/{code_id}").status_code == 200
    return code_id, store().get(f"image_code_{code_id}")


def ask_for_code(visitor, email, **changed):
    """Ask for a mailed code with a good picture; `changed` parameters replace the good ones, None drops one."""
    code_id, text = new_picture(visitor)
    query = {"image_code": text, "image_code_id": code_id} | changed
    return visitor.get(f"/get_email_codes/{email}", **{name: value for name, value in query.items() if value})


def mailed_code(visitor, email):
    """A valid code for this address, as the mail has it."""
    assert ask_for_code(visitor, email)["errno"] == "0"
    return store().get(f"email_code_{email}")


def wrong(code):
    """Six digits that are not this code."""
    return f"{(int(code) + 1) % 10**6:06d}"


def unfilled(form, field, *more):
    """The form with this field left out, and with what is no value for it."""
    yield {name: value for name, value in form.items() if name != field}
    for value in ("", None, True, [], {}, *more):
        yield form | {field: value}


def register(visitor, email, code, password=make.PASSWORD, **changed):
    body = {"email": email, "email_code": code, "password": password, "confirm_password": password} | changed
    return visitor.post("/users", body)


def sign_in(visitor, email, password=make.PASSWORD, **more):
    return visitor.post("/sessions", {"email": email, "password": password} | more)


@pytest.fixture
def later(monkeypatch) -> Later:
    """`later(180)`: that many seconds have passed for whatever expires."""
    real, passed = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + passed[0])

    def pass_by(seconds: float) -> None:
        passed[0] += seconds

    return pass_by
