"""What months say: which stories they hold, their summary, and the way to other months. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from pages.uptime import DayTotals, Weights
from web.page.facts import IncidentFacts, PageFacts
from web.page.months import Month
from web.page.words import count, duration


class Tab(StrEnum):
    EVERYTHING = ""
    INCIDENTS = "incidents"
    MAINTENANCE = "maintenance"

    @property
    def label(self) -> str:
        return self.value.capitalize() or "Everything"


class MonthDays(NamedTuple):
    """The page's days of a month until today, oldest first."""

    totals: tuple[tuple[date, DayTotals], ...]
    weights: Weights


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """`stories` began in this month, newest first; `archived` more of it are in the archive."""

    month: Month
    stories: tuple[IncidentFacts, ...]
    days: MonthDays
    archived: int


@dataclass(frozen=True, slots=True)
class HistorySnapshot:
    """`months` newest first; the page has months from `first` to `last`.

    `asked` is the month that was asked for by name.
    """

    page: PageFacts
    tab: Tab
    asked: Month | None
    months: tuple[MonthFacts, ...]
    first: Month
    last: Month
    read_at: datetime
    valid_until: datetime

    @property
    def earlier(self) -> Month | None:
        before = self.months[-1].month.preceding
        return before if before >= self.first else None

    @property
    def later(self) -> Month | None:
        after = self.months[0].month.following
        return after if after <= self.last else None


@dataclass(frozen=True, slots=True)
class ArchiveSnapshot:
    """What is too old for the history: how much per month, and, where one is asked for, what."""

    page: PageFacts
    counts: tuple[tuple[Month, int], ...]
    month: Month | None
    stories: tuple[IncidentFacts, ...]
    read_at: datetime


def summary(stories: Sequence[IncidentFacts], tab: Tab, at: datetime) -> str:
    """Such as "2 incidents, 1 h 45 min of trouble; 1 maintenance"."""
    incidents = [story for story in stories if not story.is_maintenance]
    parts = []
    if incidents:
        lasted = duration(_trouble_seconds(incidents, at))
        parts.append(f"{count(len(incidents), 'incident')}, {lasted} of trouble")
    elif tab is not Tab.MAINTENANCE:
        parts.append("No incidents")
    if maintenances := len(stories) - len(incidents):
        parts.append(count(maintenances, "maintenance"))
    return "; ".join(parts) or "No maintenance"


def quiet(month: MonthFacts, tab: Tab) -> str:
    """What stands where nothing else does."""
    days = count(len(month.days.totals), "day")
    return f"{days} without {'maintenance' if tab is Tab.MAINTENANCE else 'an incident'}."


def _trouble_seconds(incidents: Iterable[IncidentFacts], at: datetime) -> float:
    """How long at least one of them was going on."""
    seconds, until = 0.0, None
    for story in sorted(incidents, key=lambda story: story.began_at):
        ended = story.resolved_at or at
        began = max(story.began_at, until) if until else story.began_at
        seconds += max((ended - began).total_seconds(), 0)
        until = max(ended, until) if until else ended
    return seconds
