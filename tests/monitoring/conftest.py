"""What the tests of monitoring share: a real target and results without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection
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


@contextmanager
def held(statement: str, *values: object) -> Iterator[None]:
    """Somebody else's transaction, which has run `statement` and goes on for as long as this."""
    somebody = connection.copy()
    try:
        somebody.set_autocommit(False)
        with somebody.cursor() as cursor:
            cursor.execute(statement, values)
        yield
    finally:
        somebody.close()
