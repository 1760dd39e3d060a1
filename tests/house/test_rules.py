"""Rules of the house that no other tool checks: each says why, and how to mend it."""

import ast
import importlib.util
import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from ihome.kit.i18n import gettext, speaking
from tests.site_process import ROOT

SOURCE = ROOT / "src" / "ihome"
MODULES = sorted(SOURCE.rglob("*.py"))
CONTRACT_NUMBERS = {"0", "4001", "4002", "4003", "4004", "4101", "4102", "4103", "4104", "4105", "4106", "4201", "4202"}
CONTRACT_NUMBERS |= {"4301", "4302", "4500", "4501"}
MOST_LINES = 400


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def calls(path: Path, method: str) -> list[int]:
    """Lines on which something.method(...) is called."""
    tree = ast.parse(path.read_text())
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
    ]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_kit_commits(path):
    """A commit elsewhere ends a transaction that its edge still believes to be open. Use in_transaction()."""
    if name(path) != "kit/db.py":
        assert calls(path, "commit") == []
        assert calls(path, "rollback") == []
        assert calls(path, "begin_nested") == [], "savepoint() also covers what execute() does"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_its_job(path):
    assert ast.get_docstring(ast.parse(path.read_text())), "a module starts with one line that says its job"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_file_is_one_room(path):
    """Past this size a feature is two features: split it."""
    assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_business_does_not_ask_the_server_for_the_time(path):
    """The clock that demo and tests can set is kit.clock; instants that nobody may move are kit.db.utcnow()."""
    if name(path) not in ("kit/db.py", "kit/log.py", "payments/providers/alipay/client.py"):
        assert not re.search(r"\bdate\.today\(|\bdatetime\.(now|utcnow|today)\(", path.read_text())


@pytest.fixture(scope="module")
def errno():
    spec = importlib.util.spec_from_file_location("errno_script", ROOT / "scripts" / "errno.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_errors_have_numbers_of_the_contract(errno):
    errno.document()
    assert {error.errno for error in errno.error_classes()} <= CONTRACT_NUMBERS


def test_no_two_errors_say_the_same(errno):
    errno.document()
    facts = [(error.errno, error.errmsg.message) for error in errno.error_classes()]
    assert len(facts) == len(set(facts)), "one class per fact: use the class that there is"


def test_the_list_of_errors_is_up_to_date(errno):
    assert (ROOT / "docs" / "errno.md").read_text() == errno.document(), "run: python scripts/errno.py > docs/errno.md"


def texts() -> Catalog:
    """What code and templates say."""
    found = Catalog()
    methods = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
    keywords = {"_": None, "_l": None, "Text": None, "gettext": None, "ngettext": (1, 2)}
    for _file, _line, message, _comments, _context in extract_from_dir(SOURCE, methods, keywords=keywords):
        found.add(message)
    return found


def test_every_text_is_in_chinese():
    """Run scripts/translations, then write the Chinese into messages.po."""
    with (SOURCE / "translations/zh_CN/LC_MESSAGES/messages.po").open("rb") as file:
        chinese = read_po(file)
    untold = [message.id for message in texts() if message.id and not (chinese.get(message.id) or message).string]
    assert untold == []
    assert [message.id for message in chinese if message.id and message.fuzzy] == []


def test_set_up_has_compiled_the_chinese():
    """pybabel skips a catalogue that is marked fuzzy, and a quiet one says nothing: the site would speak English."""
    with speaking("zh"):
        assert gettext("There is no such house.") == "房屋不存在。"


def test_translations_keep_the_placeholders():
    with (SOURCE / "translations/zh_CN/LC_MESSAGES/messages.po").open("rb") as file:
        chinese = read_po(file)
    for message in chinese:
        if message.id and isinstance(message.id, str):
            wanted = set(re.findall(r"\{(\w+)\}", message.id))
            assert set(re.findall(r"\{(\w+)\}", str(message.string))) == wanted, message.id


def test_the_locks_name_no_index():
    """Locks carry versions and hashes; where packages come from is the machine's business."""
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"https?://|--(extra-)?index-url", lock.read_text())


def test_nothing_generated_is_kept():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    assert [path for path in listed if path.endswith((".mo", ".pyc", ".db")) or "instance/" in path] == []
