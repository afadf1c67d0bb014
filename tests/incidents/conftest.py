"""A page with two components that have a history to claim on."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.actor import Actor
from pages.actions import create_component
from pages.models import Component, Page

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
CREATED = NOW - timedelta(days=2)


@pytest.fixture
def at() -> datetime:
    return NOW


@pytest.fixture
def api(page: Page, operator: Actor) -> Component:
    return create_component(page=page, name="API", actor=operator, at=CREATED)


@pytest.fixture
def web(page: Page, operator: Actor) -> Component:
    return create_component(page=page, name="Web", actor=operator, at=CREATED)
