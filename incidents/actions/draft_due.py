"""What automatic drafts do when their time comes: they publish themselves, or notices go out."""

import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.actor import MONITOR
from incidents import holds
from incidents.actions.draft import publish, put_away, wait_from, word_draft
from incidents.models import Incident, IncidentComponent, IncidentQuerySet
from incidents.sweeping import logged
from pages.claims import Change
from pages.models import Page, StatusClaim
from pages.status import Status
from pages.versions import changing
from subscribers import outbox

log = logging.getLogger(__name__)


def publish_due_drafts(*, at: datetime) -> int:
    """Publishes drafts whose time has come, and sends held back notices; counts them.

    What people tell meanwhile is left out, and so is what a maintenance or a pin holds. A
    draft that is left with nothing is put away; one that is held wholly waits.
    """
    done = 0
    for incident in _due(at).order_by("id"):
        with logged(log, "draft %s was due and not published", incident.pk):
            done += _act_if_due(incident, at)
    return done


def _due(at: datetime) -> IncidentQuerySet:
    """A draft that a person rewrote may be about the whole page: it names nothing."""
    held = StatusClaim.objects.live().filter(holds.HOLDS, component=OuterRef("component"))
    named = IncidentComponent.objects.filter(incident=OuterRef("pk"))
    free = named.filter(_SPEAKS & ~Exists(held))
    return Incident.objects.drafts().filter(
        Q(publish_at__lte=at) | Q(notices_at__lte=at),
        Exists(free) | Q(edited_at__isnull=False) & ~Exists(named),
    )


# What recovered within a draft is no part of it any more, unless a person wrote it so.
_SPEAKS = Q(incident__edited_at__isnull=False) | ~Q(status=Status.OPERATIONAL)


def _act_if_due(incident: Incident, at: datetime) -> bool:
    with changing(incident.page_id) as [page]:
        fresh = _due(at).filter(pk=incident.pk).first()
        if fresh is None or not _is_ready(page, fresh, at):
            return False
        if fresh.publish_at:
            publish(page=page, incident=fresh, actor=MONITOR, at=at)
        else:
            _notice(page=page, incident=fresh, at=at)
    return True


def _is_ready(page: Page, incident: Incident, at: datetime) -> bool:
    """Leaves out what others speak of; False when that was all, or when it has to wait."""
    named = incident.affected.filter(_SPEAKS)
    ids = set(named.values_list("component_id", flat=True))
    told = holds.told_by_people(ids)
    _leave_out(incident, told)
    if ids and ids == told:
        put_away(incident=incident, actor=MONITOR, at=at)
        return False
    held = holds.held(ids - told)
    left = ids - told - held
    if held and not left:
        return False
    _leave_out(incident, held)
    _date(page, incident, left)
    if incident.edited_at is None:
        word_draft(page=page, incident=incident, at=at)
    incident.save()
    return any(due and due <= at for due in (incident.publish_at, incident.notices_at))


def _leave_out(incident: Incident, component_ids: Collection[UUID]) -> None:
    incident.affected.filter(component__in=component_ids).delete()


def _date(page: Page, incident: Incident, component_ids: Collection[UUID]) -> None:
    """What was held begins, and waits for a person, from where its checks count again."""
    ends = holds.held_until(component_ids)
    began = [max(incident.started_at, ends.get(pk, incident.started_at)) for pk in component_ids]
    since = min(began, default=incident.started_at)
    if since > incident.started_at:
        incident.started_at = since
        wait_from(page=page, incident=incident, since=since)


def _notice(*, page: Page, incident: Incident, at: datetime) -> None:
    rows = incident.affected.select_related("component")
    changes = [
        Change(
            component=row.component,
            old=Status.OPERATIONAL,
            new=Status(row.component.status),
            at=incident.started_at,
        )
        for row in rows
        if row.component.status != Status.OPERATIONAL
    ]
    outbox.note_component_changes(page=page, changes=changes, at=at)
    incident.notices_at = None
    incident.noticed_at = at
    incident.save(update_fields=["notices_at", "noticed_at"])
