"""Time in which nothing was known of a component: written under the page's lock."""

from datetime import datetime

from pages import days
from pages.models import Component, ObservationGap
from pages.versions import require_lock


def open_gap(*, component: Component, since: datetime, reason: str) -> ObservationGap:
    """Opens a gap at `since`, or returns the open one as it is.

    It begins neither before the component did nor within an earlier gap.
    """
    require_lock(component.page_id)
    gaps = ObservationGap.objects.filter(component=component)
    newest = gaps.order_by("-since").first()
    if newest and newest.until is None:
        return newest
    since = max(since, component.created_at)
    if newest and newest.until:
        since = max(since, newest.until)
    gap = gaps.create(component=component, since=since, reason=reason)
    days.refold({component: since})
    return gap


def close_gap(*, component: Component, until: datetime) -> ObservationGap | None:
    """Closes the open gap, and returns it; one that would be empty never was."""
    require_lock(component.page_id)
    gap = ObservationGap.objects.filter(component=component, until__isnull=True).first()
    if gap is None:
        return None
    if until <= gap.since:
        gap.delete()
    else:
        gap.until = until
        gap.save(update_fields=["until"])
    days.refold({component: gap.since})
    return gap
