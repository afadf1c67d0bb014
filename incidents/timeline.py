"""How an update enters a story, and what the story then says. Called inside `changing` only.

Whatever a story says is told again from all its published updates, so that one that is added
to the past, changed or taken away leaves nothing behind.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.actor import Actor
from accounts.roles import Action
from incidents.lifecycle import OVER, Impact, IncidentStatus, impact_of, worst_impact
from incidents.models import Incident, IncidentComponent, IncidentUpdate, UpdateComponent
from incidents.spans import Said, Told, claim_spans, last_said
from pages import claims, sources
from pages.models import Component
from pages.status import Status


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

    One to be displayed in the future waits for `show_update`. An end ends every claim of this
    incident and of no other. `since` tells of components (by id) when that became true, where
    it did before the update. A clock that is behind moves no story backwards. Leaves the audit
    row of `action`; sends nothing.
    """
    at = max(at, incident.updated_at)
    shown = display_at or at
    update = IncidentUpdate.objects.create(
        incident=incident,
        created_by=actor.user,
        status=status,
        body=body,
        display_at=shown,
        deliver_notifications=deliver,
        next_update_by=next_update_by,
        created_at=at,
        updated_at=at,
    )
    _note_changes(update, statuses, since or {})
    if shown > at:
        incident.updated_at = at
        incident.save(update_fields=["updated_at"])
    else:
        show_update(update, actor=actor, at=at, since=since or {})
    record(action, incident=incident, actor=actor, at=at)
    return update


def show_update(
    update: IncidentUpdate,
    *,
    actor: Actor,
    at: datetime,
    since: Mapping[UUID, datetime] | None = None,
) -> None:
    """Makes an update part of what the story says."""
    released = _release(update, since or {}) if update.status in OVER else []
    update.published_at = at
    update.save(update_fields=["published_at"])
    retell(update.incident, actor=actor, at=at)
    left = _stored_statuses(change.component_id for change in released)
    for change in released:
        change.new_status = left[change.component_id]
    UpdateComponent.objects.bulk_update(released, ["new_status"])


def retell(incident: Incident, *, actor: Actor, at: datetime) -> None:
    """Brings an incident, its components and their claims in line with its updates."""
    updates = list(incident.updates.published().told().prefetch_related("changes"))
    story = [_told(update) for update in updates]
    newest = updates[-1]
    incident.status = newest.status
    incident.next_update_by = None if newest.status in OVER else newest.next_update_by
    incident.monitoring_at = _first(updates, IncidentStatus.MONITORING)
    incident.resolved_at = newest.display_at if newest.status in OVER else None
    if newest.status not in OVER:
        incident.archived_at = None
    incident.impact = _impact(incident, story)
    if not incident.is_maintenance:
        incident.started_at = min(incident.started_at, updates[0].display_at)
    said = last_said(story)
    incident.names_components = incident.names_components or bool(said)
    incident.updated_at = max(at, incident.updated_at)
    incident.save()
    # While it still knows the components of which it says nothing any more.
    restate_claims(incident, story, actor=actor)
    _affect(incident, said)


def restate_claims(incident: Incident, story: Sequence[Told], *, actor: Actor) -> None:
    """Claims of the incident's components exactly what `story` says."""
    spans = claim_spans(story)
    ids = {*spans, *incident.affected.values_list("component_id", flat=True)}
    source = source_of(incident)
    claims.restate(
        {
            (component, source): spans.get(component.pk, ())
            for component in Component.objects.filter(pk__in=ids).order_by("id")
        },
        actor=actor.label,
    )


def source_of(incident: Incident) -> str:
    if incident.is_maintenance:
        return sources.maintenance_source(incident.pk)
    return sources.incident_source(incident.pk)


def record(
    action: Action,
    *,
    incident: Incident,
    actor: Actor,
    at: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    """The audit row of a step in the incident's life."""
    audit.record(
        actor=actor,
        action=action,
        obj=incident,
        project=incident.page.project,
        at=at,
        detail={"name": incident.name, "status": incident.status, **(detail or {})},
    )


def note_components(*, incident: Incident, statuses: Mapping[Component, Status]) -> None:
    """Writes what a draft or a plan is about: it is remembered, but nothing is claimed yet."""
    for component, status in statuses.items():
        IncidentComponent.objects.update_or_create(
            incident=incident, component=component, defaults={"status": status}
        )
    incident.impact = worst_impact([Impact(incident.impact), impact_of(statuses.values())])
    incident.names_components = incident.names_components or bool(statuses)


def _note_changes(
    update: IncidentUpdate,
    statuses: Mapping[Component, Status],
    since: Mapping[UUID, datetime],
) -> None:
    known = dict(update.incident.affected.values_list("component_id", "status"))
    current = _stored_statuses(component.pk for component in statuses)
    UpdateComponent.objects.bulk_create(
        UpdateComponent(
            update=update,
            component=component,
            old_status=known.get(component.pk, current[component.pk]),
            new_status=new,
            since=since.get(component.pk, update.display_at),
        )
        for component, new in statuses.items()
    )


def _release(update: IncidentUpdate, since: Mapping[UUID, datetime]) -> list[UpdateComponent]:
    """An end says of every component still held that it is over."""
    said = update.changes.values("component_id")
    held = update.incident.affected.exclude(status=Status.OPERATIONAL).exclude(component__in=said)
    return UpdateComponent.objects.bulk_create(
        UpdateComponent(
            update=update,
            component=row.component,
            old_status=row.status,
            new_status=Status.OPERATIONAL,
            since=since.get(row.component_id, update.display_at),
        )
        for row in held.select_related("component").order_by("id")
    )


def _stored_statuses(component_ids: Iterable[UUID]) -> dict[UUID, str]:
    stored = Component.objects.filter(pk__in=list(component_ids))
    return dict(stored.values_list("pk", "status"))


def _told(update: IncidentUpdate) -> Told:
    return Told(
        status=IncidentStatus(update.status),
        at=update.display_at,
        said={
            change.component_id: Said(Status(change.new_status), change.since)
            for change in update.changes.all()
        },
    )


def _first(updates: Sequence[IncidentUpdate], status: IncidentStatus) -> datetime | None:
    return next((update.display_at for update in updates if update.status == status), None)


def _impact(incident: Incident, story: Sequence[Told]) -> Impact:
    """The worst it ever claimed; its end claims nothing."""
    said = [each.status for told in story if told.status not in OVER for each in told.said.values()]
    return worst_impact(
        [Impact.MAINTENANCE if incident.is_maintenance else Impact.NONE, impact_of(said)]
    )


def _affect(incident: Incident, said: Mapping[UUID, Status]) -> None:
    """Keeps the rows of the components in line. A maintenance's plan stays whatever is said."""
    rows = {row.component_id: row for row in incident.affected.all()}
    IncidentComponent.objects.bulk_create(
        IncidentComponent(incident=incident, component_id=component_id, status=status)
        for component_id, status in said.items()
        if component_id not in rows
    )
    moved = [row for row in rows.values() if said.get(row.component_id, row.status) != row.status]
    for row in moved:
        row.status = said[row.component_id]
    IncidentComponent.objects.bulk_update(moved, ["status"])
    if not incident.is_maintenance:
        incident.affected.exclude(component__in=said).delete()
