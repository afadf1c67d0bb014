"""What a maintenance does when its time comes: it begins, it ends, or it asks for a person."""

import logging
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.actor import SYSTEM
from incidents import maintenance_wording as wording
from incidents.actions.maintenance import span_of
from incidents.actions.maintenance_steps import begin, finish
from incidents.lifecycle import RUNNING, IncidentStatus
from incidents.messages import overdue_message
from incidents.models import Incident, IncidentQuerySet, Reminder
from incidents.sweeping import logged
from pages.versions import changing
from subscribers import outbox

log = logging.getLogger(__name__)


def run_due_maintenance(*, at: datetime) -> int:
    """Begins and ends what is due, each in its own transaction; counts the transitions.

    What came due while nothing ran begins and ends now, once and in order, with its real
    times. What must not move by itself is told to operators, once.
    """
    done = 0
    for incident in to_begin(at).order_by("scheduled_for", "id"):
        with logged(log, "maintenance %s was due and did not begin", incident.pk):
            done += _begin_if_due(incident, at)
    for incident in to_end(at).order_by("scheduled_until", "id"):
        with logged(log, "maintenance %s was due and did not end", incident.pk):
            done += _end_if_due(incident, at)
    for incident in _waiting_for_people(at).order_by("id"):
        with logged(log, "maintenance %s was due and nobody was told", incident.pk):
            _tell_if_due(incident, at)
    return done


def to_begin(at: datetime) -> IncidentQuerySet:
    return Incident.objects.upcoming().filter(
        scheduled_for__lte=at, scheduled_auto_in_progress=True
    )


def to_end(at: datetime) -> IncidentQuerySet:
    return Incident.objects.running().filter(scheduled_until__lte=at, scheduled_auto_completed=True)


def _begin_if_due(incident: Incident, at: datetime) -> bool:
    with changing(incident.page_id) as [page]:
        fresh = _fresh(to_begin(at), incident)
        if fresh is None:
            return False
        begin(
            fresh,
            page=page,
            began_at=span_of(fresh)[0],
            actor=SYSTEM,
            at=at,
            body=wording.BEGUN,
            deliver=fresh.auto_transition_deliver_notifications_at_start,
        )
    return True


def _end_if_due(incident: Incident, at: datetime) -> bool:
    with changing(incident.page_id) as [page]:
        fresh = _fresh(to_end(at), incident)
        if fresh is None:
            return False
        finish(
            fresh,
            page=page,
            ended_at=span_of(fresh)[1],
            actor=SYSTEM,
            at=at,
            body=wording.FINISHED,
            deliver=fresh.auto_transition_deliver_notifications_at_end,
        )
    return True


def _waiting_for_people(at: datetime) -> IncidentQuerySet:
    """Those that only a person may begin or end, and of which nobody was told yet."""
    starts = Q(status=IncidentStatus.SCHEDULED, scheduled_auto_in_progress=False)
    ends = Q(status__in=RUNNING, scheduled_auto_completed=False)
    return Incident.objects.filter(
        starts & Q(scheduled_for__lte=at) & ~_told(Reminder.Kind.START_DUE, "scheduled_for")
        | ends & Q(scheduled_until__lte=at) & ~_told(Reminder.Kind.END_DUE, "scheduled_until")
    )


def _told(kind: Reminder.Kind, time: str) -> Q:
    rows = Reminder.objects.filter(incident=OuterRef("pk"), kind=kind, due_at=OuterRef(time))
    return Q(Exists(rows))


def _tell_if_due(incident: Incident, at: datetime) -> None:
    with changing(incident.page_id) as [page]:
        fresh = _fresh(_waiting_for_people(at), incident)
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


def _fresh(due: IncidentQuerySet, incident: Incident) -> Incident | None:
    """The row as it is under the lock, if it is still due."""
    return due.select_related("page__project").filter(pk=incident.pk).first()
