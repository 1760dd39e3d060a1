"""The envelope and trouble of the protocol (contract: Conventions)."""

import io
import json
from contextlib import ExitStack, suppress

import pytest
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from ihome.kit import db
from ihome.kit.db import session
from ihome.kit.http import MAX_JSON, ok
from tests import make
from tests.browser_double import API, Browser


@pytest.fixture
def app(own_app):
    """With three routes that go wrong in ways nobody foresaw."""
    for path, crash in {"/crash": _crash, "/crash-sql": _crash_in_sql, "/crash-late": _crash_while_answering}.items():
        own_app.add_url_rule(API + path, path, crash, methods=["GET", "POST"])
    return own_app


def _crash():
    raise KeyError("secret detail")


def _crash_in_sql():
    with db.reading():
        session.execute(db.text("SELECT secret_column FROM ih_user_profile WHERE name = 'secret'"))


def _crash_while_answering():
    return ok({"answer": object()})


def envelope(answer, status, errno):
    """The answer's envelope, with this status and number and no more than the contract's fields."""
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    found = answer.get_json()
    assert set(found) <= {"errno", "errmsg", "data", "errors"}
    assert found["errno"] == errno
    assert isinstance(found["errmsg"], str)
    assert found["errmsg"]
    return found


@pytest.fixture
def browser(app):
    return make.browser(app, make.user())


# --- what goes out ----------------------------------------------------------------------------------------------------


def test_success_is_the_string_0(visitor):
    assert "data" in envelope(visitor.request("GET", "/areas"), 200, "0")


def test_without_data_there_is_no_data(visitor):
    assert "data" not in envelope(visitor.request("DELETE", "/sessions"), 200, "0")


def test_a_business_failure_is_200(visitor):
    envelope(visitor.request("GET", "/users/user_info"), 200, "4101")
    envelope(visitor.request("GET", "/houses/1"), 200, "4002")


def test_a_validation_error_marks_the_fields(visitor):
    found = envelope(visitor.request("POST", "/sessions", json={}), 200, "4103")

    assert set(found["errors"]) == {"email", "password"}
    assert all(isinstance(text, str) and text for text in found["errors"].values())


def test_answers_are_utf_8(visitor):
    assert "瑶海区".encode() in visitor.request("GET", "/areas").data


def test_a_validation_error_repeats_no_input(visitor):
    answer = visitor.request("POST", "/sessions", json={"email": ["a secret"], "password": 5, "a secret": 1})

    assert "a secret" not in answer.text


def test_every_answer_has_safe_headers(visitor):
    for path in ("/areas", "/nowhere", "/crash"):
        answer = visitor.request("GET", path)

        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Request-ID"]


# --- protocol-level trouble -------------------------------------------------------------------------------------------


def test_an_unknown_path_is_404(visitor):
    for path in ("/nowhere", "/users/", "/houses/1/", "/houses/x", "/%00", "/..%2f..", "/é", ""):
        for method in ("GET", "POST", "DELETE"):
            envelope(visitor.request(method, f"{API}{path}"), 404, "4002")


WRONG_METHODS = [
    ("GET", "/users", {"POST"}), ("PUT", "/houses/info", {"POST"}), ("PATCH", "/sessions", {"GET", "POST", "DELETE"}),
    ("DELETE", "/areas", {"GET"}), ("POST", "/houses", {"GET"}), ("PROPFIND", "/areas", {"GET"}),
]  # fmt: skip


def test_a_wrong_method_is_405_and_names_the_right_ones(visitor):
    for method, path, allowed in WRONG_METHODS:
        answer = visitor.request(method, path)

        envelope(answer, 405, "4201")
        assert {name.strip() for name in answer.headers["Allow"].split(",")} >= allowed
        assert method not in answer.headers["Allow"]


def test_a_wrong_method_needs_no_token(app):
    envelope(app.test_client().post(f"{API}/areas"), 405, "4201")


