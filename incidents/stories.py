"""Incidents with all that messages say of them, in as many queries for one as for a thousand."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from incidents.models import Incident, IncidentComponent, IncidentUpdate, UpdateComponent


@dataclass(frozen=True, slots=True)
class Story:
    """`affected` as on the page, `updates` the published ones, newest first.

    `changes` is what each update, by its id, says of components.
    """

    incident: Incident
    affected: list[IncidentComponent]
    updates: list[IncidentUpdate]
    changes: Mapping[UUID, list[UpdateComponent]]

    @property
    def audience(self) -> list[UUID] | None:
        """The components whose followers are told; None is the whole page."""
        return self.component_ids if self.incident.names_components else None

    @property
    def component_ids(self) -> list[UUID]:
        return [row.component_id for row in self.affected]


def read_story(incident: Incident) -> Story:
    return read_stories([incident])[incident.pk]


def read_stories(incidents: Collection[Incident]) -> dict[UUID, Story]:
    """By the incident's id; three queries."""
    affected = defaultdict(list)
    rows = IncidentComponent.objects.filter(incident__in=incidents).select_related("component")
    for row in rows.order_by("component__position", "component__name"):
        affected[row.incident_id].append(row)
    updates = defaultdict(list)
    said = IncidentUpdate.objects.filter(incident__in=incidents).published()
    for update in said.newest_first():
        updates[update.incident_id].append(update)
    changes = defaultdict(list)
    turns = UpdateComponent.objects.filter(update__incident__in=incidents)
    for change in turns.select_related("component__group").order_by("id"):
        changes[change.update_id].append(change)
    return {
        incident.pk: Story(incident, affected[incident.pk], updates[incident.pk], changes)
        for incident in incidents
    }
