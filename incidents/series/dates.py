"""When a rule takes place, in wall time. Pure, and bounded for every rule there can be."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from incidents.series import rules
from incidents.walltime import format_local, instant
from pages.actions.invalid import Invalid

AHEAD = timedelta(days=60)
AT_LEAST, AT_MOST = 3, 100
LONGEST_MINUTES = 7 * 24 * 60
# No occurrence is looked for beyond.
HORIZON = timedelta(days=10 * 366)

_CYCLE_YEARS = 400
_LAST_YEAR = 9998


def occurrences(
    rule: str,
    first_start: datetime,
    exceptions: Collection[str] = (),
    *,
    after: datetime,
    until: datetime,
    limit: int,
) -> list[datetime]:
    """The first `limit` starts from `after` on and before `until`, without `exceptions`.

    `rule` is a checked one; all times are wall times, exceptions as `format_local` writes them.
    """
    starts = (
        start
        for start in _starts(rule, first_start, until)
        if start >= after and format_local(start) not in exceptions
    )
    return list(islice(starts, limit))


def planned(
    rule: str, first_start: datetime, exceptions: Collection[str] = (), *, now: datetime
) -> list[datetime]:
    """The starts that should stand ready at `now`: 60 days of them, at least the next three."""
    ahead = occurrences(rule, first_start, exceptions, after=now, until=now + AHEAD, limit=AT_MOST)
    if len(ahead) >= AT_LEAST:
        return ahead
    return occurrences(
        rule, first_start, exceptions, after=now, until=now + HORIZON, limit=AT_LEAST
    )


def check_duration(rule: str, first_start: datetime, minutes: int, zone: ZoneInfo) -> None:
    """Raises Invalid when an occurrence is too long, overlaps the next, or there is none."""
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid("minutes", f"Use 1 to {LONGEST_MINUTES:,} minutes (7 days).")
    starts = occurrences(
        rule, first_start, after=first_start, until=first_start + HORIZON, limit=AT_MOST
    )
    if not starts:
        raise Invalid("rule", "By this rule it does not take place within ten years.")
    moments = sorted(instant(start, zone) for start in starts)
    gap = min((later - sooner for sooner, later in pairwise(moments)), default=HORIZON)
    if timedelta(minutes=minutes) >= gap:
        raise Invalid("minutes", "It must be over before it takes place again.")


def _starts(rule: str, first_start: datetime, until: datetime) -> Iterator[datetime]:
    """All starts before `until`.

    A rule that never comes true (30 February) is searched until the year 9999. The calendar
    repeats every 400 years, so the search is made at its end: it is short for every rule.
    """
    parts = rules.split(rule)
    if "UNTIL" in parts:
        until = min(until, rules.read_until(parts.pop("UNTIL")) + timedelta(seconds=1))
    if first_start >= until:
        return
    years = (_LAST_YEAR - until.year) // _CYCLE_YEARS * _CYCLE_YEARS
    for found in rrulestr(rules.join(parts), dtstart=_moved(first_start, years)):
        start = _moved(found, -years)
        if start >= until:
            return
        yield start


def _moved(moment: datetime, years: int) -> datetime:
    return moment.replace(year=moment.year + years)
