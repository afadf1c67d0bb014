"""Planning a maintenance and speaking of its plan, inside `changing` of its page."""

from collections.abc import Collection
from datetime import datetime, timedelta

from accounts.actor import Actor
from accounts.roles import Action
from incidents import reminders
from incidents.actions.telling import NO_HOLD, announce
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate
from incidents.timeline import note_components, write_update
from pages.models import Component, Page
from pages.status import Status


def plan(
    incident: Incident,
    *,
    page: Page,
    components: Collection[Component],
    body: str,
    actor: Actor,
    at: datetime,
    deliver: bool,
    hold: timedelta = NO_HOLD,
) -> IncidentUpdate:
    """Stores a new maintenance with its first update, what it is about, and its reminders."""
    incident.save(force_insert=True)
    note_components(incident=incident, statuses=dict.fromkeys(components, Status.OPERATIONAL))
    update = write_update(
        incident=incident,
        status=IncidentStatus.SCHEDULED,
        body=body,
        statuses={},
        actor=actor,
        at=at,
        action=Action.MAINTENANCE_SCHEDULE,
        deliver=deliver,
    )
    announce(page=page, update=update, at=at, hold=hold)
    reminders.plan_before_start(incident, at)
    return update


def say(
    incident: Incident,
    *,
    page: Page,
    status: IncidentStatus,
    body: str,
    actor: Actor,
    at: datetime,
    action: Action,
    deliver: bool = True,
    hold: timedelta = NO_HOLD,
) -> IncidentUpdate:
    """Writes an update that changes no component, tells it, and plans its reminders anew."""
    update = write_update(
        incident=incident,
        status=status,
        body=body,
        statuses={},
        actor=actor,
        at=at,
        action=action,
        deliver=deliver,
    )
    announce(page=page, update=update, at=at, hold=hold)
    reminders.plan_before_start(incident, at)
    reminders.plan_nudges(incident, at)
    return update
