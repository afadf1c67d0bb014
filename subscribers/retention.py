"""How long it is kept what was told to whom."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef

from subscribers.models import Delivery, Notification

KEPT = timedelta(days=90)
# Rows in one statement and transaction, so that none runs long or holds others up.
BATCH = 2000


def forget_old(*, at: datetime) -> int:
    """Deletes notifications older than KEPT with their deliveries; returns how many rows.

    One-time tokens go as soon as their mail has ended.
    """
    _wipe_secrets()
    old = Notification.objects.filter(created_at__lt=at - KEPT)
    return _delete(Delivery.objects.filter(notification__in=old)) + _delete(old)


def _wipe_secrets() -> None:
    """Wipes those of mails that were never sent; delivery wipes the others."""
    waiting = Delivery.objects.open().filter(notification=OuterRef("pk"))
    over = Notification.objects.filter(~Exists(waiting), fanned_out_at__isnull=False)
    over.filter(secret__isnull=False).update(secret=None)


def _delete(rows: models.QuerySet[Delivery] | models.QuerySet[Notification]) -> int:
    deleted = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        count, _ = rows.model.objects.filter(pk__in=ids).delete()
        deleted += count
    return deleted
