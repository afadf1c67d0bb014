"""What has grown old: incidents move to the archive, keys and links are forgotten."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from incidents import draft_links, once
from incidents.lifecycle import OVER
from incidents.models import Incident, Reminder
from incidents.sweeping import logged
from pages.versions import changing

log = logging.getLogger(__name__)

# Settled reminders answer "was anybody told?" for as long as notifications do.
REMINDERS_KEPT = timedelta(days=90)


def archive_old(*, at: datetime) -> int:
    """Moves what ended INCIDENT_HISTORY_DAYS ago to the archive; returns how many that were.

    Nothing is deleted: it is shown in another place. Each page in its own transaction.
    """
    done = 0
    page_ids = _old(at).order_by().values_list("page_id", flat=True).distinct()
    for page_id in sorted(page_ids):
        with logged(log, "page %s: old incidents were not archived", page_id):
            done += _archive_of(page_id, at)
    return done


def forget_old(*, at: datetime) -> int:
    """Deletes what can serve nobody any more: keys, links, reminders; returns how many rows."""
    stale = Reminder.objects.filter(settled_at__lt=at - REMINDERS_KEPT)
    reminders, _ = stale.delete()
    return once.forget_old_keys(at=at) + draft_links.forget_old(at=at) + reminders


def _archive_of(page_id: UUID, at: datetime) -> int:
    with changing(page_id):
        return _old(at).filter(page_id=page_id).update(archived_at=at)


def _old(at: datetime) -> QuerySet[Incident]:
    before = at - timedelta(days=settings.INCIDENT_HISTORY_DAYS)
    return (
        Incident.objects.filter(status__in=OVER, archived_at__isnull=True)
        .annotate(end=Coalesce("resolved_at", "scheduled_until", "started_at"))
        .filter(end__lt=before)
    )
