"""What the mails say, in both languages, and what cannot be slipped into them."""

import os
import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ihome
from ihome.kit import i18n, outbox
from ihome.kit.dates import format_day
from ihome.notices.mails import KINDS, MAILS, BadFact, compose, format_moment

GOLDEN = Path(__file__).parent / "golden"
TEMPLATES = Path(ihome.__file__).parent / "templates"
GUEST = "guest@example.com"
FACTS: dict[str, Any] = {
    "code": "042917",
    "purpose": "register",
    "minutes": 5,
    "user_name": "小满",
    "guest_name": "小满",
    "landlord_name": "Lin",
    "house_title": "天鹅湖畔的两居室",
    "address": "蜀山区 翡翠路 128 号 3 栋 501 室",
    "check_in": date(2026, 6, 3),
    "check_out": date(2026, 6, 6),
    "nights": 3,
    "guests": 2,
    "amount_fen": 128000,
    "deadline": datetime(2026, 6, 2, 6, 30, tzinfo=UTC),
    "reason": "那几天家里要维修水管，抱歉。\n欢迎您改期。",
    "comment": "很安静，离地铁近。\n下次还来。",
    "reply": "谢谢，欢迎再来。",
    "rating": 5,
    "order_url": "https://rent.example.com/orders/7",
    "house_url": "https://rent.example.com/houses/3",
    "search_url": "https://rent.example.com/search?check_in=2026-06-03&check_out=2026-06-06",
    "account_url": "https://rent.example.com/me#data",
}
CASES = dict.fromkeys(MAILS, FACTS) | {
    "code.reset": FACTS | {"purpose": "reset"},
    "order_placed.one_night": FACTS | {"nights": 1, "guests": None, "check_out": date(2026, 6, 4), "amount_fen": 19950},
    "order_paid.next_year": FACTS | {"check_in": date(2027, 1, 1), "check_out": date(2027, 1, 4)},
    "comment_received.unrated": FACTS | {"rating": None},
}


def write(name: str, language: str | None = "en", to: str = GUEST, key: str = "7", **changes: Any) -> EmailMessage:
    return compose(name, to=to, language=language, key=key, **FACTS | changes)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def delivered(message: EmailMessage) -> EmailMessage:
    """The mail as somebody receives it."""
    return message_from_bytes(message.as_bytes(), policy=policy.default)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", CASES)
def test_the_text_is_the_golden_one(case: str, language: str) -> None:
    message = delivered(compose(case.partition(".")[0], to=GUEST, language=language, key="7", **CASES[case]))
    text = f"Subject: {message['Subject']}\n\n{part(message, 'plain')}"
    golden = GOLDEN / f"{case}.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)

    assert text == golden.read_text()


def test_no_golden_text_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{case}.{lang}.txt" for case in CASES for lang in ("zh", "en")}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", CASES)
def test_the_letter_says_all_that_the_text_says(case: str, language: str) -> None:
    message = compose(case.partition(".")[0], to=GUEST, language=language, key="7", **CASES[case])
    text, html = part(message, "plain"), part(message, "html")
    shown = unescape(re.sub(r"<(head)>.*?</\1>|<[^>]+>", "", html, flags=re.DOTALL))

    for line in text.splitlines():
        said = line.removeprefix("> ")
        assert said in shown or unescape(said) in unescape(html) or said == "--"
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in html


def test_nothing_is_left_in_english_in_a_chinese_mail() -> None:
    for case, facts in CASES.items():
        text = part(compose(case.partition(".")[0], to=GUEST, language="zh", key="7", **facts), "plain")
        assert not re.findall(r"[A-Za-z]{2,}", re.sub(r"https://\S+|Lin", "", text)), case


