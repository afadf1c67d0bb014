"""What a request's path and host say before anything is looked up."""

import re
from functools import lru_cache

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from web.edge.types import Scope
from web.page.documents import address_of

LIMIT = 2048
QUERY_LIMIT = 8192
HOST_LIMIT = 255
HEADERS_LIMIT = 16_384
_PUBLIC_PREFIXES = ("/status/", "/static/", "/i/", "/drafts/")
_PUBLIC_PATHS = {
    "/api/status",
    "/api/subscribe",
    "/api/subscribers",
    "/api/verify",
    "/docs/uptime",
    "/unsubscribe",
}
_PUBLIC_EVIDENCE = re.compile(r"/api/status-pages/[^/]+/intervals\.(json|csv)")


def refusal_of(scope: Scope) -> tuple[int, str] | None:
    """Status and sentence where a request's head is not taken, before anything reads it."""
    host = scope.headers.get("host")
    if not host or len(host) > HOST_LIMIT or not host.isascii():
        return 400, "Bad host."
    if len(scope.path) > LIMIT or len(scope.query_string) > QUERY_LIMIT:
        return 414, "The address is too long."
    if sum(len(name) + len(value) for name, value in scope.headers.items()) > HEADERS_LIMIT:
        return 431, "The headers are too large."
    return None if is_sane(scope.path) else (400, "Bad path.")


def is_sane(path: str) -> bool:
    """No control character, no backslash, no part that climbs."""
    return path.isprintable() and "\\" not in path and ".." not in path.split("/")


@lru_cache(maxsize=4096)
def document_path(path: str) -> str | None:
    """The one spelling of `path` where it names a public document."""
    return (path.rstrip("/") or "/") if address_of(path) is not None else None


def is_public(path: str) -> bool:
    """Whether visitors ask here: nobody is signed in, no cookie comes or goes."""
    return (
        path.startswith(_PUBLIC_PREFIXES)
        or path.rstrip("/") in _PUBLIC_PATHS
        or _PUBLIC_EVIDENCE.fullmatch(path) is not None
    )


def is_api(path: str) -> bool:
    """Whether programs ask here, who are answered in JSON whatever happens."""
    return path.startswith("/api/")


@lru_cache(maxsize=1024)
def is_ours(host: str | None) -> bool:
    """Whether the Host header names this installation."""
    domain, _ = split_domain_port(host or "")
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
