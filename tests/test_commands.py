"""The `ihome` command: what people can mend is one line, never a traceback."""

import sys
from datetime import timedelta

import pytest

from ihome import cli
from ihome.kit import clock, db, i18n


@pytest.fixture
def environment(config, monkeypatch):
    """Set a variable of a site whose SQLite database is migrated."""
    values = {"IHOME_INSTANCE": str(config.instance), "IHOME_LOG_LEVEL": "error"}
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
    def fail(**_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", fail)

    assert "IHOME_INSTANCE" in refusal(run("serve"))
    assert not served


def test_serve_names_a_key_that_is_none(run, served, environment, tmp_path):
    for name in ("PRIVATE", "PUBLIC"):
        (tmp_path / name).write_text("no key")
        environment(f"IHOME_ALIPAY_{name}_KEY", str(tmp_path / name))
    environment("IHOME_PAYMENT_URL", "https://openapi.alipay.com/gateway.do")
    environment("IHOME_ALIPAY_APP_ID", "2021000000000000")
    environment("IHOME_ALIPAY_SELLER_ID", "2088000000000000")

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
