"""A promised code becomes a mail, through the real outbox; and the mailbox page shows it, in a demo only."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader

import ihome
from ihome.accounts.actions import promise_code
from ihome.kit import db, outbox
from ihome.kit.db import Base, in_transaction, reading
from ihome.kit.errors import PathNotFound
from ihome.kit.i18n import translations_for_jinja
from ihome.kit.pages import format_time
from ihome.notices import tasks
from ihome.notices.delivery import list_mails, send
from ihome.notices.mails import compose
from ihome.notices.pages import link_own_pages, pages

ALICE = "alice@example.com"
TEMPLATES = Path(ihome.__file__).parent / "templates"
BASE = "<!doctype html><title>{% block title %}{% endblock %}</title><main>{% block main %}{% endblock %}</main>"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[None]:
    db.connect(f"sqlite:///{tmp_path / 'ihome.db'}")
    Base.metadata.create_all(db.engine())
    yield
    db.disconnect()


# --- the outbox -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
def test_a_promised_code_is_mailed_in_the_language_of_who_asked() -> None:
    in_transaction(promise_code, ALICE, "042917", "reset", "en")
    outbox.drain()

    [mail] = list_mails(10)
    assert (mail.to, mail.subject) == (ALICE, "Your ihome verification code")
    assert "set a new password" in mail.text
    assert "\n042917\n" in mail.text


@pytest.mark.usefixtures("database")
def test_a_code_delivered_twice_is_one_mail() -> None:
    for _ in range(2):
        tasks.mail_code(email=ALICE, code="042917", purpose="register", language="zh")
    tasks.mail_code(email=ALICE, code="042917", purpose="reset", language="zh")

    assert len(list_mails(10)) == 2


@pytest.mark.usefixtures("database")
def test_a_code_whose_mail_server_is_down_waits(configure: Any) -> None:
    configure(mail_url="smtp://127.0.0.1:1?tls=none")
    in_transaction(promise_code, ALICE, "042917", "register", "zh")
    outbox.drain()

    with reading():
        assert outbox.waiting() == 1
        assert outbox.failed_messages() == []


@pytest.mark.usefixtures("database")
def test_what_failed_for_good_is_kept_with_a_reason_that_names_nobody() -> None:
    in_transaction(promise_code, "alice@example.com, bob@example.com", "042917", "register", "zh")
    outbox.drain()

    with reading():
        [failed] = outbox.failed_messages()
    assert failed.last_error == "GiveUp: the recipient's address is not valid"


# --- the mailbox page -----------------------------------------------------------------------------------------------


@pytest.fixture
def browser(configure: Any) -> FlaskClient:
    configure(demo="1")
    app = Flask("ihome")
    app.jinja_loader = ChoiceLoader([DictLoader({"base.html": BASE}), FileSystemLoader(TEMPLATES)])
    app.jinja_env.globals.update(translations_for_jinja())
    app.jinja_env.filters["time"] = format_time
    app.register_blueprint(pages)
    app.register_error_handler(PathNotFound, lambda error: (str(error), 404))
    return app.test_client()


def put_mail(**facts: Any) -> str:
    known = {"guest_name": "小满", "landlord_name": "Lin", "house_title": "湖边", "rating": 5, "comment": "很好"}
    known["order_url"] = "https://rent.example.com/orders/7"
    send(compose("comment_received", to=ALICE, language="zh", key="7", **known | facts))
    return list_mails(1)[0].name


def test_the_mailbox_lists_mails_and_looks_for_new_ones(browser: FlaskClient) -> None:
    name = put_mail()
    answer = browser.get("/mailbox")

    assert "新评价：湖边" in answer.text
    assert ALICE in answer.text
    assert f'href="/mailbox/{name}"' in answer.text
    assert answer.headers["Refresh"] == "3"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_mail_that_is_written_again_is_read_again(browser: FlaskClient) -> None:
    put_mail(comment="很好")
    assert "很好" in browser.get("/mailbox").text
    put_mail(comment="有点吵")
    assert "有点吵" in browser.get("/mailbox").text


def test_an_empty_mailbox_says_how_to_fill_it(browser: FlaskClient) -> None:
    assert "还没有邮件" in browser.get("/mailbox").text


def test_a_mail_shows_its_headers_its_text_and_a_link_to_go_on(browser: FlaskClient) -> None:
    page = browser.get(f"/mailbox/{put_mail()}").text

    assert "爱家租房 &lt;no-reply@localhost&gt;" in page
    assert '<a href="https://rent.example.com/orders/7">https://rent.example.com/orders/7</a>' in page
    assert "<script" not in page


def test_words_of_guests_are_text_and_their_links_are_not_clickable(browser: FlaskClient) -> None:
    page = browser.get(f"/mailbox/{put_mail(comment='<script>x</script> https://evil.example/')}").text

    assert "&lt;script&gt;x&lt;/script&gt; https://evil.example/" in page
    assert 'href="https://evil' not in page


def test_the_letter_is_shown_alone_and_may_do_nothing(browser: FlaskClient) -> None:
    name = put_mail()
    answer = browser.get(f"/mailbox/{name}/letter")

    assert f'src="/mailbox/{name}/letter"' in browser.get(f"/mailbox/{name}").text
    assert "很好" in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fsecrets.json", "code." + "0" * 32])
def test_a_mail_that_is_not_there_is_not_found(name: str, browser: FlaskClient) -> None:
    assert browser.get(f"/mailbox/{name}").status_code == 404
    assert browser.get(f"/mailbox/{name}/letter").status_code == 404


@pytest.mark.parametrize("settings", [{"demo": ""}, {"demo": "1", "mail_url": "smtp://127.0.0.1?tls=none"}])
def test_outside_a_demo_there_is_no_mailbox(settings: dict[str, str], browser: FlaskClient, configure: Any) -> None:
    name = put_mail()
    configure(**settings)

    for path in ("/mailbox", f"/mailbox/{name}", f"/mailbox/{name}/letter"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "https://rent.example.com.evil.example/",
        "http://rent.example.com/",
        "https://evil.example/?https://rent.example.com/",
    ],
)
def test_only_this_site_is_linked(text: str) -> None:
    assert "<a" not in link_own_pages(text)
    assert link_own_pages(f"{text} https://rent.example.com").count("<a") == 1
