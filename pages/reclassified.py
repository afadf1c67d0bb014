"""What an operator said afterwards of a past span, laid over what was seen in it.

Pure: no query, no clock, no settings. What was seen stays as it is; only what counts changes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pages.history import Span
from pages.status import Status


class Kind(StrEnum):
    MAINTENANCE = "maintenance"
    CHECKER_FAULT = "checker_fault"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Word(NamedTuple):
    """From `start` until `end` it was a maintenance, or the checker was broken."""

    kind: Kind
    start: datetime
    end: datetime


def overlay(spans: Iterable[Span], words: Iterable[Word]) -> list[Span]:
    """`spans`, which are in order, with what the words leave of them; the last word wins.

    A maintenance stands in place of what was seen, held, so that no gap hides it. Where the
    checker was broken nothing was seen: nothing is left, held or not.
    """
    laid = list(spans)
    for word in words:
        first = bisect_right(laid, word.start, key=_start)
        if first and _ends_after(laid[first - 1], word.start):
            first -= 1
        last = bisect_left(laid, word.end, key=_start)
        laid[first:last] = [*_around(laid[first:last], word)]
    return laid


def _around(covered: Sequence[Span], word: Word) -> Iterable[Span]:
    """What remains of adjacent spans that `word` touches, with the word in between."""
    if covered and covered[0].start < word.start:
        yield replace(covered[0], end=word.start)
    if word.kind is Kind.MAINTENANCE:
        yield Span(Status.MAINTENANCE, held=True, start=word.start, end=word.end)
    if covered and _ends_after(covered[-1], word.end):
        yield replace(covered[-1], start=word.end)


def _start(span: Span) -> datetime:
    return span.start


def _ends_after(span: Span, moment: datetime) -> bool:
    return span.end is None or span.end > moment
