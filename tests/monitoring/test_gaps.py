"""When nothing ran for two intervals, the time since the last result is grey."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.actions import record_results
from monitoring.gaps import follow_gaps
from pages.models import Component, ObservationGap, Page
from tests.factories import ComponentFactory, MonitorFactory
from tests.monitoring.conftest import good

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def component(page: Page) -> Component:
    return ComponentFactory(page=page, created_at=NOON - timedelta(days=1))


def gap_of(component: Component) -> tuple[datetime, datetime | None, str]:
    gap = ObservationGap.objects.get(component=component)
    return gap.since, gap.until, gap.reason


def test_silence_for_two_intervals_opens_a_gap_from_the_last_result(component: Component):
    monitor = MonitorFactory(links=[component], interval_s=60)
    record_results([good(monitor.pk, NOON)], at=NOON)
    assert follow_gaps(at=NOON + 120 * SECOND) == 0
    assert follow_gaps(at=NOON + 121 * SECOND) == 1
    assert follow_gaps(at=NOON + 131 * SECOND) == 0
    assert gap_of(component) == (NOON, None, "not_checked")


def test_the_next_result_closes_it(component: Component):
    monitor = MonitorFactory(links=[component], interval_s=60)
    record_results([good(monitor.pk, NOON)], at=NOON)
    later = NOON + timedelta(hours=3)
    follow_gaps(at=later)
    record_results([good(monitor.pk, later)], at=later)
    assert gap_of(component) == (NOON, later, "not_checked")


def test_a_component_of_which_one_monitor_speaks_is_observed(component: Component):
    MonitorFactory(links=[component], last_result_at=NOON)
    MonitorFactory(links=[component], last_result_at=NOON + 300 * SECOND)
    assert follow_gaps(at=NOON + 310 * SECOND) == 0


def test_a_monitor_that_never_ran_is_silent_since_it_was_made(component: Component):
    MonitorFactory(links=[component], created_at=NOON)
    follow_gaps(at=NOON + 200 * SECOND)
    assert gap_of(component) == (NOON, None, "not_checked")


def test_components_without_an_enabled_monitor_have_no_gaps(component: Component):
    MonitorFactory(links=[component], enabled=False, created_at=NOON)
    assert follow_gaps(at=NOON + timedelta(days=1)) == 0
