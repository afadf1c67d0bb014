"""The fold of claims into spans."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pages.history import Span, fold, join
from pages.status import Status, effective

T0 = datetime(2026, 3, 1, tzinfo=UTC)


def minute(number: int) -> datetime:
    return T0 + timedelta(minutes=number)


@dataclass(frozen=True)
class Said:
    source: str
    status: Status
    since: datetime
    ended_at: datetime | None = None
    pinned: bool = False
    pin_expires_at: datetime | None = None


def test_nothing_claimed_is_one_open_operational_span() -> None:
    assert fold([], T0) == [Span(Status.OPERATIONAL, held=False, start=T0)]


def test_overlapping_claims_fall_back_to_what_still_stands() -> None:
    spans = fold(
        [
            Said("incident:1", Status.DEGRADED, minute(1), minute(9)),
            Said("incident:2", Status.MAJOR, minute(3), minute(5)),
        ],
        T0,
    )
    assert [(span.status, span.start) for span in spans] == [
        (Status.OPERATIONAL, T0),
        (Status.DEGRADED, minute(1)),
        (Status.MAJOR, minute(3)),
        (Status.DEGRADED, minute(5)),
        (Status.OPERATIONAL, minute(9)),
    ]


def test_a_pin_that_expires_ahead_is_an_edge_already() -> None:
    pin = Said("manual", Status.MAJOR, T0, None, pinned=True, pin_expires_at=minute(5))
    assert fold([pin], T0) == [
        Span(Status.MAJOR, held=True, start=T0, end=minute(5)),
        Span(Status.OPERATIONAL, held=False, start=minute(5)),
    ]


def test_a_claim_replaced_at_its_first_instant_counts_nowhere() -> None:
    replaced = Said("checks", Status.MAJOR, minute(1), minute(1))
    assert fold([replaced], T0) == fold([], T0)


def test_the_same_status_from_another_source_does_not_split() -> None:
    spans = fold(
        [
            Said("incident:1", Status.MAJOR, minute(1), minute(3)),
            Said("incident:2", Status.MAJOR, minute(3), None),
        ],
        T0,
    )
    assert [span.start for span in spans] == [T0, minute(1)]


def test_joins_what_says_the_same_on_both_sides() -> None:
    head = Span(Status.MAJOR, held=False, start=T0, end=minute(1))
    tail = [Span(Status.MAJOR, held=False, start=minute(1))]
    assert join(head, tail) == [Span(Status.MAJOR, held=False, start=T0)]
    held = [Span(Status.MAJOR, held=True, start=minute(1))]
    assert join(head, held) == [head, *held]


SAID = st.builds(
    lambda source, status, since, lasts, expires: Said(
        source,
        status,
        minute(since),
        None if lasts is None else minute(since + lasts),
        pinned=source == "manual" and expires is not None,
        pin_expires_at=None if expires is None else minute(since + expires),
    ),
    st.sampled_from(["manual", "checks", "incident:1", "maintenance:1"]),
    st.sampled_from(Status),
    st.integers(-10, 20),
    st.none() | st.integers(0, 20),
    st.none() | st.integers(0, 20),
)


@settings(deadline=None)
@given(st.lists(SAID, max_size=8))
def test_every_minute_is_what_the_claims_of_that_minute_say(claims: list[Said]) -> None:
    spans = fold(claims, T0)
    assert spans[0].start == T0
    assert [span.end for span in spans[:-1]] == [span.start for span in spans[1:]]
    assert spans[-1].end is None
    for earlier, later in pairwise(spans):
        assert earlier.start < later.start
        assert not later.continues(earlier)
    for number in range(60):
        moment = minute(number)
        live = [
            claim
            for claim in claims
            if claim.since <= moment and (claim.ended_at is None or moment < claim.ended_at)
        ]
        span = next(span for span in reversed(spans) if span.start <= moment)
        assert (span.status, span.held) == effective(live, moment)
