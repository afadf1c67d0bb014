"""The components of a story in a message: what an update changed about them, how they are."""

from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentComponent, IncidentUpdate, UpdateComponent
from incidents.stories import Story
from pages.status import Status
from subscribers.message import Fact


def facts_of(story: Story, update: IncidentUpdate | None = None) -> tuple[Fact, ...]:
    """Every component the story names, in the page's order, with what `update` changed."""
    said = story.changes.get(update.pk, []) if update else []
    changes = {change.component_id: change for change in said}
    return tuple(
        _fact(story.incident, row, changes.get(row.component_id)) for row in story.affected
    )


def _fact(incident: Incident, row: IncidentComponent, change: UpdateComponent | None) -> Fact:
    if change:
        old, new = change.old_status, change.new_status
    elif incident.status == IncidentStatus.SCHEDULED:
        old, new = "", Status.MAINTENANCE.value
    elif incident.status == IncidentStatus.CANCELLED:
        old, new = "", row.component.status
    else:
        old = new = row.status
    return Fact(component=row.component.name, component_id=row.component_id, old=old, new=new)
