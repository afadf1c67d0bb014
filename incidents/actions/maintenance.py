"""Planning maintenances: scheduled, moved, made longer, cancelled."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents import maintenance_wording as wording
from incidents import once
from incidents.actions.checks import NAME_LIMIT, check_body, check_room, check_seen
from incidents.actions.maintenance_steps import plan, say
from incidents.actions.telling import NO_HOLD
from incidents.lifecycle import OVER, RUNNING, Impact, IncidentStatus
from incidents.models import Incident, IncidentUpdate
from incidents.schedule import MaintenanceOptions, check_span
from incidents.timeline import Step
from pages.actions import Conflict, Invalid
from pages.actions.invalid import line, require_within
from pages.models import Component, Page

LONGEST_EXTENSION_MINUTES = 31 * 24 * 60


def schedule_maintenance(
    *,
    page: Page,
    name: str,
    body: str,
    components: Sequence[Component],
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    at: datetime,
    options: MaintenanceOptions = MaintenanceOptions(),  # noqa: B008 (it is frozen)
    deliver: bool = True,
    deliver_all: bool = True,
    hold: timedelta = NO_HOLD,
    key: str = "",
    metadata: Mapping[str, object] | None = None,
) -> Incident:
    """Plans a maintenance and tells it: row, first update, reminders, audit and news at once.

    Without `components` it is about the whole page and claims nothing. One whose start has
    passed begins at the next tick, as of now. `deliver` False tells nobody of the plan,
    `deliver_all` False of anything. Raises Invalid naming the field, Refused, and
    once.Repeated when `key`, or the same words seconds ago, planned it already.
    """
    require(actor, Action.MAINTENANCE_SCHEDULE, page.project, obj=page)
    name = line("name", name, limit=NAME_LIMIT)
    check_body(body)
    check_span(starts_at, ends_at, at=at)
    ids = sorted({component.pk for component in components})
    said = once.fingerprint(
        *("schedule", page.pk, name, body, ids, starts_at, ends_at),
        *(options.as_columns(), deliver, deliver_all, metadata),
    )
    request = once.changing_once(page.pk, actor=actor, key=key, said=said, at=at)
    with request as (locked, remember):
        incident = Incident(
            page=locked,
            created_by=actor.user,
            name=name,
            status=IncidentStatus.SCHEDULED,
            impact=Impact.MAINTENANCE,
            scheduled_for=starts_at,
            scheduled_until=ends_at,
            started_at=starts_at,
            published_at=at,
            deliver_notifications=deliver_all,
            metadata=dict(metadata or {}),
            created_at=at,
            updated_at=at,
            **options.as_columns(),
        )
        plan(
            [Step(incident, IncidentStatus.SCHEDULED, body, deliver=deliver)],
            page=locked,
            components=on_page(locked, ids),
            actor=actor,
            at=at,
            hold=hold,
        )
        remember(incident)
    return incident


def reschedule(
    *,
    maintenance: Incident,
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    at: datetime,
    body: str = "",
    seen: datetime | None = None,
    deliver: bool = True,
    key: str = "",
) -> IncidentUpdate:
    """Moves a maintenance and tells it, in plain words unless there is a `body`.

    Of a running one only the end can move. News of a move is not held: a plan is moved again,
    not taken back. `seen` is its `updated_at` as the author knew it.
    Raises Conflict when it has moved on since or is over; Invalid; Refused; once.Repeated.
    """
    require(actor, Action.MAINTENANCE_RESCHEDULE, maintenance.page.project, obj=maintenance)
    check_body(body)
    said = once.fingerprint("reschedule", maintenance.pk, starts_at, ends_at, body, deliver)
    request = once.changing_once(maintenance.page_id, actor=actor, key=key, said=said, at=at)
    with request as (page, remember):
        incident = current(maintenance, seen)
        update = _move(
            incident,
            page=page,
            span=(starts_at, ends_at),
            body=body,
            actor=actor,
            at=at,
            deliver=deliver,
        )
        remember(update)
    return update


def extend(
    *,
    maintenance: Incident,
    actor: Actor,
    at: datetime,
    minutes: int = 30,
    seen: datetime | None = None,
    deliver: bool = True,
    key: str = "",
) -> IncidentUpdate:
    """Lets it end `minutes` later, counted from now where it is late already; tells it.

    Raises Conflict, Invalid, Refused and once.Repeated as `reschedule` does.
    """
    require(actor, Action.MAINTENANCE_RESCHEDULE, maintenance.page.project, obj=maintenance)
    require_within("minutes", minutes, 1, LONGEST_EXTENSION_MINUTES)
    said = once.fingerprint("extend", maintenance.pk, minutes, deliver)
    request = once.changing_once(maintenance.page_id, actor=actor, key=key, said=said, at=at)
    with request as (page, remember):
        incident = current(maintenance, seen)
        start, end = span_of(incident)
        update = _move(
            incident,
            page=page,
            span=(start, max(end, at) + timedelta(minutes=minutes)),
            body="",
            actor=actor,
            at=at,
            deliver=deliver,
        )
        remember(update)
    return update


def cancel_maintenance(
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
    """Calls off a maintenance that has not begun, and tells it.

    Raises Conflict when it has begun or is over, Invalid, Refused and once.Repeated.
    """
    require(actor, Action.MAINTENANCE_CANCEL, maintenance.page.project, obj=maintenance)
    check_body(body)
    said = once.update_fingerprint(maintenance, IncidentStatus.CANCELLED, body, deliver=deliver)
    request = once.changing_once(maintenance.page_id, actor=actor, key=key, said=said, at=at)
    with request as (page, remember):
        incident = current(maintenance, seen)
        if incident.status in RUNNING:
            raise Conflict("status", "It has begun: finish it instead.")
        words = body or wording.CANCELLED
        [update] = say(
            [Step(incident, IncidentStatus.CANCELLED, words, deliver=deliver)],
            page=page,
            actor=actor,
            at=at,
            action=Action.MAINTENANCE_CANCEL,
            hold=hold,
        )
        remember(update)
    return update


def current(maintenance: Incident, seen: datetime | None) -> Incident:
    """The maintenance as it is now. Raises Conflict when it is gone, over, or unlike `seen`."""
    stored = Incident.objects.maintenances().select_related("page__project")
    fresh = stored.filter(pk=maintenance.pk).first()
    if fresh is None:
        raise Conflict("incident", "Somebody has deleted this maintenance meanwhile.")
    check_seen(fresh, seen)
    status = IncidentStatus(fresh.status)
    if status in OVER:
        raise Conflict("status", f"This maintenance is {status.label.lower()} already.")
    return fresh


def span_of(incident: Incident) -> tuple[datetime, datetime]:
    """From when until when it is planned."""
    if incident.scheduled_for is None or incident.scheduled_until is None:
        raise ValueError(f"incident {incident.pk} is no maintenance")
    return incident.scheduled_for, incident.scheduled_until


def on_page(page: Page, component_ids: Sequence[UUID]) -> list[Component]:
    """Raises Invalid unless all components are on the page, now that it is locked."""
    found = list(page.components.filter(pk__in=component_ids).order_by("id"))
    if len(found) < len(component_ids):
        raise Invalid("components", "One of the components is not on this page.")
    return found


def _move(
    incident: Incident,
    *,
    page: Page,
    span: tuple[datetime, datetime],
    body: str,
    actor: Actor,
    at: datetime,
    deliver: bool,
) -> IncidentUpdate:
    old, zone = span_of(incident), ZoneInfo(page.timezone)
    runs = incident.status in RUNNING
    if span == old:
        raise Invalid("scheduled_until", "It is planned for that time already.")
    if runs and span[0] != old[0]:
        raise Invalid("scheduled_for", "It has begun: only its end can move.")
    check_span(*span, at=at)
    check_room(incident, IncidentStatus(incident.status))
    incident.scheduled_for, incident.scheduled_until = span
    incident.edited_at = at
    if runs:
        words = wording.end_moved(old[0], old[1], span[1], zone)
    else:
        words, incident.started_at = wording.moved(old, span, zone), span[0]
    [update] = say(
        [Step(incident, IncidentStatus(incident.status), body or words, deliver=deliver)],
        page=page,
        actor=actor,
        at=at,
        action=Action.MAINTENANCE_RESCHEDULE,
    )
    return update
