"""What stories say, told again from their updates. Called inside `changing` of their pages.

Whatever a story says is told again from all its published updates, so that one that is added
to the past, changed or taken away leaves nothing behind. For any number of stories the
number of queries is the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from accounts.actor import Actor
from incidents.lifecycle import OVER, Impact, IncidentStatus, impact_of, worst_impact
from incidents.models import Incident, IncidentComponent, IncidentUpdate, UpdateComponent
from incidents.spans import Said, Spoken, claim_spans, last_said
from pages import claims, sources
from pages.models import Component
from pages.status import Status

# What follows from an incident's updates.
_TOLD = (
    "status",
    "impact",
    "names_components",
    "started_at",
    "monitoring_at",
    "resolved_at",
    "next_update_by",
    "archived_at",
    "updated_at",
)


def retell(incidents: Sequence[Incident], *, actor: Actor, at: datetime) -> None:
    """Brings incidents, their components and their claims in line with their updates."""
    updates: dict[UUID, list[IncidentUpdate]] = defaultdict(list)
    for update in IncidentUpdate.objects.published().filter(incident__in=incidents).told():
        updates[update.incident_id].append(update)
    changes: dict[UUID, list[UpdateComponent]] = defaultdict(list)
    for change in UpdateComponent.objects.filter(update__incident__in=incidents):
        changes[change.update_id].append(change)
    stories = {
        incident: [_told(update, changes[update.pk]) for update in updates[incident.pk]]
        for incident in incidents
    }
    said = {incident: last_said(story) for incident, story in stories.items()}
    for incident, story in stories.items():
        _follow(incident, updates[incident.pk], at)
        incident.impact = _impact(incident, story)
        incident.names_components = incident.names_components or bool(said[incident])
    _save(incidents)
    # While they still know the components of which they say nothing any more.
    restate_claims(stories, actor=actor)
    _affect(said)


def restate_claims(stories: Mapping[Incident, Sequence[Spoken]], *, actor: Actor) -> None:
    """Claims of the incidents' components exactly what their stories say."""
    spans = {incident: claim_spans(story) for incident, story in stories.items()}
    ids = {incident: set(said) for incident, said in spans.items()}
    by_id = {incident.pk: incident for incident in stories}
    rows = IncidentComponent.objects.filter(incident__in=stories)
    for incident_id, component_id in rows.values_list("incident_id", "component_id"):
        ids[by_id[incident_id]].add(component_id)
    components = Component.objects.in_bulk(set[UUID]().union(*ids.values()))
    claims.restate(
        {
            (components[pk], source_of(incident)): spans[incident].get(pk, ())
            for incident in stories
            for pk in sorted(ids[incident])
        },
        actor=actor.label,
    )


def source_of(incident: Incident) -> str:
    if incident.is_maintenance:
        return sources.maintenance_source(incident.pk)
    return sources.incident_source(incident.pk)


def _follow(incident: Incident, updates: Sequence[IncidentUpdate], at: datetime) -> None:
    """Its stage and times are those of its updates, oldest first."""
    newest = updates[-1]
    over = newest.status in OVER
    incident.status = newest.status
    incident.next_update_by = None if over else newest.next_update_by
    incident.monitoring_at = _first(updates, IncidentStatus.MONITORING)
    incident.resolved_at = newest.display_at if over else None
    if not over:
        incident.archived_at = None
    if not incident.is_maintenance:
        incident.started_at = min(incident.started_at, updates[0].display_at)
    incident.updated_at = max(at, incident.updated_at)


def _save(incidents: Iterable[Incident]) -> None:
    """Those that tell the same, as maintenances of the same minute do, in one statement."""
    same: dict[tuple[object, ...], list[UUID]] = defaultdict(list)
    for incident in incidents:
        same[tuple(getattr(incident, name) for name in _TOLD)].append(incident.pk)
    for values, ids in same.items():
        Incident.objects.filter(pk__in=ids).update(**dict(zip(_TOLD, values, strict=True)))


def _told(update: IncidentUpdate, changes: Iterable[UpdateComponent]) -> Spoken:
    return Spoken(
        status=IncidentStatus(update.status),
        at=update.display_at,
        said={
            change.component_id: Said(Status(change.new_status), change.since) for change in changes
        },
    )


def _first(updates: Iterable[IncidentUpdate], status: IncidentStatus) -> datetime | None:
    return next((update.display_at for update in updates if update.status == status), None)


def _impact(incident: Incident, story: Iterable[Spoken]) -> Impact:
    """The worst it ever claimed; its end claims nothing."""
    said = [each.status for told in story if told.status not in OVER for each in told.said.values()]
    return worst_impact(
        [Impact.MAINTENANCE if incident.is_maintenance else Impact.NONE, impact_of(said)]
    )


def _affect(said: Mapping[Incident, Mapping[UUID, Status]]) -> None:
    """Keeps the rows of the components in line. A maintenance's plan stays whatever is said."""
    rows = {
        (row.incident_id, row.component_id): row
        for row in IncidentComponent.objects.filter(incident__in=said)
    }
    new: list[IncidentComponent] = []
    moved: dict[Status, list[int]] = defaultdict(list)
    for incident, statuses in said.items():
        for component_id, status in statuses.items():
            row = rows.get((incident.pk, component_id))
            if row is None:
                new.append(
                    IncidentComponent(incident=incident, component_id=component_id, status=status)
                )
            elif row.status != status:
                moved[status].append(row.pk)
        if not incident.is_maintenance:
            incident.affected.exclude(component__in=statuses).delete()
    IncidentComponent.objects.bulk_create(new)
    for status, ids in moved.items():
        IncidentComponent.objects.filter(pk__in=ids).update(status=status)
