"""The strip of 90 days: paths of an SVG, and the same story in words. Pure.

One column of the drawing is one day. The style sheet dashes each line into ticks of 0.6 of
a column, as high as the day is bad, so that a run of equal days is one short path.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from pages.uptime import DayClass, DayTotals, Weights, day_class, percent, ratio
from web.page.words import duration, long_day

HEIGHT = 28
TOLD = 6

_HUES = {
    DayClass.GREEN: "op",
    DayClass.YELLOW: "de",
    DayClass.ORANGE: "pa",
    DayClass.RED: "ma",
    DayClass.BLUE: "mt",
    DayClass.GREY: "no",
}
_BENEATH = dict.fromkeys((DayClass.YELLOW, DayClass.ORANGE, DayClass.RED), DayClass.GREEN)
_MIDDLE = (14,)
_SPLIT = (9, 19)
_BADNESS = list(_HUES)


class Line(NamedTuple):
    """A path `d` drawn in the hue of its days."""

    hue: str
    d: str


class Run(NamedTuple):
    """Equal days from index `first` to `last`, both included."""

    kind: DayClass
    first: int
    last: int


def classes(days: Sequence[DayTotals], weights: Weights) -> list[DayClass]:
    return [_class(day, weights) for day in days]


# Nearly all days of a page are equal ones.
_class = lru_cache(maxsize=4096)(day_class)


def worst_of(members: Sequence[Sequence[DayClass]]) -> list[DayClass]:
    """Day by day the worst of several strips; a day counts as grey only where all are."""
    return [max(column, key=_badness) for column in zip(*members, strict=True)]


def lines(kinds: Sequence[DayClass]) -> list[Line]:
    """One path per class of day.

    Good days run on below the taller ticks of bad ones, so that most strips share one path.
    """
    drawn: dict[DayClass, list[Run]] = {}
    for run in runs([_BENEATH.get(kind, kind) for kind in kinds]):
        drawn.setdefault(run.kind, []).append(run)
    for run in runs(kinds):
        if run.kind in _BENEATH:
            drawn.setdefault(run.kind, []).append(run)
    return [Line(_HUES[kind], _path(found, _rows(kind))) for kind, found in drawn.items()]


def runs(kinds: Sequence[DayClass]) -> Iterator[Run]:
    for kind, group in groupby(enumerate(kinds), key=lambda item: item[1]):
        indexes = [index for index, _ in group]
        yield Run(kind, indexes[0], indexes[-1])


def story(days: Sequence[DayTotals], first: date, share: str | None) -> str:
    """The accessible name of a strip: its uptime and its latest days of trouble."""
    told = [
        f"{_named(index, len(days), first)}: {trouble(days[index])}." for index in troubled(days)
    ]
    sentences = [f"Last {len(days)} days: {share} up." if share else "No data yet."]
    if len(told) > TOLD:
        sentences.append(f"Trouble on {len(told)} days, last:")
    return " ".join([*sentences, *told[-TOLD:]])


def details(days: Sequence[DayTotals], kinds: Sequence[DayClass], weights: Weights) -> str:
    """What a script says of single days: `index=words|uptime` or `first-last=words`, by ";".

    Days that are not listed were operational.
    """
    unknown = [
        f"{run.first}-{run.last}=no data" for run in runs(kinds) if run.kind is DayClass.GREY
    ]
    known = [
        f"{index}={trouble(days[index])}{_uptime(days[index], weights)}" for index in troubled(days)
    ]
    return ";".join([*unknown, *known])


def troubled(days: Sequence[DayTotals]) -> list[int]:
    """The indexes of days that were not simply operational or unobserved."""
    return [index for index, day in enumerate(days) if any(day[1:5])]


def trouble(day: DayTotals) -> str:
    """Such as "major outage, 4 min; degraded performance, 1 h", or nothing."""
    spent = (
        ("major outage", day.major),
        ("partial outage", day.partial),
        ("degraded performance", day.degraded),
        ("maintenance", day.maintenance),
    )
    return "; ".join(f"{words}, {duration(seconds)}" for words, seconds in spent if seconds)


def _uptime(day: DayTotals, weights: Weights) -> str:
    share = ratio(day, weights)
    return "" if share is None else f"|{percent(share)}"


def _named(index: int, count: int, first: date) -> str:
    return "Today" if index == count - 1 else long_day(first + timedelta(days=index))


def _rows(kind: DayClass) -> tuple[int, ...]:
    """The heights at which the ticks of a class are centred: maintenance has two of them."""
    return _SPLIT if kind is DayClass.BLUE else _MIDDLE


def _path(found: Sequence[Run], rows: tuple[int, ...]) -> str:
    return "".join(
        f"M{run.first} {row}h{run.last - run.first + 1}" for row in rows for run in found
    )


def _badness(kind: DayClass) -> int:
    return -1 if kind is DayClass.GREY else _BADNESS.index(kind)
