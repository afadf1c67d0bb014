"""The past two weeks: incidents and maintenances by day, and quiet days between them. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pages.days.calendar import dates_between
from web.page.facts import IncidentFacts
from web.page.words import day, day_range

DAYS = 14


@dataclass(frozen=True, slots=True)
class Entry:
    """What is over, under the day it began, or a quiet span where `story` is None."""

    when: str
    story: IncidentFacts | None = None


def entries(stories: Sequence[IncidentFacts], at: datetime, zone: ZoneInfo) -> list[Entry]:
    """Newest first. A day on which any incident was going on is not quiet."""
    today = at.astimezone(zone).date()
    window = dates_between(today - timedelta(days=DAYS - 1), today)
    troubled = {moment for story in stories for moment in _days_of(story, at, zone)}
    dated = [
        (_began(story, zone), Entry(day(_began(story, zone)), story))
        for story in stories
        if story.is_over
    ]
    quiet = [
        (last, Entry(day_range(first, last)))
        for first, last in _spans(moment for moment in window if moment not in troubled)
    ]
    ordered = sorted([*dated, *quiet], key=lambda item: item[0], reverse=True)
    return [entry for _, entry in ordered]


def window_start(at: datetime, zone: ZoneInfo) -> date:
    """The first of the days shown."""
    return at.astimezone(zone).date() - timedelta(days=DAYS - 1)


def _began(story: IncidentFacts, zone: ZoneInfo) -> date:
    return story.began_at.astimezone(zone).date()


def _days_of(story: IncidentFacts, at: datetime, zone: ZoneInfo) -> list[date]:
    """The days of an incident; a maintenance stands on its first day and troubles none."""
    began = _began(story, zone)
    if story.is_maintenance:
        return [began] if story.is_over else []
    return dates_between(began, (story.resolved_at or at).astimezone(zone).date())


def _spans(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Runs of consecutive days, in order, as (first, last)."""
    first = last = None
    for moment in days:
        if first is None or last is None:
            first = last = moment
        elif moment - last == timedelta(days=1):
            last = moment
        else:
            yield first, last
            first = last = moment
    if first is not None and last is not None:
        yield first, last
