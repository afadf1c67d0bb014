"""Saying what is due: nudges to operators, and that a maintenance is near to its followers."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from incidents.lifecycle import OPEN, RUNNING, IncidentStatus
from incidents.maintenance_messages import maintenance_message
from incidents.models import Reminder
from incidents.nudge_messages import promise_message, silence_message
from incidents.stories import Story, read_stories
from incidents.sweeping import logged
from pages.models import Page
from pages.versions import changing
from subscribers import outbox
from subscribers.message import Kind

log = logging.getLogger(__name__)

# Later than this a reminder only puzzles.
LATE = timedelta(minutes=30)
LATE_AT_ONCE = 1000
# Pages that are locked together: few enough that nobody who posts waits for long.
PAGES_AT_ONCE = 25


def send_due_reminders(*, at: datetime) -> int:
    """Says what is due, a few pages in one transaction; returns how much was said.

    What nobody looked at for LATE is settled and logged, and said to nobody.
    """
    while _skip_late(at):
        pass
    due = Reminder.objects.due(at).order_by().values_list("incident__page_id", flat=True)
    page_ids = sorted(due.distinct())
    sent = 0
    for start in range(0, len(page_ids), PAGES_AT_ONCE):
        some = page_ids[start : start + PAGES_AT_ONCE]
        with logged(log, "reminders of pages %s were not sent", some):
            sent += _send_of(some, at)
    return sent


@transaction.atomic
def _skip_late(at: datetime) -> int:
    rows = Reminder.objects.unsettled().filter(due_at__lt=at - LATE)
    late = list(rows.select_for_update(skip_locked=True).order_by("due_at", "id")[:LATE_AT_ONCE])
    Reminder.objects.filter(pk__in=[row.pk for row in late]).update(settled_at=at)
    for row in late:
        log.warning(
            "reminder of incident %s (%s) was due at %s: too late, skipped",
            row.incident_id,
            row.kind,
            row.due_at.isoformat(),
        )
    return len(late)


def _send_of(page_ids: Sequence[UUID], at: datetime) -> int:
    """Whoever holds the lock settles what is due: a second ticker finds nothing."""
    with changing(*page_ids) as pages:
        due = Reminder.objects.due(at).filter(incident__page__in=pages)
        rows = list(due.select_related("incident__page").order_by("due_at", "id"))
        Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(settled_at=at)
        needed = [row for row in _newest_of_each(rows) if _is_needed(row, at)]
        stories = read_stories([row.incident for row in needed])
        sent = 0
        for row in needed:
            with logged(log, "reminder %s cannot be told", row.pk), transaction.atomic():
                _say(row, story=stories[row.incident_id], at=at)
                sent += 1
    return sent


def _newest_of_each(rows: Sequence[Reminder]) -> list[Reminder]:
    """One word is enough where several were due: the last of each incident and kind."""
    return list({(row.incident_id, row.kind): row for row in rows}.values())


def _is_needed(row: Reminder, at: datetime) -> bool:
    incident = row.incident
    if incident.page.status == Page.State.ARCHIVED:
        return False
    if row.kind == Reminder.Kind.NO_UPDATE:
        return incident.status in OPEN
    if row.kind == Reminder.Kind.PROMISE:
        return incident.status in OPEN | RUNNING and incident.next_update_by == row.due_at
    return (
        incident.status == IncidentStatus.SCHEDULED
        and incident.scheduled_for is not None
        and incident.scheduled_for > at
        and incident.deliver_notifications
        and incident.page.status == Page.State.PUBLISHED
    )


def _say(row: Reminder, *, story: Story, at: datetime) -> None:
    incident, page = row.incident, row.incident.page
    if row.kind == Reminder.Kind.BEFORE_START:
        _say_it_is_near(story, page=page, at=at)
        return
    if row.kind == Reminder.Kind.PROMISE:
        message = promise_message(page=page, incident=incident, due_at=row.due_at, at=at)
    else:
        since = max(
            (update.published_at for update in story.updates if update.published_at),
            default=incident.started_at,
        )
        message = silence_message(
            page=page, incident=incident, since=since, silent=row.due_at - since, at=at
        )
    outbox.enqueue_for_operators(page=page, message=message, at=at)


def _say_it_is_near(story: Story, *, page: Page, at: datetime) -> None:
    incident = story.incident
    outbox.enqueue(
        page=page,
        message=maintenance_message(
            kind=Kind.MAINTENANCE_REMINDER,
            page=page,
            incident=incident,
            update=None,
            at=at,
            story=story,
        ),
        component_ids=story.audience,
        at=at,
    )
