"""The embedded engines, as their starter may find them: fresh, stopped, killed, left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from statuspage.embedded import Postgres, Valkey
from tests.processes import wait_until


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("engines")


@pytest.fixture
def postgres(folder):
    started = Postgres(folder, durable=False)
    yield started
    started.stop()


@pytest.fixture
def valkey(folder):
    started = Valkey(folder)
    yield started
    started.stop()


def works(url: str) -> bool:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_postgres_starts_from_nothing_and_keeps_its_data(postgres):
    with psycopg.connect(postgres.start()) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    postgres.stop()
    assert not postgres.running
    with psycopg.connect(postgres.start()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_nobody_else_reaches_the_sockets(postgres, valkey):
    postgres.start()
    valkey.start()
    assert postgres.sockets.stat().st_mode & 0o077 == 0


def test_a_killed_postgres_starts_again_under_its_clients(postgres):
    with psycopg.connect(postgres.start()):
        postgres.process.kill()
        postgres.process.wait()
        assert works(postgres.start())


def test_a_postgres_left_behind_is_ended_first(folder, postgres):
    postgres.start()
    successor = Postgres(folder, durable=False)
    assert works(successor.start())
    assert not postgres.running
    successor.stop()


def test_a_stale_pid_file_is_no_obstacle(postgres):
    """After a crash in a container, its number is soon another process's."""
    postgres.start()
    postgres.stop()
    (postgres.cluster / "postmaster.pid").write_text(f"{os.getppid()}\n{postgres.cluster}\n")
    assert works(postgres.start())


def test_a_first_start_that_was_cut_short_begins_anew(tmp_path):
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("")
    postgres = Postgres(tmp_path, durable=False)
    try:
        assert works(postgres.start())
    finally:
        postgres.stop()


def test_a_deep_folder_has_its_sockets_elsewhere(tmp_path, valkey):
    deep = tmp_path / ("deep" * 30)
    for _ in range(2):
        valkey = Valkey(deep)
        with Redis.from_url(valkey.start()) as client:
            assert client.ping()
        valkey.stop()
    assert len(str(valkey.socket)) < 108
    valkey.socket.parent.rmdir()


def test_engines_end_with_a_starter_that_was_killed(folder):
    program = """
import os, pathlib, sys
from statuspage.embedded import Postgres, Valkey
folder = pathlib.Path(sys.argv[1])
postgres, valkey = Postgres(folder, durable=False), Valkey(folder)
postgres.start(), valkey.start()
print(postgres.process.pid, valkey.process.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    for pid in done.stdout.split():
        entry = Path("/proc", pid, "exe")
        wait_until(lambda entry=entry: not entry.exists(), within=15, what=f"end of {pid}")


def test_valkey_starts_with_a_file_that_was_cut_off(valkey):
    with Redis.from_url(valkey.start()) as client:
        client.set("k", "v" * 1000)
    valkey.process.kill()
    valkey.process.wait()
    [journal] = (valkey.folder / "appendonlydir").glob("*.incr.aof")
    os.truncate(journal, journal.stat().st_size - 7)
    with Redis.from_url(valkey.start()) as client:
        assert client.ping()


def test_valkey_puts_a_file_aside_that_it_cannot_read(valkey):
    with Redis.from_url(valkey.start()) as client:
        client.set("k", "v")
    valkey.stop()
    [journal] = (valkey.folder / "appendonlydir").glob("*.incr.aof")
    journal.write_bytes(b"*nonsense\r\n" * 20)
    began = time.monotonic()
    with Redis.from_url(valkey.start()) as client:
        assert client.get("k") is None
    assert time.monotonic() - began < 10
    assert list(valkey.folder.glob("unreadable-*"))
