"""When nothing ran for two intervals, the time since the last result is grey."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from accounts.actor import Actor
from monitoring.actions import record_results, update_monitor
from monitoring.gaps import follow_gaps
from pages.models import Component, ObservationGap, Page
from tests.factories import ComponentFactory, MonitorFactory
from tests.monitoring.conftest import good, held

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
    MonitorFactory(links=[component], anchor_at=NOON)
    follow_gaps(at=NOON + 200 * SECOND)
    assert gap_of(component) == (NOON, None, "not_checked")


def test_components_without_an_enabled_monitor_have_no_gaps(component: Component):
    MonitorFactory(links=[component], enabled=False, anchor_at=NOON)
    assert follow_gaps(at=NOON + timedelta(days=1)) == 0


def test_a_monitor_switched_on_again_is_waited_for_from_then_on(
    component: Component, operator: Actor
):
    monitor = MonitorFactory(project=component.page.project, links=[component], interval_s=60)
    record_results([good(monitor.pk, NOON)], at=NOON)
    update_monitor(monitor=monitor, enabled=False, actor=operator, at=NOON + SECOND)
    on = NOON + timedelta(hours=20)
    update_monitor(monitor=monitor, enabled=True, actor=operator, at=on)
    assert follow_gaps(at=on + SECOND) == 0
    follow_gaps(at=on + 121 * SECOND)
    assert gap_of(component) == (on, None, "not_checked")


def test_results_from_before_a_clock_was_set_back_hide_no_gap(component: Component):
    monitor = MonitorFactory(links=[component], interval_s=60)
    record_results([good(monitor.pk, NOON)], at=NOON)
    earlier = NOON - timedelta(hours=1)
    assert follow_gaps(at=NOON - 60 * SECOND) == 0
    follow_gaps(at=earlier)
    assert gap_of(component) == (earlier, None, "not_checked")


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_held_delays_the_gap_of_no_other(component: Component):
    elsewhere = ComponentFactory(created_at=NOON)
    MonitorFactory(links=[component, elsewhere], anchor_at=NOON)
    began = time.monotonic()
    with held("SELECT FROM pages_page WHERE id = %s FOR UPDATE", component.page_id):
        assert follow_gaps(at=NOON + 200 * SECOND) == 1
    assert time.monotonic() - began < 2
    assert follow_gaps(at=NOON + 210 * SECOND) == 1
    assert gap_of(component) == gap_of(elsewhere) == (NOON, None, "not_checked")
