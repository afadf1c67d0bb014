"""Recurring maintenances: skipped once, or ended."""

from datetime import datetime, timedelta

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents.actions.checks import check_body
from incidents.actions.series import MOST_EXCEPTIONS, current, record
from incidents.actions.series_rows import call_off, date_of, rows_by_date, waiting
from incidents.lifecycle import IncidentStatus
from incidents.models import MaintenanceSeries
from incidents.series import occurrences
from incidents.walltime import format_local, parse_local
from pages.actions import Conflict, Invalid
from pages.actions.invalid import naming
from pages.versions import changing

ENDED = "This maintenance will not take place any more."


def skip_occurrence(
    *,
    series: MaintenanceSeries,
    occurrence: str,
    actor: Actor,
    at: datetime,
    body: str = "",
    deliver: bool = True,
) -> MaintenanceSeries:
    """Takes one start out of the series ("2026-11-29T02:00"); its row is cancelled and told.

    Raises Conflict when it has begun or was skipped, Invalid, Refused.
    """
    require(actor, Action.SERIES_UPDATE, series.page.project, obj=series)
    check_body(body)
    with naming("occurrence"):
        start = parse_local(occurrence)
    with changing(series.page_id) as [page]:
        series = current(series, None)
        _check_takes_place(series, start)
        series.exceptions = sorted({*series.exceptions, occurrence})
        series.updated_at = max(at, series.updated_at)
        series.save()
        row = rows_by_date(series, since=start).get(date_of(occurrence))
        if row and row.status != IncidentStatus.SCHEDULED:
            status = IncidentStatus(row.status).label.lower()
            raise Conflict("occurrence", f"This one is {status} already.")
        if row:
            call_off([row], page=page, at=at, body=body, told=deliver)
        record(Action.SERIES_UPDATE, series, actor, at, skipped=occurrence)
    return series


def end_series(
    *,
    series: MaintenanceSeries,
    actor: Actor,
    at: datetime,
    body: str = "",
    deliver: bool = True,
) -> MaintenanceSeries:
    """Ends a series: what waits is cancelled, and told of the next one. A running one goes on.

    Raises Conflict when it has ended, Invalid, Refused.
    """
    require(actor, Action.SERIES_END, series.page.project, obj=series)
    check_body(body)
    with changing(series.page_id) as [page]:
        series = current(series, None)
        series.ended_at = series.updated_at = max(at, series.updated_at)
        series.save()
        call_off(waiting(series), page=page, at=at, body=body or ENDED, told=deliver)
        record(Action.SERIES_END, series, actor, at)
    return series


def _check_takes_place(series: MaintenanceSeries, start: datetime) -> None:
    if format_local(start) in series.exceptions:
        raise Conflict("occurrence", "This one is skipped already.")
    if len(series.exceptions) >= MOST_EXCEPTIONS:
        raise Invalid("occurrence", f"At most {MOST_EXCEPTIONS} can be skipped.")
    soon = start + timedelta(minutes=1)
    first = parse_local(series.first_start)
    if not occurrences(series.rule, first, after=start, until=soon, limit=1):
        raise Invalid("occurrence", "By its rule it does not take place then.")
