"""How an update enters an incident's story. Called inside `changing` only."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.actor import Actor
from accounts.roles import Action
from incidents.lifecycle import Impact, IncidentStatus, impact_of, worst_impact
from incidents.models import Incident, IncidentComponent, IncidentUpdate, UpdateComponent
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
) -> IncidentUpdate:
    """Adds an update, moves the incident to `status` and its components to `statuses`.

    Resolving ends every claim of this incident and of no other. `since` tells of components
    (by id) when that became true, where it did before `at`. A clock that is behind moves no
    story backwards. Leaves the audit row of `action`; sends nothing.
    """
    at = max(at, incident.updated_at)
    known = since or {}
    update = IncidentUpdate.objects.create(
        incident=incident,
        created_by=actor.user,
        status=status,
        body=body,
        display_at=at,
        created_at=at,
        updated_at=at,
    )
    for component, new in statuses.items():
        began = known.get(component.id, at)
        _claim(update=update, component=component, new=new, actor=actor, since=began)
    if status is IncidentStatus.RESOLVED:
        _release(update=update, actor=actor, since=known, at=at)
        incident.resolved_at = at
    if status is IncidentStatus.MONITORING and incident.monitoring_at is None:
        incident.monitoring_at = at
    incident.status = status
    _weigh(incident, statuses)
    incident.updated_at = at
    incident.save()
    record(action, incident=incident, actor=actor, at=at)
    return update


def record(action: Action, *, incident: Incident, actor: Actor, at: datetime) -> None:
    """The audit row of a step in the incident's life."""
    audit.record(
        actor=actor,
        action=action,
        obj=incident,
        project=incident.page.project,
        at=at,
        detail={"name": incident.name, "status": incident.status},
    )


def note_components(*, incident: Incident, statuses: Mapping[Component, Status]) -> None:
    """Writes what a draft is about: it is remembered, but nothing is claimed yet."""
    for component, status in statuses.items():
        IncidentComponent.objects.update_or_create(
            incident=incident, component=component, defaults={"status": status}
        )
    _weigh(incident, statuses)


def _weigh(incident: Incident, statuses: Mapping[Component, Status]) -> None:
    incident.impact = worst_impact([Impact(incident.impact), impact_of(statuses.values())])
    incident.names_components = incident.names_components or bool(statuses)


def _claim(
    *, update: IncidentUpdate, component: Component, new: Status, actor: Actor, since: datetime
) -> None:
    known = IncidentComponent.objects.filter(incident=update.incident, component=component).first()
    IncidentComponent.objects.update_or_create(
        incident=update.incident, component=component, defaults={"status": new}
    )
    component.refresh_from_db(fields=["status"])
    old = known.status if known else component.status
    UpdateComponent.objects.create(
        update=update, component=component, old_status=old, new_status=new
    )
    claims.apply(
        component=component,
        source=sources.incident_source(update.incident_id),
        status=None if new is Status.OPERATIONAL else new,
        since=since,
        actor=actor.label,
    )


def _release(
    *, update: IncidentUpdate, actor: Actor, since: Mapping[UUID, datetime], at: datetime
) -> None:
    said = set(update.changes.values_list("component_id", flat=True))
    for row in update.incident.affected.select_related("component").exclude(
        status=Status.OPERATIONAL
    ):
        claims.apply(
            component=row.component,
            source=sources.incident_source(update.incident_id),
            status=None,
            since=since.get(row.component_id, at),
            actor=actor.label,
        )
        if row.component_id not in said:
            row.component.refresh_from_db(fields=["status"])
            UpdateComponent.objects.create(
                update=update,
                component=row.component,
                old_status=row.status,
                new_status=row.component.status,
            )
    update.incident.affected.update(status=Status.OPERATIONAL)
