"""A page as it is at one moment: a fixed number of queries, then plain values."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from incidents.models import Incident
from monitoring.models import Monitor
from monitoring.reads import last_verified_at
from pages.days import ninety_days
from pages.links import page_url
from pages.lookup import published_page
from pages.models import Component, ComponentGroup, ObservationGap, Page, StatusClaim
from pages.uptime import day_bounds
from web.page import past, tolerant
from web.page.facts import (
    ComponentFacts,
    GroupFacts,
    IncidentSnapshot,
    PageFacts,
    Snapshot,
    Verification,
)
from web.page.incident_facts import incident_facts, next_display_at
from web.page.moment import one_moment

STALE_AFTER_S = 180


def page_snapshot(page_ref: str, *, at: datetime) -> Snapshot | None:
    """The published page with that subdomain or id, None where there is none."""
    with one_moment():
        page = published_page(page_ref)
        return _snapshot(page, at) if page else None


def incident_snapshot(page_ref: str, incident_id: UUID, *, at: datetime) -> IncidentSnapshot | None:
    """A public incident of a published page, None where there is none."""
    with one_moment():
        page = published_page(page_ref)
        if page is None:
            return None
        incidents = Incident.objects.filter(page=page, id=incident_id)
        found = incident_facts(incidents, page=page, at=at)
        if not found:
            return None
        return IncidentSnapshot(
            page=_page(page),
            incident=found[0],
            read_at=at,
            valid_until=next_display_at(incidents, at=at),
        )


def _snapshot(page: Page, at: datetime) -> Snapshot:
    facts = _page(page)
    page.timezone = facts.zone.key
    today = at.astimezone(facts.zone).date()
    window = day_bounds(past.window_start(at, facts.zone), facts.zone)[0]
    incidents = Incident.objects.filter(page=page)
    shown = incidents.filter(Q(resolved_at__isnull=True) | Q(resolved_at__gte=window))
    gaps = _open_gaps(page)
    components = tuple(_component(row, gaps.get(row.pk)) for row in page.components.in_order())
    edges = [
        day_bounds(today, facts.zone)[1],
        next_display_at(incidents, at=at),
        _next_pin_end(page, at),
    ]
    return Snapshot(
        page=facts,
        groups=tuple(_group(row) for row in _groups(page)),
        components=components,
        incidents=incident_facts(shown, page=page, at=at),
        days=ninety_days(page, at=at),
        verification=_verification(page, [row.id for row in components], gaps),
        read_at=at,
        valid_until=min(edge for edge in edges if edge),
    )


def _page(page: Page) -> PageFacts:
    return PageFacts(
        id=page.id,
        name=tolerant.line(page.name),
        subdomain=page.subdomain,
        url=page_url(page),
        zone=tolerant.zone(page.timezone),
        version=page.version,
        updated_at=page.updated_at,
    )


def _groups(page: Page) -> Iterable[ComponentGroup]:
    return page.groups.order_by("position", "name", "id")


def _group(row: ComponentGroup) -> GroupFacts:
    return GroupFacts(
        id=row.id,
        name=tolerant.line(row.name),
        position=row.position,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _component(row: Component, unverified_since: datetime | None) -> ComponentFacts:
    return ComponentFacts(
        id=row.id,
        name=tolerant.line(row.name),
        description=row.description,
        status=tolerant.status(row.status),
        position=row.position,
        group_id=row.group_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        unverified_since=unverified_since,
    )


def _open_gaps(page: Page) -> dict[UUID, datetime]:
    gaps = ObservationGap.objects.filter(component__page=page, until__isnull=True)
    return dict(gaps.values_list("component_id", "since"))


def _next_pin_end(page: Page, at: datetime) -> datetime | None:
    pins = StatusClaim.objects.live().filter(component__page=page, pinned=True)
    ends = pins.filter(pin_expires_at__gt=at).order_by("pin_expires_at")
    return ends.values_list("pin_expires_at", flat=True).first()


def _verification(
    page: Page, component_ids: list[UUID], gaps: dict[UUID, datetime]
) -> Verification:
    """Components with an open gap say so themselves; they count only where all have one."""
    verified = {
        component_id: moment
        for component_id, moment in last_verified_at(component_ids).items()
        if moment
    }
    counted = [moment for key, moment in verified.items() if key not in gaps]
    monitors = Monitor.objects.enabled().filter(components__page=page)
    slowest = monitors.aggregate(slowest=Max("interval_s"))["slowest"] or 0
    return Verification(
        at=min(counted or verified.values(), default=None),
        stale_after=max(STALE_AFTER_S, 2 * slowest + 60),
    )
