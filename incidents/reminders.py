"""Reminders as rows, planned ahead: what is due is found in PostgreSQL, whoever looks.

Call all of it inside `changing` of the page.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import Max

from incidents.lifecycle import OPEN, RUNNING, IncidentStatus
from incidents.models import Incident, Reminder
from incidents.nudges import nudge_times, valid_intervals

__all__ = ["drop", "plan_before_start", "plan_nudges", "valid_intervals"]

_NUDGES = (Reminder.Kind.NO_UPDATE, Reminder.Kind.PROMISE)


def plan_nudges(incident: Incident, at: datetime) -> None:
    """Counts anew from the newest published update: silence, and what was promised.

    Silence counts while an incident is open, a promise also while a maintenance runs; else
    what was planned goes. Call it after every update that becomes public, and after the
    intervals have changed.
    """
    incident.reminders.unsettled().filter(kind__in=_NUDGES).delete()
    if incident.status in OPEN:
        since = _last_spoken_at(incident) or at
        silence = nudge_times(incident.reminder_intervals, incident.reminder_unit, since)
        _plan(incident, Reminder.Kind.NO_UPDATE, silence, at)
    if incident.next_update_by and incident.status in OPEN | RUNNING:
        _plan(incident, Reminder.Kind.PROMISE, [incident.next_update_by], at)


def plan_before_start(incidents: Collection[Incident], at: datetime) -> None:
    """Plans what followers of scheduled maintenances are told before they start.

    Call it when they are scheduled, moved, started or cancelled, or when their options change.
    """
    before_start = Reminder.Kind.BEFORE_START
    planned = Reminder.objects.unsettled().filter(incident__in=incidents, kind=before_start)
    planned.delete()
    rows = [
        Reminder(incident=incident, kind=before_start, due_at=due_at)
        for incident in incidents
        for due_at in _times_before(incident)
        if due_at > at
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


def drop(incidents: Collection[Incident]) -> None:
    """Forgets what was planned: the stories are over, or have come to what it was about."""
    Reminder.objects.unsettled().filter(incident__in=incidents).delete()


def _times_before(incident: Incident) -> list[datetime]:
    start = incident.scheduled_for
    waits = incident.status == IncidentStatus.SCHEDULED and incident.scheduled_remind_prior
    if start is None or not waits:
        return []
    return [start - timedelta(minutes=minutes) for minutes in incident.remind_before]


def _last_spoken_at(incident: Incident) -> datetime | None:
    """When its newest update became public."""
    last: datetime | None = incident.updates.published().aggregate(last=Max("published_at"))["last"]
    return last


def _plan(incident: Incident, kind: Reminder.Kind, times: Iterable[datetime], at: datetime) -> None:
    """What lies in the past is not planned; what was said for that very time stays said."""
    rows = [Reminder(incident=incident, kind=kind, due_at=time) for time in times if time > at]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
