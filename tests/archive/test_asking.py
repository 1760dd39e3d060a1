"""Asking for the copy of one's data: who gets it, how often, for how long, and what may go wrong."""

import os
import stat
import time
from datetime import timedelta

import pytest
from sqlalchemy import update

from ihome.accounts.models import Identity
from ihome.accounts.queries import find_identity
from ihome.archive import tasks
from ihome.archive.models import Archive
from ihome.archive.queries import find_archive
from ihome.kit import outbox
from ihome.kit.db import in_transaction, reading, session, utcnow
from ihome.storage.media import storage
from tests import make
from tests.archive.asking import ask, download, opened, upload_pictures, work
from tests.concurrency.racing import race
from tests.orders.asking import mailed_to
from tests.page_reader import read, where

API = "POST /api/v1.0/user/archive"
NOTHING = {"status": "none", "size": 0, "made_at": "", "kept_until": "", "url": ""}


def change(anna, **values):
    in_transaction(lambda: session.execute(update(Archive).where(Archive.user_id == anna.id).values(**values)))


def row_of(anna):
    with reading():
        return find_archive(anna.id)


def files(private):
    return sorted(path.name for path in private.iterdir()) if private.exists() else []


def age(path, seconds):
    os.utime(path, (time.time() - seconds,) * 2)


# --- the way it goes --------------------------------------------------------------------------------------------------


def test_asked_for_made_mailed_and_fetched(browser, anna, private):
    page = read(browser, "/me")
    assert API in page.calls()
    assert "/me/archive" not in page.links
    assert browser.get("/user/archive")["data"] == NOTHING

    assert browser.post("/user/archive")["data"] == NOTHING | {"status": "preparing"}
    page = read(browser, "/me")
    assert API not in page.calls()
    assert "正在准备您的数据副本" in page.words

    work()
    told = browser.get("/user/archive")["data"]
    row = row_of(anna)
    assert (told["status"], told["size"], told["url"]) == ("ready", row.size, "http://localhost/me/archive")
    assert row.kept_until - row.ready_at == timedelta(days=7)
    page = read(browser, "/me")
    assert "/me/archive" in page.links
    assert API not in page.calls()  # Not twice within a day.
    assert "之后可以申请新的副本" in page.words

    answer = download(browser)
    assert (answer.status_code, answer.mimetype, len(answer.data)) == (200, "application/zip", row.size)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=ihome-")
    assert answer.headers["Content-Disposition"].endswith(".zip")
    assert "X-Accel-Redirect" not in answer.headers
    assert opened(answer.data)[1]["profile"]["user_id"] == anna.id

    (mail,) = mailed_to(anna.email)
    assert mail.subject == "您的数据副本已准备好"
    assert "http://localhost/me#data" in mail.text
    assert row.name not in mail.text + mail.html


def test_the_mail_speaks_the_persons_language(app):
    person = make.user("english", language="en")
    ask(make.browser(app, person))

    assert mailed_to(person.email)[0].subject == "The copy of your data is ready"


def test_the_file_is_its_owners_alone(browser, private):
    ask(browser)

    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) & 0o137 for path in private.iterdir()] == [0]


# --- twice ------------------------------------------------------------------------------------------------------------


def test_asking_again_gives_the_same(browser, anna, private):
    for _ in range(2):
        browser.post("/user/archive")
    name = row_of(anna).name
    ready = ask(browser)
    again = browser.post("/user/archive")["data"]

    assert again == ready
    assert row_of(anna).name == name
    assert files(private) == [f"{name}.zip"]
    assert len(mailed_to(anna.email)) == 1


def test_of_two_tabs_at_the_same_moment_one_asks(app, anna, private):
    tabs = [make.browser(app, anna) for _ in range(4)]

    told = race([lambda tab=tab: tab.post("/user/archive")["data"]["status"] for tab in tabs])
    work()

    assert told == ["preparing"] * 4
    assert len(files(private)) == 1


def test_a_day_later_there_is_another(browser, anna, private):
    ask(browser)
    old = row_of(anna).name
    change(anna, ready_at=utcnow() - timedelta(hours=25))
    assert API in read(browser, "/me").calls()

    ask(browser)
    new = row_of(anna).name

    assert new != old
    assert opened(download(browser).data)[1]["profile"]["user_id"] == anna.id
    age(private / f"{old}.zip", 4000)
    tasks.remove_expired_archives()
    assert files(private) == [f"{new}.zip"]


