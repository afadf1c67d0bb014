"""Where a request came from, and how long it has to wait."""

import pytest
import time_machine
from django.test import RequestFactory
from limits import parse_many

from web.limits import seconds_to_wait, source_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "source"),
    [
        (0, None, "192.0.2.7"),
        (0, "203.0.113.5", "192.0.2.7"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (2, "198.51.100.1, 203.0.113.5, 10.0.0.1", "203.0.113.5"),
        (2, "203.0.113.5", "192.0.2.7"),
        (1, "not an address", "unknown"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ],
)
def test_only_trusted_proxies_are_believed(settings, proxies, forwarded, source):
    """Counted from the right: what stands further left, the client may have invented."""
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers=headers)
    assert source_of(request) == source


def test_each_source_and_purpose_is_counted_for_itself():
    limits = parse_many("2/minute")
    with time_machine.travel("2026-05-04T10:00:00Z", tick=False) as clock:
        assert [seconds_to_wait(limits, "x", "a") for _ in range(2)] == [0, 0]
        clock.shift(20)
        assert seconds_to_wait(limits, "x", "a") == 40
        assert seconds_to_wait(limits, "x", "b") == 0
        assert seconds_to_wait(limits, "y", "a") == 0
        clock.shift(41)
        assert seconds_to_wait(limits, "x", "a") == 0
