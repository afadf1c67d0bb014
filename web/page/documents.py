"""Every public document of a page as finished bytes: what the edge keeps and a view answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from web.page import v2
from web.page.addresses import Address, address_of
from web.page.facts import Snapshot
from web.page.render import incident_html, page_html
from web.page.snapshot import incident_snapshot, page_snapshot

__all__ = ["Address", "Document", "address_of", "build"]

# Ages on the page (last verified, an outage that goes on) are never older than this.
FRESH_FOR = timedelta(seconds=60)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HTML_HEADERS = (
    (
        "Cache-Control",
        "public, max-age=0, s-maxage=2, stale-while-revalidate=30, stale-if-error=86400",
    ),
    ("Access-Control-Allow-Origin", "*"),
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
)
JSON_HEADERS = (
    ("Cache-Control", "public, max-age=10"),
    ("Access-Control-Allow-Origin", "*"),
    ("X-Content-Type-Options", "nosniff"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """`body` is uncompressed. After `valid_until` it must be built again although no version
    changed; None means never.
    """

    content_type: str
    body: bytes
    page_id: UUID
    version: int
    valid_until: datetime | None
    headers: tuple[tuple[str, str], ...] = ()


def build(address: Address, *, at: datetime) -> Document | None:
    """The document at `address`, None where a visitor may see none."""
    return _BUILDERS[address.kind](address, at)


def _page(address: Address, at: datetime) -> Document | None:
    snapshot = page_snapshot(address.page_ref, at=at)
    if snapshot is None:
        return None
    return Document(
        content_type="text/html; charset=utf-8",
        body=page_html(snapshot).encode(),
        page_id=snapshot.page.id,
        version=snapshot.page.version,
        valid_until=min(snapshot.valid_until, at + FRESH_FOR),
        headers=HTML_HEADERS,
    )


def _incident(address: Address, at: datetime) -> Document | None:
    snapshot = incident_snapshot(address.page_ref, UUID(address.argument), at=at)
    if snapshot is None:
        return None
    return Document(
        content_type="text/html; charset=utf-8",
        body=incident_html(snapshot).encode(),
        page_id=snapshot.page.id,
        version=snapshot.page.version,
        valid_until=snapshot.valid_until,
        headers=HTML_HEADERS,
    )


def _json(encode: Callable[[Snapshot], bytes]) -> Callable[[Address, datetime], Document | None]:
    def build_json(address: Address, at: datetime) -> Document | None:
        snapshot = page_snapshot(address.page_ref, at=at)
        if snapshot is None:
            return None
        return Document(
            content_type="application/json; charset=utf-8",
            body=encode(snapshot),
            page_id=snapshot.page.id,
            version=snapshot.page.version,
            valid_until=snapshot.valid_until,
            headers=JSON_HEADERS,
        )

    return build_json


_BUILDERS: dict[str, Callable[[Address, datetime], Document | None]] = {
    "page": _page,
    "incident": _incident,
    "status.json": _json(v2.status_json),
    "summary.json": _json(v2.summary_json),
}
