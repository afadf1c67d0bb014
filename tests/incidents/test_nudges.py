"""When operators are reminded: the intervals of Statuspage, in hours or minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.nudges import MOST_REPEATS, nudge_times, valid_intervals
from pages.actions import Invalid

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("value", "unit", "kept"),
    [
        ([3, 6, 12, 24], "hours", [3, 6, 12, 24]),
        ([24, 3, 3], "hours", [3, 24]),
        ([1440, 1], "minutes", [1, 1440]),
        ([], "hours", []),
        (4, "hours", 4),
        (1440, "minutes", 1440),
        (list(range(1, 11)), "hours", list(range(1, 11))),
    ],
)
def test_what_can_be_asked_for(value, unit, kept):
    assert valid_intervals(value, unit) == kept


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ([0], "hours"),
        ([25], "hours"),
        ([-1], "hours"),
        ([1441], "minutes"),
        (0, "hours"),
        (25, "hours"),
        (True, "hours"),
        ([True], "hours"),
        (1.5, "hours"),
        (["3"], "hours"),
        ("3", "hours"),
        (None, "hours"),
        ({"3": 6}, "hours"),
        ([[3]], "hours"),
        ([10**30], "minutes"),
        (list(range(1, 12)), "hours"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_name(value, unit):
    with pytest.raises(Invalid) as caught:
        valid_intervals(value, unit)
    assert caught.value.field == "reminder_intervals"


@pytest.mark.parametrize("unit", ["", "days", "HOURS"])
def test_units_are_hours_or_minutes(unit):
    with pytest.raises(Invalid) as caught:
        valid_intervals([3], unit)
    assert caught.value.field == "reminder_unit"


def test_a_list_counts_from_the_last_word():
    assert nudge_times([3, 6], "hours", AT) == [AT + 3 * HOUR, AT + 6 * HOUR]
    assert nudge_times([15], "minutes", AT) == [AT + 15 * MINUTE]
    assert nudge_times([], "hours", AT) == []


def test_a_number_repeats_and_ends_somewhere():
    times = nudge_times(2, "hours", AT)
    assert times[:3] == [AT + 2 * HOUR, AT + 4 * HOUR, AT + 6 * HOUR]
    assert len(times) == MOST_REPEATS
