"""Recurring maintenances as a list shows them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, MaintenanceSeries
from incidents.series import sentence
from incidents.walltime import parse_local
from pages.models import Page

SHOWN = 5


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """`next_at` is when it begins next; `ahead` counts what stands in the calendar."""

    series: MaintenanceSeries
    said: str
    next_at: datetime | None
    ahead: int


def series_rows(page: Page) -> list[SeriesRow]:
    """Those that go on, soonest first, in one query."""
    upcoming = Q(occurrences__status=IncidentStatus.SCHEDULED)
    found = page.series.filter(ended_at__isnull=True).annotate(
        next_at=Min("occurrences__scheduled_for", filter=upcoming),
        ahead=Count("occurrences", filter=upcoming),
    )
    return [
        SeriesRow(series=one, said=said(one, page), next_at=one.next_at, ahead=one.ahead)
        for one in found.order_by("next_at", "name", "id")
    ]


def said(series: MaintenanceSeries, page: Page) -> str:
    """Such as "every Sunday from 02:00 to 04:00 (Europe/Berlin)"."""
    return sentence(series.rule, parse_local(series.first_start), series.minutes, page.timezone)


def next_starts(series: MaintenanceSeries, *, besides: Incident | None = None) -> list[Incident]:
    """Its next few occurrences, soonest first."""
    upcoming = series.occurrences.upcoming()
    if besides:
        upcoming = upcoming.exclude(pk=besides.pk)
    return list(upcoming.order_by("scheduled_for", "id")[:SHOWN])
