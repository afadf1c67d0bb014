"""A document through a real process: bytes, tags, encodings, methods, hosts."""

import gzip
import json
import time

import brotli
import pytest

from pages.models import Page
from tests.factories import ComponentFactory, PageFactory
from tests.web.edge.conftest import Web


@pytest.fixture
def served(standing_web: Web) -> Web:
    page = PageFactory(name="Acme", subdomain="acme")
    ComponentFactory(page=page, name="Website", slug="website")
    PageFactory(subdomain="sketch", status=Page.State.DRAFT)
    PageFactory(subdomain="attic", status=Page.State.ARCHIVED)
    return standing_web


def test_a_document_is_the_same_in_every_encoding_and_answers_conditions(served: Web):
    plain = served.ask("/status/acme")
    assert plain.status == 200
    assert b"Website" in plain.body
    assert plain.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in plain.headers

    tags = {plain.headers["etag"]}
    for encoding, decompress in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        reply = served.ask("/status/acme", accept_encoding=encoding)
        assert reply.headers["content-encoding"] == encoding
        assert decompress(reply.body) == plain.body
        tags.add(reply.headers["etag"])
        for condition in (
            reply.headers["etag"],
            f'"other", W/{reply.headers["etag"]}',
            "*",
        ):
            unchanged = served.ask(
                "/status/acme", accept_encoding=encoding, if_none_match=condition
            )
            assert (unchanged.status, unchanged.body) == (304, b"")
            assert unchanged.headers["etag"] == reply.headers["etag"]
            assert unchanged.headers["vary"] == "Accept-Encoding"
            assert unchanged.headers["cache-control"] == reply.headers["cache-control"]
        assert served.ask("/status/acme", if_none_match=reply.headers["etag"]).status == 200
    assert len(tags) == 3

    head = served.ask("/status/acme", method="HEAD", accept_encoding="gzip, br")
    assert (head.status, head.body) == (200, b"")
    whole = served.ask("/status/acme", accept_encoding="gzip, br")
    assert head.headers["content-length"] == str(len(whole.body))
    assert head.headers["etag"] == whole.headers["etag"]


def test_one_document_has_several_spellings(served: Web):
    page = Page.objects.get(subdomain="acme")
    bodies = {
        served.ask(path).body
        for path in ("/status/acme", "/status/acme/", "/status/acme?utm=x&y=%00")
    }
    assert len(bodies) == 1
    assert served.ask(f"/status/{page.pk}").status == 200
    summary = served.ask("/status/acme/api/v2/summary.json")
    assert summary.headers["content-type"].startswith("application/json")
    assert summary.headers["access-control-allow-origin"] == "*"
    calendar = served.ask("/status/acme/maintenance.ics")
    assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
    assert served.ask("/status/acme/history").status == 200
    preflight = served.ask("/status/acme/api/v2/summary.json", method="OPTIONS")
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == "*"


def test_no_cookie_comes_or_goes(served: Web):
    cookies = "sessionid=secret; csrftoken=secret"
    without = served.ask("/status/acme")
    reply = served.ask("/status/acme", cookie=cookies, authorization="Bearer x")
    assert reply.body == without.body
    for path in ("/status/acme", "/status/nobody", "/status/acme/nothing-here", "/i/nothing"):
        assert "set-cookie" not in served.ask(path, cookie=cookies).headers


@pytest.mark.parametrize(
    "path",
    [
        "/docs/uptime",
        "/api/status-pages/acme/intervals.json?days=1",
        "/api/status-pages/acme/intervals.csv",
        "/status/acme/history",
        "/i/nothing",
    ],
)
def test_what_may_be_cached_knows_of_no_cookie(served: Web, path: str):
    reply = served.ask(path, cookie="sessionid=abc")
    assert "set-cookie" not in reply.headers
    assert "cookie" not in reply.headers.get("vary", "").lower()


def test_other_addresses_of_a_page_keep_their_cookies(served: Web):
    for path in ("/api/status-pages/acme", "/api/status-pages/a/b/intervals.json"):
        reply = served.ask(path, cookie="sessionid=abc")
        assert "cookie" in reply.headers["vary"].lower()


@pytest.mark.parametrize("value", [b"\xc3\xa9", b"\x80"])
def test_a_header_that_cannot_be_read_is_refused(served: Web, value: bytes):
    head = b"Host: localhost\r\nIdempotency-Key: " + value + b"\r\n"
    status, body = _post(served, b"/api/incidents", head)
    assert status == 400
    assert json.loads(body)["error"] == "bad_request"
    assert _post(served, b"/accounts/login/", head)[0] == 400


