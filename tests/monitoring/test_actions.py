"""What operators do to monitors, and the monitor a new component gets."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from accounts.access import Refused
from accounts.actor import Actor
from accounts.models import AuditEvent, Project, User
from incidents.actions import run_due_maintenance, schedule_maintenance
from monitoring.actions import (
    add_component,
    create_monitor,
    delete_component,
    delete_monitor,
    record_results,
    update_monitor,
)
from monitoring.models import Monitor
from pages.actions import Conflict, Invalid
from pages.models import Component, ObservationGap, Page
from pages.status import Status
from tests.factories import ComponentFactory, MonitorFactory
from tests.monitoring.conftest import bad

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def component(page: Page) -> Component:
    return ComponentFactory(page=page, created_at=NOON - MINUTE)


def test_a_monitor_is_due_at_once_and_linked(
    project: Project, component: Component, operator: Actor
):
    monitor = create_monitor(
        project=project,
        name=" Website ",
        url="HTTPS://Example.com",
        components=[component],
        actor=operator,
        at=NOON,
    )
    monitor.refresh_from_db()
    assert (monitor.name, monitor.url) == ("Website", "https://example.com/")
    assert (monitor.anchor_at, monitor.next_check_at) == (NOON, NOON)
    assert (monitor.interval_s, monitor.timeout_ms, monitor.enabled) == (60, 5000, True)
    assert list(monitor.components.all()) == [component]
    event = AuditEvent.objects.get(action="monitor.create")
    assert (event.object_id, event.detail) == (str(monitor.pk), {"name": "Website"})


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("url", {"url": "http://localhost/"}),
        ("url", {"url": "http://127.0.0.1:8000/"}),
        ("name", {"name": " "}),
        ("interval_s", {"interval_s": 5}),
        ("interval_s", {"interval_s": 100_000}),
        ("timeout_ms", {"timeout_ms": 0}),
        ("timeout_ms", {"timeout_ms": 30_001, "interval_s": 120}),
        ("timeout_ms", {"timeout_ms": 10_000, "interval_s": 10}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_stored(
    project: Project, operator: Actor, field: str, values: dict[str, object]
):
    valid = {"name": "Website", "url": "https://example.com/"}
    with pytest.raises(Invalid) as caught:
        create_monitor(project=project, actor=operator, at=NOON, **(valid | values))
    assert caught.value.field == field
    assert not Monitor.objects.exists()


def test_components_of_another_project_are_refused(project: Project, operator: Actor):
    with pytest.raises(Invalid, match="this project"):
        create_monitor(
            project=project,
            name="Website",
            url="https://example.com/",
            components=[ComponentFactory()],
            actor=operator,
            at=NOON,
        )


@pytest.mark.django_db(transaction=True)
def test_viewers_may_not_touch_monitors(project: Project, viewer: User):
    monitor, actor = MonitorFactory(project=project), Actor.of(viewer)
    with pytest.raises(Refused):
        create_monitor(project=project, name="A", url="https://a.example/", actor=actor, at=NOON)
    with pytest.raises(Refused):
        update_monitor(monitor=monitor, name="B", actor=actor, at=NOON)
    with pytest.raises(Refused):
        delete_monitor(monitor=monitor, actor=actor, at=NOON)
    assert Monitor.objects.get() == monitor


def test_a_change_is_checked_at_once(project: Project, operator: Actor):
    monitor = MonitorFactory(project=project, url="https://example.com/", next_check_at=NOON)
    later = NOON + MINUTE
    update_monitor(monitor=monitor, url="https://example.org/x", actor=operator, at=later)
    monitor.refresh_from_db()
    assert (monitor.url, monitor.next_check_at) == ("https://example.org/x", later)


def down(component: Component) -> Monitor:
    monitor = MonitorFactory(project=component.page.project, links=[component])
    record_results([bad(monitor.pk, NOON)], at=NOON)
    component.refresh_from_db()
    assert component.status == Status.MAJOR
    return monitor


def test_switching_a_failing_monitor_off_ends_what_it_claimed(
    component: Component, operator: Actor
):
    monitor = down(component)
    update_monitor(monitor=monitor, enabled=False, actor=operator, at=NOON + MINUTE)
    component.refresh_from_db()
    assert component.status == Status.OPERATIONAL
    assert component.claims.get().ended_at == NOON + MINUTE
    assert not monitor.links.filter(believed="down").exists()


def test_switching_a_failing_monitor_off_keeps_the_outage_it_saw(
    component: Component, operator: Actor
):
    other = MonitorFactory(project=component.page.project, links=[component])
    other.links.update(believed_since=NOON - MINUTE)
    monitor = down(component)
    update_monitor(monitor=monitor, enabled=False, actor=operator, at=NOON + MINUTE)
    claim = component.claims.get()
    assert (claim.since, claim.ended_at) == (NOON, NOON + MINUTE)


def test_deleting_one_of_two_failing_monitors_keeps_the_outage(
    component: Component, operator: Actor
):
    first, second = down(component), down(component)
    delete_monitor(monitor=first, actor=operator, at=NOON + MINUTE)
    component.refresh_from_db()
    assert component.status == Status.MAJOR
    delete_monitor(monitor=second, actor=operator, at=NOON + 2 * MINUTE)
    component.refresh_from_db()
    assert component.status == Status.OPERATIONAL


def test_a_component_whose_last_monitor_goes_is_not_waited_for(
    component: Component, operator: Actor
):
    monitor = MonitorFactory(project=component.page.project, links=[component])
    ObservationGap.objects.create(component=component, since=NOON, reason="not_checked")
    delete_monitor(monitor=monitor, actor=operator, at=NOON + MINUTE)
    assert ObservationGap.objects.get().until == NOON + MINUTE


def test_a_new_component_gets_its_health_monitor(page: Page, operator: Actor, settings: Settings):
    settings.HEALTH_BASE_URL = "https://health.example.com"
    component = add_component(page=page, name="Web Shop", actor=operator, at=NOON)
    monitor = component.monitors.get()
    assert monitor.url == f"https://health.example.com/health/{component.slug}"
    assert (monitor.timeout_ms, monitor.interval_s, monitor.project) == (5000, 60, page.project)


def test_without_a_base_no_monitor_is_made(page: Page, operator: Actor, settings: Settings):
    settings.HEALTH_BASE_URL = ""
    component = add_component(page=page, name="Web Shop", actor=operator, at=NOON)
    assert not component.monitors.exists()


def test_a_base_that_cannot_be_monitored_leaves_no_component(
    page: Page, operator: Actor, settings: Settings
):
    settings.HEALTH_BASE_URL = "http://127.0.0.1:9"
    with pytest.raises(Invalid, match="MONITOR_ALLOWED_NETWORKS"):
        add_component(page=page, name="Web Shop", actor=operator, at=NOON)
    assert not Component.objects.exists()


def test_a_failing_monitor_switched_on_again_begins_anew(component: Component, operator: Actor):
    monitor = down(component)
    update_monitor(monitor=monitor, enabled=False, actor=operator, at=NOON + MINUTE)
    later = NOON + timedelta(hours=20)
    update_monitor(monitor=monitor, enabled=True, actor=operator, at=later)
    record_results([bad(monitor.pk, later + MINUTE)], at=later + MINUTE)
    assert component.claims.latest("since").since == later + MINUTE


def test_deleting_a_component_deletes_what_watched_nothing_else(
    component: Component, operator: Actor
):
    project = component.page.project
    other = ComponentFactory(page=component.page)
    MonitorFactory(project=project, links=[component])
    shared = MonitorFactory(project=project, links=[component, other])
    unlinked = MonitorFactory(project=project)
    delete_component(component=component, actor=operator, at=NOON)
    assert list(Component.objects.all()) == [other]
    assert set(Monitor.objects.all()) == {shared, unlinked}
    assert AuditEvent.objects.filter(action="monitor.delete").count() == 1


def test_a_component_that_a_story_names_is_kept(component: Component, operator: Actor):
    monitor = MonitorFactory(project=component.page.project, links=[component])
    schedule_maintenance(
        page=component.page,
        name="New switches",
        body="",
        components=[component],
        starts_at=NOON + MINUTE,
        ends_at=NOON + 2 * MINUTE,
        actor=operator,
        at=NOON,
    )
    with pytest.raises(Conflict, match="New switches"):
        delete_component(component=component, actor=operator, at=NOON)
    assert list(Monitor.objects.all()) == [monitor]
    run_due_maintenance(at=NOON + 2 * MINUTE)
    delete_component(component=component, actor=operator, at=NOON + 3 * MINUTE)
    assert not Component.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_viewers_may_not_delete_components(component: Component, viewer: User):
    MonitorFactory(project=component.page.project, links=[component])
    with pytest.raises(Refused):
        delete_component(component=component, actor=Actor.of(viewer), at=NOON)
    assert Monitor.objects.exists()
    assert Component.objects.exists()
