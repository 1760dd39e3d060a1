"""The `ihome` command: what people can mend is one line, never a traceback."""

import base64
import io
import sys
import time
from datetime import date, timedelta

import pytest

from ihome import cli
from ihome.accounts import actions, queries
from ihome.accounts.identity_number import make_identity_number, read_identity_number
from ihome.accounts.passwords import is_password
from ihome.kit import clock, db, i18n
from ihome.kit.db import in_transaction
from tests import make


@pytest.fixture
def environment(config, monkeypatch):
    """Set a variable of a site whose database is migrated."""
    values = {"IHOME_INSTANCE": str(config.instance), "IHOME_LOG_LEVEL": "error"}
    if config.database_url:
        values["IHOME_DATABASE_URL"] = config.database_url
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("ihome.kit.clock.SEEN_FOR", 0.01)
    clock._seen = None
    yield monkeypatch.setenv
    db.disconnect()
    i18n.set_language(None)


@pytest.fixture
def run(environment, monkeypatch, capsys):
    """Run `ihome …`: its exit code, its output and what it says about errors."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["ihome", *words])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def served(monkeypatch):
    """What `ihome serve` would have started."""
    started = []
    monkeypatch.setattr("ihome.serve.serve", lambda *options: started.append(options))
    return started


def refusal(done):
    """The one line that says what is wrong (click puts the usage above it)."""
    code, _, error = done
    assert code != 0
    assert "Traceback" not in error
    return error.strip().splitlines()[-1]


@pytest.mark.parametrize("move", ["upgrade", "downgrade"])
def test_a_revision_that_is_none(run, move):
    assert "nope" in refusal(run("db", move, "nope"))


@pytest.mark.parametrize("options", [("--port", "99999"), ("--port", "-1"), ("--port", "0"), ("--workers", "0")])
def test_serve_refuses_numbers_that_cannot_be(run, served, options):
    assert options[0] in refusal(run("serve", *options))
    assert not served


def test_serve_starts_what_is_in_order(run, served):
    assert run("serve", "--port", "5999", "--workers", "1")[0] == 0
    assert served == [("127.0.0.1", 5999, 1, True)]


def test_serve_names_a_folder_that_cannot_be_written(run, served, monkeypatch):
    def fail(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", fail)
    monkeypatch.setattr("os.replace", fail)

    assert "IHOME_INSTANCE" in refusal(run("serve"))
    assert not served


@pytest.fixture
def alipay(environment, tmp_path):
    """Alipay's settings, complete but for keys in the files."""
    for name in ("PRIVATE", "PUBLIC"):
        (tmp_path / name).write_text("no key")
        environment(f"IHOME_ALIPAY_{name}_KEY", str(tmp_path / name))
    environment("IHOME_PAYMENT_URL", "https://openapi.alipay.com/gateway.do")
    environment("IHOME_ALIPAY_APP_ID", "2021000000000000")
    environment("IHOME_ALIPAY_SELLER_ID", "2088000000000000")


def test_serve_names_a_key_that_is_none(run, served, alipay):
    assert "IHOME_ALIPAY_PRIVATE_KEY" in refusal(run("serve"))
    assert not served


@pytest.mark.parametrize("words", [("serve",), ("db", "upgrade"), ("clock", "show")])
def test_a_database_that_is_not_there_is_one_line(run, served, environment, words):
    environment("IHOME_DATABASE_URL", "postgresql://127.0.0.1:1/ihome")

    said = refusal(run(*words))

    assert "IHOME_DATABASE_URL" in said or "The database does not answer" in said


def test_a_database_without_tables_is_one_line(run, environment, tmp_path):
    environment("IHOME_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")

    assert "ihome doctor" in refusal(run("clock", "show"))


# --- doctor -----------------------------------------------------------------------------------------------------------


def wrong(done, name):
    """What doctor says of this check; it must end with 1, in English and without a traceback."""
    code, output, error = done
    assert code == 1
    assert "Traceback" not in output + error
    assert output.isascii()
    (line,) = [line for line in output.splitlines() if line.split()[1] == f"{name}:"]
    assert line.startswith("WRONG")
    return line


