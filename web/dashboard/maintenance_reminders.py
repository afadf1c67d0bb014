"""Reminders before a start as people write them: "1 day, 3 hours". Pure."""

import re
from collections.abc import Iterable

_UNITS = {"week": 7 * 24 * 60, "day": 24 * 60, "hour": 60, "minute": 1}
_SHORT = {"w": "week", "d": "day", "h": "hour", "m": "minute", "min": "minute", "minutes": "minute"}
_ONE = re.compile(r"(\d{1,6})\s*([a-z]+)", re.ASCII)
_BETWEEN = re.compile(r"\s*(?:,|;|\band\b|\n)\s*")


def read(text: str) -> tuple[int, ...]:
    """Minutes, longest first, each once. Raises ValueError, which says what is expected."""
    parts = [part for part in _BETWEEN.split(text.strip().lower()) if part]
    return tuple(sorted({_minutes(part) for part in parts}, reverse=True))


def words(minutes: Iterable[int]) -> str:
    """What `read` reads back, such as "1 day, 3 hours"."""
    return ", ".join(_said(each) for each in sorted(set(minutes), reverse=True))


def _minutes(part: str) -> int:
    found = _ONE.fullmatch(part.removesuffix("before").strip())
    unit = found and (_SHORT.get(found[2]) or found[2].removesuffix("s"))
    if not found or unit not in _UNITS:
        raise ValueError(f"“{part[:40]}” is no length of time: write such as 1 day, 3 hours.")
    return int(found[1]) * _UNITS[unit]


def _said(minutes: int) -> str:
    unit, size = next(pair for pair in _UNITS.items() if minutes % pair[1] == 0)
    number = minutes // size
    return f"{number} {unit}{'s'[: number != 1]}"
