"""Clients that send a byte a second keep nobody out."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.factories import PageFactory
from tests.processes import wait_until
from tests.web.edge.conftest import Web

CLIENTS = 60
# Established, or a handshake not finished.
_OPEN = {"01", "03"}


@contextmanager
def dripping(web: Web, head: bytes) -> Iterator[None]:
    """Clients that sent `head` and go on with a byte a second."""
    ended = threading.Event()
    clients = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(CLIENTS)]
    for client in clients:
        client.sendall(head)

    def drip() -> None:
        while not ended.wait(1):
            for client in clients:
                try:
                    client.sendall(b"x")
                except OSError:
                    continue

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        for client in clients:
            client.close()


@pytest.mark.parametrize(
    "head",
    [
        b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n",
        (
            b"POST /api/subscribe HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/json\r\n\r\n"
        ),
        b"GET /status/acme HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n",
        b"GET /accounts/login/ HTTP/1.1\r\nX-",
    ],
    ids=["form", "chunked", "get with a body", "headers"],
)
def test_slow_clients_keep_visitors_and_operators_waiting_for_nothing(
    standing_web: Web, head: bytes
):
    PageFactory(subdomain="acme")
    assert standing_web.ask("/status/acme").status == 200
    page = standing_web.ask("/status/acme").body.decode()
    stylesheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    with dripping(standing_web, head):
        wait_until(lambda: _all_taken(standing_web), within=10, what="the slow clients")
        seconds = sorted(_timed(standing_web, "/status/acme") for _ in range(200))
        assert seconds[197] < 2
        assert _timed(standing_web, stylesheet) < 2
        assert _timed(standing_web, "/accounts/login/") < 2


def _all_taken(web: Web) -> bool:
    """Whether no connection waits to be accepted: it would have no file (proc(5), net/tcp)."""
    connections = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return not any(
        local.endswith(f":{web.port:04X}") and state in _OPEN and inode == "0"
        for _, local, _, state, _, _, _, _, _, inode, *_ in connections
    )


def _timed(web: Web, path: str) -> float:
    began = time.monotonic()
    assert web.ask(path).status == 200
    return time.monotonic() - began
