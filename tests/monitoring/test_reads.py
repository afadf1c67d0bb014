"""What pages and the dashboard learn of monitors."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Project
from monitoring.reads import RECENT, last_verified_at, monitor_rows
from monitoring.results import store
from pages.models import Component
from tests.factories import ComponentFactory, MonitorFactory
from tests.monitoring.conftest import bad, good

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


def test_rows_show_each_monitor_with_its_newest_results_first(
    project: Project, component: Component, django_assert_num_queries: DjangoAssertNumQueries
):
    second = MonitorFactory(project=project, name="B", links=[component])
    first = MonitorFactory(project=project, name="A", links=[component, ComponentFactory(name="Z")])
    MonitorFactory(name="foreign")
    store([good(first.pk, NOON + minute * MINUTE) for minute in range(RECENT + 5)])
    store([bad(second.pk, NOON)])
    with django_assert_num_queries(3):
        rows = monitor_rows(project)
    assert [row.monitor for row in rows] == [first, second]
    assert rows[0].components == ("Website", "Z")
    assert [result.checked_at for result in rows[0].recent][:2] == [
        NOON + (RECENT + 4) * MINUTE,
        NOON + (RECENT + 3) * MINUTE,
    ]
    assert len(rows[0].recent) == RECENT
    assert rows[1].recent == (bad(second.pk, NOON),)
