"""The process that looks after web server and worker."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from ihome.serve import listen, web_command
from tests.site_process import ROOT, Site, free_port

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")


@pytest.fixture
def supervise():
    started = []

    def start(constants="", stdin=subprocess.DEVNULL, **commands):
        program = f"import sys, ihome.supervisor as s; {constants}; sys.exit(s.Supervisor({commands!r}).run())"
        line = [sys.executable, "-m", "ihome.supervisor", json.dumps(commands)]
        if constants:
            line = [sys.executable, "-c", program]
        started.append(subprocess.Popen(line, stdin=stdin, stderr=subprocess.PIPE, text=True))
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


def test_a_child_that_dies_again_and_again_is_given_up(supervise, tmp_path):
    process = supervise("s.MOST_DEATHS = 1", worker=writing(tmp_path / "lives", "raise SystemExit(3)"))

    assert process.wait(20) == 1
    assert len((tmp_path / "lives").read_text().splitlines()) == 2


def test_a_death_long_ago_and_one_of_another_child_do_not_count(supervise, tmp_path):
    children = {name: writing(tmp_path / name, "raise SystemExit(3)") for name in ("web", "worker")}
    process = supervise("s.MOST_DEATHS = 1; s.WINDOW = 0.5", **children)

    for name in children:
        wait_for_lines(tmp_path / name, 3)
    assert process.poll() is None


@linux_only
def test_children_do_not_outlive_a_supervisor_that_is_killed(supervise, tmp_path):
    process = supervise(worker=sleeping(tmp_path / "worker"))
    child = read_pid(tmp_path / "worker")

    process.kill()
    process.wait()

    wait_until(lambda: not is_running(child))


@linux_only
def test_a_site_whose_supervisor_is_killed_frees_its_port(tmp_path):
    site = Site(tmp_path, free_port())
    site.command("db", "upgrade")
    process = site.start("--workers", "2")

    process.kill()
    process.wait()

    wait_until(lambda: not is_listening(site.port))


@linux_only
def test_a_web_server_that_is_killed_leaves_nothing_behind(supervise, tmp_path):
    """Its own processes would hold the port that the next one needs."""
    start = f"import subprocess; subprocess.Popen({sleeping(tmp_path / 'own')!r})"
    supervise(web=sleeping(tmp_path / "web", start))
    web, own = read_pid(tmp_path / "web"), read_pid(tmp_path / "own")

    os.kill(web, signal.SIGKILL)

    wait_until(lambda: not is_running(own))


def sleeping(path, first="pass"):
    """A command that writes its pid into the file and stays."""
    write = f"print(os.getpid(), file=open({str(path)!r}, 'w', buffering=1))"
    return [sys.executable, "-c", f"import os, time; {write}; {first}; time.sleep(60)"]


def read_pid(path):
    wait_for_lines(path, 1)
    return int(path.read_text())


def wait_until(holds):
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


def is_running(pid):
    """A zombie that nobody has reaped yet does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_children_cleanly(supervise, tmp_path, sent):
    children = {name: writing(tmp_path / name, "import time; time.sleep(60)") for name in ("web", "worker")}
    process = supervise(**children)
    for name in children:
        wait_for_lines(tmp_path / name, 1)

    process.send_signal(sent)

    assert process.wait(20) == 0


READY = "print('ready', flush=True)"


def slow_application():
    """For ihome.webserver: it says in a folder that it is asked, and answers when it is told to there.

    Where a second process is to be late, it loads for longer than anybody waits.
    """
    folder = Path(os.environ["FOLDER"])
    if os.environ["LATE"]:
        try:
            (folder / "first").touch(exist_ok=False)
        except FileExistsError:
            (folder / "loading").touch()
            time.sleep(60)

    def answer(_environ, start):
        (folder / "asked").touch()
        wait_until((folder / "answer").exists)
        start("200 OK", [("Content-Length", "4")])
        return [b"done"]

    return answer


