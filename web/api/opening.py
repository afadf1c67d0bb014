"""The four ways in which a story begins."""

from collections.abc import Callable

from django.utils.timezone import now

from accounts.roles import Action
from incidents import actions
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.actions import Invalid
from web.api import maintenances
from web.api.affected import opening_statuses, place_of
from web.api.auth import ActingRequest
from web.api.errors import renamed
from web.api.incident_bodies import NewIncident, refuse_others
from web.api.story_fields import instant_on

_STORY = {"status_page_id", "component_ids", "components", "name", "body", "status", "impact"}
_INCIDENT = _STORY | {"impact_override", "metadata", "deliver_notifications"}
_OPEN = _INCIDENT | {"next_update_by", "reminder_intervals", "reminder_unit"}
_BACKFILLED = _INCIDENT | {"backfilled", "backfill_date", "resolved_at", "closing"}


def verb_of(body: NewIncident) -> Callable[[ActingRequest, NewIncident, str], Incident]:
    """What `body` asks for; the verb takes the request, the body and the request's key."""
    if body.status is IncidentStatus.DRAFT:
        return _draft
    if body.backfilled or body.backfill_date:
        return _backfill
    if body.scheduled_for or body.scheduled_until:
        return maintenances.schedule
    return _open


def _open(request: ActingRequest, body: NewIncident, key: str) -> Incident:
    refuse_others(body, _OPEN, what="An incident without scheduledFor or backfillDate")
    page, components = place_of(request, Action.INCIDENT_CREATE, body)
    statuses, override = opening_statuses(body, components)
    promise = body.next_update_by and instant_on(page, body.next_update_by)
    return actions.open_incident(
        page=page,
        name=body.name,
        body=body.body,
        status=body.status or IncidentStatus.INVESTIGATING,
        statuses=statuses,
        impact_override=override,
        deliver_all=body.deliver_notifications,
        next_update_by=promise,
        metadata=body.metadata,
        reminder_intervals=body.reminder_intervals,
        reminder_unit=body.reminder_unit,
        actor=request.auth,
        at=now(),
        key=key,
    )


def _draft(request: ActingRequest, body: NewIncident, key: str) -> Incident:
    refuse_others(body, _STORY, what="A draft")
    page, components = place_of(request, Action.INCIDENT_CREATE, body)
    statuses, override = opening_statuses(body, components)
    if override:
        raise Invalid("impact", "A draft has the impact of its components.")
    return actions.write_draft(
        page=page,
        name=body.name,
        body=body.body,
        statuses=statuses,
        actor=request.auth,
        at=now(),
        key=key,
    )


def _backfill(request: ActingRequest, body: NewIncident, key: str) -> Incident:
    refuse_others(body, _BACKFILLED, what="A backfilled incident")
    page, components = place_of(request, Action.INCIDENT_CREATE, body)
    if body.status not in {None, IncidentStatus.RESOLVED}:
        raise Invalid("status", "A backfilled incident is resolved.")
    if body.backfill_date is None:
        raise Invalid("backfill_date", "Say when it began.")
    if body.resolved_at is None:
        raise Invalid("resolved_at", "Say when it was resolved.")
    statuses, override = opening_statuses(body, components)
    with renamed(began_at="backfill_date", ended_at="resolved_at"):
        return actions.backfill_incident(
            page=page,
            name=body.name,
            body=body.body,
            statuses=statuses,
            began_at=instant_on(page, body.backfill_date),
            ended_at=instant_on(page, body.resolved_at),
            closing=body.closing,
            impact_override=override,
            metadata=body.metadata,
            actor=request.auth,
            at=now(),
            key=key,
        )