@pytest.mark.parametrize(("name", "fact"), [(name, fact) for name, facts in MAILS.items() for fact in facts])
def test_a_missing_fact_is_an_error(name: str, fact: str) -> None:
    facts = {other: value for other, value in FACTS.items() if other != fact}

    with pytest.raises(BadFact, match=f"mail {name}: {fact} is missing"):
        compose(name, to=GUEST, language="zh", key="7", **facts)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("check_in", "2026-06-03"),
        ("check_in", datetime(2026, 6, 3, tzinfo=UTC)),
        ("deadline", datetime(2026, 6, 2, 6, 30)),  # noqa: DTZ001 - an instant without a zone is the mistake
        ("amount_fen", "1280.00"),
        ("nights", True),
        ("guest_name", None),
        ("order_url", "/orders/7"),
        ("order_url", "javascript:alert(1)"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_an_error_that_does_not_quote_it(fact: str, value: Any) -> None:
    with pytest.raises(BadFact, match=f"mail order_placed: {fact} is of the wrong kind$"):
        write("order_placed", **{fact: value})


def test_a_code_has_one_of_two_purposes() -> None:
    with pytest.raises(BadFact):
        write("code", purpose="delete")


def test_every_template_has_its_facts_and_every_fact_a_kind() -> None:
    letters = {path.stem for path in (TEMPLATES / "mail").iterdir() if not path.name.startswith("_")}

    assert letters == set(MAILS)
    assert {fact for facts in MAILS.values() for fact in facts} == set(KINDS) == set(FACTS)


def test_a_template_sees_only_what_its_mail_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MAILS, "order_paid", ("guest_name",))

    with pytest.raises(Exception, match="undefined"):
        write("order_paid")


def test_every_text_is_translated_with_its_placeholders(chinese: Catalog) -> None:
    places = re.compile(r"\{\w+\}")
    keywords = {"_": None, "ngettext": (1, 2)}
    found = [
        message
        for folder in ("mail", "notices")
        for _, _, message, _, _ in extract_from_dir(TEMPLATES / folder, [("**", "jinja2")], keywords=keywords)
    ]

    assert len(found) > 60
    for message in found:
        one = message if isinstance(message, str) else message[0]
        known = chinese.get(one)
        assert known is not None, one
        translated = known.string if isinstance(known.string, str) else (known.string or [""])[0]
        assert set(places.findall(one)) == set(places.findall(translated)), one


# --- headers --------------------------------------------------------------------------------------------------------


def test_the_headers_say_who_wrote_to_whom_and_that_a_machine_did() -> None:
    message = delivered(write("order_placed", "zh"))

    assert message["From"] == "爱家租房 <no-reply@localhost>"
    assert message["To"] == GUEST
    assert message["Subject"] == "新订单待接单：天鹅湖畔的两居室"
    assert message["Auto-Submitted"] == "auto-generated"
    assert abs(message["Date"].datetime - datetime.now(UTC)).total_seconds() < 60
    assert re.fullmatch(r"<order_placed\.[0-9a-f]{32}@localhost>", message["Message-ID"])


def test_every_server_can_take_it() -> None:
    content = write("order_rejected", "zh", reason="长" * 5000, house_title="宅" * 64).as_bytes()

    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 78


def test_the_code_is_in_the_body_only() -> None:
    message = write("code", code="042917")

    assert "042917" in part(message, "plain")
    assert "042917" in part(message, "html")
    assert "042917" not in "".join(str(value) for value in message.values())


def test_the_same_key_is_the_same_mail_and_another_is_another() -> None:
    first = write("order_paid")["Message-ID"]

    assert write("order_paid", "zh", house_title="other")["Message-ID"] == first
    assert write("order_paid", key="8")["Message-ID"] != first
    assert write("order_paid", to="guest2@example.com")["Message-ID"] != first
    assert write("order_canceled")["Message-ID"] != first


def test_who_chose_no_language_reads_chinese() -> None:
    assert write("code", None)["Subject"] == "您的爱家租房验证码"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_a_line_break_in_a_title_starts_no_header(line_break: str) -> None:
    message = delivered(write("order_placed", house_title=f"Lake house{line_break}Bcc: everybody@example.com"))

    assert message["Bcc"] is None
    assert message["Subject"].startswith("New booking request: Lake house")
    assert len(message["Subject"].splitlines()) == 1
    assert "everybody" in message["Subject"]


def test_an_encoded_line_break_in_a_title_starts_no_header() -> None:
    """CVE-2024-6923: Python 3.11.7 decodes this into a line break and writes it out as it is."""
    title = "=?utf-8?q?Lake=0ABcc:everybody=40example.com?="

    assert delivered(write("order_placed", house_title=title))["Bcc"] is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(title=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120))