@pytest.mark.parametrize("late", ["", "loading"])
def test_from_the_signal_on_a_balancer_is_refused_what_is_under_way_is_answered_and_all_ends(tmp_path, late):
    """Whoever came while a web server finishes its work would wait in the queue, and be lost with it.

    Also where one of its processes still loads.
    """
    port = free_port()
    with ExitStack() as stack:
        sockets = [stack.enter_context(one) for one in listen("127.0.0.1", port, 2)]
        numbers = [one.fileno() for one in sockets]
        commands = json.dumps({"web": web_command(f"{__name__}:slow_application")})
        line = [sys.executable, "-m", "ihome.supervisor", commands, *map(str, numbers)]
        environment = os.environ | {"FOLDER": str(tmp_path), "LATE": late}
        process = stack.enter_context(subprocess.Popen(line, pass_fds=numbers, cwd=ROOT, env=environment))
        for one in sockets:
            one.close()  # Only the site has them now.
        pool = stack.enter_context(ThreadPoolExecutor(100))
        if late:
            wait_until((tmp_path / late).exists)
        asked = []

        def is_asked():
            """Those in the queue of the process that is late wait in vain."""
            asked.append(pool.submit(httpx.get, f"http://127.0.0.1:{port}/", trust_env=False, timeout=30))
            time.sleep(0.2)
            return (tmp_path / "asked").exists()

        wait_until(is_asked)

        process.terminate()
        wait_until(lambda: not is_listening(port))
        (tmp_path / "answer").touch()

        assert "done" in [one.result().text for one in asked if not one.exception()]
        assert process.wait(5) == 0  # granian kills after ten seconds what does not end.


def test_hup_starts_all_anew_and_lets_the_old_go(supervise, tmp_path):
    """The web server is told by USR1 that it leaves, and goes on for a while; a worker ends at once."""
    web = sleeping(tmp_path / "web", f"import signal; signal.signal(signal.SIGUSR1, signal.SIG_IGN); {READY}")
    process = supervise("s.DRAIN = 1", web=web, worker=sleeping(tmp_path / "worker"))
    old = {name: read_pid(tmp_path / name) for name in ("web", "worker")}

    process.send_signal(signal.SIGHUP)

    wait_until(lambda: not is_running(old["worker"]))
    assert is_running(old["web"])
    wait_until(lambda: not is_running(old["web"]))
    new = {name: read_pid(tmp_path / name) for name in old}
    assert all(is_running(pid) for pid in new.values())
    assert not set(new.values()) & set(old.values())


@pytest.mark.parametrize(
    ("then", "patience"),
    [("raise SystemExit(1)", 60), ("time.sleep(60)", 1), ("print('broken', flush=True); time.sleep(60)", 60)],
)
def test_hup_changes_nothing_where_the_new_web_server_does_not_come_up(supervise, tmp_path, then, patience):
    lives = tmp_path / "web"
    begin = f"import os, time; write = open({str(lives)!r}, 'a').write(str(os.getpid()) + chr(10))"
    otherwise = f"if len(open({str(lives)!r}).readlines()) > 1: {then}"
    process = supervise(
        f"s.PATIENCE = {patience}",
        web=[sys.executable, "-c", f"{begin}\n{otherwise}\ntime.sleep(60)"],
        worker=sleeping(tmp_path / "worker"),
    )
    worker = read_pid(tmp_path / "worker")
    wait_for_lines(lives, 1)

    process.send_signal(signal.SIGHUP)

    wait_for_lines(lives, 2)
    old, new = map(int, lives.read_text().split())
    wait_until(lambda: not is_running(new))
    assert is_running(old)
    assert is_running(worker)


def test_in_a_terminal_hup_means_that_it_was_closed(supervise, tmp_path):
    ours, theirs = pty.openpty()
    process = supervise(stdin=theirs, worker=sleeping(tmp_path / "worker"))
    read_pid(tmp_path / "worker")

    process.send_signal(signal.SIGHUP)

    assert process.wait(20) == 0
    os.close(ours)
    os.close(theirs)


def test_it_keeps_nothing_of_the_site_in_memory():
    """What it imports stays for as long as the site runs."""
    ask = "import sys, ihome.supervisor; print([name for name in sys.modules if name.startswith('ihome')])"
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "['ihome', 'ihome.supervisor']"


def test_answers_are_not_held_back_to_be_joined():
    """Head and body leave as two packets: held back for the first's receipt, a tenth as many requests got through."""
    for one in listen("127.0.0.1", free_port(), 2):
        with one:
            assert one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_setting_that_is_wrong_after_a_renewal_is_one_line_in_the_log(tmp_path):
    ask = "from ihome.webserver import load; load(0, 0, 'ihome.web:create_app')"
    wrong = os.environ | {"IHOME_INSTANCE": str(tmp_path), "IHOME_PAYMENT_MINUTES": "soon"}
    found = subprocess.run([sys.executable, "-c", ask], env=wrong, capture_output=True, text=True)

    assert found.returncode == 1
    assert re.fullmatch(r"ihome: IHOME_PAYMENT_MINUTES: .*\n", found.stderr)
