"""Finished days as rows: folded after midnight, folded again when the past changes.

A page's rows have no holes: it is folded until its newest row's date.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction
from django.db.models import Min, OuterRef, Subquery, Sum

from pages.days.calendar import ONE_DAY, dates_between, local_date
from pages.days.columns import COLUMNS, columns_of
from pages.days.observed import observed
from pages.models import Component, DayMetric, Page
from pages.uptime import DayTotals, day_bounds, fold_days

log = logging.getLogger(__name__)

PAGES_A_TICK = 200
DAYS_A_TICK = 100


class _Progress(NamedTuple):
    """How far a page is folded, and since when it has any component."""

    page_id: UUID
    timezone: str
    folded_until: date | None
    began_at: datetime | None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def due(self, at: datetime) -> list[date]:
        """The finished dates without rows, oldest first."""
        if self.folded_until:
            first = self.folded_until + ONE_DAY
        elif self.began_at:
            first = local_date(self.began_at, self.zone)
        else:
            return []
        return dates_between(first, local_date(at, self.zone) - ONE_DAY)


def fold_finished_days(*, at: datetime) -> int:
    """Folds what has finished since the last tick, page by page; the number of pages folded.

    A page that is locked, fails, or is beyond the bounds of one tick is left for the next.
    """
    due = [progress.page_id for progress in _progress() if progress.due(at)]
    return sum(_try_to_fold(page_id, at) for page_id in due[:PAGES_A_TICK])


def refold(since: Mapping[Component, datetime]) -> None:
    """Folds the finished days of components again, from their instants on.

    Needs the lock of their pages.
    """
    pages: dict[UUID, dict[Component, datetime]] = defaultdict(dict)
    for component, moment in since.items():
        pages[component.page_id][component] = moment
    for progress in _progress(pages):
        moments = pages[progress.page_id]
        first = local_date(min(moments.values()), progress.zone)
        if progress.folded_until and first <= progress.folded_until:
            _replace(progress, list(moments), dates_between(first, progress.folded_until))


def refold_page(page: Page, *, at: datetime) -> None:
    """Folds all finished days again, in the zone the page now has. Needs the page's lock."""
    page.days.all().delete()
    (progress,) = _progress([page.pk])
    _replace(progress, page.components.all(), progress.due(at))


def resum_page(page: Page) -> None:
    """Sums the page's own rows again over the components it still has."""
    _sum(page.pk, date.min, date.max)


def _progress(page_ids: Collection[UUID] | None = None) -> list[_Progress]:
    """Of all pages unless some are named."""
    newest = DayMetric.objects.filter(page=OuterRef("pk"), component=None).order_by("-date")
    pages = Page.objects.order_by("pk")
    if page_ids is not None:
        pages = pages.filter(pk__in=page_ids)
    return [
        _Progress(*row)
        for row in pages.annotate(
            folded_until=Subquery(newest.values("date")[:1]),
            began_at=Min("components__created_at"),
        ).values_list("pk", "timezone", "folded_until", "began_at")
    ]


def _try_to_fold(page_id: UUID, at: datetime) -> bool:
    try:
        return _fold_page(page_id, at)
    except DatabaseError:
        log.exception("days of page %s were not folded", page_id)
        return False


def _fold_page(page_id: UUID, at: datetime) -> bool:
    with transaction.atomic():
        pages = Page.objects.select_for_update(no_key=True, skip_locked=True)
        page = pages.filter(pk=page_id).first()
        if page is None:
            return False
        (progress,) = _progress([page_id])
        dates = progress.due(at)[:DAYS_A_TICK]
        _replace(progress, page.components.all(), dates)
        return bool(dates)


def _replace(progress: _Progress, components: Collection[Component], dates: list[date]) -> None:
    """Writes the rows of `components` for adjacent `dates`, and the page's sums."""
    if not dates:
        return
    first, last = dates[0], dates[-1]
    rows = DayMetric.objects.filter(page=progress.page_id, date__range=(first, last))
    rows.filter(component__in=components).delete()
    DayMetric.objects.bulk_create(_fold(progress, components, dates), batch_size=1000)
    _sum(progress.page_id, first, last)


def _fold(
    progress: _Progress, components: Collection[Component], dates: list[date]
) -> Iterator[DayMetric]:
    """Each component's days, from the one in which it began."""
    bounds = [day_bounds(day, progress.zone) for day in dates]
    history = observed([component.pk for component in components], bounds[0][0], bounds[-1][1])
    for component in components:
        began = local_date(component.created_at, progress.zone)
        skipped = max((began - dates[0]).days, 0)
        seen = history[component.pk]
        totals = fold_days(seen.intervals, seen.gaps, bounds[skipped:])
        for day, seconds in zip(dates[skipped:], totals, strict=True):
            yield DayMetric(
                page_id=progress.page_id, component=component, date=day, **columns_of(seconds)
            )


def _sum(page_id: UUID, first: date, last: date) -> None:
    rows = DayMetric.objects.filter(page=page_id, date__range=(first, last))
    rows.filter(component=None).delete()
    sums = (
        rows.filter(component__isnull=False)
        .values_list("date")
        .annotate(*[Sum(column) for column in COLUMNS])
        .order_by("date")
    )
    DayMetric.objects.bulk_create(
        DayMetric(page_id=page_id, date=day, **columns_of(DayTotals(*seconds)))
        for day, *seconds in sums
    )
