"""A request as WSGI knows it (PEP 3333)."""

import io
import sys
from collections.abc import Iterable
from typing import Any

from granian.rsgi import Scope

from web.edge.client import client_address, peer_address, scheme

_NOT_PASSED_ON = {
    "content-length",
    "content-type",
    "content-encoding",
    "transfer-encoding",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-forwarded-port",
}
_CREDENTIALS = {"cookie", "authorization"}


def environ_of(scope: Scope, body: bytes, *, proxies: int, anonymous: bool) -> dict[str, Any]:
    """`anonymous` drops Cookie and Authorization. The forwarding headers end here: what they say
    of the client and the scheme is in REMOTE_ADDR and wsgi.url_scheme.
    """
    headers = scope.headers
    forwarded_for = ",".join(_all(headers.items(), "x-forwarded-for"))
    host, _, port = scope.server.rpartition(":")
    dropped = _NOT_PASSED_ON | _CREDENTIALS if anonymous else _NOT_PASSED_ON
    return _header_variables(headers.items(), dropped) | {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode(errors="replace").decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode(errors="replace").decode("latin-1"),
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client_address(peer_address(scope.client), forwarded_for, proxies=proxies),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme(scope.scheme, headers.get("x-forwarded-proto"), proxies=proxies),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def is_readable(scope: Scope, *, anonymous: bool) -> bool:
    """Whether each header that is to be passed on has a value: the server names those that are
    not ASCII, but leaves their values out.
    """
    lost = set(scope.headers.keys()) - {name for name, _ in scope.headers.items()}
    return not (lost - _CREDENTIALS if anonymous else lost)


def _header_variables(items: Iterable[tuple[str, str]], dropped: set[str]) -> dict[str, Any]:
    """A name with an underscore would pass for the one with a hyphen, so it is dropped."""
    variables: dict[str, Any] = {}
    for name, value in items:
        if name in dropped or "_" in name:
            continue
        key = f"HTTP_{name.upper().replace('-', '_')}"
        joint = "; " if name == "cookie" else ","
        variables[key] = f"{variables[key]}{joint}{value}" if key in variables else value
    return variables


def _all(items: Iterable[tuple[str, str]], wanted: str) -> list[str]:
    return [value for name, value in items if name == wanted]
