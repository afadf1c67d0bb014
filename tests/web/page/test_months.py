from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from web.page.months import Month, month_of, newest_first, read_month


def test_a_month_is_written_as_it_is_read() -> None:
    assert str(read_month("2026-02")) == "2026-02"
    assert read_month("2026-02").words == "February 2026"
    assert month_of(date(2026, 2, 28)) == Month(2026, 2)


@pytest.mark.parametrize(
    ("month", "before", "after"),
    [
        (Month(2026, 1), Month(2025, 12), Month(2026, 2)),
        (Month(2026, 12), Month(2026, 11), Month(2027, 1)),
        (Month(2026, 6), Month(2026, 5), Month(2026, 7)),
    ],
)
def test_months_follow_each_other_across_years(month: Month, before: Month, after: Month) -> None:
    assert (month.preceding, month.following) == (before, after)


def test_all_months_between_two_newest_first() -> None:
    assert list(newest_first(Month(2025, 11), Month(2026, 1))) == [
        Month(2026, 1),
        Month(2025, 12),
        Month(2025, 11),
    ]
    assert list(newest_first(Month(2026, 2), Month(2026, 1))) == []


def test_a_month_begins_and_ends_in_the_pages_zone() -> None:
    """October 2026 in Berlin ends after the clocks went back."""
    assert Month(2026, 10).bounds(ZoneInfo("Europe/Berlin")) == (
        datetime(2026, 9, 30, 22, tzinfo=UTC),
        datetime(2026, 10, 31, 23, tzinfo=UTC),
    )
