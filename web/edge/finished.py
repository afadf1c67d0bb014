"""A finished document: its bytes in each encoding, ready to be sent, shared or kept on disk."""

import gzip
from datetime import datetime
from uuid import UUID

import brotli  # type: ignore[import-untyped]
import msgspec

from web.page.documents import Document

# In the order of preference among encodings a client likes equally.
ENCODINGS = ("br", "gzip", "identity")
_BROTLI_QUALITY = 5
_GZIP_LEVEL = 6


class Finished(msgspec.Struct, frozen=True):
    """`bodies` are in the order of ENCODINGS; `headers` are the document's own."""

    path: str
    page_id: UUID
    version: int
    valid_until: datetime | None
    content_type: str
    headers: tuple[tuple[str, str], ...]
    bodies: tuple[bytes, bytes, bytes]


def finish(path: str, document: Document) -> Finished:
    return Finished(
        path=path,
        page_id=document.page_id,
        version=document.version,
        valid_until=document.valid_until,
        content_type=document.content_type,
        headers=document.headers,
        bodies=compressed(document.body),
    )


def compressed(body: bytes) -> tuple[bytes, bytes, bytes]:
    """The body in each of ENCODINGS. The gzip header carries no time: equal bodies, equal bytes."""
    return (
        brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY),
        gzip.compress(body, compresslevel=_GZIP_LEVEL, mtime=0),
        body,
    )
