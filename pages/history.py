"""The fold of claims into intervals. Pure: no query, no clock, no settings."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from pages.status import Claim, Status, effective


class DatedClaim(Claim, Protocol):
    """A claim over the half-open span from `since` to `ended_at` or its pin's end."""

    @property
    def since(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Span:
    """One effective status from `start` until `end`, open while `end` is None."""

    status: Status
    held: bool
    start: datetime
    end: datetime | None = None

    def continues(self, other: "Span") -> bool:
        """Whether `other` says the same right up to where this begins."""
        return (self.status, self.held, self.start) == (other.status, other.held, other.end)


def fold(claims: Iterable[DatedClaim], start: datetime) -> list[Span]:
    """The effective statuses from `start` on: adjacent, each unlike its neighbours.

    Needs every claim that says something at or after `start`. Depends on no clock: the end
    of a pin is an edge like any other, also when it lies ahead.
    """
    spoken = [(claim, _end(claim)) for claim in claims]
    spoken = [
        (claim, end) for claim, end in spoken if end is None or (end > start and end > claim.since)
    ]
    edges = {start}
    edges |= {claim.since for claim, _ in spoken if claim.since > start}
    edges |= {end for _, end in spoken if end is not None}
    return _merge(_spans(spoken, sorted(edges)))


def join(head: Span, tail: list[Span]) -> list[Span]:
    """`tail` with `head`, which ends where it begins, before it or melted into its first."""
    if tail[0].continues(head):
        return [replace(tail[0], start=head.start), *tail[1:]]
    return [head, *tail]


def _spans(
    spoken: list[tuple[DatedClaim, datetime | None]], edges: list[datetime]
) -> Iterable[Span]:
    waiting = sorted(spoken, key=lambda item: item[0].since, reverse=True)
    live: list[tuple[DatedClaim, datetime | None]] = []
    ends: list[datetime | None] = [*edges[1:], None]
    for edge, end in zip(edges, ends, strict=True):
        live = [item for item in live if item[1] is None or item[1] > edge]
        while waiting and waiting[-1][0].since <= edge:
            live.append(waiting.pop())
        status, held = effective([claim for claim, _ in live], edge)
        yield Span(status, held, edge, end)


def _merge(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if merged and span.continues(merged[-1]):
            merged[-1] = replace(merged[-1], end=span.end)
        else:
            merged.append(span)
    return merged


def _end(claim: DatedClaim) -> datetime | None:
    """Where the claim stops counting: its end or its pin's, whichever comes first."""
    ends = [claim.ended_at, claim.pin_expires_at if claim.pinned else None]
    return min((end for end in ends if end is not None), default=None)
