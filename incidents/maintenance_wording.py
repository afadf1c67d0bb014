"""What a maintenance says by itself. Pure: sentences from instants and a zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

BEGUN = "The maintenance has begun. We will post updates as necessary."
FINISHED = "The maintenance is complete."
FINISHED_EARLY = "The maintenance is complete, earlier than planned."
CANCELLED = "This maintenance will not take place."


def moved(old: tuple[datetime, datetime], new: tuple[datetime, datetime], zone: ZoneInfo) -> str:
    """`old` and `new` are spans, each from a start to an end."""
    return (
        f"This maintenance now takes place on {span(*new, zone)} ({zone.key}), "
        f"not on {span(*old, zone)}."
    )


def end_moved(start: datetime, old: datetime, new: datetime, zone: ZoneInfo) -> str:
    """A running maintenance ends at `new` instead of `old`."""
    words = "takes longer" if new > old else "takes less time"
    return (
        f"This maintenance {words} than planned: it now ends {_at(new, start, zone)} "
        f"({zone.key}), not {_at(old, start, zone)}."
    )


def span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Such as "Sunday 29 November 2026, 02:00 to 04:00", with two dates where days differ."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.date() == last.date():
        return f"{_date(first)}, {first:%H:%M} to {last:%H:%M}"
    return f"{_date(first)}, {first:%H:%M} to {_date(last)}, {last:%H:%M}"


def _at(moment: datetime, start: datetime, zone: ZoneInfo) -> str:
    local, first = moment.astimezone(zone), start.astimezone(zone)
    if local.date() == first.date():
        return f"at {local:%H:%M}"
    return f"on {_date(local)}, at {local:%H:%M}"


def _date(local: datetime) -> str:
    return f"{local:%A} {local.day} {local:%B %Y}"
