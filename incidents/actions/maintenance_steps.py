"""The steps of a maintenance, inside `changing` of its page: planned, begun, finished."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from accounts.actor import Actor
from accounts.roles import Action
from incidents import reminders
from incidents.actions.telling import NO_HOLD, announce
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate
from incidents.timeline import note_components, write_update
from pages import claims, sources
from pages.models import Component, Page, StatusClaim
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
    statuses: Mapping[Component, Status] | None = None,
    since: Mapping[UUID, datetime] | None = None,
    display_at: datetime | None = None,
    deliver: bool = True,
    hold: timedelta = NO_HOLD,
) -> IncidentUpdate:
    """Writes an update, tells it, and plans its reminders anew."""
    update = write_update(
        incident=incident,
        status=status,
        body=body,
        statuses=statuses or {},
        since=since,
        actor=actor,
        at=at,
        action=action,
        display_at=display_at,
        deliver=deliver,
    )
    announce(page=page, update=update, at=at, hold=hold)
    reminders.plan_before_start(incident, at)
    return update


def begin(
    incident: Incident,
    *,
    page: Page,
    began_at: datetime,
    actor: Actor,
    at: datetime,
    body: str,
    deliver: bool,
    hold: timedelta = NO_HOLD,
) -> IncidentUpdate:
    """Begins it as of `began_at`: its components are under maintenance from then on."""
    began_at = max(began_at, _last_word(incident))
    incident.started_at = began_at
    held = incident.auto_transition_to_maintenance_state
    return say(
        incident,
        page=page,
        status=IncidentStatus.IN_PROGRESS,
        body=body,
        statuses=dict.fromkeys(_components(incident), Status.MAINTENANCE) if held else {},
        actor=actor,
        at=at,
        action=Action.INCIDENT_UPDATE,
        display_at=began_at,
        deliver=deliver,
        hold=hold,
    )


def finish(
    incident: Incident,
    *,
    page: Page,
    ended_at: datetime,
    actor: Actor,
    at: datetime,
    body: str,
    deliver: bool,
    hold: timedelta = NO_HOLD,
) -> IncidentUpdate:
    """Ends it as of `ended_at`, and whatever it claims.

    Where its components shall not become operational by themselves, what it said of them goes
    on as a status set by hand.
    """
    held = list(_held(incident))
    update = say(
        incident,
        page=page,
        status=IncidentStatus.COMPLETED,
        body=body,
        since=dict.fromkeys((component.pk for component in held), ended_at),
        actor=actor,
        at=at,
        action=Action.INCIDENT_UPDATE,
        display_at=max(ended_at, _last_word(incident)),
        deliver=deliver,
        hold=hold,
    )
    if not incident.auto_transition_to_operational_state:
        for component in held:
            _hold_by_hand(component, ended_at, actor)
    return update


def _hold_by_hand(component: Component, since: datetime, actor: Actor) -> None:
    """Unless a person has spoken of it: that stands."""
    if not component.claims.live().filter(source=sources.MANUAL).exists():
        claims.apply(
            component=component,
            source=sources.MANUAL,
            status=Status.MAINTENANCE,
            since=since,
            actor=actor.label,
        )


def _held(incident: Incident) -> list[Component]:
    source = sources.maintenance_source(incident.pk)
    live = StatusClaim.objects.live().filter(source=source, status=Status.MAINTENANCE)
    return [claim.component for claim in live.select_related("component").order_by("id")]


def _components(incident: Incident) -> list[Component]:
    rows = incident.affected.select_related("component")
    return [row.component for row in rows.order_by("id")]


def _last_word(incident: Incident) -> datetime:
    """Nothing enters a story before what was said last."""
    newest = incident.updates.published().newest_first().first()
    return newest.display_at if newest else incident.created_at