def test_cookies_that_cannot_be_read_keep_no_visitor_away(served: Web):
    head = "Host: localhost\r\nCookie: name=é\r\n".encode()
    for path in ("/status/acme", "/docs/uptime"):
        reply = served.raw(f"GET {path} HTTP/1.1\r\n".encode() + head + b"\r\n")
        assert reply.split(b" ", 2)[1] == b"200"


def test_unknown_draft_and_archived_pages_cannot_be_told_apart(served: Web):
    suffixes = ("", "/api/v2/status.json", "/incidents/01890000-0000-7000-8000-000000000000")
    for suffix in (*suffixes, "/history", "/maintenance.ics"):
        replies = [
            served.ask(f"/status/{name}{suffix}") for name in ("nobody-here", "sketch", "attic")
        ]
        assert {reply.status for reply in replies} == {404}
        assert len({reply.body for reply in replies}) == 1
        assert len({tuple(sorted(_lasting(reply.headers).items())) for reply in replies}) == 1


def test_an_unknown_path_asked_again_and_again_costs_one_look(served: Web):
    began = time.monotonic()
    for _ in range(20):
        assert served.ask("/status/asked-again-and-again").status == 404
    seconds = time.monotonic() - began
    looks = served.log.read_text().count("nothing at /status/asked-again-and-again")
    assert 1 <= looks <= 1 + seconds


@pytest.mark.parametrize(
    "path",
    [
        "/status/../../etc/passwd",
        "/status/%2e%2e/%2e%2e/etc/passwd",
        "/status/acme%00",
        "/status/acme/%0d%0aSet-Cookie:x",
        "/static/..%2f..%2fmanage.py",
        "/static/%2e%2e/%2e%2e/manage.py",
        "/status/" + "a" * 3000,
        "/status/acme%5c..%5c",
        "/status/%ff%fe",
        "//evil.example/status/acme",
        "/status/acme/incidents/1%27%20OR%201=1",
    ],
)
def test_a_bad_path_is_refused_or_not_found(served: Web, path: str):
    assert served.ask(path).status in {400, 404, 414}


@pytest.mark.parametrize(
    ("request_line", "headers", "status"),
    [
        ("GET /nothing?" + "a" * 9000, "Host: localhost", b"414"),
        ("GET /nothing", "Host: " + "a" * 300, b"400"),
        ("GET /nothing", "Accept: */*", b"400"),
        ("GET /nothing", "Host: localhost\r\nOrigin: " + "a" * 20_000, b"431"),
        ("GET /accounts/login/?next=\u20ac", "Host: localhost", b"200"),
    ],
)
def test_an_outsized_or_odd_head_is_an_answer(served: Web, request_line, headers, status):
    reply = served.raw(f"{request_line} HTTP/1.1\r\n{headers}\r\n\r\n".encode())
    assert reply.split(b" ", 2)[1] == status


def test_a_foreign_host_gets_no_page(served: Web):
    assert served.ask("/status/acme").status == 200
    assert served.ask("/status/acme", Host="evil.example").status == 400


def test_encoded_slashes_and_odd_requests_are_never_an_error(served: Web):
    assert served.ask("/status%2Facme").status in {200, 404}
    for request in (
        b"GET /status/acme HTTP/1.0\r\n\r\n",
        b"GET /status/acme HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
        b"GET http://evil.example/status/acme HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ):
        status = int(served.raw(request).split()[1])
        assert status < 500


def test_hashed_files_are_kept_for_ever(served: Web):
    page = served.ask("/status/acme").body.decode()
    path = page.split('rel="stylesheet" href="')[1].split('"')[0]
    reply = served.ask(path, accept_encoding="br")
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/css")
    assert "immutable" in reply.headers["cache-control"]
    assert reply.headers["content-encoding"] == "br"
    again = served.ask(path, accept_encoding="br", if_none_match=reply.headers["etag"])
    assert again.status == 304


def _post(web: Web, path: bytes, head: bytes) -> tuple[int, bytes]:
    reply = web.raw(b"POST " + path + b" HTTP/1.1\r\n" + head + b"Content-Length: 0\r\n\r\n")
    return int(reply.split(b" ", 2)[1]), reply.partition(b"\r\n\r\n")[2]


def _lasting(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "date"}
