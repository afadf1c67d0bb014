"""Moments and spans as they are printed, in the page's zone. Pure."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from web.page.facts import Plan
from web.page.words import day, long_duration


@dataclass(frozen=True, slots=True)
class Moment:
    """`iso` for machines, `clock` and `day` for people in the page's zone."""

    iso: str
    clock: str
    day: str


@dataclass(frozen=True, slots=True)
class Promise:
    """When the next update is to come; `passed` when it is overdue, `day` unless it is today."""

    by: Moment
    day: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """The span of a maintenance.

    `ahead` is how long it is until then, empty once the time has come; `own` is the span for
    those who read it in another zone than the page's; `overdue` when it should be over.
    """

    starts: Moment
    ends: Moment
    ahead: str
    own: str
    overdue: bool

    @property
    def last_day(self) -> str:
        """The day of its end, unless it ends on the day on which it starts."""
        return "" if self.ends.day == self.starts.day else self.ends.day


def moment(at: datetime, zone: ZoneInfo) -> Moment:
    try:
        local = at.astimezone(zone)
    except OverflowError:  # at the very end of the calendar
        local = at
    return Moment(at.isoformat(timespec="seconds"), f"{local:%H:%M}", day(local))


def promise(by: datetime, zone: ZoneInfo, at: datetime) -> Promise:
    told = moment(by, zone)
    return Promise(told, "" if told.day == moment(at, zone).day else told.day, by <= at)


def planned(plan: Plan, zone: ZoneInfo, at: datetime) -> Planned:
    left = (plan.starts_at - at).total_seconds()
    starts, ends = plan.starts_at.astimezone(zone), plan.ends_at.astimezone(zone)
    end = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%a %H:%M}"
    return Planned(
        starts=moment(plan.starts_at, zone),
        ends=moment(plan.ends_at, zone),
        ahead=f"in {long_duration(left)}" if left > 0 else "",
        own=f"{starts:%a %H:%M}\N{EN DASH}{end} {zone.key}",
        overdue=plan.ends_at <= at,
    )
