"""The next occurrences of every series, made ahead by the tick."""

import logging
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from incidents.actions.maintenance import span_of
from incidents.actions.series_rows import (
    Date,
    date_of,
    is_untouched,
    make,
    remake,
    rows_by_date,
    starts_ahead,
    waiting,
)
from incidents.models import Incident, MaintenanceSeries
from incidents.sweeping import logged
from incidents.walltime import format_local, instant
from pages.models import Page
from pages.versions import changing

log = logging.getLogger(__name__)


def make_occurrences(*, at: datetime) -> int:
    """Makes the rows that should stand ready, each series in its own transaction; counts them.

    Wall times stay when a page's zone changes: what waits untouched moves with it.
    """
    done = 0
    going_on = MaintenanceSeries.objects.filter(ended_at__isnull=True)
    for series in going_on.select_related("page").order_by("id"):
        with logged(log, "series %s: its occurrences were not made", series.pk):
            if _behind(series, series.page, at):
                done += _bring_up_to_date(series.pk, series.page_id, at)
    return done


def _bring_up_to_date(series_id: UUID, page_id: UUID, at: datetime) -> int:
    with changing(page_id) as [page]:
        series = MaintenanceSeries.objects.filter(pk=series_id, ended_at__isnull=True).first()
        if series is None:
            return 0
        behind = _behind(series, page, at)
        nearest = next(iter(waiting(series)), None)
        moved = {
            row: Date(start, "", told=row == nearest) for start, row in behind if row is not None
        }
        remake(series, moved, page=page, at=at)
        new = [Date(start, series.body) for start, row in behind if row is None]
        make(series, new, page=page, at=at)
    return len(behind)


def _behind(
    series: MaintenanceSeries, page: Page, at: datetime
) -> list[tuple[datetime, Incident | None]]:
    """The starts without a row, and those whose row lies at another instant than they do."""
    starts = starts_ahead(series, page, at)
    rows = rows_by_date(series, since=starts[0]) if starts else {}
    pairs = [(start, rows.get(date_of(format_local(start)))) for start in starts]
    return [(start, row) for start, row in pairs if row is None or _is_elsewhere(row, start, page)]


def _is_elsewhere(row: Incident, start: datetime, page: Page) -> bool:
    return span_of(row)[0] != instant(start, ZoneInfo(page.timezone)) and is_untouched(row)
