"""The cache: of many that miss at once one makes the answer, also in many processes, and no store is no error."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from ihome.kit import kv
from ihome.kit.cache import cached, forget

PROCESSES = 6
PROGRAM = """
import sys, time
from pathlib import Path
from ihome.kit import kv
from ihome.kit.cache import cached

def make():
    with made.open("a") as file:
        file.write("x")
    time.sleep(0.3)
    return b"dear"

redis_url, folder = sys.argv[1], Path(sys.argv[2])
made = folder / "made"
kv.connect(redis_url, folder / "kv.db", "test:")
cached("something else", 60, lambda: b"")
print(flush=True)
sys.stdin.readline()
assert cached("answer", 60, make) == b"dear"
"""


@pytest.fixture(params=["a SQLite file", "Redis"])
def redis_url(request):
    if request.param == "Redis":
        return f"redis://{request.getfixturevalue('redis_servers').single().host}/0"
    return ""


@pytest.fixture
def store(redis_url, tmp_path):
    kv.connect(redis_url, tmp_path / "kv.db", "test:")
    return kv.store()


def how_often(redis_url, folder: Path):
    """How often so many processes, which miss at the same moment, make the answer."""
    command = [sys.executable, "-c", PROGRAM, redis_url, str(folder)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
    ]
    for process in started:
        process.stdout.readline()
    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60) and process.returncode for process in started] == [0] * PROCESSES
    return len((folder / "made").read_text())


def test_of_many_processes_one_makes_it(redis_url, tmp_path):
    assert how_often(redis_url, tmp_path) == 1


def test_the_stampede_is_real(tmp_path):
    """Without a store each makes its own. If this fails, the test above proves nothing."""
    assert how_often("redis://127.0.0.1:1/0", tmp_path) == PROCESSES


def test_it_is_made_again_when_it_was_forgotten(store):
    answers = iter([b"one", b"two"])

    assert [cached("key", 60, lambda: next(answers)) for _ in range(2)] == [b"one", b"one"]
    forget("key")
    assert cached("key", 60, lambda: next(answers)) == b"two"


def test_whoever_dies_while_making_it_holds_the_others_up_for_seconds_only(store):
    store.set("key:making", "1", 3)
    began = time.monotonic()

    assert cached("key", 60, lambda: b"made after all") == b"made after all"
    assert time.monotonic() - began < 8


def test_an_answer_that_cannot_be_made_lets_the_next_one_try(store):
    def fail():
        raise ValueError

    with pytest.raises(ValueError):
        cached("key", 60, fail)
    began = time.monotonic()

    assert cached("key", 60, lambda: b"made") == b"made"
    assert time.monotonic() - began < 2


def test_without_a_store_everything_is_made(tmp_path):
    kv.connect("redis://127.0.0.1:1/0", tmp_path / "kv.db")

    assert [cached("key", 60, lambda: b"made") for _ in range(3)] == [b"made"] * 3
    forget("key")
