"""How operators read incidents and maintenances: whole, by the names of Statuspage."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from pydantic import JsonValue

from incidents.lifecycle import IncidentStatus
from incidents.models import (
    Incident,
    IncidentComponent,
    IncidentQuerySet,
    IncidentUpdate,
    UpdateComponent,
)
from pages.links import short_url
from web.api.fields import Output


class AffectedComponent(Output):
    id: UUID
    slug: str
    name: str
    status: str


class ComponentChange(Output):
    id: UUID
    name: str
    old_status: str
    new_status: str


class StoryUpdate(Output):
    """One that waits for its `displayAt` has no `publishedAt`."""

    id: UUID
    incident_id: UUID
    status: str
    body: str
    display_at: datetime
    published_at: datetime | None
    next_update_by: datetime | None
    deliver_notifications: bool
    edited_at: datetime | None
    created_at: datetime
    updated_at: datetime
    components: list[ComponentChange]


class IncidentSummary(Output):
    id: UUID
    status_page_id: UUID
    name: str
    status: str
    impact: str
    impact_override: str | None
    shortlink: str
    created_at: datetime
    updated_at: datetime
    started_at: datetime
    monitoring_at: datetime | None
    resolved_at: datetime | None
    automatic: bool
    backfilled: bool
    deliver_notifications: bool
    metadata: dict[str, JsonValue]
    next_update_by: datetime | None
    reminder_intervals: list[int] | int
    reminder_unit: str
    scheduled_for: datetime | None
    scheduled_until: datetime | None
    scheduled_remind_prior: bool
    remind_before: list[int]
    scheduled_auto_in_progress: bool
    scheduled_auto_completed: bool
    auto_transition_to_maintenance_state: bool
    auto_transition_to_operational_state: bool
    auto_transition_deliver_notifications_at_start: bool
    auto_transition_deliver_notifications_at_end: bool
    components: list[AffectedComponent]


class StoryOut(IncidentSummary):
    """`body` is what it began with."""

    body: str
    updates: list[StoryUpdate]


# Printed as the columns hold them.
_PLAIN = IncidentSummary.model_fields.keys() - {
    "status_page_id",
    "impact",
    "shortlink",
    "components",
}


def printable(incidents: IncidentQuerySet) -> IncidentQuerySet:
    """With all that `summary` reads, in a fixed number of queries."""
    affected = IncidentComponent.objects.select_related("component").order_by(
        "component__position", "component__name", "component_id"
    )
    return incidents.prefetch_related(Prefetch("affected", affected))


def summary(row: Incident) -> IncidentSummary:
    return IncidentSummary(**_columns(row))


def whole(row: Incident) -> StoryOut:
    """The incident as it is stored now, its updates newest first."""
    row = printable(Incident.objects.filter(pk=row.pk)).get()
    updates = list(
        row.updates.newest_first().prefetch_related(
            Prefetch("changes", UpdateComponent.objects.select_related("component").order_by("id"))
        )
    )
    return StoryOut(
        **_columns(row),
        body=updates[-1].body if updates else "",
        updates=[update(each) for each in updates if each.status != IncidentStatus.DRAFT],
    )


def update(row: IncidentUpdate) -> StoryUpdate:
    return StoryUpdate(
        id=row.pk,
        incident_id=row.incident_id,
        status=row.status,
        body=row.body,
        display_at=row.display_at,
        published_at=row.published_at,
        next_update_by=row.next_update_by,
        deliver_notifications=row.deliver_notifications,
        edited_at=row.edited_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        components=[_change(each) for each in row.changes.all()],
    )


def _columns(row: Incident) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _PLAIN} | {
        "status_page_id": row.page_id,
        "impact": row.effective_impact,
        "shortlink": short_url(row.code),
        "components": [_affected(each) for each in row.affected.all()],
    }


def _affected(row: IncidentComponent) -> AffectedComponent:
    component = row.component
    return AffectedComponent(
        id=component.pk, slug=component.slug, name=component.name, status=row.status
    )


def _change(row: UpdateComponent) -> ComponentChange:
    return ComponentChange(
        id=row.component_id,
        name=row.component.name,
        old_status=row.old_status,
        new_status=row.new_status,
    )