MALFORMED = {
    "nothing": b"",
    "a word": b"hello",
    "half": b'{"email": "a',
    "single quotes": b"{'email': 1}",
    "a comma too much": b'{"email": 1,}',
    "two values": b"{} {}",
    "latin-1": '{"email": "é"}'.encode("latin-1"),
    "bare control character": b'{"email": "a\x01"}',
    "bad escape": b'{"email": "\\u12"}',
    "nested lists": b"[" * 100_000,
    "nested objects": b'{"a":' * 40_000,
    "nested and closed": b"[" * 100_000 + b"]" * 100_000,
}


def send_as(browser, body, content_type="application/json", path="/sessions"):
    return browser.request("POST", path, data=body, content_type=content_type)


def test_a_body_in_chunks_is_not_longer_than_others(visitor):
    chunked = {"input_stream": io.BytesIO(b'{"email": "' + b"a" * MAX_JSON + b'"}'), "content_length": None}
    answer = visitor.request("POST", "/sessions", content_type="application/json",
                             environ_overrides={"wsgi.input_terminated": True}, **chunked)  # fmt: skip

    envelope(answer, 413, "4103")


def test_malformed_json_is_400(visitor):
    answers = {name: send_as(visitor, body) for name, body in MALFORMED.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(MALFORMED, 400)
    for answer in answers.values():
        envelope(answer, 400, "4201")


def test_json_that_is_no_object_is_4103(visitor):
    for body in ("[]", "1", '"text"', "null", "true", "[{}]", "1.5", "NaN", "9" * 5000):
        envelope(send_as(visitor, body), 200, "4103")


def test_a_body_that_is_no_json_is_415(visitor):
    for other in ("text/plain", "application/xml", "", "application/octet-stream", "text/json", "application/jsonp"):
        envelope(send_as(visitor, b"{}", other), 415, "4103")


def test_a_form_where_json_is_expected_is_415(visitor):
    envelope(visitor.request("POST", "/sessions", data={"email": "a@example.com", "password": "x"}), 415, "4103")


def test_where_a_form_is_expected_json_is_415_in_a_sentence_of_its_own(browser):
    found = envelope(send_as(browser, b"{}", path="/users/avatar"), 415, "4103")

    assert "multipart/form-data" in found["errmsg"]
    assert "JSON" not in found["errmsg"]


def test_a_page_that_does_not_take_a_method_names_those_it_takes(app):
    answer = app.test_client().put("/search")

    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))


def test_json_may_name_its_charset(visitor):
    for spelling in ("application/json", "application/json; charset=utf-8", "APPLICATION/JSON"):
        envelope(send_as(visitor, b"{}", spelling), 200, "4103")


def test_a_body_over_12_mb_is_413(visitor):
    body = b'{"email": "' + b"a" * (13 * 2**20) + b'"}'

    envelope(visitor.request("POST", "/sessions", data=body, content_type="application/json"), 413, "4103")


def test_a_huge_text_is_refused_somehow(browser):
    answer = browser.request("POST", "/users/nickname", json={"nickname": "a" * 2_000_000})

    assert answer.get_json()["errno"] == "4103"


@pytest.mark.parametrize("path", ["/crash", "/crash-sql", "/crash-late"])
def test_a_crash_is_500_and_tells_nothing(visitor, path):
    for method in ("GET", "POST"):
        answer = visitor.request(method, path)

        assert set(envelope(answer, 500, "4500")) == {"errno", "errmsg"}
        for word in ("secret", "Traceback", "SELECT", "KeyError", ".py"):
            assert word not in answer.text


def test_a_crash_tells_nothing_to_who_is_signed_in_either(browser):
    envelope(browser.request("GET", "/crash"), 500, "4500")


