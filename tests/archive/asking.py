"""Asking for the copy of one's data, and looking into it."""

import io
import json
from zipfile import ZipFile

from ihome.kit import outbox
from ihome.kit.db import in_transaction, reading
from ihome.orders import actions as orders
from ihome.orders.queries import get_order
from tests import make
from tests.uploads import multipart


def work():
    """A worker, until nothing is due."""
    while outbox.drain():
        pass


def ask(browser):
    """Ask for the archive and have it made; what the API then says of it."""
    browser.post("/user/archive")
    work()
    return browser.get("/user/archive")["data"]


def download(browser):
    return browser.client.get("/me/archive", buffered=True, environ_base={"REMOTE_ADDR": browser.ip})


def opened(content):
    """The archive, and its data.json."""
    archive = ZipFile(io.BytesIO(content))
    return archive, json.loads(archive.read("data.json"))


def upload_pictures(browser, house_id):
    """A picture of oneself and two of the house; their addresses."""
    urls = [browser.post("/users/avatar", **multipart("avatar", make.picture().read()))["data"]["avatar_image_url"]]
    for width in (500, 700):
        sent = multipart("house_image", make.picture(width).read(), house_id=house_id)
        urls.append(browser.post("/houses/images", **sent)["data"]["image_url"])
    return urls


def commented(guest, house, words, reply):
    order = make.stayed(guest, house)
    in_transaction(lambda: orders.comment_order(get_order(order.id), words, 5))
    in_transaction(lambda: orders.reply_to_comment(get_order(order.id), reply))
    with reading():
        return get_order(order.id)
