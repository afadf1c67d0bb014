"""Incidents with all that messages say of them, in as many queries for one as for a thousand."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from incidents.models import Incident, IncidentComponent, IncidentUpdate, UpdateComponent


@dataclass(frozen=True, slots=True)
class Story:
    """`affected` as on the page, `updates` the published ones, newest first."""

    incident: Incident
    affected: list[IncidentComponent]
    updates: list[IncidentUpdate]

    @property
    def component_ids(self) -> list[UUID]:
        return [row.component_id for row in self.affected]

    def changes_of(self, update: IncidentUpdate) -> list[UpdateComponent]:
        """What an update says of components, read already if it is published."""
        read = next((each for each in self.updates if each == update), update)
        return list(read.changes.all())


def read_story(incident: Incident) -> Story:
    return read_stories([incident])[incident.pk]


def read_stories(incidents: Collection[Incident]) -> dict[UUID, Story]:
    """By the incident's id; three queries."""
    affected = defaultdict(list)
    rows = IncidentComponent.objects.filter(incident__in=incidents).select_related("component")
    for row in rows.order_by("component__position", "component__name"):
        affected[row.incident_id].append(row)
    updates = defaultdict(list)
    changes = Prefetch(
        "changes", queryset=UpdateComponent.objects.select_related("component__group")
    )
    said = IncidentUpdate.objects.filter(incident__in=incidents).published()
    for update in said.newest_first().prefetch_related(changes):
        updates[update.incident_id].append(update)
    return {
        incident.pk: Story(incident, affected[incident.pk], updates[incident.pk])
        for incident in incidents
    }
