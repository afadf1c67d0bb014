"""How statuses and incidents are printed: camelCase, with names in upper case."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from incidents.models import Incident, IncidentUpdate
from pages.models import Component
from pages.status import Status
from web.api.fields import Output

# Maintenance is no fault: it prints OPERATIONAL, and `maintenance` beside it tells.
STATUS_NAMES: dict[Status, str] = {
    Status.OPERATIONAL: "OPERATIONAL",
    Status.DEGRADED: "DEGRADED",
    Status.PARTIAL: "PARTIAL_OUTAGE",
    Status.MAJOR: "MAJOR_OUTAGE",
    Status.MAINTENANCE: "OPERATIONAL",
}


class ServiceOut(Output):
    id: UUID
    slug: str
    name: str
    description: str | None
    status: str
    maintenance: bool
    updated_at: datetime


class ServiceName(Output):
    id: UUID
    slug: str
    name: str


class UpdateOut(Output):
    id: UUID
    incident_id: UUID
    message: str
    status: str
    created_at: datetime


class IncidentOut(Output):
    id: UUID
    title: str
    severity: str
    status: str
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    services: list[ServiceName]
    updates: list[UpdateOut]


def service(component: Component) -> ServiceOut:
    status = Status(component.status)
    return ServiceOut(
        id=component.pk,
        slug=component.slug,
        name=component.name,
        description=component.description,
        status=STATUS_NAMES[status],
        maintenance=status is Status.MAINTENANCE,
        updated_at=component.updated_at,
    )


def update(row: IncidentUpdate) -> UpdateOut:
    return UpdateOut(
        id=row.pk,
        incident_id=row.incident_id,
        message=row.body,
        status=row.status.upper(),
        created_at=row.display_at,
    )


def incident(
    row: Incident, *, components: Iterable[Component], updates: Iterable[IncidentUpdate]
) -> IncidentOut:
    return IncidentOut(
        id=row.pk,
        title=row.name,
        severity=row.effective_impact.upper(),
        status=row.status.upper(),
        created_at=row.created_at,
        updated_at=row.updated_at,
        resolved_at=row.resolved_at,
        services=[ServiceName(id=each.pk, slug=each.slug, name=each.name) for each in components],
        updates=[update(each) for each in updates],
    )


def whole(row: Incident) -> IncidentOut:
    """The incident with what it affects, and what was said, newest first."""
    affected = row.affected.select_related("component").order_by(
        "component__position", "component__name", "component_id"
    )
    return incident(
        row,
        components=[each.component for each in affected],
        updates=row.updates.published().newest_first(),
    )
