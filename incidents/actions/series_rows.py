"""The occurrences of a series as rows, made ahead. Inside `changing` of the page.

A rule has one time of day, so that an occurrence is known by its date: it stays the same
occurrence when that time, or the page's zone, changes.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.actor import SYSTEM
from accounts.roles import Action
from incidents import maintenance_wording as wording
from incidents.actions.maintenance import span_of
from incidents.actions.maintenance_steps import plan, say
from incidents.lifecycle import Impact, IncidentStatus
from incidents.models import Incident, IncidentUpdate, MaintenanceSeries
from incidents.schedule import read_options
from incidents.series import planned
from incidents.timeline import note_components
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


def make(
    series: MaintenanceSeries,
    start: datetime,
    *,
    page: Page,
    at: datetime,
    body: str,
    deliver: bool = False,
) -> Incident:
    """A new occurrence at the wall time `start`; the product itself plans it."""
    starts_at = instant(start, ZoneInfo(page.timezone))
    occurrence = Incident(
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
    components = list(series.components.order_by("id"))
    plan(
        occurrence,
        page=page,
        components=components,
        body=body,
        actor=SYSTEM,
        at=at,
        deliver=deliver,
    )
    return occurrence


def remake(
    occurrence: Incident,
    series: MaintenanceSeries,
    start: datetime,
    *,
    page: Page,
    at: datetime,
    body: str = "",
    deliver: bool = False,
) -> None:
    """The same occurrence as the series has it now; what visitors read differently is told."""
    old, zone = span_of(occurrence), ZoneInfo(page.timezone)
    starts_at = instant(start, zone)
    new = (starts_at, starts_at + timedelta(minutes=series.minutes))
    occurrence.occurrence = format_local(start)
    occurrence.name = series.name
    occurrence.scheduled_for, occurrence.scheduled_until = new
    occurrence.started_at = starts_at
    for field, value in read_options(series.options).as_columns().items():
        setattr(occurrence, field, value)
    _name_components(occurrence, series)
    occurrence.save()
    words = [body, wording.moved(old, new, zone) if new != old else ""]
    _say(occurrence, "\n\n".join(filter(None, words)), page=page, at=at, deliver=deliver)


def call_off(
    occurrence: Incident, *, page: Page, at: datetime, body: str, deliver: bool = False
) -> None:
    """It does not take place; its row stays, cancelled."""
    say(
        occurrence,
        page=page,
        status=IncidentStatus.CANCELLED,
        body=body or wording.CANCELLED,
        actor=SYSTEM,
        at=at,
        action=Action.MAINTENANCE_CANCEL,
        deliver=deliver,
    )


def is_untouched(occurrence: Incident) -> bool:
    """It waits as the series made it: nobody moved it or spoke of it."""
    edits = IncidentUpdate.objects.filter(incident=occurrence, edited_at__isnull=False)
    return (
        occurrence.status == IncidentStatus.SCHEDULED
        and occurrence.edited_at is None
        and not edits.exists()
    )


def _name_components(occurrence: Incident, series: MaintenanceSeries) -> None:
    components = list(series.components.order_by("id"))
    occurrence.affected.exclude(component__in=components).delete()
    occurrence.names_components = False
    note_components(incident=occurrence, statuses=dict.fromkeys(components, Status.OPERATIONAL))


def _say(occurrence: Incident, body: str, *, page: Page, at: datetime, deliver: bool) -> None:
    if body:
        say(
            occurrence,
            page=page,
            status=IncidentStatus.SCHEDULED,
            body=body,
            actor=SYSTEM,
            at=at,
            action=Action.MAINTENANCE_RESCHEDULE,
            deliver=deliver,
        )
