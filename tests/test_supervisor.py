"""The process that looks after web server and worker."""

import json
import signal
import subprocess
import sys
import time

import pytest


@pytest.fixture
def supervise():
    started = []

    def start(**commands):
        line = [sys.executable, "-m", "ihome.supervisor", json.dumps(commands)]
        started.append(subprocess.Popen(line, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def writing(path, then):
    """A command that adds a line to the file, then does that."""
    return [sys.executable, "-c", f"open({str(path)!r}, 'a').write('here\\n'); {then}"]


def wait_for_lines(path, number):
    deadline = time.monotonic() + 20
    while not path.exists() or len(path.read_text().splitlines()) < number:
        assert time.monotonic() < deadline, "the child was not started so often"
        time.sleep(0.05)


def test_a_child_that_dies_is_started_again(supervise, tmp_path):
    supervise(worker=writing(tmp_path / "lives", "raise SystemExit(3)"))

    wait_for_lines(tmp_path / "lives", 2)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_children_cleanly(supervise, tmp_path, sent):
    children = {name: writing(tmp_path / name, "import time; time.sleep(60)") for name in ("web", "worker")}
    process = supervise(**children)
    for name in children:
        wait_for_lines(tmp_path / name, 1)

    process.send_signal(sent)

    assert process.wait(20) == 0


def test_it_keeps_nothing_of_the_site_in_memory():
    """What it imports stays for as long as the site runs."""
    ask = "import sys, ihome.supervisor; print([name for name in sys.modules if name.startswith('ihome')])"
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "['ihome', 'ihome.supervisor']"
