"""When operators are reminded of an open incident. Pure: no query, no clock, no settings.

The intervals are Statuspage's `reminder_intervals`: a list of times without an update, or one
number for every so long; an empty list is never.
"""

from datetime import datetime, timedelta

from pages.actions.invalid import Invalid

MOST_INTERVALS = 10
# One number for every so long ends somewhere: a forgotten incident nags a day's worth.
MOST_REPEATS = 24
_UNITS = {"hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}
_LONGEST = {"hours": 24, "minutes": 1440}


def valid_intervals(value: object, unit: str) -> list[int] | int:
    """`value` as it is stored: one number, or a sorted list without repetitions.

    Numbers are whole: 1 to 24 hours, or 1 to 1,440 minutes; a list has at most 10 of them.
    Raises Invalid for `reminder_unit` or `reminder_intervals`.
    """
    if unit not in _UNITS:
        raise Invalid("reminder_unit", "Use hours or minutes.")
    if not isinstance(value, list):
        return _number(value, unit)
    if len(value) > MOST_INTERVALS:
        raise Invalid("reminder_intervals", f"Use at most {MOST_INTERVALS} intervals.")
    return sorted({_number(each, unit) for each in value})


def nudge_times(intervals: list[int] | int, unit: str, since: datetime) -> list[datetime]:
    """The times at which nothing having been said since `since` is worth a word."""
    counts = intervals
    if isinstance(counts, int):
        counts = [counts * turn for turn in range(1, MOST_REPEATS + 1)]
    return [since + count * _UNITS[unit] for count in counts]


def _number(value: object, unit: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid("reminder_intervals", f"Use whole {unit}: a list of numbers, or one number.")
    if not 1 <= value <= _LONGEST[unit]:
        raise Invalid("reminder_intervals", f"Use 1 to {_LONGEST[unit]:,} {unit}.")
    return value
