"""What is in the copy of one's data, and what of other people is not."""

import json

from ihome.archive import contents
from ihome.config import config
from ihome.kit.db import in_transaction
from ihome.orders import actions as orders
from ihome.orders.queries import get_order
from ihome.storage.media import storage
from tests import make
from tests.archive.asking import ask, commented, download, opened, upload_pictures
from tests.uploads import stored


def data_of(browser):
    ask(browser)
    return opened(download(browser).data)[1]


def test_all_that_is_ones_own_is_in_it(browser, anna):
    """As landlord and as guest, with pictures in the largest size."""
    house, elsewhere, guest = make.house(anna, title="逍遥津旁的小院"), make.house(), make.user("guest")
    avatar, *shown = upload_pictures(browser, house.id)
    mine, theirs = commented(anna, elsewhere, "很安静", "谢谢"), commented(guest, house, "Fine", "Come again")
    refused = make.order(guest, house, ahead=20)
    in_transaction(lambda: orders.reject_order(get_order(refused.id), "The roof leaks."))

    ask(browser)
    archive, data = opened(download(browser).data)

    assert archive.testzip() is None
    assert archive.read(data["profile"]["avatar"]) == stored(browser, avatar)
    (place,) = data["houses"]
    assert [archive.read(path) for path in place["pictures"]] == [stored(browser, url) for url in shown]
    assert set(archive.namelist()) == {"data.json", data["profile"]["avatar"], *place["pictures"]}
    assert (data["profile"]["name"], data["profile"]["email"]) == (anna.name, anna.email)
    assert (place["title"], place["price_fen"], place["address"]) == ("逍遥津旁的小院", 10000, make.HOUSE["address"])
    assert "逍遥津旁的小院".encode() in archive.read("data.json")  # To be read by people, too.

    assert [order["order_id"] for order in data["orders_as_guest"]] == [mine.id]
    assert [order["order_id"] for order in data["orders_as_landlord"]] == [theirs.id, refused.id]
    assert [order["rejection"] for order in data["orders_as_landlord"]] == [None, "The roof leaks."]
    (comment,), (reply,), (payment,) = data["comments"], data["replies"], data["payments"]
    assert (comment["order_id"], comment["comment"], comment["rating"], comment["reply"]) == (
        mine.id,
        "很安静",
        5,
        "谢谢",
    )
    assert (reply["order_id"], reply["comment"], reply["reply"]) == (theirs.id, "Fine", "Come again")
    assert (payment["order_id"], payment["amount_fen"], payment["status"]) == (mine.id, mine.amount, "PAID")


def test_the_keys_are_these(browser):
    """Programs read them: what is added comes at the end, and nothing is renamed."""
    data = data_of(browser)

    assert list(data) == [
        "site", "made_at", "profile", "identity", "houses", "orders_as_guest", "comments", "payments",
        "orders_as_landlord", "replies",
    ]  # fmt: skip
    assert [data[name] for name in list(data)[4:]] == [[]] * 6
    assert data["site"] == "http://localhost"


def test_the_identity_is_masked_as_on_the_site(browser):
    shown = browser.get("/users/real_info")["data"]
    told = data_of(browser)["identity"]

    assert (told["real_name"], told["id_card"]) == (shown["real_name"], shown["id_card"])
    assert "*" in told["id_card"]


def test_who_is_not_verified_has_no_identity(app):
    assert data_of(make.browser(app, make.user()))["identity"] is None


def test_of_others_there_is_what_the_site_shows_anyway(browser, anna):
    host, guest = make.landlord("host"), make.user("guest", mobile="13800138000")
    there, elsewhere = make.house(host, address="望江路 77 号"), make.house(host, address="黄山路 99 号")
    make.paid(anna, there)
    make.order(anna, elsewhere)
    make.paid(guest, make.house(anna))
    make.paid(guest, there, ahead=30)
    make.paid(guest, make.house(), ahead=40)

    data = data_of(browser)
    text = json.dumps(data, ensure_ascii=False)

    assert data["orders_as_landlord"][0]["guest"] == guest.name
    assert data["orders_as_guest"][0]["landlord"] == host.name
    assert [order["address"] for order in data["orders_as_guest"]] == ["望江路 77 号", "黄山路"]
    assert [len(data[part]) for part in ("orders_as_guest", "orders_as_landlord", "payments")] == [2, 1, 1]
    for private in (host.email, guest.email, "13800138000", "99 号", "王小明"):
        assert private not in text


def test_a_picture_that_is_not_stored_is_left_out(browser, anna):
    house = make.house(anna)
    _, first, second = upload_pictures(browser, house.id)
    storage().delete(first.removeprefix("http://localhost/media/"))

    ask(browser)
    archive, data = opened(download(browser).data)

    (path,) = data["houses"][0]["pictures"]
    assert archive.read(path) == stored(browser, second)
    assert len(archive.namelist()) == 3


def test_long_lists_come_a_batch_at_a_time(browser, anna, monkeypatch):
    monkeypatch.setattr(contents, "BATCH", 2)
    house = make.house()
    placed = [make.order(anna, house, ahead=10 * number).id for number in range(1, 6)]

    assert [order["order_id"] for order in data_of(browser)["orders_as_guest"]] == placed


def test_instants_have_the_sites_offset(browser, anna):
    told = data_of(browser)["profile"]["registered_at"]

    assert told == anna.create_time.astimezone(config().zone).isoformat(timespec="seconds")
    assert told.endswith("+08:00")
