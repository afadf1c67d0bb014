"""Taking up an incident that is over: its form begins where the story stood before the end."""

from typing import Any

from incidents.lifecycle import OPEN, IncidentStatus
from incidents.models import Incident, UpdateComponent


def before_the_end(incident: Incident) -> dict[str, Any]:
    """Initial values: the last open stage, and what the end took back from each component."""
    updates = [update for update in incident.updates.all() if update.published_at]
    end, before = updates[0], next((each for each in updates if each.status in OPEN), None)
    ended = UpdateComponent.objects.filter(update=end)
    return {
        "status": before.status if before else IncidentStatus.INVESTIGATING,
        **{f"system-{each.component_id}": each.old_status for each in ended},
    }
