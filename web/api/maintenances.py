"""Incidents with a time they are scheduled for: planned, moved, begun, ended."""

from collections.abc import Callable

from django.utils.timezone import now
from msgspec.structs import fields

from accounts.roles import Action
from incidents import actions
from incidents.lifecycle import RUNNING, IncidentStatus
from incidents.models import Incident, IncidentUpdate
from incidents.schedule import MaintenanceOptions
from pages.actions import Invalid
from pages.status import Status
from web.api.affected import place_of
from web.api.auth import ActingRequest
from web.api.incident_bodies import (
    IncidentPatch,
    NewIncident,
    NewUpdate,
    Scheduling,
    refuse,
    refuse_others,
)
from web.api.story_fields import instant_on

_OPTIONS = [field.name for field in fields(MaintenanceOptions)]
_TAKES = {
    "status_page_id",
    "component_ids",
    "components",
    "name",
    "body",
    "status",
    "metadata",
    "deliver_notifications",
    *Scheduling.model_fields,
}
_NOT_OF_A_STEP = {"components", "component_ids", "display_at", "next_update_by", "reopen"}


def schedule(request: ActingRequest, body: NewIncident, key: str) -> Incident:
    refuse_others(body, _TAKES, what="A maintenance")
    page, components = place_of(request, Action.MAINTENANCE_SCHEDULE, body)
    if body.status not in {None, IncidentStatus.SCHEDULED}:
        raise Invalid("status", "A maintenance begins as scheduled.")
    if set(body.components.values()) - {None, Status.MAINTENANCE}:
        raise Invalid("components", f"A maintenance makes its components {Status.MAINTENANCE}.")
    if body.scheduled_for is None or body.scheduled_until is None:
        missing = "scheduled_until" if body.scheduled_for else "scheduled_for"
        raise Invalid(missing, "A maintenance has a start and an end.")
    return actions.schedule_maintenance(
        page=page,
        name=body.name,
        body=body.body,
        components=components,
        starts_at=instant_on(page, body.scheduled_for),
        ends_at=instant_on(page, body.scheduled_until),
        options=_options(body),
        deliver_all=body.deliver_notifications,
        metadata=body.metadata,
        actor=request.auth,
        at=now(),
        key=key,
    )


def move_of(
    request: ActingRequest, maintenance: Incident, body: IncidentPatch
) -> Callable[[], IncidentUpdate]:
    """The verb that moves it to the times that are given; the other one stays."""
    page = maintenance.page
    if maintenance.scheduled_for is None or maintenance.scheduled_until is None:
        raise Invalid("scheduled_for", "An incident has no schedule.")
    if body.status not in {None, maintenance.status}:
        raise Invalid("status", "Move a maintenance first, then say where it stands.")
    refuse(body, _NOT_OF_A_STEP, what="Moving a maintenance")
    starts_at = instant_on(page, body.scheduled_for or maintenance.scheduled_for)
    ends_at = instant_on(page, body.scheduled_until or maintenance.scheduled_until)
    return lambda: actions.reschedule(
        maintenance=maintenance,
        starts_at=starts_at,
        ends_at=ends_at,
        body=body.body,
        deliver=body.deliver_notifications,
        actor=request.auth,
        at=now(),
    )


def step_of(
    request: ActingRequest, maintenance: Incident, body: NewUpdate
) -> Callable[[str], IncidentUpdate] | None:
    """The verb, by the request's key, that begins, completes or cancels it; None for words only."""
    status = IncidentStatus(maintenance.status)
    verb: Callable[..., IncidentUpdate]
    if status is IncidentStatus.SCHEDULED and body.status is IncidentStatus.IN_PROGRESS:
        verb = actions.start_now
    elif status is IncidentStatus.SCHEDULED and body.status is IncidentStatus.CANCELLED:
        verb = actions.cancel_maintenance
    elif status in RUNNING and body.status is IncidentStatus.COMPLETED:
        verb = actions.finish_early
    else:
        return None
    refuse(body, _NOT_OF_A_STEP, what="Beginning or ending a maintenance")
    return lambda key: verb(
        maintenance=maintenance,
        body=body.body,
        deliver=body.deliver_notifications,
        actor=request.auth,
        at=now(),
        key=key,
    )


def _options(body: Scheduling) -> MaintenanceOptions:
    values = {name: getattr(body, name) for name in _OPTIONS}
    return MaintenanceOptions(**values | {"remind_before": tuple(body.remind_before)})
