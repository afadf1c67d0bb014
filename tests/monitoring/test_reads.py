"""What pages and the dashboard learn of monitors."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.reads import last_verified_at
from pages.models import Component
from tests.factories import MonitorFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_component_was_verified_when_its_slowest_monitor_was(component: Component):
    MonitorFactory(links=[component], verified_at=NOON)
    MonitorFactory(links=[component], verified_at=NOON - MINUTE)
    MonitorFactory(links=[component], verified_at=None, enabled=False)
    assert last_verified_at([component.pk]) == {component.pk: NOON - MINUTE}


def test_a_component_with_a_monitor_that_never_answered_is_not_verified(component: Component):
    MonitorFactory(links=[component], verified_at=NOON)
    MonitorFactory(links=[component], verified_at=None)
    assert last_verified_at([component.pk]) == {component.pk: None}


def test_a_component_without_monitors_is_left_out(component: Component):
    assert last_verified_at([component.pk]) == {}
