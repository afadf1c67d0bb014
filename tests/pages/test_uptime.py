"""Seconds of a day, the uptime they make, and how it is written."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.history import Span
from pages.status import Status
from pages.uptime import (
    DayClass,
    DayTotals,
    Gap,
    Weights,
    day_bounds,
    day_class,
    fold_day,
    fold_days,
    percent,
    ratio,
    total,
)

DAY = date(2026, 3, 10)
START, END = day_bounds(DAY, ZoneInfo("UTC"))
WEIGHTS = Weights()
HOUR = 3600


def hour(number: float) -> datetime:
    return START + timedelta(hours=number)


def up(start: datetime, end: datetime | None = None) -> Span:
    return Span(Status.OPERATIONAL, held=False, start=start, end=end)


def down(
    start: datetime, end: datetime | None, *, held: bool = False, status: Status = Status.MAJOR
) -> Span:
    return Span(status, held, start, end)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("UTC", date(2026, 3, 8), 24),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Asia/Kathmandu", date(2026, 3, 8), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Africa/Cairo", date(2026, 4, 24), 23),
        ("Africa/Cairo", date(2026, 10, 29), 25),
        ("America/Havana", date(2026, 11, 1), 25),
        ("Pacific/Apia", date(2011, 12, 29), 24),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Pacific/Apia", date(2011, 12, 31), 24),
    ],
)
def test_days_are_as_long_as_they_are_there(zone, day, hours) -> None:
    start, end = day_bounds(day, ZoneInfo(zone))
    assert end - start == timedelta(hours=hours)
    assert end == day_bounds(day + timedelta(days=1), ZoneInfo(zone))[0]
    if hours:
        assert start.astimezone(ZoneInfo(zone)).date() == day
        last = end - timedelta(microseconds=1)
        assert last.astimezone(ZoneInfo(zone)).date() == day


def test_kathmandu_begins_its_day_at_a_quarter_past() -> None:
    start, _ = day_bounds(DAY, ZoneInfo("Asia/Kathmandu"))
    assert start == datetime(2026, 3, 9, 18, 15, tzinfo=UTC)


def test_time_before_the_first_interval_is_unobserved() -> None:
    assert fold_day([up(hour(6))], [], START, END) == DayTotals(18 * HOUR, unobserved=6 * HOUR)
    assert fold_day([], [], START, END) == DayTotals(unobserved=24 * HOUR)


def test_a_gap_hides_checks_but_not_what_is_held() -> None:
    gaps = [Gap(hour(2), hour(8))]
    spans = [up(START, hour(4)), down(hour(4), hour(6)), down(hour(6), hour(7), held=True)]
    spans.append(up(hour(7)))
    assert fold_day(spans, gaps, START, END) == DayTotals(18 * HOUR, 0, 0, HOUR, 0, 5 * HOUR)


def test_an_open_gap_reaches_to_the_end() -> None:
    assert fold_day([up(START)], [Gap(hour(20), None)], START, END).unobserved == 4 * HOUR


def test_no_outage_is_too_short_to_be_seen() -> None:
    blink = START + timedelta(microseconds=1)
    spans = [down(START, blink), up(blink)]
    assert fold_day(spans, [], START, END) == DayTotals(24 * HOUR - 1, major=1)


def test_nothing_else_is_rounded_into_operational() -> None:
    half = START + timedelta(hours=12, milliseconds=500)
    spans = [down(START, half), down(half, None, status=Status.DEGRADED)]
    assert fold_day(spans, [], START, END) == DayTotals(0, 12 * HOUR - 1, 0, 12 * HOUR + 1)


def test_uptime_weighs_states_and_leaves_out_maintenance_and_the_unobserved() -> None:
    day = DayTotals(
        operational=70, degraded=10, partial=10, major=10, maintenance=500, unobserved=500
    )
    assert ratio(day, WEIGHTS) == Decimal("0.87")
    assert ratio(day, Weights(Decimal("0.5"), Decimal("0.1"))) == Decimal("0.84")
    assert ratio(DayTotals(maintenance=50, unobserved=50), WEIGHTS) is None
    assert ratio(DayTotals(), WEIGHTS) is None


@pytest.mark.parametrize(
    ("share", "places", "text"),
    [
        ("1", 2, "100%"),
        ("0.99999999", 2, "99.99%"),
        ("0.99999999", 0, "99%"),
        ("0.9981999", 2, "99.81%"),
        ("0.991", 2, "99.10%"),
        ("0.9999999", 3, "99.999%"),
        ("0", 2, "0.00%"),
    ],
)
def test_percentages_are_cut(share, places, text) -> None:
    assert percent(Decimal(share), places) == text


@pytest.mark.parametrize(
    ("spans", "gaps", "uptime", "colour"),
    [
        (
            [down(START, hour(41 / 60), status=Status.PARTIAL), up(hour(41 / 60))],
            [],
            "99.14%",
            DayClass.ORANGE,
        ),
        (
            [
                down(START, hour(2), status=Status.MAINTENANCE, held=True),
                down(hour(2), hour(3)),
                up(hour(3)),
            ],
            [],
            "95.45%",
            DayClass.RED,
        ),
        ([up(hour(18))], [], "100%", DayClass.GREEN),
        (
            [up(START, hour(6)), down(hour(6), hour(7), held=True), up(hour(7))],
            [Gap(hour(2), hour(8))],
            "94.73%",
            DayClass.RED,
        ),
    ],
)
def test_the_worked_examples_of_the_docs(spans, gaps, uptime, colour) -> None:
    totals = fold_day(spans, gaps, START, END)
    share = ratio(totals, WEIGHTS)
    assert share is not None
    assert (percent(share), day_class(totals, WEIGHTS)) == (uptime, colour)


@pytest.mark.parametrize(
    ("totals", "colour"),
    [
        (DayTotals(operational=100), DayClass.GREEN),
        (DayTotals(operational=50, maintenance=50), DayClass.GREEN),
        (DayTotals(operational=1, unobserved=99), DayClass.GREEN),
        (DayTotals(operational=99, degraded=1), DayClass.YELLOW),
        (DayTotals(operational=999, degraded=1, partial=1), DayClass.ORANGE),
        (DayTotals(operational=80, partial=20), DayClass.RED),
        (DayTotals(operational=99_999, major=1), DayClass.RED),
        (DayTotals(maintenance=100), DayClass.BLUE),
        (DayTotals(maintenance=1, unobserved=99), DayClass.BLUE),
        (DayTotals(unobserved=100), DayClass.GREY),
        (DayTotals(), DayClass.GREY),
    ],
)
def test_colours_of_days(totals, colour) -> None:
    assert day_class(totals, WEIGHTS) is colour


def test_a_partial_outage_without_weight_is_still_not_green() -> None:
    free = Weights(Decimal(0), Decimal(0))
    assert day_class(DayTotals(operational=99, partial=1), free) is DayClass.YELLOW


ZONES = ["UTC", "Asia/Kathmandu", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"]


@st.composite
def histories(draw: st.DrawFn) -> tuple[date, ZoneInfo, list[Span], list[Gap]]:
    """A stretch of days with intervals and gaps whose edges are whole minutes."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    day = draw(st.sampled_from([date(2026, 3, 7), date(2026, 10, 31), date(2011, 12, 29)]))
    start, _ = day_bounds(day, zone)
    minutes = st.integers(-600, 5000)
    edges = sorted(draw(st.sets(minutes, min_size=1, max_size=10)))
    moments = [start + timedelta(minutes=edge) for edge in edges]
    spans = [
        Span(draw(st.sampled_from(Status)), draw(st.booleans()), begun, ended)
        for begun, ended in zip(moments, [*moments[1:], None], strict=True)
    ]
    cuts = sorted(draw(st.sets(minutes, max_size=6)))
    marks = [start + timedelta(minutes=cut) for cut in cuts]
    gaps = [Gap(*pair) for pair in zip(marks[::2], [*marks[1::2], None], strict=False)]
    return day, zone, spans, gaps


