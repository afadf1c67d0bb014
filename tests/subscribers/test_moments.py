"""Times as mails write them."""

from datetime import UTC, datetime, timedelta

import pytest

from subscribers.channels import moments

EN_DASH = "\N{EN DASH}"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "zone", "shown"),
    [
        (
            "2026-11-29 01:00",
            "2026-11-29 03:00",
            "Europe/Berlin",
            "Sun 29 Nov 2026, 02:00-04:00 (Berlin), 01:00-03:00 UTC",
        ),
        ("2026-11-29 01:00", "2026-11-29 03:00", "UTC", "Sun 29 Nov 2026, 01:00-03:00 UTC"),
        (
            "2026-11-29 22:00",
            "2026-11-30 00:30",
            "Europe/Berlin",
            "Sun 29 Nov 2026, 23:00 - Mon 30 Nov 2026, 01:30 (Berlin), Sun 22:00 - Mon 00:30 UTC",
        ),
        (
            "2026-11-29 23:00",
            "2026-11-30 00:30",
            "Europe/Berlin",
            "Mon 30 Nov 2026, 00:00-01:30 (Berlin), Sun 23:00 - Mon 00:30 UTC",
        ),
        (
            "2026-11-28 14:00",
            "2026-11-28 16:00",
            "Pacific/Auckland",
            "Sun 29 Nov 2026, 03:00-05:00 (Auckland), Sat 14:00-16:00 UTC",
        ),
        (
            "2026-11-28 22:00",
            "2026-11-29 01:00",
            "UTC",
            "Sat 28 Nov 2026, 22:00 - Sun 29 Nov 2026, 01:00 UTC",
        ),
        # The clocks go back: three hours of work between 02:00 and 04:00.
        (
            "2026-10-25 00:00",
            "2026-10-25 03:00",
            "Europe/Berlin",
            "Sun 25 Oct 2026, 02:00-04:00 (Berlin), 00:00-03:00 UTC",
        ),
        # UTC at the beginning, but not at the end.
        (
            "2026-03-29 00:30",
            "2026-03-29 02:00",
            "Europe/London",
            "Sun 29 Mar 2026, 00:30-03:00 (London), 00:30-02:00 UTC",
        ),
    ],
)
def test_a_span_is_in_the_pages_time_and_in_utc(
    starts_at: str, ends_at: str, zone: str, shown: str
):
    assert moments.span(at(starts_at), at(ends_at), zone) == shown.replace("-", EN_DASH)


@pytest.mark.parametrize(
    ("by", "zone", "shown"),
    [
        ("2026-11-29 14:00", "Europe/Berlin", "15:00 (Berlin), 14:00 UTC"),
        ("2026-11-29 14:00", "UTC", "14:00 UTC"),
        ("2026-11-30 14:00", "UTC", "Mon 30 Nov 2026, 14:00 UTC"),
        ("2026-11-29 23:30", "Europe/Berlin", "Mon 30 Nov 2026, 00:30 (Berlin), 23:30 UTC"),
        ("2026-11-29 14:00", "America/New_York", "09:00 (New York), 14:00 UTC"),
    ],
)
def test_a_deadline_names_the_day_only_when_it_is_another(by: str, zone: str, shown: str):
    told_at = at("2026-11-29 13:32")
    assert moments.deadline(at(by), told_at=told_at, zone=zone) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (3 * 3600, "in 3 hours"),
        (3 * 3600 - 25, "in 3 hours"),
        (3 * 3600 + 25, "in 3 hours"),
        (86_400, "in 1 day"),
        (90_000, "in 1 day 1 hour"),
        (60, "in 1 minute"),
        (20, "now"),
        (0, "now"),
        (-7200, "now"),
    ],
)
def test_how_far_ahead_something_is_in_words(seconds: int, shown: str):
    told_at = at("2026-11-29 13:32")
    assert moments.until(told_at + timedelta(seconds=seconds), told_at=told_at) == shown
