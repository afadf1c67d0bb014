"""Maintenances as messages: announced, moved, near, begun, ended, cancelled."""

from datetime import datetime

from incidents.facts import facts_of
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate
from incidents.payload import incident_payload
from incidents.stories import Story, read_story
from pages.links import calendar_url, incident_url, page_url
from pages.models import Page
from subscribers.message import Kind, Message

_BLUE = "#6aa6f8"
STAGE_COLOURS: dict[str, str] = {
    IncidentStatus.SCHEDULED: _BLUE,
    IncidentStatus.IN_PROGRESS: _BLUE,
    IncidentStatus.VERIFYING: _BLUE,
    IncidentStatus.COMPLETED: "#22c55e",
    IncidentStatus.CANCELLED: "#a0adb4",
}


def maintenance_message(
    *,
    kind: Kind,
    page: Page,
    incident: Incident,
    update: IncidentUpdate | None,
    at: datetime,
    story: Story | None = None,
) -> Message:
    """The news of `update`, or, without one, what was last said, told again at `at`.

    The `story` is read here unless it is given.
    """
    story = story or read_story(incident)
    said = update or next(iter(story.updates), None)
    status = IncidentStatus(update.status if update else incident.status)
    return Message(
        kind=kind,
        topic=incident.id,
        impact=incident.effective_impact,
        status=status,
        status_label=status.label,
        status_colour=STAGE_COLOURS[status],
        starts_at=incident.scheduled_for,
        ends_at=incident.scheduled_until,
        next_update_by=incident.next_update_by,
        title={"en": incident.name},
        body={"en": said.body if said else ""},
        facts=facts_of(story, update),
        links={
            "page": page_url(page),
            "incident": incident_url(page, incident.id),
            "calendar": calendar_url(page),
        },
        occurred_at=update.display_at if update else at,
        payload=incident_payload(story),
    )
