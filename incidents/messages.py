"""Incidents as messages: what subscribers and operators are told."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from incidents.facts import facts_of
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate
from incidents.payload import incident_payload
from incidents.stories import Story, read_story
from pages.links import incident_url, page_url
from pages.models import Page
from subscribers.message import Kind, Message

STATUS_COLOURS: dict[str, str] = {
    IncidentStatus.INVESTIGATING: "#ef4444",
    IncidentStatus.IDENTIFIED: "#f97316",
    IncidentStatus.MONITORING: "#eab308",
    IncidentStatus.RESOLVED: "#22c55e",
}


def incident_message(
    *, kind: Kind, page: Page, update: IncidentUpdate, story: Story | None = None
) -> Message:
    """The news of `update`, with every component of its incident.

    The `story` is read here unless it is given.
    """
    incident = update.incident
    story = story or read_story(incident)
    status = IncidentStatus(update.status)
    return Message(
        kind=kind,
        topic=incident.id,
        impact=incident.effective_impact,
        status=status,
        status_label=status.label,
        status_colour=STATUS_COLOURS[status],
        began_at=incident.started_at,
        title={"en": incident.name},
        body={"en": update.body},
        facts=facts_of(story, update),
        links={"page": page_url(page), "incident": incident_url(page, incident.id)},
        occurred_at=update.display_at,
        next_update_by=update.next_update_by,
        payload=incident_payload(story),
    )


def draft_message(*, page: Page, incident: Incident, at: datetime) -> Message:
    """Tells operators of a detected outage that waits for them."""
    if incident.publish_at is None:
        fate = "It waits until you publish or dismiss it."
    else:
        moment = incident.publish_at.astimezone(ZoneInfo(page.timezone))
        fate = f"It publishes itself at {moment:%H:%M} ({page.timezone})."
    notice = _operator_message(
        page=page,
        title=f"Draft incident: {incident.name}",
        body=f"Monitoring found this and wrote a draft incident. {fate}",
        at=at,
    )
    facts = facts_of(read_story(incident))
    return msgspec.structs.replace(notice, kind=Kind.DRAFT_NOTICE, facts=facts)


def proposal_message(*, page: Page, incident: Incident, at: datetime) -> Message:
    """Tells operators that an incident they edited could be resolved."""
    return _operator_message(
        page=page,
        title=f"Resolve it? {incident.name}",
        body="All checks of this incident succeed again. It stays open until you resolve it.",
        at=at,
    )


def kept_draft_message(*, page: Page, incident: Incident, at: datetime) -> Message:
    """Tells operators that what they wrote in a draft is over before it was published."""
    return _operator_message(
        page=page,
        title=f"Publish it? {incident.name}",
        body=(
            "All checks of this draft incident succeed again. You have written in it, so it waits "
            "until you publish or dismiss it."
        ),
        at=at,
    )


def unshown_message(*, page: Page, update: IncidentUpdate, at: datetime) -> Message:
    """Gives operators the text of an update that found its story gone on otherwise."""
    incident = update.incident
    moment = update.display_at.astimezone(ZoneInfo(page.timezone))
    return _operator_message(
        page=page,
        title=f"Not shown: an update of {incident.name}",
        body=(
            f"It was to appear at {moment:%H:%M} ({page.timezone}) as {update.status}, but the "
            f"incident is {incident.status} meanwhile. This was its text:\n\n{update.body}"
        ),
        at=at,
    )


def overdue_message(*, page: Page, incident: Incident, verb: str, at: datetime) -> Message:
    """Tells operators that a maintenance does not start or complete (`verb`) by itself."""
    return _operator_message(
        page=page,
        title=f"Time to {verb}: {incident.name}",
        body=f"This maintenance was due to {verb} and waits for a person: that is how it is set.",
        at=at,
    )


def _operator_message(*, page: Page, title: str, body: str, at: datetime) -> Message:
    return Message(
        kind=Kind.OPERATOR_NOTICE,
        title={"en": title},
        body={"en": body},
        links={
            "page": page_url(page),
            "dashboard": f"{settings.MAIN_URL}/status-pages/{page.id}/incidents",
        },
        occurred_at=at,
    )
