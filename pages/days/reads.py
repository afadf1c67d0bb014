"""The 90 days that visitors see: finished days from their rows, the rest folded now."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from pages.days.calendar import ONE_DAY, dates_between, local_date
from pages.days.columns import COLUMNS
from pages.days.observed import observed
from pages.models import DayMetric, Page
from pages.uptime import DayTotals, Weights, day_bounds, fold_days, ratio, total

WINDOW = 90

_Days = dict[date, DayTotals]


class History(NamedTuple):
    """Totals of each day, oldest first and today last, and the uptime of all together."""

    days: tuple[DayTotals, ...]
    ratio: Decimal | None


@dataclass(frozen=True, slots=True)
class PageDays:
    """`dates` are the page's own; every history has one total for each of them."""

    dates: tuple[date, ...]
    page: History
    components: dict[UUID, History]
    weights: Weights


@dataclass(frozen=True, slots=True)
class _Window:
    """The dates shown, oldest first, where each lies and how long it is; today until now."""

    dates: list[date]
    bounds: list[tuple[datetime, datetime]]
    seconds: list[int]


def ninety_days(page: Page, *, at: datetime) -> PageDays:
    """Exactly 90 calendar days in the page's zone, today folded until `at`.

    The same six queries whatever the number of components. Finished days that have no rows
    yet are folded here as well, so that nothing depends on when the tick ran.
    """
    window = _window(ZoneInfo(page.timezone), at)
    weights = Weights(Decimal(str(page.partial_weight)), Decimal(str(page.degraded_weight)))
    began = {
        pk: local_date(created_at, ZoneInfo(page.timezone))
        for pk, created_at in page.components.values_list("pk", "created_at")
    }
    rows = _rows(page, window)
    sums = rows.get(None, {})
    done = next((n for n in range(WINDOW - 1, 0, -1) if window.dates[n - 1] in sums), 0)
    seen = observed(began, window.bounds[done][0], at)
    components = {
        pk: _stored(rows.get(pk, {}), window, done)
        + list(fold_days(seen[pk].intervals, seen[pk].gaps, window.bounds[done:]))
        for pk in began
    }
    whole = _stored(sums, window, done) + _summed(components, began, window, done)
    return PageDays(
        dates=tuple(window.dates),
        page=_history(whole, weights),
        components={pk: _history(days, weights) for pk, days in components.items()},
        weights=weights,
    )


def _window(zone: ZoneInfo, at: datetime) -> _Window:
    today = local_date(at, zone)
    dates = dates_between(today - ONE_DAY * (WINDOW - 1), today)
    bounds = [day_bounds(day, zone) for day in dates]
    bounds[-1] = (bounds[-1][0], at)
    return _Window(dates, bounds, [int((end - start).total_seconds()) for start, end in bounds])


def _rows(page: Page, window: _Window) -> dict[UUID | None, _Days]:
    """The stored days by component, the page's own under None.

    Most days are without trouble, so of these PostgreSQL sends the dates alone: a third of
    the time that all rows would take.
    """
    calm = {
        day: DayTotals(operational=seconds)
        for day, seconds in zip(window.dates, window.seconds, strict=True)
    }
    stored = DayMetric.objects.filter(page=page, date__range=(window.dates[0], window.dates[-1]))
    dates = stored.values_list("component_id").annotate(dates=ArrayAgg("date", default=[]))
    rows = {component_id: {day: calm[day] for day in days} for component_id, days in dates}
    told = stored.filter(Q(component=None) | ~Q(**dict.fromkeys(COLUMNS[1:], 0)))
    for component_id, day, *seconds in told.values_list("component_id", "date", *COLUMNS):
        rows.setdefault(component_id, {})[day] = DayTotals(*seconds)
    return rows


def _stored(rows: _Days, window: _Window, done: int) -> list[DayTotals]:
    """The first `done` days, without data where there is no row."""
    return [
        rows.get(day) or DayTotals(unobserved=seconds)
        for day, seconds in zip(window.dates[:done], window.seconds, strict=False)
    ]


def _summed(
    components: dict[UUID, list[DayTotals]], began: dict[UUID, date], window: _Window, done: int
) -> list[DayTotals]:
    """The page's days after the first `done`: sums over the components that existed."""
    sums = []
    for number, seconds in list(enumerate(window.seconds))[done:]:
        present = [
            days[number] for pk, days in components.items() if began[pk] <= window.dates[number]
        ]
        sums.append(total(present) if present else DayTotals(unobserved=seconds))
    return sums


def _history(days: list[DayTotals], weights: Weights) -> History:
    return History(tuple(days), ratio(total(days), weights))
