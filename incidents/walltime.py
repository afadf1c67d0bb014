"""Wall times, as clocks on a wall show them, and instants. Pure: no query, clock, settings.

A wall time is a datetime without a zone; which instant it names depends on the page's zone.
"""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

_FORMAT = "%Y-%m-%dT%H:%M"
_LENGTH = len("2026-11-29T02:00")
# So that a wall time is an instant in every zone, and has a month in the history.
_YEARS = range(2000, 9000)


def instant(local_time: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks in `zone` show `local_time`.

    A time that clocks show twice is the first of the two. One that they skip is the moment
    at which they jump over it: the next instant that exists.
    """
    wall = local_time.replace(tzinfo=zone, fold=0)
    found = wall.astimezone(UTC)
    if local(found, zone) == local_time:
        return found
    return _jump(local_time, wall.replace(fold=1).astimezone(UTC), found, zone)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """What clocks in `zone` show at `moment`."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def parse_local(text: str) -> datetime:
    """Reads "2026-11-29T02:00". Raises ValueError, which says what is expected."""
    try:
        read = datetime.strptime(text, _FORMAT)  # noqa: DTZ007 (a wall time has no zone)
    except ValueError:
        read = None
    if read is None or len(text) != _LENGTH or read.year not in _YEARS:
        raise ValueError("Use a time such as 2026-11-29T02:00.")
    return read


def format_local(local_time: datetime) -> str:
    """The 16 characters that `parse_local` reads, without seconds."""
    return local_time.isoformat(timespec="minutes")


def _jump(skipped: datetime, before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second between the two instants at which clocks show more than `skipped`."""
    start = before.replace(microsecond=0)
    seconds = range(int((after - start).total_seconds()))
    shown = partial(_shown_after, start, zone)
    return start + timedelta(seconds=bisect_right(seconds, skipped, key=shown))


def _shown_after(start: datetime, zone: ZoneInfo, seconds: int) -> datetime:
    return local(start + timedelta(seconds=seconds), zone)
