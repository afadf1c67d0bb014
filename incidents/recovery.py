"""What good checks do to automatic incidents: part by part, then the whole."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, OuterRef, Q

from accounts.actor import MONITOR
from accounts.roles import Action
from incidents import wording
from incidents.actions.draft import word_draft
from incidents.actions.incident import tell
from incidents.lifecycle import IncidentStatus
from incidents.messages import kept_draft_message, proposal_message
from incidents.models import Incident, IncidentComponent, IncidentQuerySet
from incidents.room import has_room
from incidents.sweeping import logged
from incidents.timeline import record, write_update
from incidents.verdicts import Told
from pages import sources
from pages.claims import Change
from pages.models import Component, Page, StatusClaim
from pages.status import Status
from pages.versions import changing
from subscribers import outbox

log = logging.getLogger(__name__)


def recover(*, page: Page, good: Sequence[Told], at: datetime) -> None:
    """Resolves what has recovered wholly, says what has recovered in part.

    An incident that a person edited is never resolved here: operators are asked.
    """
    since = {each.component.pk: each.verdict.since for each in good}
    stories = _going_on().filter(page=page, affected__component__in=since)
    for incident in stories.select_related("page").distinct().order_by("id"):
        _follow(page=page, incident=incident, since=since, at=at)


def settle_recovered(*, at: datetime) -> int:
    """Recovers what no check fails of any more though none said so, page by page; counts pages.

    So it is when a resolution was taken back after the checks had recovered, or when the
    component that failed is gone.
    """
    page_ids = set(_left_over().values_list("page_id", flat=True))
    for page_id in sorted(page_ids):
        with logged(log, "page %s: what recovered was not settled", page_id):
            _settle(page_id, at)
    return len(page_ids)


def _settle(page_id: UUID, at: datetime) -> None:
    with changing(page_id) as [page]:
        for incident in _left_over().filter(page=page).select_related("page").order_by("id"):
            since = _good_since(incident)
            _follow(page=page, incident=incident, since=since, at=at)


def _going_on() -> IncidentQuerySet:
    """Automatic incidents of which nobody noted yet that they have recovered."""
    return Incident.objects.current().filter(
        automatic=True, recovered_at__isnull=True, resolve_proposed_at__isnull=True
    )


def _left_over() -> IncidentQuerySet:
    """Of what a person wrote, only what had checks to fail: the rest is no matter of ours."""
    checks = StatusClaim.objects.filter(source=sources.CHECKS, component__incidents=OuterRef("pk"))
    ended = checks.filter(ended_at__gt=OuterRef("started_at"))
    return _going_on().filter(Q(edited_at__isnull=True) | Exists(ended), ~Exists(checks.live()))


def _good_since(incident: Incident) -> dict[UUID, datetime]:
    ended = StatusClaim.objects.filter(
        source=sources.CHECKS, component__incidents=incident, ended_at__isnull=False
    )
    return dict(ended.values_list("component_id").annotate(Max("ended_at")).order_by())


def _follow(
    *, page: Page, incident: Incident, since: Mapping[UUID, datetime], at: datetime
) -> None:
    """`since` is when the components (by id) of which there are news became good."""
    rows = list(incident.affected.select_related("component"))
    failing = _still_failing([row.component for row in rows])
    back = [row for row in rows if row.component_id in since and row.status != Status.OPERATIONAL]
    if failing:
        _in_part(page=page, incident=incident, back=back, failing=failing, since=since, at=at)
    elif incident.status == IncidentStatus.DRAFT:
        _draft_recovered(page=page, incident=incident, back=back, at=at)
    elif incident.edited_at is not None or not page.auto_resolve:
        _propose(page=page, incident=incident, at=at)
    else:
        _resolve(page=page, incident=incident, since=since, at=at)


def _still_failing(components: Sequence[Component]) -> list[Component]:
    claimed = StatusClaim.objects.live().filter(source=sources.CHECKS, component__in=components)
    failing = set(claimed.values_list("component_id", flat=True))
    return [component for component in components if component.id in failing]


def _in_part(
    *,
    page: Page,
    incident: Incident,
    back: Sequence[IncidentComponent],
    failing: Sequence[Component],
    since: Mapping[UUID, datetime],
    at: datetime,
) -> None:
    """The page shows it; nobody is mailed, since the incident goes on."""
    if incident.status == IncidentStatus.DRAFT:
        _shorten_draft(page=page, incident=incident, back=back, at=at)
        return
    if incident.edited_at is None and back and has_room(incident):
        write_update(
            incident=incident,
            status=IncidentStatus(incident.status),
            body=wording.recovered_in_part(
                [row.component.name for row in back],
                [component.name for component in failing],
            ),
            statuses={row.component: Status.OPERATIONAL for row in back},
            actor=MONITOR,
            at=at,
            since=since,
        )


def _shorten_draft(
    *, page: Page, incident: Incident, back: Sequence[IncidentComponent], at: datetime
) -> None:
    """It speaks of what still fails."""
    _note_good(incident, back)
    if incident.edited_at is None:
        word_draft(page=page, incident=incident, at=at)
    incident.updated_at = at
    incident.save()
    record(Action.INCIDENT_UPDATE, incident=incident, actor=MONITOR, at=at)


def _draft_recovered(
    *, page: Page, incident: Incident, back: Sequence[IncidentComponent], at: datetime
) -> None:
    """An outage that ended before anybody was told needs no telling, unless a person wrote it."""
    noticed = incident.noticed_at is not None
    _note_good(incident, back)
    incident.publish_at = incident.notices_at = incident.noticed_at = None
    incident.updated_at = at
    if incident.edited_at is None:
        incident.recovered_at = at
    else:
        incident.resolve_proposed_at = at
        message = kept_draft_message(page=page, incident=incident, at=at)
        outbox.enqueue_for_operators(page=page, message=message, at=at)
    incident.save()
    record(Action.INCIDENT_UPDATE, incident=incident, actor=MONITOR, at=at)
    if noticed:
        changes = [
            Change(
                component=row.component,
                old=Status(row.status),
                new=Status(row.component.status),
                at=at,
            )
            for row in back
        ]
        outbox.note_component_changes(page=page, changes=changes, at=at)


def _note_good(incident: Incident, rows: Sequence[IncidentComponent]) -> None:
    ids = [row.pk for row in rows]
    incident.affected.filter(pk__in=ids).update(status=Status.OPERATIONAL)


def _propose(*, page: Page, incident: Incident, at: datetime) -> None:
    incident.recovered_at = incident.resolve_proposed_at = incident.updated_at = at
    incident.save()
    record(Action.INCIDENT_UPDATE, incident=incident, actor=MONITOR, at=at)
    message = proposal_message(page=page, incident=incident, at=at)
    outbox.enqueue_for_operators(page=page, message=message, at=at)


def _resolve(
    *, page: Page, incident: Incident, since: Mapping[UUID, datetime], at: datetime
) -> None:
    rows = incident.affected.order_by("created_at", "id").select_related("component")
    names = [row.component.name for row in rows]
    ended = max((since[row.component_id] for row in rows if row.component_id in since), default=at)
    local = ended.astimezone(ZoneInfo(page.timezone))
    incident.recovered_at = at
    update = write_update(
        incident=incident,
        status=IncidentStatus.RESOLVED,
        body=wording.recovered(names, local, page.timezone),
        statuses={},
        actor=MONITOR,
        at=at,
        since=since,
    )
    tell(page=page, update=update, at=at)