def test_any_title_leaves_the_headers_alone(title: str) -> None:
    message = delivered(write("order_placed", house_title=title))

    assert message.keys() == write("order_placed").keys()
    assert len(message["Subject"].splitlines()) == 1


@pytest.mark.parametrize(
    "to",
    [
        "guest@example.com\nBcc: everybody@example.com",
        "guest@example.com\r\n\r\nHello",
        "guest@example.com, everybody@example.com",
        "Guest <guest@example.com>",
        "=?utf-8?q?guest=0abcc=3aeverybody=40example.com?=@example.com",
        "guest",
        "guest@",
        "@example.com",
        "",
    ],
)
def test_an_address_that_is_not_exactly_one_is_refused_for_good_and_not_quoted(to: str) -> None:
    with pytest.raises(outbox.GiveUp) as refused:
        write("order_placed", to=to)

    assert str(refused.value) == "the recipient's address is not valid"
    assert refused.value.__suppress_context__


# --- bodies ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fact", ["house_title", "guest_name", "landlord_name", "comment"])
def test_markup_in_a_fact_is_text(fact: str) -> None:
    message = write("comment_received", **{fact: "<script>alert('爱家')</script>&amp;"})

    assert "<script" not in part(message, "html")
    assert "&lt;script&gt;alert(&#39;爱家&#39;)&lt;/script&gt;&amp;amp;" in part(message, "html")
    assert "<script>alert('爱家')</script>&amp;" in part(message, "plain")


def test_a_link_cannot_leave_its_attribute() -> None:
    html = part(write("order_placed", order_url='https://rent.example.com/"onmouseover="x'), "html")

    assert '"onmouseover' not in html


def test_placeholders_typed_by_people_stay_what_they_are() -> None:
    text = part(write("comment_received", guest_name="{house_title.__class__}", comment="{0} {{ comment }}"), "plain")

    assert "{house_title.__class__} has commented" in text
    assert "> {0} {{ comment }}" in text


def test_nobody_can_pass_their_words_for_ours() -> None:
    text = part(write("order_rejected", reason="no\n\n--\nihome\nSend your card number to …"), "plain")

    assert "> no\n>\n> --\n> ihome\n> Send your card number to …\n" in text


def test_the_letter_has_no_table_no_picture_no_script_and_one_button() -> None:
    for name in MAILS:
        html = part(write(name), "html")
        assert not re.search(r"<(table|img|script|link|style|form)\b", html), name
        assert html.count("background:#C2410C") == (name != "code"), name
        assert 'name="viewport"' in html


@pytest.mark.parametrize(
    ("language", "day", "shown"),
    [
        ("zh", date(2026, 6, 3), "6月3日 周三"),
        ("en", date(2026, 6, 3), "Wed 3 Jun"),
        ("zh", date(2027, 1, 10), "2027年1月10日 周日"),
        ("en", date(2027, 1, 10), "Sun 10 Jan 2027"),
    ],
)
def test_a_day_is_written_as_people_do(language: str, day: date, shown: str) -> None:
    with i18n.speaking(language):
        assert format_day(day) == shown


def test_the_second_of_two_days_repeats_no_year() -> None:
    with i18n.speaking("en"):
        assert format_day(date(2027, 1, 12), date(2027, 1, 10)) == "Tue 12 Jan"
        assert format_day(date(2027, 1, 2), date(2026, 12, 31)) == "Sat 2 Jan 2027"


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("zh", "Asia/Shanghai", "6月3日 周三 00:30"),
        ("en", "Asia/Shanghai", "Wed 3 Jun, 00:30 (UTC+08:00)"),
        ("en", "America/St_Johns", "Tue 2 Jun, 14:00 (UTC-02:30)"),
    ],
)
def test_a_deadline_is_shown_by_the_clock_of_the_site(language: str, zone: str, shown: str, configure: Any) -> None:
    configure(timezone=zone)

    with i18n.speaking(language):
        assert format_moment(datetime(2026, 6, 2, 16, 30, tzinfo=UTC)) == shown
