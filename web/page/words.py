"""Times, spans and lists in words. Pure. English; 24-hour clock."""

from datetime import date

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SHORT = ("d", "h", "min")
_LONG = ("day", "hour", "minute")


def duration(seconds: float) -> str:
    """Such as "41 min", "1 h 7 min", "2 d 3 h": two units, cut; "under 1 min" below that."""
    parts = [f"{number} {_SHORT[unit]}" for unit, number in _units(seconds)]
    return " ".join(parts) or "under 1 min"


def long_duration(seconds: float) -> str:
    """Such as "41 minutes", "1 hour 7 minutes"."""
    parts = [count(number, _LONG[unit]) for unit, number in _units(seconds)]
    return " ".join(parts) or "less than a minute"


def count(number: int, noun: str) -> str:
    """Such as "1 incident", "2 incidents"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def day(moment: date) -> str:
    """Such as "Fri 14 Nov"."""
    return f"{moment:%a} {moment.day} {moment:%b}"


def short_day(moment: date) -> str:
    """Such as "Fri 14"."""
    return f"{moment:%a} {moment.day}"


def full_day(moment: date) -> str:
    """Such as "Fri 14 Nov 2025"."""
    return f"{day(moment)} {moment.year}"


def long_day(moment: date) -> str:
    """Such as "14 November"."""
    return f"{moment.day} {moment:%B}"


def day_range(first: date, last: date) -> str:
    """Such as "Fri 14 Nov", "15-20 Nov" or "28 Oct-2 Nov", with en dashes."""
    if first == last:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}\u2013{last.day} {last:%b}"
    return f"{first.day} {first:%b}\u2013{last.day} {last:%b}"


def _units(seconds: float) -> list[tuple[int, int]]:
    """The first two units that are not zero, as (index of unit, count)."""
    whole = int(seconds)
    counts = (whole // _DAY, whole % _DAY // _HOUR, whole % _HOUR // _MINUTE)
    first = next((unit for unit, count in enumerate(counts) if count), len(counts))
    return [(unit, counts[unit]) for unit in range(first, min(first + 2, 3)) if counts[unit]]
