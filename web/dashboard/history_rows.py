"""A component's past as rows: what was seen, and what of it counts. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from pages.evidence import ComponentEvidence, Said, Seen, Unseen
from pages.history import Span
from pages.reclassified import Kind, Word, overlay
from pages.status import Status
from pages.uptime import Gap, Weights, fold_days, ratio, total
from web.dashboard.words import length

UNSEEN = "nodata"


@dataclass(frozen=True, slots=True)
class Row:
    """A span that counts in one way all through.

    `mark` is a status or "nodata"; `counts_as` words; `said` what was said of it afterwards.
    """

    start: datetime
    end: datetime
    mark: str
    counts_as: str
    said: Said | None
    goes_on: bool

    @property
    def lasted(self) -> timedelta:
        return self.end - self.start

    @property
    def words(self) -> str:
        return "No data" if self.mark == UNSEEN else Status(self.mark).label

    @property
    def length(self) -> str:
        return length(self.lasted)

    @property
    def is_trouble(self) -> bool:
        """Whether it counts against the component, so that somebody may want to correct it."""
        return self.said is None and self.mark not in {
            UNSEEN,
            Status.OPERATIONAL,
            Status.MAINTENANCE,
        }


def rows_of(
    seen: Iterable[Seen], evidence: ComponentEvidence, weights: Weights, *, at: datetime
) -> list[Row]:
    """Newest first: each of `seen`, cut where a gap or a word said afterwards begins or ends."""
    rows = [row for one in seen for row in _rows(one, evidence, weights, at)]
    return sorted(rows, key=lambda row: row.start, reverse=True)


def share_with(
    evidence: ComponentEvidence,
    days: Iterable[tuple[datetime, datetime]],
    weights: Weights,
    *,
    words: Iterable[Word],
) -> Decimal | None:
    """The uptime of `days` if `words` were what was said of the past."""
    spans = [Span(Status(one.status), one.held, one.start, one.end) for one in evidence.seen]
    gaps = [Gap(one.start, one.end) for one in evidence.unseen]
    return ratio(total(fold_days(overlay(spans, words), gaps, days)), weights)


def words_of(said: Iterable[Said]) -> list[Word]:
    return [Word(Kind(one.kind), one.start, one.end) for one in said]


def _rows(one: Seen, evidence: ComponentEvidence, weights: Weights, at: datetime) -> Iterator[Row]:
    said = [each for each in evidence.said if _touch(each, one)]
    gaps = [] if one.held else [each for each in evidence.unseen if _touch(each, one)]
    both: list[Said | Unseen] = [*said, *gaps]
    cuts = [edge for each in both for edge in (each.start, each.end)]
    for start, end in pairwise(_edges(one, cuts)):
        word = next((each for each in reversed(said) if each.start <= start < each.end), None)
        hidden = any(gap.start <= start < gap.end for gap in gaps)
        mark = UNSEEN if hidden else one.status
        yield Row(
            start=start,
            end=end,
            mark=mark,
            counts_as=_counted(word, mark, weights),
            said=word,
            goes_on=end == at,
        )


def _edges(one: Seen, cuts: Iterable[datetime]) -> list[datetime]:
    return sorted({one.start, one.end, *(cut for cut in cuts if one.start < cut < one.end)})


def _touch(each: Said | Unseen, one: Seen) -> bool:
    return each.start < one.end and each.end > one.start


def _counted(word: Said | None, mark: str, weights: Weights) -> str:
    if word:
        return "Maintenance" if word.kind == Kind.MAINTENANCE else "Not observed"
    if mark == UNSEEN:
        return "Not observed"
    if mark == Status.MAINTENANCE:
        return "Maintenance"
    share = {
        Status.MAJOR: Decimal(1),
        Status.PARTIAL: weights.partial,
        Status.DEGRADED: weights.degraded,
    }.get(Status(mark), Decimal(0))
    if share in {0, 1}:
        return "Downtime" if share else "Uptime"
    return f"{(share * 100).normalize():f}% downtime"
