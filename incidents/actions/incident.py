"""Opening an incident and adding to a story."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents import once, reminders
from incidents.actions.checks import (
    NAME_LIMIT,
    check_body,
    check_components,
    check_display,
    check_promise,
    check_room,
    check_seen,
    check_step,
    fresh,
)
from incidents.actions.telling import NO_HOLD, announce
from incidents.lifecycle import OPEN, Impact, IncidentStatus
from incidents.models import Incident, IncidentUpdate, default_nudges
from incidents.timeline import write_update
from pages.actions import Invalid
from pages.actions.invalid import line
from pages.models import Component, Page
from pages.status import Status


def open_incident(
    *,
    page: Page,
    name: str,
    body: str,
    statuses: Mapping[Component, Status],
    actor: Actor,
    at: datetime,
    status: IncidentStatus = IncidentStatus.INVESTIGATING,
    impact_override: Impact | None = None,
    deliver: bool = True,
    deliver_all: bool = True,
    next_update_by: datetime | None = None,
    metadata: Mapping[str, object] | None = None,
    reminder_intervals: list[int] | int | None = None,
    reminder_unit: str = "hours",
    hold: timedelta = NO_HOLD,
    key: str = "",
) -> Incident:
    """Opens an incident: row, first update, claims, audit and news in one transaction.

    `statuses` maps each affected component to what the incident says of it. `deliver` False
    tells nobody of its first update, `deliver_all` False of any. News waits for `hold`.
    Without `reminder_intervals` operators are reminded after the default hours.
    Raises Invalid naming the field, Refused, and once.Repeated when `key`, or the same words
    seconds ago, opened one already.
    """
    require(actor, Action.INCIDENT_CREATE, page.project, obj=page)
    name = line("name", name, limit=NAME_LIMIT)
    if status not in OPEN:
        raise Invalid("status", f"An incident opens as one of {_names(OPEN)}.")
    check_body(body)
    if reminder_intervals is None:
        reminder_intervals = default_nudges()
    nudges = reminders.valid_intervals(reminder_intervals, reminder_unit)
    said = once.fingerprint(
        *("open", page.pk, name, body, status, impact_override, once.by_id(statuses)),
        *(deliver, deliver_all, next_update_by, metadata, nudges, reminder_unit),
    )
    request = once.changing_once(page.id, actor=actor, key=key, said=said, at=at)
    with request as (locked, remember):
        check_components(locked, statuses)
        check_promise(next_update_by, at)
        incident = Incident.objects.create(
            page=locked,
            created_by=actor.user,
            name=name,
            status=status,
            impact_override=impact_override,
            deliver_notifications=deliver_all,
            metadata=dict(metadata or {}),
            reminder_intervals=nudges,
            reminder_unit=reminder_unit,
            started_at=at,
            published_at=at,
            created_at=at,
            updated_at=at,
        )
        update = write_update(
            incident=incident,
            status=status,
            body=body,
            statuses=statuses,
            actor=actor,
            at=at,
            action=Action.INCIDENT_CREATE,
            deliver=deliver,
            next_update_by=next_update_by,
        )
        remember(incident)
        tell(page=locked, update=update, at=at, hold=hold)
    return incident


def post_update(
    *,
    incident: Incident,
    status: IncidentStatus | None,
    body: str,
    actor: Actor,
    at: datetime,
    statuses: Mapping[Component, Status] | None = None,
    seen: datetime | None = None,
    display_at: datetime | None = None,
    deliver: bool = True,
    next_update_by: datetime | None = None,
    reopen: bool = False,
    hold: timedelta = NO_HOLD,
    key: str = "",
) -> IncidentUpdate:
    """Adds an update to an incident or a maintenance and tells it; an end ends its claims.

    Without a `status` the story stays where it is; a maintenance is begun, finished and
    cancelled by verbs of its own. With a `display_at` that lies ahead it appears, and is told,
    by itself at that time; one that lies before the newest update enters the story there and is
    told to nobody. `reopen` lets an update follow the resolution. `seen` is the incident's
    `updated_at` as the author knew it. Raises Conflict when the incident has moved on since, or
    takes no update; Invalid naming the field; Refused; once.Repeated as `open_incident` does.
    """
    require(actor, Action.INCIDENT_UPDATE, incident.page.project, obj=incident)
    statuses = statuses or {}
    check_body(body)
    said = once.update_fingerprint(
        incident,
        status,
        body,
        statuses,
        display_at=display_at,
        deliver=deliver,
        next_update_by=next_update_by,
    )
    request = once.changing_once(incident.page_id, actor=actor, key=key, said=said, at=at)
    with request as (page, remember):
        incident = fresh(incident)
        check_seen(incident, seen)
        check_components(page, statuses)
        check_display(display_at, at)
        check_promise(next_update_by, max(at, display_at or at))
        status = status or IncidentStatus(incident.status)
        check_step(incident, status, display_at=display_at, reopen=reopen)
        check_room(incident, status)
        incident.edited_at = at if actor.user else incident.edited_at
        update = write_update(
            incident=incident,
            status=status,
            body=body,
            statuses=statuses,
            actor=actor,
            at=at,
            display_at=display_at,
            deliver=deliver,
            next_update_by=next_update_by,
        )
        remember(update)
        if update.published_at and is_newest(update):
            tell(page=page, update=update, at=at, hold=hold)
    return update


def tell(*, page: Page, update: IncidentUpdate, at: datetime, hold: timedelta = NO_HOLD) -> None:
    """Tells the news and plans what operators are reminded of from here on."""
    announce(page=page, update=update, at=at, hold=hold)
    reminders.plan_nudges(update.incident, at)


def is_newest(update: IncidentUpdate) -> bool:
    newest = update.incident.updates.published().newest_first().first()
    return newest == update


def _names(statuses: frozenset[IncidentStatus]) -> str:
    return ", ".join(status for status in IncidentStatus if status in statuses)
