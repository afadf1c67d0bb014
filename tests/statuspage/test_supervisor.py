import os
import signal
import sys
import time
from pathlib import Path

import pytest

from statuspage.serve import supervisor as supervising
from statuspage.serve.children import Child
from statuspage.serve.supervisor import Supervisor
from tests.processes import wait_until

SLEEP = "import time; time.sleep(60)"


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    started = Supervisor(logs=tmp_path, environment=dict(os.environ), cwd=tmp_path, say=said.append)
    yield started
    started.stop()


def child(name: str, program: str, *, grace_s: float = 5) -> Child:
    return Child(name=name, command=(sys.executable, "-c", program), grace_s=grace_s)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_dead_child_is_started_again_after_growing_pauses(supervisor, said, tmp_path):
    supervisor.start([child("short", "print('hello')")])

    def runs_thrice():
        supervisor.look_after()
        return (tmp_path / "short.log").read_text().count("hello") >= 3

    began = time.monotonic()
    wait_until(runs_thrice, within=10, what="two restarts")
    assert time.monotonic() - began >= 1.5
    assert said[0] == f"short ended (exit 0), starting again in 0.5 s; see {tmp_path}/short.log"
    assert "in 1 s" in said[1]


def test_who_ran_long_is_started_again_without_a_longer_pause(supervisor, said, monkeypatch):
    supervisor.start([child("steady", SLEEP)])
    running = supervisor.running[0]
    running.pause_s = 16
    monkeypatch.setattr(supervising, "STEADY_S", 0)
    running.process.kill()
    running.process.wait()
    supervisor.look_after()
    assert "(SIGKILL), starting again in 0.5 s" in said[0]


def test_the_child_of_a_dead_child_goes_too(supervisor, tmp_path):
    program = (
        "import subprocess, sys, time;"
        f"print(subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).pid, flush=True);"
        "time.sleep(60)"
    )
    supervisor.start([child("parent", program)])
    log = tmp_path / "parent.log"
    wait_until(log.read_text, within=20, what="the grandchild's number")
    grandchild = int(log.read_text())
    supervisor.running[0].process.kill()
    supervisor.running[0].process.wait()
    supervisor.look_after()
    wait_until(lambda: not is_alive(grandchild), within=20, what="the end of the grandchild")


def test_what_will_not_end_is_ended(supervisor, tmp_path):
    ignores = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    deaf = f"{ignores}; print(1, flush=True); {SLEEP}"
    supervisor.start([child("deaf", deaf, grace_s=0.3)])
    wait_until((tmp_path / "deaf.log").read_text, within=20, what="the child's start")
    pid = supervisor.running[0].process.pid
    began = time.monotonic()
    supervisor.stop()
    assert 0.3 <= time.monotonic() - began < 2
    assert not is_alive(pid)
    assert supervisor.running == []


def test_what_was_started_first_ends_last(supervisor, tmp_path):
    ends = (
        "import signal, time; signal.signal(signal.SIGTERM, lambda *_: exit(print(time.time_ns())))"
    )
    for name in ("first", "second"):
        supervisor.start([child(name, f"{ends}; print('up', flush=True); {SLEEP}")])
        log = tmp_path / f"{name}.log"
        wait_until(log.read_text, within=20, what=f"the start of {name}")
    supervisor.stop()
    first, second = (
        int((tmp_path / f"{name}.log").read_text().split()[1]) for name in ("first", "second")
    )
    assert first > second


def test_children_of_a_killed_supervisor_end(tmp_path):
    """`kill -9` gives no time to tidy up; the kernel tells the children."""
    program = f"""
import os, pathlib, signal
from statuspage.serve.supervisor import Supervisor
from statuspage.serve.children import Child
folder = pathlib.Path({str(tmp_path)!r})
supervisor = Supervisor(logs=folder, environment=dict(os.environ), cwd=folder, say=print)
supervisor.start([Child("orphan", ({sys.executable!r}, "-c", {SLEEP!r}))])
(folder / "pid").write_text(str(supervisor.running[0].process.pid))
os.kill(os.getpid(), signal.SIGKILL)
"""
    pid = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-c", program])
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL
    orphan = int((tmp_path / "pid").read_text())
    wait_until(lambda: not is_alive(orphan), within=20, what="the orphan's end")


def test_logs_stay_small(supervisor, tmp_path, monkeypatch):
    monkeypatch.setattr(supervising, "LOG_LIMIT", 10)
    log = tmp_path / "web.log"
    log.write_text("0123456789 and more")
    supervisor.look_after()
    assert log.read_text() == ""
    assert (tmp_path / "web.log.1").read_text() == "0123456789 and more"
