"""Answers without a document: not found, unavailable, refused."""

import base64
import hashlib
from dataclasses import dataclass

import msgspec
from django.template.loader import render_to_string

from web.edge.answer import Headers

# As the JSON API calls them (docs/api.md).
CODES = {
    400: "bad_request",
    404: "not_found",
    408: "timeout",
    411: "length_required",
    413: "too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    431: "headers_too_large",
    503: "unavailable",
}
_RETRY_AFTER = ("retry-after", "10")
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:17px/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.25rem}"
    "h1{font-size:1.5rem;letter-spacing:-.01em}p{opacity:.75}"
)
_UNAVAILABLE_HTML = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="10"><title>Not available right now</title>
<style>{_STYLE}</style></head>
<body><h1>This status page cannot be read right now</h1>
<p>It tells nothing about the services themselves. This page tries again every ten seconds.</p>
</body></html>
"""


@dataclass(frozen=True, slots=True)
class Notice:
    status: int
    headers: Headers
    body: bytes


def not_found(*, as_json: bool) -> Notice:
    """The same for pages that are unknown, drafts or archived."""
    if as_json:
        return _json_notice(404, message="There is nothing at this address.")
    return _html_notice(404, render_to_string("404.html"), style="'self'")


def unavailable(*, as_json: bool) -> Notice:
    if as_json:
        return _json_notice(503, _RETRY_AFTER, message="Try again in ten seconds.")
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return _html_notice(503, _UNAVAILABLE_HTML, _RETRY_AFTER, style=f"'sha256-{digest}'")


def refused(status: int, reason: str, *, as_json: bool) -> Notice:
    """`reason` is a fixed sentence. The connection ends: what follows in it was not read."""
    lines = [("connection", "close")]
    if status == 503:
        lines.append(_RETRY_AFTER)
    if as_json:
        return _json_notice(status, *lines, message=reason)
    return Notice(status, [*_headers("text/plain; charset=utf-8"), *lines], reason.encode())


def preflight() -> Notice:
    """Every public document may be read from any origin (OPTIONS, Fetch standard)."""
    allowed = "GET, HEAD, OPTIONS"
    headers = [
        ("allow", allowed),
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", allowed),
        ("access-control-allow-headers", "*"),
        ("access-control-max-age", "86400"),
    ]
    return Notice(204, headers, b"")


def alive() -> Notice:
    return Notice(200, _headers("text/plain; charset=utf-8"), b"ok\n")


def _html_notice(status: int, html: str, *headers: tuple[str, str], style: str) -> Notice:
    policy = f"default-src 'none'; style-src {style}; img-src 'self' data:; frame-ancestors 'none'"
    lines = [*_headers("text/html; charset=utf-8"), ("content-security-policy", policy)]
    return Notice(status, [*lines, *headers], html.encode())


def _json_notice(status: int, *headers: tuple[str, str], message: str) -> Notice:
    body = msgspec.json.encode({"error": CODES[status], "message": message})
    lines = [*_headers("application/json; charset=utf-8"), ("access-control-allow-origin", "*")]
    return Notice(status, [*lines, *headers], body)


def _headers(content_type: str) -> Headers:
    return [
        ("content-type", content_type),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ]