def by_the_minute(
    spans: list[Span], gaps: list[Gap], start: datetime, end: datetime
) -> dict[str, int]:
    seconds: dict[str, int] = {}
    moment = start
    while moment < end:
        span = next((span for span in reversed(spans) if span.start <= moment), None)
        hidden = any(gap.start <= moment and (gap.end is None or moment < gap.end) for gap in gaps)
        unseen = span is None or (hidden and not span.held)
        state = "unobserved" if unseen else span.status.name.lower()
        seconds[state] = seconds.get(state, 0) + 60
        moment += timedelta(minutes=1)
    return seconds


@settings(deadline=None, max_examples=60)
@given(histories())
def test_days_are_what_their_minutes_say(history) -> None:
    day, zone, spans, gaps = history
    bounds = [day_bounds(day + timedelta(days=number), zone) for number in range(3)]
    folded = list(fold_days(spans, gaps, bounds))
    for (start, end), totals in zip(bounds, folded, strict=True):
        assert totals == DayTotals(**by_the_minute(spans, gaps, start, end))
        assert sum(totals) == (end - start).total_seconds()
        assert totals == fold_day(spans, gaps, start, end)
    assert sum(total(folded)) == (bounds[-1][1] - bounds[0][0]).total_seconds()


@settings(deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 4))
def test_a_hundred_percent_means_no_downtime_at_all(good, partial, major, places) -> None:
    share = ratio(DayTotals(operational=good, partial=partial, major=major), WEIGHTS)
    if share is not None:
        assert (percent(share, places) == "100%") == (partial == major == 0)
        assert Decimal(percent(share, places).rstrip("%")) / 100 <= share
