"""How updates enter their stories. Called inside `changing` of their pages only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from accounts import audit
from accounts.actor import Actor
from accounts.roles import Action
from incidents.before import statuses_at, what_was
from incidents.lifecycle import OVER, Impact, IncidentStatus, impact_of, worst_impact
from incidents.models import Incident, IncidentComponent, IncidentUpdate, UpdateComponent
from incidents.retelling import retell
from pages.models import Component
from pages.status import Status


@dataclass(frozen=True, slots=True)
class Step:
    """An update that is to be written: what it says, and since when of components (by id).

    Without a `display_at` it is shown at the moment it is written.
    """

    incident: Incident
    status: IncidentStatus
    body: str
    statuses: Mapping[Component, Status] = field(default_factory=dict)
    since: Mapping[UUID, datetime] = field(default_factory=dict)
    display_at: datetime | None = None
    deliver: bool = True
    next_update_by: datetime | None = None


def write_update(
    *,
    incident: Incident,
    status: IncidentStatus,
    body: str,
    statuses: Mapping[Component, Status],
    actor: Actor,
    at: datetime,
    since: Mapping[UUID, datetime] | None = None,
    action: Action = Action.INCIDENT_UPDATE,
    display_at: datetime | None = None,
    deliver: bool = True,
    next_update_by: datetime | None = None,
) -> IncidentUpdate:
    """Adds an update, moves the incident to `status` and its components to `statuses`.

    One to be displayed in the future waits for `show_updates`. An end ends every claim of this
    incident and of no other. `since` tells of components (by id) when that became true, where
    it did before the update. A clock that is behind moves no story backwards. Saves whatever
    was changed about the incident. Leaves the audit row of `action`; sends nothing.
    """
    incident.save()
    step = Step(
        incident=incident,
        status=status,
        body=body,
        statuses=statuses,
        since=since or {},
        display_at=display_at,
        deliver=deliver,
        next_update_by=next_update_by,
    )
    return write_updates([step], actor=actor, at=at, action=action)[0]


def write_updates(
    steps: Sequence[Step], *, actor: Actor, at: datetime, action: Action = Action.INCIDENT_UPDATE
) -> list[IncidentUpdate]:
    """`write_update` for many stories, one step of each, in a fixed number of queries.

    Of an incident only what its story tells is saved.
    """
    moments = _moments([step.incident for step in steps], at)
    updates = IncidentUpdate.objects.bulk_create(
        [_update(step, actor, at, moments[step.incident.pk]) for step in steps]
    )
    _note_changes(updates, steps)
    pairs = list(zip(updates, steps, strict=True))
    for update in updates:
        if update.published_at is None:
            update.incident.updated_at = update.created_at
            update.incident.save(update_fields=["updated_at"])
    show_updates(
        {update: step.since for update, step in pairs if update.published_at}, actor=actor, at=at
    )
    record_all(action, incidents=[step.incident for step in steps], actor=actor, at=at)
    return updates


def show_updates(
    since: Mapping[IncidentUpdate, Mapping[UUID, datetime]], *, actor: Actor, at: datetime
) -> None:
    """Makes updates part of what their stories say; `since` as for `write_update`."""
    released = _release({each: when for each, when in since.items() if each.status in OVER})
    waited = [update for update in since if update.published_at is None]
    for update in waited:
        update.published_at = max(at, update.created_at)
    if waited:
        IncidentUpdate.objects.bulk_update(waited, ["published_at"])
        _note_what_was(waited)
    retell([update.incident for update in since], actor=actor, at=at)
    _note_what_is_left(released)


def record(
    action: Action,
    *,
    incident: Incident,
    actor: Actor,
    at: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """The audit row of a step in the incident's life."""
    record_all(action, incidents=[incident], actor=actor, at=at, detail=detail)


