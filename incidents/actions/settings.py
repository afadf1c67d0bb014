"""What can be changed about an incident or a maintenance beside its updates."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict, Unpack

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents import reminders
from incidents.actions.checks import NAME_LIMIT, fresh
from incidents.lifecycle import Impact
from incidents.models import Incident
from incidents.timeline import record
from pages.actions.invalid import line
from pages.versions import changing


class IncidentChanges(TypedDict, total=False):
    """What `update_incident` can set; what is left out stays."""

    name: str
    impact_override: Impact | None
    deliver_notifications: bool
    metadata: Mapping[str, object]
    reminder_intervals: list[int] | int
    reminder_unit: str


def update_incident(
    *, incident: Incident, actor: Actor, at: datetime, **changes: Unpack[IncidentChanges]
) -> Incident:
    """Raises Refused, Invalid naming the field, and Conflict when it is gone."""
    require(actor, Action.INCIDENT_UPDATE, incident.page.project, obj=incident)
    with changing(incident.page_id):
        incident = fresh(incident)
        for field, value in _valid(incident, changes).items():
            setattr(incident, field, value)
        incident.edited_at = at if actor.user else incident.edited_at
        incident.updated_at = max(at, incident.updated_at)
        incident.save()
        reminders.plan_nudges(incident, at)
        detail = {"changed": sorted(changes)}
        record(Action.INCIDENT_UPDATE, incident=incident, actor=actor, at=at, detail=detail)
    return incident


def _valid(incident: Incident, changes: IncidentChanges) -> IncidentChanges:
    if "name" in changes:
        changes["name"] = line("name", changes["name"], limit=NAME_LIMIT)
    if changes.keys() & {"reminder_intervals", "reminder_unit"}:
        changes["reminder_intervals"] = reminders.valid_intervals(
            changes.get("reminder_intervals", incident.reminder_intervals),
            changes.get("reminder_unit", incident.reminder_unit),
        )
    return changes