def test_a_handler_that_runs_twice_changes_nothing(browser, anna, private):
    ask(browser)
    before, content = row_of(anna), download(browser).data

    tasks.make_archive(before.name)
    tasks.mail_archive(before.name)
    work()

    after = row_of(anna)
    assert (after.ready_at, after.size, after.kept_until) == (before.ready_at, before.size, before.kept_until)
    assert download(browser).data == content
    assert len(mailed_to(anna.email)) == 1


def test_a_message_of_before_makes_nothing(browser, anna, private):
    browser.post("/user/archive")
    old = row_of(anna).name
    change(anna, asked_at=utcnow() - timedelta(hours=25))  # No worker got at it for a day.
    assert browser.get("/user/archive")["data"] == NOTHING
    browser.post("/user/archive")
    new = row_of(anna).name
    work()

    assert new != old
    assert files(private) == [f"{new}.zip"]


# --- others -----------------------------------------------------------------------------------------------------------


def test_strangers_get_their_own_or_nothing(app, browser):
    ask(browser)
    stranger = make.browser(app, make.user("stranger"))

    assert stranger.get("/user/archive")["data"] == NOTHING
    answer = download(stranger)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "这里没有您的数据副本" in answer.text


def test_who_is_not_signed_in_is_led_to_sign_in(app, browser, visitor):
    ask(browser)

    assert where(visitor, "/me/archive") == "/signin?next=/me%23data"  # Not to the file: the page would stay.
    assert visitor.get("/user/archive")["errno"] == visitor.post("/user/archive")["errno"] == "4101"


def test_signed_out_everywhere_nobody_fetches_it(app, browser, anna):
    ask(browser)
    browser.delete("/users/sessions")

    assert download(browser).status_code == 302


def test_without_the_token_nothing_is_asked_for(browser, anna):
    assert browser.post("/user/archive", headers={"X-CSRFToken": "x"})["errno"] == "4201"
    assert row_of(anna) is None


@pytest.mark.parametrize("name", ["../../secrets.json", "../ihome", "a" * 31, "A" * 32, "/etc/passwd"])
def test_a_name_leads_nowhere_else(browser, anna, name):
    ask(browser)
    change(anna, name=name)

    assert browser.get("/user/archive")["data"] == NOTHING
    assert download(browser).status_code == 404
    assert read(browser, "/me").status == 200


@pytest.mark.parametrize("path", ["/me/archive/..%2f..%2fsecrets.json", "/me/archive/x.zip", "/private/x.zip"])
def test_no_address_names_a_file(browser, path):
    assert browser.client.get(path).status_code == 404


# --- behind nginx -----------------------------------------------------------------------------------------------------


class TestBehindNginx:
    @pytest.fixture
    def settings(self, tmp_path):
        return {"x_accel": "/private/", "private": str(tmp_path / "private")}

    def test_it_is_told_the_name_and_sends_the_file(self, browser, anna, tmp_path):
        ask(browser)
        answer, name = download(browser), f"{row_of(anna).name}.zip"

        assert files(tmp_path / "private") == [name]
        assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/zip", b"")
        assert answer.headers["X-Accel-Redirect"] == f"/private/{name}"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=ihome-")

    def test_what_is_gone_is_said_by_the_site(self, browser, tmp_path):
        ask(browser)
        next((tmp_path / "private").iterdir()).unlink()

        answer = download(browser)

        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert "X-Accel-Redirect" not in answer.headers


# --- the end ----------------------------------------------------------------------------------------------------------


def test_after_seven_days_it_is_gone(browser, anna, private):
    ask(browser)
    change(anna, kept_until=utcnow())

    assert download(browser).status_code == 404  # Whether or not it has been removed yet.
    age(next(private.iterdir()), 4000)
    assert tasks.remove_expired_archives() == 1
    assert files(private) == []
    assert row_of(anna) is None
    assert API in read(browser, "/me").calls()
    assert ask(browser)["status"] == "ready"


