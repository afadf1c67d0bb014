"""Answers of which every byte is known before they are asked for."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from web.edge.finished import ENCODINGS, Finished
from web.edge.negotiation import encoding_index, matches
from web.edge.types import HTTPProtocol, Scope

Headers = list[tuple[str, str]]
_CACHE_CONTROL = "public, max-age=0, s-maxage=2, stale-while-revalidate=30, stale-if-error=86400"
_STALE_CACHE_CONTROL = "public, max-age=5"
_DEFAULTS = {
    "cache-control": _CACHE_CONTROL,
    "vary": "Accept-Encoding",
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
}
_OF_A_BODY = {"content-type", "content-encoding"}


@dataclass(eq=False, slots=True)
class Variant:
    """One encoding of a document with the headers of its 200 and its 304."""

    body: bytes
    etag: str
    headers: Headers
    unchanged: Headers


def variants_of(bodies: Sequence[bytes], headers: Mapping[str, str]) -> tuple[Variant, ...]:
    """`bodies` are in the order of ENCODINGS; names of `headers` are in lower case.

    Tags are strong: a hash of the content and the encoding's initial.
    """
    digest = hashlib.blake2b(bodies[-1], digest_size=15).hexdigest()
    return tuple(
        _variant(body, encoding, f'"{digest}-{encoding[0]}"', headers)
        for body, encoding in zip(bodies, ENCODINGS, strict=True)
    )


def document_headers(finished: Finished) -> dict[str, str]:
    own = {name.lower(): value for name, value in finished.headers}
    return _DEFAULTS | own | {"content-type": finished.content_type}


def send(
    variants: tuple[Variant, ...], scope: Scope, proto: HTTPProtocol, *, stale: bool = False
) -> None:
    """200, or 304 where the client has it. Never waits."""
    headers = scope.headers
    variant = variants[encoding_index(headers.get("accept-encoding"))]
    held = headers.get("if-none-match")
    unchanged = held is not None and (held == variant.etag or matches(held, variant.etag))
    lines = variant.unchanged if unchanged else variant.headers
    if stale:
        lines = as_stale(lines)
    if unchanged:
        proto.response_empty(304, lines)
    elif scope.method == "HEAD":
        proto.response_empty(200, [*lines, ("content-length", str(len(variant.body)))])
    else:
        proto.response_bytes(200, lines, variant.body)


def as_stale(headers: Iterable[tuple[str, str]]) -> Headers:
    kept = [(name, value) for name, value in headers if name != "cache-control"]
    return [*kept, ("cache-control", _STALE_CACHE_CONTROL), ("x-status-stale", "1")]


def _variant(body: bytes, encoding: str, etag: str, headers: Mapping[str, str]) -> Variant:
    lines = [*headers.items(), ("etag", etag)]
    if encoding != "identity":
        lines.append(("content-encoding", encoding))
    return Variant(
        body=body,
        etag=etag,
        headers=lines,
        unchanged=[line for line in lines if line[0] not in _OF_A_BODY],
    )