def test_doctor_finds_nothing_at_a_healthy_site(run):
    code, output, _ = run("doctor")

    assert code == 0
    assert {line.split()[0] for line in output.splitlines()} == {"ok"}
    names = [line.split()[1].strip(":") for line in output.splitlines()]
    assert names == ["configuration", "instance", "database", "schema", "identities", "outbox", "store", "mail",
                     "storage", "payments"]  # fmt: skip


def test_doctor_says_how_to_get_a_schema(run, environment, tmp_path):
    environment("IHOME_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    done = run("doctor")

    assert "ihome db upgrade" in wrong(done, "schema")
    assert "skip  outbox" in done[1]


@pytest.mark.parametrize(
    ("setting", "url", "name"),
    [("DATABASE_URL", "postgresql://127.0.0.1:1/ihome", "database"),
     ("DATABASE_URL", "mysql://127.0.0.1:1/x", "database"),
     ("DATABASE_READ_URL", "postgresql://127.0.0.1:1/ihome", "replica"),
     ("REDIS_URL", "redis://127.0.0.1:1/0", "store"), ("REDIS_URL", "redis+cluster://127.0.0.1:1", "store"),
     ("REDIS_URL", "redis+sentinel://127.0.0.1:1/site", "store"),
     ("BROKER_URL", "redis://127.0.0.1:1/0", "broker"), ("BROKER_URL", "amqp://127.0.0.1:1//", "broker"),
     ("BROKER_URL", "redis+sentinel://127.0.0.1:1/site", "broker"),
     ("MAIL_URL", "smtp://127.0.0.1:1", "mail"), ("MAIL_URL", "smtp://127.0.0.1:1?tls=maybe", "mail")],
)  # fmt: skip
def test_doctor_names_the_setting_of_a_server_out_of_reach(run, environment, setting, url, name):
    environment(f"IHOME_{setting}", url)
    began = time.monotonic()

    said = wrong(run("doctor"), name)
    assert f"IHOME_{setting}: " in said
    assert "127.0.0.1" in said or "smtp" in url or "amqp" in url
    assert "<redis" not in said
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("setting", ["MAIL_URL", "STORAGE_URL"])
def test_doctor_names_the_setting_of_a_folder_that_cannot_be(run, environment, tmp_path, setting):
    (tmp_path / "file").write_text("")
    environment(f"IHOME_{setting}", f"file://{tmp_path / 'file' / 'folder'}")

    assert f"IHOME_{setting}: " in wrong(run("doctor"), setting.split("_")[0].lower())


def test_doctor_tries_the_private_folder_where_it_is_set(run, environment, tmp_path):
    environment("IHOME_PRIVATE", str(tmp_path / "nowhere"))
    assert "IHOME_PRIVATE: " in wrong(run("doctor"), "private")

    (tmp_path / "nowhere").mkdir()
    assert run("doctor")[0] == 0


def test_doctor_on_a_read_only_folder(run, monkeypatch):
    def fail(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", fail)
    monkeypatch.setattr("os.replace", fail)
    done = run("doctor")

    assert "IHOME_INSTANCE: " in wrong(done, "instance")
    assert "IHOME_INSTANCE: " in wrong(done, "storage")


@pytest.mark.parametrize("database", ["sqlite"])
def test_doctor_names_the_setting_where_sqlite_cannot_write_beside_its_file(run, config):
    turn = config.instance / "ihome.db-turn"
    turn.unlink()
    turn.mkdir()  # No right would stop root.

    assert "IHOME_INSTANCE: " in wrong(run("doctor"), "database")


def test_doctor_names_keys_that_are_none(run, alipay):
    assert "IHOME_ALIPAY_PRIVATE_KEY" in wrong(run("doctor"), "payments")


def test_doctor_names_the_key_that_is_missing(run, environment, config):
    cards = make_identity_number("340102", date(1985, 5, 17), 123)
    db.connect(config.database)
    person = make.user("anna")
    in_transaction(actions.verify_identity, person, "王小明", read_identity_number(cards, date(2026, 1, 1)))
    environment("IHOME_IDENTITY_KEYS", "2:" + base64.b64encode(bytes(range(32))).decode())

    line = wrong(run("doctor"), "identities")

    assert "IHOME_IDENTITY_KEYS" in line
    assert "1 under key 1" in line


# --- storage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "reason"),
    [("s3://k:s@127.0.0.1:1/pictures?tls=off", "no connection"), ("s3://k:s@127.0.0.1/a/b", "BUCKET"),
     ("file:///dev/null", "/dev/null: Not a directory")],
)  # fmt: skip
def test_a_storage_that_is_down_or_wrong_is_named(run, environment, url, reason):
    environment("IHOME_STORAGE_URL", url)

    refused = refusal(run("storage", "orphans"))
    assert "IHOME_STORAGE_URL: " in refused
    assert reason in refused


# --- the clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("span", "ahead"), [("90m", timedelta(minutes=90)), ("-3d", timedelta(days=-3))])
def test_the_clock_moves_on_and_back(run, span, ahead):
    assert run("clock", "advance", span)[0] == 0
    assert clock.offset() == ahead


@pytest.mark.parametrize("span", ["99999999999999999d", "999999999d", "-999999999d", "7301d", "-7301d"])
def test_the_clock_stays_within_twenty_years(run, span):
    assert "SPAN" in refusal(run("clock", "advance", span))
    assert clock.offset() == timedelta()


def test_the_clock_stays_within_twenty_years_also_in_steps(run):
    assert run("clock", "advance", "7300d")[0] == 0
    assert "20 years" in refusal(run("clock", "advance", "1s"))


@pytest.mark.parametrize("span", ["٣d", "3", "d", "1.5h", "3d ", "--3d", ""])
def test_what_is_no_span(run, span):
    assert "SPAN" in refusal(run("clock", "advance", span))


def test_a_full_disk_is_named(run, monkeypatch, database):
    if database != "sqlite":
        pytest.skip("each database says it in its own way")

    def fill(_):
        db.session.connection().exec_driver_sql("PRAGMA max_page_count=1")  # As many as there are, and no more.
        db.session.connection().exec_driver_sql("CREATE TABLE filler AS SELECT randomblob(1000000)")

    monkeypatch.setattr("ihome.kit.clock.set_offset", fill)

    assert "SQLITE_FULL" in refusal(run("clock", "advance", "1d"))


# --- help and arguments -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("doctor",), ("serve",), ("user", "password"), ("db", "upgrade"), ()])
def test_help_needs_no_settings_and_makes_nothing(run, monkeypatch, tmp_path, words):
    monkeypatch.setenv("IHOME_ENV", "production")
    monkeypatch.setenv("IHOME_INSTANCE", str(tmp_path / "new"))

    code, output, _ = run(*words, "--help")

    assert code == 0
    assert output.startswith("Usage: ")
    assert not (tmp_path / "new").exists()


def test_an_argument_that_is_not_utf_8_is_one_line(run):
    assert "UTF-8" in refusal(run("user", "operator", "a\udcff"))


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def person(app):
    return make.user("anna")


def find(person):
    with db.reading():
        return queries.get_user(person.id)


def type_in(monkeypatch, line):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line)))


