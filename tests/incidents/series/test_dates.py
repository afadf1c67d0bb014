"""When rules take place: like dateutil, but bounded."""

import time
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.series import check_duration, checked_rule, occurrences, planned
from incidents.series.dates import AHEAD, HORIZON
from incidents.walltime import parse_local
from pages.actions import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = parse_local("2026-11-29T02:00")
SUNDAYS = "FREQ=WEEKLY;BYDAY=SU"


def test_occurrences_keep_their_wall_time():
    starts = occurrences(SUNDAYS, FIRST, after=FIRST, until=FIRST + HORIZON, limit=30)
    assert len(starts) == 30
    assert {(start.weekday(), start.hour, start.minute) for start in starts} == {(6, 2, 0)}
    assert starts[0] == FIRST


def test_exceptions_do_not_take_place():
    starts = occurrences(
        SUNDAYS, FIRST, ["2026-12-06T02:00"], after=FIRST, until=FIRST + AHEAD, limit=2
    )
    assert starts == [FIRST, parse_local("2026-12-13T02:00")]


def test_a_first_start_that_does_not_fit_is_no_occurrence():
    wednesday = parse_local("2026-11-25T02:00")
    starts = occurrences(SUNDAYS, wednesday, after=wednesday, until=FIRST + AHEAD, limit=1)
    assert starts == [FIRST]


def test_the_rule_ends_where_it_says():
    rule = checked_rule("FREQ=DAILY;UNTIL=20261201", BERLIN)
    starts = occurrences(rule, FIRST, after=FIRST, until=FIRST + AHEAD, limit=100)
    assert starts[-1] == parse_local("2026-12-01T02:00")
    counted = occurrences("FREQ=DAILY;COUNT=2", FIRST, after=FIRST, until=FIRST + AHEAD, limit=100)
    assert len(counted) == 2


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        (SUNDAYS, 9),
        ("FREQ=DAILY", 60),
        ("FREQ=MONTHLY", 3),
        ("FREQ=YEARLY;INTERVAL=3", 3),
        ("FREQ=DAILY;COUNT=2", 2),
    ],
)
def test_sixty_days_stand_ready_and_at_least_three(rule, number):
    assert len(planned(rule, FIRST, now=FIRST)) == number


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=YEARLY;INTERVAL=1000;COUNT=10000",
        "FREQ=DAILY;INTERVAL=1000;COUNT=10000",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366",
    ],
)
def test_hostile_rules_cost_little(rule):
    began = time.process_time()
    planned(checked_rule(rule, BERLIN), parse_local("2000-01-01T00:00"), now=FIRST)
    assert time.process_time() - began < 2


def test_a_rule_that_never_comes_true_is_refused():
    with pytest.raises(Invalid, match="does not take place") as refusal:
        check_duration("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", FIRST, 60, BERLIN)
    assert refusal.value.field == "rule"


@pytest.mark.parametrize(
    ("rule", "minutes"),
    [
        ("FREQ=DAILY", 24 * 60),
        # The night in which clocks go forward is an hour shorter.
        ("FREQ=DAILY", 23 * 60),
        ("FREQ=MONTHLY;BYMONTHDAY=1,2", 24 * 60),
        ("FREQ=YEARLY", 7 * 24 * 60 + 1),
        ("FREQ=YEARLY", 0),
    ],
)
def test_an_occurrence_is_over_before_the_next(rule, minutes):
    first = parse_local("2026-03-01T02:00")
    with pytest.raises(Invalid) as refusal:
        check_duration(rule, first, minutes, BERLIN)
    assert refusal.value.field == "minutes"


def test_a_duration_that_fits_is_taken():
    check_duration("FREQ=DAILY", FIRST, 23 * 60 - 1, BERLIN)
    check_duration("FREQ=YEARLY", FIRST, 7 * 24 * 60, BERLIN)


weekdays = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), max_size=4)
rules = st.builds(
    lambda freq, interval, days, dates, months: ";".join(
        [
            f"FREQ={freq};INTERVAL={interval}",
            *([f"BYDAY={','.join(days)}"] if days else []),
            *([f"BYMONTHDAY={','.join(map(str, dates))}"] if dates else []),
            *([f"BYMONTH={','.join(map(str, months))}"] if months else []),
        ]
    ),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 14),
    weekdays,
    st.lists(st.integers(1, 28), max_size=2),
    st.lists(st.integers(1, 12), max_size=2),
)
firsts = st.datetimes(parse_local("2020-01-01T00:00"), parse_local("2035-01-01T00:00")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@settings(deadline=None, max_examples=60)
@given(rules, firsts)
def test_the_search_in_another_cycle_finds_what_dateutil_finds(rule, first):
    until = first + timedelta(days=1000)
    ours = occurrences(rule, first, after=first, until=until, limit=1000)
    sentinel = rrulestr("FREQ=DAILY", dtstart=until)[0]
    theirs = []
    for start in rrulestr(rule, dtstart=first):
        if start >= sentinel:
            break
        theirs.append(start)
    assert ours == theirs
    assert all(later > sooner for sooner, later in pairwise(ours))
