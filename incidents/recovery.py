"""What good checks do to automatic incidents: part by part, then the whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.actor import MONITOR
from accounts.roles import Action
from incidents import wording
from incidents.actions.incident import tell
from incidents.lifecycle import IncidentStatus
from incidents.messages import proposal_message
from incidents.models import Incident, IncidentComponent
from incidents.timeline import record, write_update
from incidents.verdicts import Told
from pages import sources
from pages.claims import Change
from pages.models import Component, Page, StatusClaim
from pages.status import Status
from subscribers import outbox


def recover(*, page: Page, good: Sequence[Told], at: datetime) -> None:
    """Resolves what has recovered wholly, says what has recovered in part.

    An incident that a person edited is never resolved here: operators are asked.
    """
    components = {each.component.id: each.component for each in good}
    stories = Incident.objects.current().filter(
        page=page,
        automatic=True,
        recovered_at__isnull=True,
        affected__component__in=components,
    )
    since = {each.component.id: each.verdict.since for each in good}
    for incident in stories.select_related("page").distinct().order_by("id"):
        rows = list(incident.affected.select_related("component"))
        failing = _still_failing([row.component for row in rows])
        back = [
            row
            for row in rows
            if row.component_id in components and row.status != Status.OPERATIONAL
        ]
        if failing:
            _in_part(incident=incident, back=back, failing=failing, since=since, at=at)
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
    incident: Incident,
    back: Sequence[IncidentComponent],
    failing: Sequence[Component],
    since: Mapping[UUID, datetime],
    at: datetime,
) -> None:
    """The page shows it; nobody is mailed, since the incident goes on."""
    if incident.status == IncidentStatus.DRAFT:
        incident.affected.filter(pk__in=[row.pk for row in back]).update(status=Status.OPERATIONAL)
        return
    if incident.edited_at is None and back:
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


def _draft_recovered(
    *, page: Page, incident: Incident, back: Sequence[IncidentComponent], at: datetime
) -> None:
    """An outage that ended before anybody was told needs no telling."""
    noticed = incident.noticed_at is not None
    incident.affected.update(status=Status.OPERATIONAL)
    incident.recovered_at = incident.updated_at = at
    incident.publish_at = incident.notices_at = incident.noticed_at = None
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
