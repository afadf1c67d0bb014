"""Reminder intervals as people write them: "3, 6, 12" or "every 2". Pure."""

import re

_EVERY = re.compile(r"every\s+(\d{1,5})", re.ASCII)
_NUMBER = re.compile(r"\d{1,5}", re.ASCII)


def read(text: str) -> list[int] | int:
    """A list, or one number for every so long; nothing is never. Raises ValueError."""
    text = text.strip().lower()
    if every := _EVERY.fullmatch(text):
        return int(every[1])
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    if not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValueError("Write such as 3, 6, 12, or every 2, or nothing.")
    return [int(part) for part in parts]


def words(intervals: list[int] | int) -> str:
    """What `read` reads back."""
    if isinstance(intervals, int):
        return f"every {intervals}"
    return ", ".join(str(each) for each in intervals)
