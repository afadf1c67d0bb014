"""What pages ask of monitoring."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q

from monitoring.models import ComponentMonitor, Monitor


def last_verified_at(component_ids: Iterable[UUID]) -> dict[UUID, datetime | None]:
    """Per component, the oldest of its monitors' newest results that said something.

    None when one of them never did; components without an enabled monitor are left out.
    """
    links = (
        ComponentMonitor.objects.filter(
            component_id__in=list(component_ids), monitor__in=Monitor.objects.enabled()
        )
        .order_by()
        .values("component_id")
        .annotate(
            oldest=Min("monitor__verified_at"),
            silent=Count("id", filter=Q(monitor__verified_at=None)),
        )
    )
    return {row["component_id"]: None if row["silent"] else row["oldest"] for row in links}
