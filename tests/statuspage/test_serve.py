"""script/server's own process: started, hurt, ended."""

import os
import re
import signal
import subprocess
import sys

import pytest
from django.conf import settings

from tests.processes import wait_until
from tests.server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = Server(tmp_path_factory.mktemp("server"), DEMO="0")
    started.data_dir.mkdir()
    started.data_dir.chmod(0o755)
    started.start()
    yield started
    if started.process.poll() is None:
        started.stop()


def is_well(server: Server) -> bool:
    try:
        return server.health()[0] == 200
    except OSError:
        return False


def test_an_empty_start_says_where_to_look_and_how_to_sign_in(server):
    said = server.said.read_text()
    assert f"{server.url}/status-pages" in said
    assert "owner@example.com" in said
    assert re.search(r"Password +\S{16} ", said)
    assert "demo" not in said


def test_nobody_else_may_read_what_it_keeps(server):
    kept = [server.data_dir, server.data_dir / "keys.json", server.data_dir / "last-start.json"]
    for folder in ("logs", "postgres", "run"):
        kept += [server.data_dir / folder, *(server.data_dir / folder).iterdir()]
    open_to_others = [
        str(path.relative_to(server.data_dir))
        for path in kept
        if path.stat().st_mode & 0o077 and not path.is_socket()
    ]
    assert (server.data_dir / "logs" / "web.log").exists()
    assert open_to_others == []


def test_health_tells_of_each_part(server):
    def all_seen():
        status, report = server.health()
        workers = {name.partition("@")[0] for name in report["workers"]}
        return (
            status == 200
            and report["beat_age"] is not None
            and workers == {"checks", "mail", "default"}
            and report
        )

    report = wait_until(all_seen, within=20, what="a sign of life of each process")
    assert report["status"] == "ok"
    assert report["beat_age"] < 20
    assert max(report["workers"].values()) < 20


def test_commands_beside_it_know_its_address(server):
    environment = {k: v for k, v in server.environment.items() if k != "PORT"}
    done = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.MAIN_URL)"],
        env=environment | {"DJANGO_SETTINGS_MODULE": "statuspage.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == server.url


def test_a_second_start_says_so_in_one_line(server):
    done = subprocess.run(
        [sys.executable, "-m", "statuspage.serve"],
        env=server.environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"Bellbuoy is already running on \S+ \(process \d+\)\.\n", done.stderr)
    assert is_well(server)


def test_a_taken_port_is_said_by_name(server, tmp_path):
    other = Server(tmp_path, DEMO="0", PORT=str(server.port))
    done = subprocess.run(
        [sys.executable, "-m", "statuspage.serve"],
        env=other.environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"PORT={server.port}" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("STATUS_PAGE_DOMAIN", "://"),
        ("REDIS_URL", "memcached://cache"),
        ("ENCRYPTION_KEYS", "1:short"),
        ("MONITOR_ALLOWED_NETWORKS", "everything"),
        ("TRUSTED_PROXIES", "some"),
        ("OWNER_EMAIL", "nobody"),
    ],
)
def test_a_wrong_setting_is_said_by_name(tmp_path, name, value):
    engines = {"DATABASE_URL": os.environ["DATABASE_URL"], "REDIS_URL": os.environ["REDIS_URL"]}
    wrong = Server(tmp_path, DEMO="0", **(engines | {name: value}))
    done = subprocess.run(
        [sys.executable, "-m", "statuspage.serve"],
        env=wrong.environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("word", ["--queues\0checks", "beat", "statuspage.serve.web", "valkey"])
def test_what_is_killed_comes_back(server, word):
    [victim, *_] = sorted(server.pids(word))
    os.kill(victim, signal.SIGKILL)

    def is_back():
        alive = server.pids(word)
        return alive and victim not in alive and is_well(server)

    wait_until(is_back, within=30, what=f"another {word!r}")


def test_a_killed_postgres_comes_back_under_all_of_them(server):
    command = f"postgres\0-D\0{server.data_dir}"
    [postmaster] = server.pids(command)
    os.kill(postmaster, signal.SIGKILL)

    def is_back():
        alive = server.pids(command)
        return alive and postmaster not in alive and is_well(server)

    wait_until(is_back, within=40, what="the recovery")


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(server):
    server.stop(signal.SIGKILL)
    wait_until(lambda: not server.pids(), within=20, what="the end of all processes")
    server.start()
    assert is_well(server)
    assert server.said.read_text().count("Password") == 1


def test_ctrl_c_leaves_no_process(server):
    assert server.stop(signal.SIGINT) == 0
    assert server.pids() == []
    assert not (server.data_dir / "run" / "valkey.sock").exists()
