"""Maintenances that only a person may begin or end: operators are told when it is time."""

import logging
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from incidents.actions.maintenance import span_of
from incidents.lifecycle import RUNNING, IncidentStatus
from incidents.messages import overdue_message
from incidents.models import Incident, IncidentQuerySet, Reminder
from incidents.sweeping import logged
from pages.models import Page
from pages.versions import changing
from subscribers import outbox

log = logging.getLogger(__name__)


def tell_overdue(*, at: datetime) -> None:
    """Tells operators what waits for them, once for each time it was planned for."""
    for incident in _untold(at).order_by("id"):
        with logged(log, "maintenance %s was due and nobody was told", incident.pk):
            _tell(incident, at)


def _untold(at: datetime) -> IncidentQuerySet:
    starts = Q(status=IncidentStatus.SCHEDULED, scheduled_auto_in_progress=False)
    ends = Q(status__in=RUNNING, scheduled_auto_completed=False)
    return Incident.objects.exclude(page__status=Page.State.ARCHIVED).filter(
        starts & Q(scheduled_for__lte=at) & ~_told(Reminder.Kind.START_DUE, "scheduled_for")
        | ends & Q(scheduled_until__lte=at) & ~_told(Reminder.Kind.END_DUE, "scheduled_until")
    )


def _told(kind: Reminder.Kind, time: str) -> Q:
    rows = Reminder.objects.filter(incident=OuterRef("pk"), kind=kind, due_at=OuterRef(time))
    return Q(Exists(rows))


def _tell(incident: Incident, at: datetime) -> None:
    with changing(incident.page_id) as [page]:
        fresh = _untold(at).select_related("page__project").filter(pk=incident.pk).first()
        if fresh is None:
            return
        start, end = span_of(fresh)
        if fresh.status == IncidentStatus.SCHEDULED:
            kind, due_at, verb = Reminder.Kind.START_DUE, start, "start"
        else:
            kind, due_at, verb = Reminder.Kind.END_DUE, end, "complete"
        Reminder.objects.create(incident=fresh, kind=kind, due_at=due_at, settled_at=at)
        message = overdue_message(page=page, incident=fresh, verb=verb, at=at)
        outbox.enqueue_for_operators(page=page, message=message, at=at)
