"""Entering an incident after the fact: at the times it states, and without a word to anybody."""

from collections.abc import Mapping
from datetime import datetime

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents import once
from incidents.actions.checks import NAME_LIMIT, check_body, check_components
from incidents.lifecycle import Impact, IncidentStatus
from incidents.models import Incident
from incidents.timeline import write_update
from pages.actions import Invalid
from pages.actions.invalid import line
from pages.models import Component, Page
from pages.status import Status


def backfill_incident(
    *,
    page: Page,
    name: str,
    body: str,
    statuses: Mapping[Component, Status],
    began_at: datetime,
    ended_at: datetime,
    actor: Actor,
    at: datetime,
    closing: str = "",
    impact_override: Impact | None = None,
    metadata: Mapping[str, object] | None = None,
    key: str = "",
) -> Incident:
    """Writes a resolved incident from `began_at` to `ended_at` into the history of its components.

    Intervals and finished days are folded again from there; nobody is told. `closing` is the
    text of its resolution. Raises Invalid naming the field, Refused, and once.Repeated as
    `open_incident` does.
    """
    require(actor, Action.INCIDENT_CREATE, page.project, obj=page)
    name = line("name", name, limit=NAME_LIMIT)
    check_body(body)
    check_body(closing)
    if ended_at <= began_at:
        raise Invalid("ended_at", "It must end after it began.")
    if ended_at > at:
        raise Invalid("ended_at", "It must have ended. Open an incident for what still goes on.")
    said = once.fingerprint(
        "backfill",
        page.pk,
        name,
        body,
        once.by_id(statuses),
        began_at,
        ended_at,
        closing,
        impact_override,
        metadata,
    )
    request = once.changing_once(page.id, actor=actor, key=key, said=said, at=at)
    with request as (locked, remember):
        check_components(locked, statuses)
        incident = Incident.objects.create(
            page=locked,
            created_by=actor.user,
            name=name,
            status=IncidentStatus.INVESTIGATING,
            impact_override=impact_override,
            deliver_notifications=False,
            backfilled=True,
            metadata=dict(metadata or {}),
            started_at=began_at,
            published_at=at,
            edited_at=at,
            created_at=at,
            updated_at=at,
        )
        write_update(
            incident=incident,
            status=IncidentStatus.INVESTIGATING,
            body=body,
            statuses=statuses,
            actor=actor,
            at=at,
            display_at=began_at,
            deliver=False,
            action=Action.INCIDENT_CREATE,
        )
        write_update(
            incident=incident,
            status=IncidentStatus.RESOLVED,
            body=closing,
            statuses={},
            actor=actor,
            at=at,
            display_at=ended_at,
            deliver=False,
        )
        remember(incident)
    return incident
