"""Time-weighted uptime of days. Pure: no query, no clock, no settings."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from pages.history import Span
from pages.status import Status

# The number of the formula in docs/uptime.md: raised when the same history makes another figure.
FORMULA = 1
_SECOND = timedelta(seconds=1)
_NOTHING = timedelta()


class Gap(NamedTuple):
    """Time in which nothing was known; still going on while `end` is None."""

    start: datetime
    end: datetime | None


_Item = TypeVar("_Item", Span, Gap)


class DayTotals(NamedTuple):
    """Whole seconds in each state; together they are the length of the time folded."""

    operational: int = 0
    degraded: int = 0
    partial: int = 0
    major: int = 0
    maintenance: int = 0
    unobserved: int = 0

    @property
    def observed(self) -> int:
        """What counts: neither maintenance nor time in which nothing was known."""
        return self.operational + self.degraded + self.partial + self.major


class Weights(NamedTuple):
    """The share, 0 to 1, of such a second that is downtime; a major one is all downtime."""

    partial: Decimal = Decimal("0.3")
    degraded: Decimal = Decimal(0)


class DayClass(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"
    BLUE = "blue"
    GREY = "grey"


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants, in UTC, between which it is `day` in `zone`: 23, 24 or 25 hours.

    Where midnight is skipped the day begins at the jump, where it comes twice at the first.
    """
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def fold_day(
    intervals: Iterable[Span], gaps: Iterable[Gap], start: datetime, end: datetime
) -> DayTotals:
    """The seconds of each state from `start` to `end`, out of one component's history.

    Neither `intervals` nor `gaps` overlap among themselves. A gap hides only what is not
    held; time before the first interval is unobserved. A begun second counts for the worst
    state in it, so that no outage is too short to be seen.
    """
    gaps = list(gaps)
    spent: dict[Status, timedelta] = {}
    unobserved = end - start
    for span in intervals:
        lasted = _overlap(span.start, span.end, start, end)
        if not span.held and lasted:
            first, last = max(span.start, start), min(span.end or end, end)
            lasted -= sum((_overlap(*gap, first, last) for gap in gaps), _NOTHING)
        spent[span.status] = spent.get(span.status, _NOTHING) + lasted
        unobserved -= lasted
    return _deal(spent, unobserved, (end - start) // _SECOND)


def fold_days(
    intervals: Sequence[Span], gaps: Sequence[Gap], bounds: Iterable[tuple[datetime, datetime]]
) -> Iterator[DayTotals]:
    """`fold_day` for days in order, in one pass over `intervals` and `gaps` in order."""
    first_span = first_gap = 0
    for start, end in bounds:
        first_span = _skip(intervals, first_span, start)
        first_gap = _skip(gaps, first_gap, start)
        yield fold_day(_until(intervals, first_span, end), _until(gaps, first_gap, end), start, end)


def total(days: Iterable[DayTotals]) -> DayTotals:
    """The sum, state by state."""
    return DayTotals(*(sum(seconds) for seconds in zip(*days, strict=True)))


def ratio(totals: DayTotals, weights: Weights) -> Decimal | None:
    """The share of the observed time that was not downtime, None when nothing was observed."""
    if not totals.observed:
        return None
    down = totals.major + totals.partial * weights.partial + totals.degraded * weights.degraded
    return (totals.observed - down) / totals.observed


def percent(share: Decimal, places: int = 2) -> str:
    """`share` as a percentage, cut and never rounded up: "100%" only without any downtime."""
    return "100%" if share == 1 else f"{cut(share, places)}%"


def cut(share: Decimal, places: int) -> Decimal:
    """`share` in percent with so many decimals; what lies behind them is left out."""
    return (share * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR)


def day_class(totals: DayTotals, weights: Weights) -> DayClass:
    """The colour of a day's bar."""
    share = ratio(totals, weights)
    if share is None:
        return DayClass.BLUE if totals.maintenance else DayClass.GREY
    if totals.major or share < Decimal("0.95"):
        return DayClass.RED
    if share < 1:
        return DayClass.ORANGE
    return DayClass.YELLOW if totals.degraded or totals.partial else DayClass.GREEN


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _overlap(start: datetime, end: datetime | None, first: datetime, last: datetime) -> timedelta:
    """How long [start, end) lies within [first, last)."""
    begun = max(start, first)
    ended = last if end is None else min(end, last)
    return max(ended - begun, _NOTHING)


def _deal(spent: dict[Status, timedelta], unobserved: timedelta, seconds: int) -> DayTotals:
    """Deals the whole `seconds`, worst state first, each rounded up; operational gets the rest."""
    left = seconds

    def take(lasted: timedelta) -> int:
        nonlocal left
        taken = min(-(-lasted // _SECOND), left)
        left -= taken
        return taken

    major = take(spent.get(Status.MAJOR, _NOTHING))
    partial = take(spent.get(Status.PARTIAL, _NOTHING))
    degraded = take(spent.get(Status.DEGRADED, _NOTHING))
    maintenance = take(spent.get(Status.MAINTENANCE, _NOTHING))
    hidden = take(unobserved)
    return DayTotals(left, degraded, partial, major, maintenance, hidden)


def _skip(items: Sequence[Span] | Sequence[Gap], first: int, start: datetime) -> int:
    """The index of the first item that does not end by `start`."""
    while first < len(items):
        end = items[first].end
        if end is None or end > start:
            break
        first += 1
    return first


def _until(items: Sequence[_Item], first: int, end: datetime) -> Iterator[_Item]:
    for item in items[first:]:
        if item.start >= end:
            return
        yield item
