"""The stored fold of claims: intervals of components, without hole or overlap."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from pages.history import Span, fold, join
from pages.models import Component, StatusClaim, StatusInterval
from pages.status import Status

_Row = TypeVar("_Row", StatusInterval, StatusClaim)
_INSTANT = timedelta(microseconds=1)


def refold(since: Mapping[Component, datetime]) -> list[Component]:
    """Folds components again, each from its instant; those of which anything changed.

    Reads, in two queries, only what says something at or after the first of the instants.
    Needs the lock of their pages.
    """
    since = {component: max(at, component.created_at) for component, at in since.items()}
    if not since:
        return []
    first = min(since.values())
    stored = _by_component(
        # One instant earlier, so as to find the interval that ends right at `first`, too.
        StatusInterval.objects.filter(
            component__in=since, span__overlap=(first - _INSTANT, None)
        ).order_by("span")
    )
    spoken = _by_component(StatusClaim.objects.filter(component__in=since).speaking_after(first))
    changed: list[Component] = []
    gone: list[int] = []
    rows: list[StatusInterval] = []
    unfolded: dict[Component, datetime] = {}
    for component, start in since.items():
        old = [row for row in stored[component.pk] if _reaches(row, start)]
        head = next((row for row in old if row.span.lower < start), None)
        if head is None and start > component.created_at:
            unfolded[component] = component.created_at
            continue
        spans = fold(spoken[component.pk], start)
        if head:
            spans = join(Span(Status(head.status), head.held, head.span.lower, start), spans)
        if spans != [span_of(row) for row in old]:
            changed.append(component)
            gone += [row.pk for row in old]
            rows += [_row(component, span) for span in spans]
    if changed:
        StatusInterval.objects.filter(pk__in=gone).delete()
        StatusInterval.objects.bulk_create(rows)
    return [*changed, *refold(unfolded)]


def span_of(row: StatusInterval) -> Span:
    return Span(Status(row.status), row.held, row.span.lower, row.span.upper)


def _reaches(row: StatusInterval, start: datetime) -> bool:
    return row.span.upper is None or row.span.upper >= start


def _by_component(rows: Iterable[_Row]) -> dict[UUID, list[_Row]]:
    found: dict[UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.component_id].append(row)
    return found


def _row(component: Component, span: Span) -> StatusInterval:
    return StatusInterval(
        component=component,
        status=span.status,
        held=span.held,
        span=DateTimeTZRange(span.start, span.end),
    )
