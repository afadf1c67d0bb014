"""Servers for benches: started, awaited, ended."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from statuspage.serve.children import web
from statuspage.serve.ports import free_port


@contextmanager
def edge() -> Iterator[int]:
    """The product's own web process, on the first core."""
    port = free_port()
    child = web()
    variables = os.environ | dict(child.environment)
    variables |= {"PORT": str(port), "STATUS_PAGE_DOMAIN": f"localhost:{port}"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=variables, check=True)
    with running([*on_core(0), *child.command], port, variables):
        yield port


@contextmanager
def running(command: list[str], port: int, variables: dict[str, str]) -> Iterator[None]:
    """A server as a process, from the moment it listens."""
    process = subprocess.Popen(command, env=variables, cwd=settings.BASE_DIR)
    try:
        _await(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def on_core(core: int) -> list[str]:
    """Nothing on a machine with one core only."""
    return ["taskset", "-c", str(core)] if core in os.sched_getaffinity(0) else []


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"no server at port {port}")
