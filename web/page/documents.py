"""Every public document of a page as finished bytes: what the edge keeps and a view answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from web.page.addresses import Address, address_of
from web.page.edges import earliest
from web.page.facts import PageFacts
from web.page.history import Tab
from web.page.history_html import archive_html, history_html
from web.page.history_snapshot import archive_snapshot, history_snapshot
from web.page.ics import calendar, in_calendar
from web.page.months import read_month
from web.page.render import incident_html, page_html
from web.page.snapshot import page_snapshot
from web.page.stories import incident_snapshot, stories_snapshot
from web.page.v2 import ENDPOINTS

__all__ = ["Address", "Document", "address_of", "build"]

# Ages on the page (last verified, how long until a maintenance) are never older than this.
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
HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"


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
    return _BUILDERS.get(address.kind, _json)(address, at)


def _page(address: Address, at: datetime) -> Document | None:
    snapshot = page_snapshot(address.page_ref, at=at)
    if snapshot is None:
        return None
    valid_until = min(snapshot.valid_until, at + FRESH_FOR)
    return _document(HTML, page_html(snapshot).encode(), snapshot.page, valid_until)


def _incident(address: Address, at: datetime) -> Document | None:
    snapshot = incident_snapshot(address.page_ref, UUID(address.argument), at=at)
    if snapshot is None:
        return None
    renewal = at + FRESH_FOR if snapshot.incident.is_upcoming else None
    valid_until = earliest(snapshot.valid_until, renewal)
    return _document(HTML, incident_html(snapshot).encode(), snapshot.page, valid_until)


def _history(address: Address, at: datetime) -> Document | None:
    month = read_month(address.argument) if address.argument else None
    snapshot = history_snapshot(address.page_ref, month, Tab(address.tab), at=at)
    if snapshot is None:
        return None
    html = history_html(snapshot).encode()
    return _document(HTML, html, snapshot.page, snapshot.valid_until)


def _archive(address: Address, at: datetime) -> Document | None:
    month = read_month(address.argument) if address.argument else None
    snapshot = archive_snapshot(address.page_ref, month, at=at)
    if snapshot is None:
        return None
    return _document(HTML, archive_html(snapshot).encode(), snapshot.page, None)


def _calendar(address: Address, at: datetime) -> Document | None:
    found = stories_snapshot(address.page_ref, lambda rows: in_calendar(rows, at=at), at=at)
    if found is None:
        return None
    return _document(CALENDAR, calendar(found.page, found.stories), found.page, found.valid_until)


def _event(address: Address, at: datetime) -> Document | None:
    """One maintenance; an incident is no event."""
    found = incident_snapshot(address.page_ref, UUID(address.argument), at=at)
    if found is None or not found.incident.is_maintenance:
        return None
    return _document(CALENDAR, calendar(found.page, [found.incident]), found.page, None)


def _json(address: Address, at: datetime) -> Document | None:
    endpoint = ENDPOINTS[address.kind]
    snapshot = stories_snapshot(address.page_ref, endpoint.choose, at=at)
    if snapshot is None:
        return None
    return _document(JSON, endpoint.encode(snapshot), snapshot.page, snapshot.valid_until)


def _document(
    content_type: str, body: bytes, page: PageFacts, valid_until: datetime | None
) -> Document:
    return Document(
        content_type=content_type,
        body=body,
        page_id=page.id,
        version=page.version,
        valid_until=valid_until,
        headers=HTML_HEADERS if content_type == HTML else JSON_HEADERS,
    )


_BUILDERS: dict[str, Callable[[Address, datetime], Document | None]] = {
    "page": _page,
    "incident": _incident,
    "event": _event,
    "calendar": _calendar,
    "history": _history,
    "archive": _archive,
}
