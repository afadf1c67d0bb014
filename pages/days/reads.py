"""The 90 days that visitors see: finished days from their rows, the rest folded now."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

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
    bounds[-1] = (bounds[-1][0], at)
    weights = weights_of(page)

    began = {
        pk: local_date(created_at, zone)
        for pk, created_at in page.components.values_list("pk", "created_at")
    }
    rows = _rows(page, dates)
    sums = rows.get(None, {})
    done = next((n for n in range(WINDOW - 1, 0, -1) if dates[n - 1] in sums), 0)
    seen = observed(began, bounds[done][0], at)
    unseen = [_unseen(day) for day in bounds]

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
    whole = stored(sums) + [summed(number) for number in range(done, WINDOW)]
    return PageDays(
        dates=tuple(dates),
        page=_history(whole, weights),
        components={pk: _history(days, weights) for pk, days in components.items()},
        weights=weights,
    )


def _rows(page: Page, dates: list[date]) -> dict[UUID | None, _Rows]:
    """The stored days by component, the page's own under None."""
    found: dict[UUID | None, _Rows] = {}
    stored = DayMetric.objects.filter(page=page, date__range=(dates[0], dates[-1]))
    for component_id, day, *seconds in stored.values_list("component_id", "date", *COLUMNS):
        found.setdefault(component_id, {})[day] = DayTotals(*seconds)
    return found


def _unseen(bounds: tuple[datetime, datetime]) -> DayTotals:
    start, end = bounds
    return DayTotals(unobserved=int((end - start).total_seconds()))


def _history(days: list[DayTotals], weights: Weights) -> History:
    return History(tuple(days), ratio(total(days), weights))