class TestWithoutADatabase:
    @pytest.fixture
    def down(self, app, browser):
        """The site, its database gone since this browser signed in."""
        db.connect("postgresql://postgres@127.0.0.1:1/nothing_listens_there")
        return browser

    @pytest.mark.parametrize(
        "path", ["/houses", "/houses/1", "/houses/index", "/users/user_info", "/areas", "/sessions"]
    )
    def test_reading_is_503_with_a_time_to_retry(self, down, path):
        answer = down.request("GET", path)

        envelope(answer, 503, "4001")
        assert int(answer.headers["Retry-After"]) > 0
        assert "127.0.0.1" not in answer.text

    def test_writing_is_503_too(self, down):
        envelope(down.request("POST", "/users/nickname", json={"nickname": "x"}), 503, "4001")
        envelope(down.request("DELETE", "/sessions"), 503, "4001")

    def test_a_stranger_is_told_the_same(self, app, down):
        envelope(Browser(app).request("GET", "/houses"), 503, "4001")

    def test_what_needs_no_database_goes_on(self, down):
        envelope(down.request("GET", "/nowhere"), 404, "4002")


def test_a_site_whose_connections_are_all_in_use_is_503(browser, monkeypatch):
    with ExitStack() as busy:
        for name in ("read", "write"):
            pool = db.engine(name).pool
            monkeypatch.setattr(pool, "_timeout", 0.01)
            with suppress(NoConnectionFree):
                while True:
                    busy.callback(pool.connect().close)

        envelope(browser.request("GET", "/houses"), 503, "4001")
        envelope(browser.request("POST", "/users/nickname", json={"nickname": "x"}), 503, "4001")

    envelope(browser.request("GET", "/houses"), 200, "0")


class TestWithoutAStore:
    @pytest.fixture
    def settings(self):
        return {"redis_url": "redis://127.0.0.1:1/0"}

    def test_what_is_only_cached_goes_on(self, browser):
        for path in ("/areas", "/facilities", "/houses", "/houses/index", "/sessions"):
            envelope(browser.request("GET", path), 200, "0")

    def test_a_house_is_shown_fresh(self, browser):
        house = make.house()

        assert browser.get(f"/houses/{house.id}")["data"]["house"]["title"] == house.title


# --- what comes in ----------------------------------------------------------------------------------------------------


def send(browser, text):
    return browser.post("/users/nickname", data=text, content_type="application/json")


def test_deep_values_in_a_field_are_4103(browser):
    for value in ("[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900):
        assert send(browser, f'{{"nickname": {value}}}')["errno"] == "4103"


def test_of_duplicate_keys_one_counts(browser):
    assert send(browser, '{"nickname": "one", "nickname": "two"}')["data"]["nickname"] in ("one", "two")


def test_unknown_fields_are_ignored(browser):
    assert send(browser, '{"nickname": "one", "is_operator": true, "id": 1, "": null, "\\ud800": 1}')["errno"] == "0"


def test_nul_and_lone_surrogates_are_4103(browser):
    for text in ("\\u0000", "a\\u0000b", "\\ud800", "\\udc00x", "\\ud83d"):
        answer = send(browser, f'{{"nickname": "{text}"}}')

        assert answer["errno"] == "4103", text
        assert "nickname" in answer["errors"], text


def test_a_pair_of_surrogates_is_a_character(browser):
    assert send(browser, '{"nickname": "\\ud83c\\udfe0"}')["data"]["nickname"] == "🏠"


def test_huge_integers_are_no_crash(browser):
    for digits in ("9" * 19, "9" * 100, "9" * 5000, "-" + "9" * 5000):
        order = f'{{"house_id": {digits}, "start_date": "x", "end_date": "y"}}'

        assert send(browser, f'{{"nickname": {digits}}}')["errno"] in ("0", "4103")
        assert browser.post("/orders", data=order, content_type="application/json")["errno"] == "4103"


def test_a_text_that_was_sent_comes_back_as_it_was(browser):
    for nickname in ("<script>", "'; DROP TABLE users; --", "{{7*7}}", "%s%n", "{name}", "\\", "اسم", "ß", "ﬀ"):
        assert browser.post("/users/nickname", {"nickname": nickname})["data"]["nickname"] == nickname
        assert browser.get("/sessions")["data"]["name"] == nickname


def test_the_json_is_what_python_reads(visitor):
    answer = visitor.request("GET", "/houses")

    assert json.loads(answer.data)["data"]["houses"] == []
