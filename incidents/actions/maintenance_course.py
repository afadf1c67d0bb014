"""Maintenances begin and end, one or a thousand at once, inside `changing` of their pages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from accounts.actor import Actor
from incidents import reminders
from incidents.actions.telling import NO_HOLD, announce_all
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentComponent, IncidentUpdate
from incidents.timeline import Step, write_updates
from pages import claims, sources
from pages.models import Component, Page
from pages.status import Status


@dataclass(frozen=True, slots=True)
class Turn:
    """A maintenance that begins, or ends, as of `moment`; `body` is what is said of it."""

    incident: Incident
    moment: datetime
    body: str
    deliver: bool


def begin(
    turns: Sequence[Turn],
    *,
    pages: Iterable[Page],
    actor: Actor,
    at: datetime,
) -> list[IncidentUpdate]:
    """From its moment on, the components of each are under maintenance."""
    named = _components(turns)
    last_words = _last_words(turns)
    steps = []
    for turn in turns:
        incident = turn.incident
        incident.started_at = max(turn.moment, last_words[incident.pk])
        held = named[incident.pk] if incident.auto_transition_to_maintenance_state else []
        steps.append(
            Step(
                incident=incident,
                status=IncidentStatus.IN_PROGRESS,
                body=turn.body,
                statuses=dict.fromkeys(held, Status.MAINTENANCE),
                display_at=incident.started_at,
                deliver=turn.deliver,
            )
        )
    return _take(steps, pages=pages, actor=actor, at=at)


def finish(
    turns: Sequence[Turn],
    *,
    pages: Iterable[Page],
    actor: Actor,
    at: datetime,
    hold: timedelta = NO_HOLD,
) -> list[IncidentUpdate]:
    """From its moment on, each claims nothing any more.

    Where components shall not become operational by themselves, what it said of them goes on
    as a status set by hand.
    """
    held = _components(turns, status=Status.MAINTENANCE)
    last_words = _last_words(turns)
    steps = [
        Step(
            incident=turn.incident,
            status=IncidentStatus.COMPLETED,
            body=turn.body,
            since=dict.fromkeys((each.pk for each in held[turn.incident.pk]), turn.moment),
            display_at=max(turn.moment, last_words[turn.incident.pk]),
            deliver=turn.deliver,
        )
        for turn in turns
    ]
    updates = _take(steps, pages=pages, actor=actor, at=at, hold=hold)
    for turn in turns:
        if not turn.incident.auto_transition_to_operational_state:
            for component in held[turn.incident.pk]:
                _hold_by_hand(component, turn.moment, actor)
    return updates


def unfinish(end: IncidentUpdate, *, actor: Actor) -> None:
    """Ends what `finish` said by hand of components, when the end is taken back."""
    for change in end.changes.select_related("component"):
        said = change.component.claims.live().filter(
            source=sources.MANUAL, status=Status.MAINTENANCE, since=change.since
        )
        if said.exists():
            claims.apply(
                component=change.component,
                source=sources.MANUAL,
                status=None,
                since=change.since,
                actor=actor.label,
            )


def _take(
    steps: Sequence[Step],
    *,
    pages: Iterable[Page],
    actor: Actor,
    at: datetime,
    hold: timedelta = NO_HOLD,
) -> list[IncidentUpdate]:
    updates = write_updates(steps, actor=actor, at=at)
    announce_all(updates, pages=pages, at=at, hold=hold)
    reminders.drop([step.incident for step in steps])
    return updates


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


def _components(
    turns: Iterable[Turn], *, status: Status | None = None
) -> dict[UUID, list[Component]]:
    """What each names, by its id; only those of which it says `status` if that is given."""
    rows = IncidentComponent.objects.filter(incident__in=[turn.incident for turn in turns])
    if status:
        rows = rows.filter(status=status)
    found: dict[UUID, list[Component]] = defaultdict(list)
    for row in rows.select_related("component").order_by("id"):
        found[row.incident_id].append(row.component)
    return found


def _last_words(turns: Iterable[Turn]) -> dict[UUID, datetime]:
    """When each story was last spoken of: nothing enters it before."""
    updates = IncidentUpdate.objects.filter(incident__in=[turn.incident for turn in turns])
    said = updates.published().values_list("incident_id").annotate(Max("display_at"))
    return dict(said.order_by())
