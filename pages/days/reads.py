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

_Rows = dict[date, DayTotals]


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


def weights_of(page: Page) -> Weights:
    return Weights(Decimal(str(page.partial_weight)), Decimal(str(page.degraded_weight)))


def ninety_days(page: Page, *, at: datetime) -> PageDays:
    """Exactly 90 calendar days in the page's zone, today folded until `at`.

    The same four queries whatever the number of components. Finished days that have no rows
    yet are folded here as well, so that nothing depends on when the tick ran.
    """
    zone = ZoneInfo(page.timezone)
    today = local_date(at, zone)
    dates = dates_between(today - ONE_DAY * (WINDOW - 1), today)
    bounds = [day_bounds(day, zone) for day in dates]
    whole = {
        day: DayTotals(operational=_seconds(*of_day))
        for day, of_day in zip(dates, bounds, strict=True)
    }
    bounds[-1] = (bounds[-1][0], at)
    weights = weights_of(page)

    began = {
        pk: local_date(created_at, zone)
        for pk, created_at in page.components.values_list("pk", "created_at")
    }
    rows = _rows(page, whole)
    sums = rows.get(None, {})
    done = next((n for n in range(WINDOW - 1, 0, -1) if dates[n - 1] in sums), 0)
    seen = observed(began, bounds[done][0], at)
    unseen = [DayTotals(unobserved=_seconds(*of_day)) for of_day in bounds]

    def stored(of: _Rows) -> list[DayTotals]:
        return [of.get(day, unseen[n]) for n, day in enumerate(dates[:done])]

    def summed(number: int) -> DayTotals:
        present = [days[number] for pk, days in components.items() if began[pk] <= dates[number]]
        return total(present) if present else unseen[number]

    components = {
        pk: stored(rows.get(pk, {}))
        + list(fold_days(seen[pk].intervals, seen[pk].gaps, bounds[done:]))
        for pk in began
    }
    of_page = stored(sums) + [summed(number) for number in range(done, WINDOW)]
    return PageDays(
        dates=tuple(dates),
        page=_history(of_page, weights),
        components={pk: _history(days, weights) for pk, days in components.items()},
        weights=weights,
    )


def _rows(page: Page, whole: dict[date, DayTotals]) -> dict[UUID | None, _Rows]:
    """The stored days by component, the page's own under None.

    Most days are `whole`, so of these PostgreSQL sends the date alone: a third of the time.
    """
    told = Q(component=None) | ~Q(**dict.fromkeys(COLUMNS[1:], 0))
    arrays = {
        f"told_{name}": ArrayAgg(name, filter=told, default=[]) for name in ("date", *COLUMNS)
    }
    stored = (
        DayMetric.objects.filter(page=page, date__range=(min(whole), max(whole)))
        .values_list("component_id")
        .annotate(all_dates=ArrayAgg("date", default=[]), **arrays)
    )
    return {
        component_id: {day: whole[day] for day in present}
        | dict(zip(days, map(DayTotals, *seconds), strict=True))
        for component_id, present, days, *seconds in stored
    }


def _seconds(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds())


def _history(days: list[DayTotals], weights: Weights) -> History:
    return History(tuple(days), ratio(total(days), weights))
