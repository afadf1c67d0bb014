"""What is taken as a request body, through a real process."""

import json
import socket
from contextlib import suppress

import pytest
from django.utils.timezone import now

from accounts import tokens
from tests.factories import UserFactory
from tests.web.edge.conftest import Web

ROUTE = "/api/subscribe"


def error_in(reply: bytes) -> str:
    """The code of an answer in the API's shape."""
    head, _, body = reply.partition(b"\r\n\r\n")
    assert b"application/json" in head
    content = json.loads(body)
    assert content["message"].endswith(".")
    return content["error"]


def test_an_oversized_body_is_refused_before_it_is_read(standing_web: Web):
    head = f"POST {ROUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000001\r\n\r\n"
    reply = standing_web.raw(head.encode())
    assert reply.startswith(b"HTTP/1.1 413")
    assert error_in(reply) == "too_large"
    elsewhere = standing_web.raw(head.replace(ROUTE, "/accounts/login/").encode())
    assert elsewhere.startswith(b"HTTP/1.1 413")
    assert b"text/plain" in elsewhere


def test_an_endless_body_is_cut_off(standing_web: Web):
    head = (
        f"POST {ROUTE} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
        "Content-Type: application/json\r\n\r\n"
    )
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with (
        socket.create_connection(("127.0.0.1", standing_web.port), timeout=10) as client,
        # What the server does not read any more may come back as a reset.
        suppress(ConnectionError),
    ):
        client.sendall(head.encode())
        for _ in range(100):
            client.sendall(chunk)
        assert client.recv(100).startswith(b"HTTP/1.1 413")
    assert standing_web.ask("/livez").status == 200


def test_a_body_that_was_cut_off_is_no_body(standing_web: Web):
    body = b"email=a%40example.com"
    head = f"POST {ROUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body) + 9}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", standing_web.port), timeout=10) as client:
        client.sendall(head.encode() + body)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(100)[:12] in {b"HTTP/1.1 400", b""}
    chunked = f"POST {ROUTE} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert standing_web.raw(chunked.encode() + b"5\r\nemail\r\n").startswith(b"HTTP/1.1 411")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "x-bomb"])
def test_a_compressed_body_is_refused(standing_web: Web, encoding: str):
    reply = standing_web.post(ROUTE, {"email": "a@example.com"}, content_encoding=encoding)
    assert reply.status == 415
    assert json.loads(reply.body)["error"] == "unsupported_media_type"


def test_a_bad_path_of_the_api_is_refused_in_its_shape(standing_web: Web):
    assert error_in(standing_web.raw(b"GET /api/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n"))


def test_a_body_reaches_django_whole(standing_web: Web):
    """Only a whole body is JSON, of which single fields can be wrong."""
    token = tokens.issue(user=UserFactory(), name="edge", at=now())
    body = {"title": "x" * 900_000}
    reply = standing_web.post("/api/admin/incidents", body, authorization=f"Bearer {token}")
    assert reply.status == 422
    assert "title" in json.loads(reply.body)["fields"]


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "9" * 40])
def test_a_length_that_is_none_is_a_bad_request(standing_web: Web, length: str):
    head = f"POST {ROUTE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\nx"
    status = int(standing_web.raw(head.encode()).split()[1])
    assert 400 <= status < 500