def test_a_file_that_is_not_there_is_said_and_can_be_asked_for_anew(browser, anna, private):
    ask(browser)
    next(private.iterdir()).unlink()

    page = read(browser, "/me/archive")
    assert page.status == 404
    assert "/me#data" in page.links
    assert browser.get("/user/archive")["data"] == NOTHING
    assert API in read(browser, "/me").calls()
    assert ask(browser)["status"] == "ready"
    assert download(browser).status_code == 200


def test_what_no_row_names_is_removed_but_not_what_is_not_ours(browser, anna, private):
    ask(browser)
    kept = files(private)
    (old, young), foreign = ["0" * 32 + ".zip", "." + "1" * 32 + ".zip"], ["notes.txt", "..zip", "2" * 32]
    for name in (old, young, *foreign):
        (private / name).write_text("x")
    for name in (old, *foreign):
        age(private / name, 4000)

    assert tasks.remove_expired_archives() == 1
    assert files(private) == sorted([*kept, young, *foreign])


def test_what_cannot_be_removed_does_not_stop_the_others(browser, private):
    private.mkdir()
    (private / ("0" * 32 + ".zip")).mkdir()  # A folder cannot be unlinked.
    (private / ("1" * 32 + ".zip")).write_text("x")
    for path in private.iterdir():
        age(path, 4000)

    assert tasks.remove_expired_archives() == 1
    assert files(private) == ["0" * 32 + ".zip"]


def test_without_a_folder_there_is_nothing_to_remove(app, private):
    assert not private.exists()
    assert tasks.remove_expired_archives() == 0


# --- what goes wrong --------------------------------------------------------------------------------------------------


def attempts():
    with reading():
        return [(message.handler, message.state, message.last_error) for message in session.query(outbox.OutboxMessage)]


def test_a_folder_that_cannot_be_written_is_tried_again(browser, anna, private):
    private.write_text("a file where the folder should be")
    browser.post("/user/archive")
    work()

    ((handler, state, reason),) = attempts()
    assert (handler, state) == ("archive.tasks.make_archive", "waiting")
    assert reason.startswith("TryLater: IHOME_PRIVATE: ")
    assert browser.get("/user/archive")["data"]["status"] == "preparing"
    assert read(browser, "/me").status == 200

    private.unlink()
    tasks.make_archive(row_of(anna).name)
    assert download(browser).status_code == 200


def test_an_identity_that_cannot_be_opened_delays_it_and_nothing_is_left_out(browser, anna, private):
    broken = update(Identity).where(Identity.user_id == anna.id)
    with reading():
        sealed = find_identity(anna.id).number
    in_transaction(lambda: session.execute(broken.values(number=bytes([9]) + sealed[1:])))  # Of a key nobody has.
    browser.post("/user/archive")
    work()

    assert attempts()[0][2].startswith("TryLater: IHOME_IDENTITY_KEYS")
    assert files(private) == []

    in_transaction(lambda: session.execute(broken.values(number=sealed)))
    tasks.make_archive(row_of(anna).name)
    assert download(browser).status_code == 200


def test_of_one_that_breaks_off_nothing_is_left(browser, anna, private):
    """A storage that fails at the second picture."""
    urls = upload_pictures(browser, make.house(anna).id)
    path = storage().folder / urls[2].removeprefix("http://localhost/media/")
    path.unlink()
    path.mkdir()
    browser.post("/user/archive")
    work()

    assert attempts()[0][2].startswith("TryLater: ")
    assert files(private) == []
    assert download(browser).status_code == 404


def test_what_another_worker_is_making_is_left_to_it(browser, anna, private):
    browser.post("/user/archive")
    name = row_of(anna).name
    private.mkdir()
    draft = private / f".{name}.zip"
    draft.write_text("half")

    with pytest.raises(outbox.TryLater, match="another worker"):
        tasks.make_archive(name)
    assert draft.read_text() == "half"

    age(draft, 200)  # It has died.
    tasks.make_archive(name)
    assert files(private) == [f"{name}.zip"]


def test_an_archive_asked_for_is_left_where_its_person_asked_again(app):
    tasks.make_archive("0" * 32)
    tasks.mail_archive("0" * 32)
    assert attempts() == []
