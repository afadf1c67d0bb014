"""Changing what a maintenance that has not begun is called, is about, and does by itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents import reminders
from incidents.actions.checks import NAME_LIMIT
from incidents.actions.maintenance import current, on_page
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentComponent
from incidents.schedule import MaintenanceOptions
from incidents.timeline import record
from pages.actions import Conflict
from pages.actions.invalid import line
from pages.models import Component
from pages.status import Status
from pages.versions import changing


class PlanChanges(TypedDict, total=False):
    """What `change_plan` can set; what is left out stays."""

    name: str
    components: Sequence[Component]
    options: MaintenanceOptions


def change_plan(
    *,
    maintenance: Incident,
    actor: Actor,
    at: datetime,
    seen: datetime | None = None,
    **changes: Unpack[PlanChanges],
) -> Incident:
    """Changes a scheduled maintenance; the page shows it, and nobody is told.

    `seen` is its `updated_at` as the author knew it. Raises Conflict when it has moved on since
    or has begun; Invalid naming the field; Refused.
    """
    require(actor, Action.MAINTENANCE_RESCHEDULE, maintenance.page.project, obj=maintenance)
    if "name" in changes:
        changes["name"] = line("name", changes["name"], limit=NAME_LIMIT)
    with changing(maintenance.page_id) as [page]:
        incident = current(maintenance, seen)
        if incident.status != IncidentStatus.SCHEDULED:
            raise Conflict("status", "It has begun already: post an update instead.")
        incident.name = changes.get("name", incident.name)
        if "components" in changes:
            ids = sorted({component.pk for component in changes["components"]})
            _name(incident, on_page(page, ids))
        if "options" in changes:
            for column, value in changes["options"].as_columns().items():
                setattr(incident, column, value)
        incident.edited_at = at
        incident.updated_at = max(at, incident.updated_at)
        incident.save()
        reminders.plan_before_start([incident], at)
        record(
            Action.MAINTENANCE_RESCHEDULE,
            incident=incident,
            actor=actor,
            at=at,
            detail={"changed": sorted(changes)},
        )
    return incident


def _name(incident: Incident, components: Sequence[Component]) -> None:
    incident.names_components = bool(components)
    incident.affected.exclude(component__in=components).delete()
    known = set(incident.affected.values_list("component_id", flat=True))
    IncidentComponent.objects.bulk_create(
        IncidentComponent(incident=incident, component=component, status=Status.OPERATIONAL)
        for component in components
        if component.pk not in known
    )