def record_all(
    action: Action,
    *,
    incidents: Iterable[Incident],
    actor: Actor,
    at: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """The audit rows of the same step in many incidents' lives."""
    audit.record_all(
        [
            audit.Done(
                obj=incident,
                project=incident.page.project,
                detail={"name": incident.name, "status": incident.status, **(detail or {})},
            )
            for incident in incidents
        ],
        actor=actor,
        action=action,
        at=at,
    )


def note_components(*, incident: Incident, statuses: Mapping[Component, Status]) -> None:
    """Writes what a draft or a plan is about: it is remembered, but nothing is claimed yet."""
    for component, status in statuses.items():
        IncidentComponent.objects.update_or_create(
            incident=incident, component=component, defaults={"status": status}
        )
    incident.impact = worst_impact([Impact(incident.impact), impact_of(statuses.values())])
    incident.names_components = incident.names_components or bool(statuses)


def _moments(incidents: Sequence[Incident], at: datetime) -> dict[UUID, datetime]:
    """When each story is added to: later than ever before, whatever a clock says.

    Of updates that are shown for the same time the one written later is the newer.
    """
    written = IncidentUpdate.objects.filter(incident__in=incidents).order_by()
    last = dict(written.values_list("incident").annotate(Max("created_at")))
    return {
        pk: max(at, last[pk] + timedelta(microseconds=1)) if pk in last else at
        for pk in (incident.pk for incident in incidents)
    }


def _update(step: Step, actor: Actor, at: datetime, written_at: datetime) -> IncidentUpdate:
    at = max(at, step.incident.updated_at)
    shown = step.display_at or at
    return IncidentUpdate(
        incident=step.incident,
        created_by=actor.user,
        status=step.status,
        body=step.body,
        display_at=shown,
        published_at=at if shown <= at else None,
        deliver_notifications=step.deliver,
        next_update_by=step.next_update_by,
        created_at=max(at, written_at),
        updated_at=at,
    )


def _note_changes(updates: Sequence[IncidentUpdate], steps: Sequence[Step]) -> None:
    said = [
        (update, step, component, new)
        for update, step in zip(updates, steps, strict=True)
        for component, new in step.statuses.items()
    ]
    if not said:
        return
    changes = [
        UpdateComponent(
            update=update,
            component=component,
            new_status=new,
            since=step.since.get(component.pk, update.display_at),
        )
        for update, step, component, new in said
    ]
    was = what_was(changes)
    for change in changes:
        change.old_status = was[change.update_id, change.component_id]
    UpdateComponent.objects.bulk_create(changes)


def _note_what_was(waited: Sequence[IncidentUpdate]) -> None:
    """What components were is known only when an update that waited is shown."""
    changes = list(UpdateComponent.objects.filter(update__in=waited).select_related("update"))
    was = what_was(changes)
    for change in changes:
        change.old_status = was[change.update_id, change.component_id]
    UpdateComponent.objects.bulk_update(changes, ["old_status"])


def _release(since: Mapping[IncidentUpdate, Mapping[UUID, datetime]]) -> list[UpdateComponent]:
    """Ends say of every component still held that it is over."""
    if not since:
        return []
    ends = {update.incident_id: update for update in since}
    said = UpdateComponent.objects.filter(update__in=since)
    named = set(said.values_list("update_id", "component_id"))
    held = IncidentComponent.objects.filter(incident__in=ends).exclude(status=Status.OPERATIONAL)
    return UpdateComponent.objects.bulk_create(
        UpdateComponent(
            update=ends[row.incident_id],
            component=row.component,
            old_status=row.status,
            new_status=Status.OPERATIONAL,
            since=since[ends[row.incident_id]].get(
                row.component_id, ends[row.incident_id].display_at
            ),
        )
        for row in held.select_related("component").order_by("id")
        if (ends[row.incident_id].pk, row.component_id) not in named
    )


def _note_what_is_left(released: Sequence[UpdateComponent]) -> None:
    """What others still say, then, of the components that ends have let go."""
    then = statuses_at((change.component_id, change.since) for change in released)
    left: dict[str, list[int]] = defaultdict(list)
    for change in released:
        left[then[change.component_id, change.since]].append(change.pk)
    for status, ids in left.items():
        UpdateComponent.objects.filter(pk__in=ids).update(new_status=status)
