"""The stored fold of claims: a component's intervals, without hole or overlap."""

from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from pages.history import Span, fold, join
from pages.models import Component, StatusInterval
from pages.status import Status

_INSTANT = timedelta(microseconds=1)


def refold(component: Component, since: datetime) -> bool:
    """Folds again from `since`; whether anything changed. Needs the page's lock.

    Reads only what says something at or after `since`.
    """
    since = max(since, component.created_at)
    # One instant earlier, so as to find the interval that ends right at `since`, too.
    stored = list(
        component.intervals.filter(span__overlap=(since - _INSTANT, None)).order_by("span")
    )
    head = next((row for row in stored if row.span.lower < since), None)
    if head is None and since > component.created_at:
        return refold(component, component.created_at)
    spans = fold(component.claims.speaking_after(since), since)
    if head:
        spans = join(Span(Status(head.status), head.held, head.span.lower, since), spans)
    if spans == [span_of(row) for row in stored]:
        return False
    component.intervals.filter(pk__in=[row.pk for row in stored]).delete()
    StatusInterval.objects.bulk_create(_row(component, span) for span in spans)
    return True


def span_of(row: StatusInterval) -> Span:
    return Span(Status(row.status), row.held, row.span.lower, row.span.upper)


def _row(component: Component, span: Span) -> StatusInterval:
    return StatusInterval(
        component=component,
        status=span.status,
        held=span.held,
        span=DateTimeTZRange(span.start, span.end),
    )
