"""A postmortem as a revision that forms carry, and as a message."""

from datetime import datetime

from incidents.facts import facts_of
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, Postmortem
from incidents.payload import incident_payload
from incidents.stories import read_story
from pages.links import incident_url, page_url
from pages.models import Page
from subscribers.message import Kind, Message

_COLOUR = "#22c55e"


def revision_of(incident: Incident) -> datetime:
    """What a form shows that was open while somebody saved; also where nothing is written yet."""
    postmortem = Postmortem.objects.filter(incident=incident).first()
    return postmortem.updated_at if postmortem else incident.created_at


def postmortem_message(*, page: Page, postmortem: Postmortem, at: datetime) -> Message:
    """Tells the followers of an incident that is over what was learned."""
    incident = postmortem.incident
    story = read_story(incident)
    status = IncidentStatus(incident.status)
    return Message(
        kind=Kind.POSTMORTEM_PUBLISHED,
        topic=incident.id,
        impact=incident.effective_impact,
        status=status,
        status_label="Postmortem",
        status_colour=_COLOUR,
        title={"en": incident.name},
        body={"en": postmortem.body},
        facts=facts_of(story),
        links={"page": page_url(page), "incident": incident_url(page, incident.id)},
        occurred_at=at,
        payload=incident_payload(story),
    )
