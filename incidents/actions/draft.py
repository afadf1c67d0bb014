"""Drafts, found by monitoring or written by people, and what becomes of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents import once, wording
from incidents.actions.checks import NAME_LIMIT, check_body, check_components
from incidents.actions.incident import tell
from incidents.actions.telling import NO_HOLD
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate
from incidents.timeline import note_components, record, write_update
from pages.actions import Conflict
from pages.actions.invalid import line
from pages.models import Component, Page
from pages.status import Status, worst
from pages.versions import changing

# Where drafts never publish themselves, component notices wait this long for a person.
NOTICES_AFTER = timedelta(minutes=15)


def write_draft(
    *,
    page: Page,
    name: str,
    body: str,
    statuses: Mapping[Component, Status],
    actor: Actor,
    at: datetime,
    key: str = "",
) -> Incident:
    """Keeps an incident that nobody sees and nobody is told of until it is published.

    Raises Invalid naming the field, Refused, and once.Repeated as `open_incident` does.
    """
    require(actor, Action.INCIDENT_CREATE, page.project, obj=page)
    name = _valid(page, name, body, statuses)
    said = once.fingerprint("draft", page.pk, name, body, once.by_id(statuses))
    request = once.changing_once(page.id, actor=actor, key=key, said=said, at=at)
    with request as (locked, remember):
        incident = Incident.objects.create(
            page=locked,
            created_by=actor.user,
            name=name,
            status=IncidentStatus.DRAFT,
            started_at=at,
            edited_at=at,
            created_at=at,
            updated_at=at,
        )
        _write(incident, body, statuses, at)
        record(Action.INCIDENT_CREATE, incident=incident, actor=actor, at=at)
        remember(incident)
    return incident


def rewrite_draft(
    *,
    incident: Incident,
    name: str,
    body: str,
    statuses: Mapping[Component, Status],
    actor: Actor,
    at: datetime,
) -> Incident:
    """Changes what a draft will say. What a person wrote monitoring does not write over.

    Raises Conflict when it is no longer a draft, Invalid, Refused.
    """
    require(actor, Action.INCIDENT_UPDATE, incident.page.project, obj=incident)
    name = _valid(incident.page, name, body, statuses)
    with changing(incident.page_id):
        incident = _waiting(incident)
        incident.name = name
        incident.edited_at = incident.updated_at = at
        _write(incident, body, statuses, at)
        record(Action.INCIDENT_UPDATE, incident=incident, actor=actor, at=at)
    return incident


def publish_draft(
    *, incident: Incident, actor: Actor, at: datetime, hold: timedelta = NO_HOLD
) -> Incident:
    """Makes a draft public and tells it after `hold`. Raises Conflict when it is no draft any more.

    Taking it back meanwhile takes the whole incident back, as with any that was opened.
    """
    require(actor, Action.INCIDENT_PUBLISH, incident.page.project, obj=incident)
    with changing(incident.page_id) as [page]:
        incident = _waiting(incident)
        publish(page=page, incident=incident, actor=actor, at=at, hold=hold)
    return incident


def publish(
    *, page: Page, incident: Incident, actor: Actor, at: datetime, hold: timedelta = NO_HOLD
) -> None:
    """Publishing inside a transaction that holds the page: the draft's text goes first."""
    statuses = {
        row.component: Status(row.status) for row in incident.affected.select_related("component")
    }
    text = incident.updates.latest("created_at").body
    incident.updates.all().delete()
    incident.publish_at = incident.notices_at = None
    incident.published_at = at
    if not incident.automatic:
        incident.started_at = at
    update = write_update(
        incident=incident,
        status=IncidentStatus.INVESTIGATING,
        body=text,
        statuses=statuses,
        actor=actor,
        at=at,
        action=Action.INCIDENT_PUBLISH,
    )
    tell(page=page, update=update, at=at, hold=hold)


def dismiss_draft(*, incident: Incident, actor: Actor, at: datetime) -> Incident:
    """Puts a draft away: it was no incident. Raises Conflict when it is no longer a draft."""
    require(actor, Action.INCIDENT_DISMISS, incident.page.project, obj=incident)
    with changing(incident.page_id):
        incident = _waiting(incident)
        put_away(incident=incident, actor=actor, at=at)
    return incident


def put_away(*, incident: Incident, actor: Actor, at: datetime) -> None:
    """Dismissing inside a transaction that holds the page."""
    incident.dismissed_at = incident.updated_at = at
    incident.publish_at = incident.notices_at = None
    incident.save()
    record(Action.INCIDENT_DISMISS, incident=incident, actor=actor, at=at)


def wait_from(*, page: Page, incident: Incident, since: datetime) -> None:
    """Sets, unsaved, how long an automatic draft waits for a person, as the page's setting says."""
    after = page.auto_publish_after
    incident.publish_at = None if after is None else since + timedelta(minutes=after)
    incident.notices_at = since + NOTICES_AFTER if after is None else None


def word_draft(*, page: Page, incident: Incident, at: datetime) -> None:
    """Writes, title unsaved, what an automatic draft says of what fails; with nothing it stays."""
    rows = list(
        incident.affected.exclude(status=Status.OPERATIONAL)
        .select_related("component")
        .order_by("created_at", "id")
    )
    if not rows:
        return
    names = [row.component.name for row in rows]
    since = incident.started_at.astimezone(ZoneInfo(page.timezone))
    incident.name = wording.title(names, worst(Status(row.status) for row in rows))
    body = wording.opening(names, since, page.timezone)
    write_draft_text(incident=incident, body=body, at=at)


def _waiting(incident: Incident) -> Incident:
    drafts = Incident.objects.unsettled().select_related("page__project")
    fresh = drafts.filter(pk=incident.pk).first()
    if fresh is None:
        raise Conflict("status", "This draft was published or dismissed meanwhile.")
    return fresh


def _valid(page: Page, name: str, body: str, statuses: Mapping[Component, Status]) -> str:
    check_body(body)
    check_components(page, statuses)
    return line("name", name, limit=NAME_LIMIT)


def _write(
    incident: Incident, body: str, statuses: Mapping[Component, Status], at: datetime
) -> None:
    incident.affected.exclude(component__in=list(statuses)).delete()
    note_components(incident=incident, statuses=statuses)
    incident.save()
    write_draft_text(incident=incident, body=body, at=at)


def write_draft_text(*, incident: Incident, body: str, at: datetime) -> IncidentUpdate:
    """Keeps one text per draft: what it will say when it is published."""
    incident.updates.all().delete()
    return IncidentUpdate.objects.create(
        incident=incident,
        status=IncidentStatus.DRAFT,
        body=body,
        display_at=at,
        created_at=at,
        updated_at=at,
    )
