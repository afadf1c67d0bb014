"""Times as mails write them: the page's own, and UTC. Pure: no query, no clock, no settings."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
_TO = "\N{EN DASH}"


def moment(at: datetime, zone: str) -> str:
    """Day and clock: "Friday 21 November 2025, 14:32 (Berlin), 13:32 UTC"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y}, {clock(at, zone)}"


def clock(at: datetime, zone: str) -> str:
    """Both clocks: "14:32 (Berlin), 13:32 UTC"; only one where the page's time is UTC."""
    utc = f"{at.astimezone(UTC):%H:%M} UTC"
    if _is_utc(at, zone):
        return utc
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M} ({_city(zone)}), {utc}"


def deadline(at: datetime, *, told_at: datetime, zone: str) -> str:
    """The clock, with the day in front when that is another one than of `told_at`."""
    local = at.astimezone(ZoneInfo(zone))
    same_day = local.date() == told_at.astimezone(ZoneInfo(zone)).date()
    return clock(at, zone) if same_day else f"{_day(local)}, {clock(at, zone)}"


def span(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """From when until when: "Sun 29 Nov 2026, 02:00-04:00 (Berlin), 01:00-03:00 UTC".

    UTC names its weekdays where one of the four ends is on another day.
    """
    utc = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    if _is_utc(starts_at, zone) and _is_utc(ends_at, zone):
        return f"{_dated(*utc)} UTC"
    local = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    one_day = len({edge.date() for edge in (*local, *utc)}) == 1
    in_utc = _clocks(*utc) if one_day else _on_weekdays(*utc)
    return f"{_dated(*local)} ({_city(zone)}), {in_utc} UTC"


def length(duration: timedelta) -> str:
    """The two largest units of whole minutes: "1 day 3 hours"; empty below one minute."""
    hours, minutes = divmod(max(0, duration // _MINUTE), 60)
    days, hours = divmod(hours, 24)
    counts = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    words = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts if count]
    return " ".join(words[:2])


def until(at: datetime, *, told_at: datetime) -> str:
    """How long after `told_at`, to the nearest minute: "in 3 hours"; "now" when it has come."""
    ahead = length(at - told_at + _MINUTE / 2)
    return f"in {ahead}" if ahead else "now"


def _dated(start: datetime, end: datetime) -> str:
    if start.date() == end.date():
        return f"{_day(start)}, {_clocks(start, end)}"
    return f"{_day(start)}, {start:%H:%M} {_TO} {_day(end)}, {end:%H:%M}"


def _on_weekdays(start: datetime, end: datetime) -> str:
    if start.date() == end.date():
        return f"{start:%a} {_clocks(start, end)}"
    return f"{start:%a %H:%M} {_TO} {end:%a %H:%M}"


def _clocks(start: datetime, end: datetime) -> str:
    return f"{start:%H:%M}{_TO}{end:%H:%M}"


def _day(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b %Y}"


def _is_utc(at: datetime, zone: str) -> bool:
    return not at.astimezone(ZoneInfo(zone)).utcoffset()


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
