"""Planning maintenances and speaking of their plans, inside `changing` of their page."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from accounts.actor import Actor
from accounts.roles import Action
from incidents import reminders
from incidents.actions.telling import NO_HOLD, announce_all
from incidents.models import Incident, IncidentComponent, IncidentUpdate
from incidents.timeline import Step, write_updates
from pages.models import Component, Page
from pages.status import Status


def plan(
    steps: Sequence[Step],
    *,
    page: Page,
    components: Collection[Component],
    actor: Actor,
    at: datetime,
    hold: timedelta = NO_HOLD,
) -> list[IncidentUpdate]:
    """Stores new maintenances of `components`, each with its first update and its reminders."""
    incidents = [step.incident for step in steps]
    for incident in incidents:
        incident.names_components = bool(components)
    Incident.objects.bulk_create(incidents)
    IncidentComponent.objects.bulk_create(
        IncidentComponent(incident=incident, component=component, status=Status.OPERATIONAL)
        for incident in incidents
        for component in components
    )
    action = Action.MAINTENANCE_SCHEDULE
    return _take(steps, page=page, actor=actor, at=at, action=action, hold=hold)


def say(
    steps: Sequence[Step],
    *,
    page: Page,
    actor: Actor,
    at: datetime,
    action: Action,
    hold: timedelta = NO_HOLD,
) -> list[IncidentUpdate]:
    """Saves maintenances with updates that change no component, and plans reminders anew."""
    for step in steps:
        step.incident.save()
    return _take(steps, page=page, actor=actor, at=at, action=action, hold=hold)


def _take(
    steps: Sequence[Step],
    *,
    page: Page,
    actor: Actor,
    at: datetime,
    action: Action,
    hold: timedelta,
) -> list[IncidentUpdate]:
    updates = write_updates(steps, actor=actor, at=at, action=action)
    announce_all(updates, pages=[page], at=at, hold=hold)
    incidents = [step.incident for step in steps]
    reminders.drop(incidents)
    reminders.plan_before_start(incidents, at)
    return updates
