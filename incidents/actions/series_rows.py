"""The occurrences of a series as rows, made ahead. Inside `changing` of the page.

A rule has one time of day, so that an occurrence is known by its date: it stays the same
occurrence when that time, or the page's zone, changes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.actor import SYSTEM
from accounts.roles import Action
from incidents import maintenance_wording as wording
from incidents import reminders
from incidents.actions.maintenance import span_of
from incidents.actions.maintenance_steps import plan, say
from incidents.lifecycle import Impact, IncidentStatus
from incidents.models import Incident, IncidentComponent, IncidentUpdate, MaintenanceSeries
from incidents.schedule import read_options
from incidents.series import planned
from incidents.timeline import Step
from incidents.walltime import format_local, instant, local, parse_local
from pages.models import Page
from pages.status import Status

_DATE = len("2026-11-29")


def date_of(occurrence: str) -> str:
    return occurrence[:_DATE]


def starts_ahead(series: MaintenanceSeries, page: Page, at: datetime) -> list[datetime]:
    """The wall times at which it should stand ready to take place."""
    return planned(
        series.rule,
        parse_local(series.first_start),
        series.exceptions,
        now=local(at, ZoneInfo(page.timezone)),
    )


def rows_by_date(series: MaintenanceSeries, since: datetime) -> dict[str, Incident]:
    """Its occurrences from the day of `since` on, in wall time, and all that wait."""
    rows = series.occurrences.filter(
        Q(occurrence__gte=date_of(format_local(since))) | Q(status=IncidentStatus.SCHEDULED)
    )
    return {
        date_of(row.occurrence): row
        for row in rows.select_related("page__project").order_by("occurrence")
    }


def waiting(series: MaintenanceSeries) -> list[Incident]:
    """The occurrences that have not begun, the next first."""
    rows = series.occurrences.upcoming().select_related("page__project")
    return list(rows.order_by("scheduled_for", "id"))


@dataclass(frozen=True, slots=True)
class Date:
    """When an occurrence starts, in wall time, what is said of it (anew), and to whom."""

    start: datetime
    body: str
    told: bool = False


def make(
    series: MaintenanceSeries, dates: Sequence[Date], *, page: Page, at: datetime
) -> list[Incident]:
    """New occurrences; the product itself plans them."""
    rows = [_row(series, each.start, page, at) for each in dates]
    plan(
        [
            Step(row, IncidentStatus.SCHEDULED, each.body, deliver=each.told)
            for row, each in zip(rows, dates, strict=True)
        ],
        page=page,
        components=list(series.components.order_by("id")),
        actor=SYSTEM,
        at=at,
    )
    return rows


def remake(
    series: MaintenanceSeries, dates: Mapping[Incident, Date], *, page: Page, at: datetime
) -> None:
    """Occurrences become what the series is now; of what visitors read differently is spoken."""
    steps = []
    _name_components(dates, series)
    for row, each in dates.items():
        words = "\n\n".join(filter(None, [each.body, _fit(row, series, each.start, page)]))
        if words:
            steps.append(Step(row, IncidentStatus.SCHEDULED, words, deliver=each.told))
        else:
            row.save()
    say(steps, page=page, actor=SYSTEM, at=at, action=Action.MAINTENANCE_RESCHEDULE)
    reminders.plan_before_start(list(dates), at)


def call_off(
    rows: Sequence[Incident], *, page: Page, at: datetime, body: str, told: bool = False
) -> None:
    """They do not take place, and stay as cancelled; the first of them is told."""
    steps = [
        Step(row, IncidentStatus.CANCELLED, body or wording.CANCELLED, deliver=told and number == 0)
        for number, row in enumerate(rows)
    ]
    say(steps, page=page, actor=SYSTEM, at=at, action=Action.MAINTENANCE_CANCEL)


def is_untouched(occurrence: Incident) -> bool:
    """It waits as the series made it: nobody moved it or spoke of it."""
    edits = IncidentUpdate.objects.filter(incident=occurrence, edited_at__isnull=False)
    return (
        occurrence.status == IncidentStatus.SCHEDULED
        and occurrence.edited_at is None
        and not edits.exists()
    )


def _row(series: MaintenanceSeries, start: datetime, page: Page, at: datetime) -> Incident:
    starts_at = instant(start, ZoneInfo(page.timezone))
    return Incident(
        page=page,
        created_by=series.created_by,
        name=series.name,
        status=IncidentStatus.SCHEDULED,
        impact=Impact.MAINTENANCE,
        scheduled_for=starts_at,
        scheduled_until=starts_at + timedelta(minutes=series.minutes),
        started_at=starts_at,
        published_at=at,
        series=series,
        occurrence=format_local(start),
        created_at=at,
        updated_at=at,
        **read_options(series.options).as_columns(),
    )


def _fit(row: Incident, series: MaintenanceSeries, start: datetime, page: Page) -> str:
    """Gives a row the series' values; says in words how it moved, if it did."""
    old, zone = span_of(row), ZoneInfo(page.timezone)
    starts_at = instant(start, zone)
    new = (starts_at, starts_at + timedelta(minutes=series.minutes))
    row.name, row.occurrence = series.name, format_local(start)
    row.scheduled_for, row.scheduled_until = new
    row.started_at = starts_at
    for field, value in read_options(series.options).as_columns().items():
        setattr(row, field, value)
    return wording.moved(old, new, zone) if new != old else ""


def _name_components(rows: Collection[Incident], series: MaintenanceSeries) -> None:
    components = list(series.components.order_by("id"))
    named = IncidentComponent.objects.filter(incident__in=rows)
    named.exclude(component__in=components).delete()
    IncidentComponent.objects.bulk_create(
        [
            IncidentComponent(incident=row, component=component, status=Status.OPERATIONAL)
            for row in rows
            for component in components
        ],
        ignore_conflicts=True,
    )
    for row in rows:
        row.names_components = bool(components)
