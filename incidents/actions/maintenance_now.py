"""Beginning and finishing a maintenance by hand, whatever its plan says."""

from datetime import datetime, timedelta

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents import maintenance_wording as wording
from incidents import once
from incidents.actions.checks import check_body
from incidents.actions.maintenance import current, span_of
from incidents.actions.maintenance_course import Turn, begin, finish
from incidents.actions.telling import NO_HOLD
from incidents.lifecycle import RUNNING, IncidentStatus
from incidents.models import Incident, IncidentUpdate
from pages.actions import Conflict


def start_now(
    *,
    maintenance: Incident,
    actor: Actor,
    at: datetime,
    body: str = "",
    seen: datetime | None = None,
    deliver: bool = True,
    key: str = "",
) -> IncidentUpdate:
    """Begins a scheduled maintenance now; where it was planned for later its start moves here.

    Raises Conflict when it has begun already, Invalid, Refused and once.Repeated.
    """
    require(actor, Action.INCIDENT_UPDATE, maintenance.page.project, obj=maintenance)
    check_body(body)
    said = once.update_fingerprint(maintenance, IncidentStatus.IN_PROGRESS, body, deliver=deliver)
    request = once.changing_once(maintenance.page_id, actor=actor, key=key, said=said, at=at)
    with request as (page, remember):
        incident = current(maintenance, seen)
        if incident.status in RUNNING:
            raise Conflict("status", "It has begun already.")
        start, end = span_of(incident)
        if end <= at:
            raise Conflict("scheduled_until", "Its time is over: move it first.")
        incident.scheduled_for = min(start, at)
        incident.save(update_fields=["scheduled_for"])
        turn = Turn(incident, at, body or wording.BEGUN, deliver)
        [update] = begin([turn], pages=[page], actor=actor, at=at)
        remember(update)
    return update


def finish_early(
    *,
    maintenance: Incident,
    body: str,
    actor: Actor,
    at: datetime,
    seen: datetime | None = None,
    deliver: bool = True,
    hold: timedelta = NO_HOLD,
    key: str = "",
) -> IncidentUpdate:
    """Completes a running maintenance now; what it claims ends.

    Raises Conflict when it has not begun or is over, Invalid, Refused and once.Repeated.
    """
    require(actor, Action.INCIDENT_UPDATE, maintenance.page.project, obj=maintenance)
    check_body(body)
    said = once.update_fingerprint(maintenance, IncidentStatus.COMPLETED, body, deliver=deliver)
    request = once.changing_once(maintenance.page_id, actor=actor, key=key, said=said, at=at)
    with request as (page, remember):
        incident = current(maintenance, seen)
        if incident.status not in RUNNING:
            raise Conflict("status", "It has not begun: cancel it instead.")
        _, end = span_of(incident)
        words = body or (wording.FINISHED_EARLY if at < end else wording.FINISHED)
        turn = Turn(incident, at, words, deliver)
        [update] = finish([turn], pages=[page], actor=actor, at=at, hold=hold)
        remember(update)
    return update
