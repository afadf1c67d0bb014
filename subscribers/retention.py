"""How long it is kept what was told to whom."""

from datetime import datetime, timedelta

from django.db import models

from subscribers.models import Delivery, Notification

KEPT = timedelta(days=90)
# Rows in one statement and transaction, so that none runs long or holds others up.
BATCH = 2000


def forget_old(*, at: datetime) -> int:
    """Deletes notifications older than KEPT with their deliveries; returns how many rows."""
    old = Notification.objects.filter(created_at__lt=at - KEPT)
    return _delete(Delivery.objects.filter(notification__in=old)) + _delete(old)


def _delete(rows: models.QuerySet[Delivery] | models.QuerySet[Notification]) -> int:
    deleted = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        count, _ = rows.model.objects.filter(pk__in=ids).delete()
        deleted += count
    return deleted
