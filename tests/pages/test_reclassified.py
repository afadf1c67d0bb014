"""What operators say of a past span, laid over what was seen: the rule alone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pages.history import Span
from pages.reclassified import Kind, Word, overlay
from pages.status import Status
from pages.uptime import DayTotals, Gap, fold_day

T0 = datetime(2026, 3, 10, tzinfo=UTC)
END = T0 + timedelta(hours=24)
HOUR = 3600
FAULT, MAINTENANCE = Kind.CHECKER_FAULT, Kind.MAINTENANCE


def hour(number: float) -> datetime:
    return T0 + timedelta(hours=number)


def word(kind: Kind, first: float, last: float) -> Word:
    return Word(kind, hour(first), hour(last))


UP = Span(Status.OPERATIONAL, False, hour(0), hour(6))
DOWN = Span(Status.MAJOR, False, hour(6), hour(8))
AFTER = Span(Status.OPERATIONAL, False, hour(8), None)
SEEN = [UP, DOWN, AFTER]


def totals(*words: Word, gaps: tuple[Gap, ...] = ()) -> DayTotals:
    return fold_day(overlay(SEEN, words), gaps, T0, END)


def test_without_words_all_stays() -> None:
    assert overlay(SEEN, []) == SEEN


def test_a_maintenance_stands_in_place_of_what_was_seen() -> None:
    assert totals(word(MAINTENANCE, 6, 8)) == DayTotals(22 * HOUR, maintenance=2 * HOUR)


def test_what_a_broken_checker_saw_is_not_observed() -> None:
    assert totals(word(FAULT, 6, 8)) == DayTotals(22 * HOUR, unobserved=2 * HOUR)


def test_it_cuts_where_it_begins_and_ends() -> None:
    assert overlay(SEEN, [word(MAINTENANCE, 5, 7)]) == [
        Span(Status.OPERATIONAL, False, hour(0), hour(5)),
        Span(Status.MAINTENANCE, True, hour(5), hour(7)),
        Span(Status.MAJOR, False, hour(7), hour(8)),
        AFTER,
    ]


def test_it_can_lie_within_one_span_that_is_still_open() -> None:
    assert overlay(SEEN, [word(FAULT, 10, 11)]) == [
        UP,
        DOWN,
        Span(Status.OPERATIONAL, False, hour(8), hour(10)),
        Span(Status.OPERATIONAL, False, hour(11), None),
    ]


def test_a_broken_checker_also_takes_back_what_was_held() -> None:
    held = [Span(Status.MAJOR, True, hour(0), None)]
    assert overlay(held, [word(FAULT, 0, 24)]) == [Span(Status.MAJOR, True, hour(24), None)]


def test_no_gap_hides_a_maintenance() -> None:
    gap = Gap(hour(5), hour(9))
    assert totals(word(MAINTENANCE, 6, 8), gaps=(gap,)) == DayTotals(
        20 * HOUR, maintenance=2 * HOUR, unobserved=2 * HOUR
    )


def test_the_last_word_wins_where_several_overlap() -> None:
    assert totals(word(FAULT, 6, 8), word(MAINTENANCE, 7, 9)) == DayTotals(
        21 * HOUR, maintenance=2 * HOUR, unobserved=1 * HOUR
    )
    assert totals(word(MAINTENANCE, 7, 9), word(FAULT, 6, 8)) == DayTotals(
        21 * HOUR, maintenance=1 * HOUR, unobserved=2 * HOUR
    )


INSTANTS = st.integers(0, 47).map(lambda half: hour(half / 2))
WORDS = st.lists(
    st.tuples(st.sampled_from(Kind), INSTANTS, INSTANTS)
    .filter(lambda item: item[1] < item[2])
    .map(lambda item: Word(*item)),
    max_size=6,
)
EDGES = st.lists(INSTANTS, unique=True, min_size=1, max_size=8).map(sorted)


@given(
    edges=EDGES,
    statuses=st.lists(st.sampled_from(Status), min_size=8, max_size=8),
    words=WORDS,
)
def test_every_instant_counts_as_its_last_word_or_else_as_seen(edges, statuses, words) -> None:
    ends = [*edges[1:], None]
    seen = [
        Span(status, False, start, end)
        for status, start, end in zip(statuses, edges, ends, strict=False)
    ]

    def at(spans: list[Span], moment: datetime) -> Status | None:
        return next(
            (s.status for s in spans if s.start <= moment and (s.end is None or moment < s.end)),
            None,
        )

    laid = overlay(seen, words)

    for earlier, later in pairwise(laid):
        assert earlier.end is not None
        assert earlier.end <= later.start
    for quarter in range(96):
        moment = hour(quarter / 4)
        said = [each.kind for each in words if each.start <= moment < each.end]
        expected = at(seen, moment)
        if said:
            expected = Status.MAINTENANCE if said[-1] is MAINTENANCE else None
        assert at(laid, moment) == expected
