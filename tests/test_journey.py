"""The whole rental journey over HTTP, as `ihome serve` runs it: nothing but Python and the contract."""

import re
import sqlite3
import time
import uuid
from datetime import date, timedelta
from email import message_from_bytes, policy
from urllib.parse import parse_qsl, urlsplit

import pytest

from ihome.accounts.identity_number import make_identity_number
from ihome.kit.db import utcnow
from tests import make
from tests.site_process import Client, Site, running_site

TITLE = "巢湖边 & <看日落> 的 {小屋}"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("journey")) as running:
        yield running


def eventually(look, seconds=10):
    """What `look` returns, once it returns something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)
    return found


def mailed_code(site: Site, email: str) -> str:
    def look():
        for path in (site.instance / "mail").glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if email in mail["To"]:
                return re.search(r"\b\d{6}\b", mail.get_body(("plain",)).get_content())
        return None

    return eventually(look).group()


def register(site: Site, email: str) -> Client:
    """Picture code, mailed code, password."""
    person, code_id = site.client(), str(uuid.uuid4())
    person.http.get(f"/api/v1.0/get_image_codes/{code_id}").raise_for_status()
    with sqlite3.connect(site.instance / "kv.db") as store:
        ((text,),) = store.execute("SELECT value FROM kv WHERE key=?", [f"image_code_{code_id}"])
    asked = person.get(f"/get_email_codes/{email}", image_code=text, image_code_id=code_id)
    assert asked["errno"] == "0", asked
    body = {"email": email, "email_code": mailed_code(site, email), "password": make.PASSWORD}
    registered = person.post("/users", body | {"confirm_password": make.PASSWORD})
    assert registered["errno"] == "0", registered
    return person


def status(person: Client, order_id: int, role: str = "custom") -> str:
    orders = person.get("/user/orders", role=role)["data"]["orders"]
    return next(order["status"] for order in orders if order["order_id"] == order_id)


def test_a_stay_from_registration_to_comment(site):
    landlord, guest = register(site, "landlord@example.com"), register(site, "guest@example.com")

    number = make_identity_number("340102", date(1985, 5, 17), 123)
    assert landlord.post("/users/auths", {"real_name": "王小明", "id_card": number})["errno"] == "0"
    published = landlord.post("/houses/info", make.HOUSE | {"title": TITLE, "area_id": "9"})
    assert published["errno"] == "0", published
    house_id = published["data"]["house_id"]
    for _ in range(2):
        photo = {"house_image": ("photo.jpg", make.picture(), "image/jpeg")}
        added = landlord.call("POST", "/houses/images", data={"house_id": house_id}, files=photo)
        assert guest.http.get(added["data"]["image_url"]).headers["Content-Type"] == "image/webp"

    first = utcnow().date() + timedelta(days=30)
    dates = {"start_date": str(first), "end_date": str(first + timedelta(days=2))}
    found = guest.get("/houses", area_id=9, **dates)["data"]
    assert [house["house_id"] for house in found["houses"]] == [house_id]
    placed = guest.post("/orders", {"house_id": house_id, **dates})
    assert placed["errno"] == "0", (placed, (site.instance / "serve.log").read_text())
    order_id = placed["data"]["order_id"]
    assert guest.get("/houses", area_id=9, **dates)["data"]["houses"] == []
    assert status(landlord, order_id, "landlord") == "WAIT_ACCEPT"
    assert landlord.put(f"/orders/{order_id}/status", {"action": "accept"})["errno"] == "0"

    pay_url = guest.post(f"/orders/{order_id}/payment")["data"]["pay_url"]
    returned = pay_at_the_cashier(guest, pay_url)
    assert guest.call("PUT", "/orders/payment", data=returned)["errno"] == "0"
    assert status(guest, order_id) == "PAID"

    site.command("clock", "advance", "40d")
    eventually(lambda: status(guest, order_id) == "WAIT_COMMENT")
    said = guest.put(f"/orders/{order_id}/comment", {"comment": "推窗就是湖，<b>很安静</b>。", "rating": 5})
    assert said["errno"] == "0"
    house = guest.get(f"/houses/{house_id}")["data"]["house"]
    assert house["comments"][0]["comment"] == "推窗就是湖，<b>很安静</b>。"
    assert house["title"] == TITLE
    assert status(guest, order_id) == "COMPLETE"
    site.command("clock", "reset")


def pay_at_the_cashier(guest: Client, pay_url: str) -> dict[str, str]:
    """Press the one button of the gateway's page; what it appends to the return address."""
    cashier = guest.http.get(pay_url, follow_redirects=True)
    assert cashier.status_code == 200
    form = re.search(r'<form[^>]*method="post".*?</form>', cashier.text, re.S).group()
    action = re.search(r'action="([^"]*)"', form)
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    answer = guest.http.post(action.group(1) if action else cashier.url, data=fields)
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
