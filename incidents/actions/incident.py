"""Opening an incident and adding to its story."""

from collections.abc import Mapping
from datetime import datetime

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents.lifecycle import OPEN, Impact, IncidentStatus, explain_illegal
from incidents.messages import incident_message
from incidents.models import Incident, IncidentUpdate
from incidents.timeline import write_update
from pages.actions import Conflict, Invalid
from pages.actions.invalid import line
from pages.models import Component, Page
from pages.status import Status
from pages.versions import changing
from subscribers import outbox
from subscribers.message import Kind

NAME_LIMIT = 255
BODY_LIMIT = 25_000


def open_incident(
    *,
    page: Page,
    name: str,
    body: str,
    statuses: Mapping[Component, Status],
    actor: Actor,
    at: datetime,
    status: IncidentStatus = IncidentStatus.INVESTIGATING,
    impact_override: Impact | None = None,
) -> Incident:
    """Opens an incident: row, first update, claims, audit and news in one transaction.

    `statuses` maps each affected component to what the incident says of it.
    Raises Invalid naming the field, and Refused.
    """
    require(actor, Action.INCIDENT_CREATE, page.project, obj=page)
    name = line("name", name, limit=NAME_LIMIT)
    if status not in OPEN:
        raise Invalid("status", f"An incident opens as one of {_names(OPEN)}.")
    _check_body(body)
    _check_components(page, statuses)
    with changing(page.id) as [locked]:
        incident = Incident.objects.create(
            page=locked,
            created_by=actor.user,
            name=name,
            status=status,
            impact_override=impact_override,
            started_at=at,
            published_at=at,
            created_at=at,
            updated_at=at,
        )
        update = write_update(
            incident=incident,
            status=status,
            body=body,
            statuses=statuses,
            actor=actor,
            at=at,
            action=Action.INCIDENT_CREATE,
        )
        announce(kind=Kind.INCIDENT_CREATED, page=locked, update=update, at=at)
    return incident


def post_update(
    *,
    incident: Incident,
    status: IncidentStatus,
    body: str,
    actor: Actor,
    at: datetime,
    statuses: Mapping[Component, Status] | None = None,
    seen: datetime | None = None,
) -> IncidentUpdate:
    """Adds an update and tells it; RESOLVED closes the incident and ends its claims.

    `seen` is the incident's `updated_at` as the author knew it. Raises Conflict when the
    incident has moved on since, or takes no update; Invalid naming the field; Refused.
    """
    require(actor, Action.INCIDENT_UPDATE, incident.page.project, obj=incident)
    statuses = statuses or {}
    _check_body(body)
    _check_components(incident.page, statuses)
    with changing(incident.page_id) as [page]:
        incident = Incident.objects.select_related("page").get(pk=incident.pk)
        _check_current(incident, seen)
        illegal = explain_illegal(IncidentStatus(incident.status), status)
        if illegal:
            raise Invalid("status", f"{illegal}.")
        incident.edited_at = at if actor.user else incident.edited_at
        update = write_update(
            incident=incident, status=status, body=body, statuses=statuses, actor=actor, at=at
        )
        announce(kind=_kind_of(status), page=page, update=update, at=at)
    return update


def announce(*, kind: Kind, page: Page, update: IncidentUpdate, at: datetime) -> None:
    """Tells a published page's subscribers; component notices it covers are dropped."""
    ids = list(update.incident.affected.values_list("component_id", flat=True))
    outbox.drop_component_changes(page=page, component_ids=ids)
    if page.status == Page.State.PUBLISHED:
        message = incident_message(kind=kind, page=page, update=update)
        told = ids if update.incident.names_components else None
        outbox.enqueue(page=page, message=message, component_ids=told, at=at)


def _kind_of(status: IncidentStatus) -> Kind:
    resolved = status is IncidentStatus.RESOLVED
    return Kind.INCIDENT_RESOLVED if resolved else Kind.INCIDENT_UPDATED


def _check_current(incident: Incident, seen: datetime | None) -> None:
    if incident.status == IncidentStatus.DRAFT:
        raise Conflict("status", "Publish the draft before you update it.")
    if incident.status == IncidentStatus.RESOLVED:
        raise Conflict("status", "This incident is resolved. Open a new one.")
    if seen is not None and seen != incident.updated_at:
        raise Conflict("body", "Somebody has changed this incident meanwhile.")


def _check_body(body: str) -> None:
    if len(body) > BODY_LIMIT:
        raise Invalid("body", f"A text has at most {BODY_LIMIT:,} characters.")


def _check_components(page: Page, statuses: Mapping[Component, Status]) -> None:
    if any(component.page_id != page.id for component in statuses):
        raise Invalid("components", "One of the components is not on this page.")


def _names(statuses: frozenset[IncidentStatus]) -> str:
    return ", ".join(status for status in IncidentStatus if status in statuses)
