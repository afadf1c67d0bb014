"""The past two weeks: incidents by day, and the quiet days between them. Pure."""

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
    """An incident that is over under the day it began, or a quiet span where it is None."""

    when: str
    incident: IncidentFacts | None = None


def entries(incidents: Sequence[IncidentFacts], at: datetime, zone: ZoneInfo) -> list[Entry]:
    """Newest first. A day on which any incident was going on is not quiet."""
    today = at.astimezone(zone).date()
    window = dates_between(today - timedelta(days=DAYS - 1), today)
    troubled = {moment for incident in incidents for moment in _days_of(incident, at, zone)}
    dated = [
        (_began(incident, zone), Entry(day(_began(incident, zone)), incident))
        for incident in incidents
        if not incident.is_open
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


def _began(incident: IncidentFacts, zone: ZoneInfo) -> date:
    return incident.started_at.astimezone(zone).date()


def _days_of(incident: IncidentFacts, at: datetime, zone: ZoneInfo) -> list[date]:
    ended = (incident.resolved_at or at).astimezone(zone).date()
    return dates_between(_began(incident, zone), ended)


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
