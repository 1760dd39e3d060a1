"""Registering with a picture code and a mailed code (contract: Verification, Account)."""

import uuid

from ihome.kit import outbox
from ihome.kit.kv import store
from tests import make


def picture_code(visitor):
    code_id = str(uuid.uuid4())
    assert visitor.request("GET", f"/get_image_codes/{code_id}").mimetype == "image/png"
    return code_id, store().get(f"image_code_{code_id}")


def ask_for_code(visitor, email):
    code_id, text = picture_code(visitor)
    return visitor.get(f"/get_email_codes/{email}", image_code=text.lower(), image_code_id=code_id)


def register(visitor, email, code, password=make.PASSWORD):
    return visitor.post(
        "/users", {"email": email, "email_code": code, "password": password, "confirm_password": password}
    )


def test_a_visitor_registers_and_is_signed_in(visitor):
    assert ask_for_code(visitor, "Anna@Example.com")["errno"] == "0"
    code = store().get("email_code_anna@example.com")

    assert register(visitor, "anna@example.com", code)["errno"] == "0"

    me = visitor.get("/sessions")
    assert me["data"]["name"].startswith("用户")
    assert len(me["data"]["name"]) == 10


def test_the_code_is_mailed(visitor, config):
    ask_for_code(visitor, "anna@example.com")
    code = store().get("email_code_anna@example.com")

    assert outbox.drain() == 1

    (mail,) = (config.instance / "mail").glob("*.eml")
    assert code in mail.read_text()