def test_a_password_is_set_and_all_sessions_end(run, app, person, monkeypatch):
    browser = make.browser(app, person)
    type_in(monkeypatch, "staple battery 马\n".encode())

    code, output, _ = run("user", "password", person.email.upper(), "--password-stdin")

    assert (code, output.count(person.email)) == (0, 1)
    assert is_password("staple battery 马", find(person).password_hash)
    assert browser.get("/users/user_info")["errno"] == "4101"


@pytest.mark.parametrize("line", [b"short\n", b"password123\n", b"", b"\xff\xfe 12345678\n"])
def test_a_password_that_cannot_be_is_not_set(run, person, monkeypatch, line):
    type_in(monkeypatch, line)

    assert "password" in refusal(run("user", "password", person.email, "--password-stdin"))
    assert find(person).password_hash == person.password_hash


@pytest.mark.parametrize("command", ["password", "operator", "disable"])
def test_nobody_of_that_address_is_one_line(run, command):
    assert "nobody@example.com" in refusal(run("user", command, "nobody@example.com"))


@pytest.mark.parametrize(
    ("words", "said"),
    [(("operator",), "operates"), (("operator", "--revoke"), "no longer"), (("disable",), "kept out"),
     (("disable", "--enable"), "may sign in")],
)  # fmt: skip
def test_commands_about_people_say_what_was_done(run, person, words, said):
    code, output, _ = run("user", words[0], person.email, *words[1:])

    assert code == 0
    assert said in output
