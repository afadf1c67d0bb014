from datetime import date

import pytest

from web.page.words import day, day_range, duration, full_day, long_day, long_duration


@pytest.mark.parametrize(
    ("seconds", "short", "long"),
    [
        (0, "under 1 min", "less than a minute"),
        (59, "under 1 min", "less than a minute"),
        (60, "1 min", "1 minute"),
        (41 * 60 + 59, "41 min", "41 minutes"),
        (67 * 60, "1 h 7 min", "1 hour 7 minutes"),
        (7200, "2 h", "2 hours"),
        (86400 + 60, "1 d", "1 day"),
        (2 * 86400 + 3 * 3600 + 59, "2 d 3 h", "2 days 3 hours"),
    ],
)
def test_durations_are_two_units_cut(seconds: int, short: str, long: str) -> None:
    assert duration(seconds) == short
    assert long_duration(seconds) == long


def test_days() -> None:
    moment = date(2025, 11, 4)

    assert day(moment) == "Tue 4 Nov"
    assert full_day(moment) == "Tue 4 Nov 2025"
    assert long_day(moment) == "4 November"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2025, 11, 14), date(2025, 11, 14), "Fri 14 Nov"),
        (date(2025, 11, 15), date(2025, 11, 20), "15\u201320 Nov"),
        (date(2025, 10, 28), date(2025, 11, 2), "28 Oct\u20132 Nov"),
        (date(2024, 12, 28), date(2025, 12, 28), "28 Dec\u201328 Dec"),
    ],
)
def test_ranges_have_an_en_dash(first: date, last: date, words: str) -> None:
    assert day_range(first, last) == words
