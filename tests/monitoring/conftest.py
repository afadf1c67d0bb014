"""What the tests of monitoring share: a real target and results without a network."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest
from pytest_django import Settings

from monitoring.outcome import Reason, Result
from tests.faults.http_target import HttpTarget


@pytest.fixture
def lab(settings: Settings) -> Settings:
    """Monitors may reach this machine."""
    settings.MONITOR_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    return settings


@pytest.fixture
def target(lab: Settings) -> Iterator[HttpTarget]:
    with HttpTarget() as target:
        yield target


def good(monitor_id: UUID, at: datetime) -> Result:
    return Result(monitor_id, at, status_code=200, response_ms=12)


def bad(monitor_id: UUID, at: datetime, reason: Reason = Reason.TIMEOUT) -> Result:
    return Result(monitor_id, at, reason)
