"""Pages follow results: thresholds, worst case, gaps, doubt, and pages that cannot follow."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from incidents.models import Incident
from monitoring.actions import record_results
from monitoring.following import follow_page, lagging_pages
from monitoring.models import CheckResult, Monitor
from monitoring.outcome import Reason, Result
from pages.claims import live
from pages.models import Component, ObservationGap, Page
from pages.status import Status
from tests.factories import ComponentFactory, MonitorFactory, PageFactory
from tests.monitoring.conftest import bad, good, held

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def component(page: Page) -> Component:
    return ComponentFactory(page=page, created_at=NOON - timedelta(days=1))


@pytest.fixture
def monitor(component: Component) -> Monitor:
    return MonitorFactory(links=[component])


def record(*results: Result) -> None:
    record_results(results, at=max(result.checked_at for result in results))


def status_of(component: Component) -> Status:
    component.refresh_from_db()
    return Status(component.status)


def gaps_of(component: Component) -> list[tuple[datetime, datetime | None, str]]:
    gaps = ObservationGap.objects.filter(component=component).order_by("since")
    return list(gaps.values_list("since", "until", "reason"))


def version_of(page: Page) -> int:
    page.refresh_from_db()
    return page.version


def test_a_failing_check_makes_a_major_outage_since_that_check(
    component: Component, monitor: Monitor
):
    record(bad(monitor.pk, NOON))
    assert status_of(component) is Status.MAJOR
    (claim,) = live(component)
    assert (claim.source, claim.since) == ("checks", NOON)
    assert Incident.objects.get(page=component.page).started_at == NOON


def test_a_good_check_ends_it(component: Component, monitor: Monitor):
    record(bad(monitor.pk, NOON))
    record(good(monitor.pk, NOON + MINUTE))
    assert status_of(component) is Status.OPERATIONAL
    assert component.claims.get().ended_at == NOON + MINUTE


def test_thresholds_are_the_components(component: Component, monitor: Monitor):
    patient = ComponentFactory(
        page=component.page, created_at=NOON, failure_threshold=3, recovery_threshold=2
    )
    monitor.links.create(component=patient)
    record(bad(monitor.pk, NOON))
    record(bad(monitor.pk, NOON + MINUTE))
    assert (status_of(component), status_of(patient)) == (Status.MAJOR, Status.OPERATIONAL)
    record(bad(monitor.pk, NOON + 2 * MINUTE))
    assert status_of(patient) is Status.MAJOR
    assert live(patient)[0].since == NOON
    record(good(monitor.pk, NOON + 3 * MINUTE))
    assert (status_of(component), status_of(patient)) == (Status.OPERATIONAL, Status.MAJOR)
    record(good(monitor.pk, NOON + 4 * MINUTE))
    assert status_of(patient) is Status.OPERATIONAL
    assert patient.claims.get().ended_at == NOON + 3 * MINUTE


def test_one_of_two_failing_monitors_keeps_the_component_down(
    component: Component, monitor: Monitor
):
    second = MonitorFactory(links=[component])
    record(bad(monitor.pk, NOON), bad(second.pk, NOON))
    record(good(monitor.pk, NOON + MINUTE))
    assert status_of(component) is Status.MAJOR
    record(good(second.pk, NOON + 2 * MINUTE))
    assert status_of(component) is Status.OPERATIONAL


def test_a_late_result_does_not_bring_an_outage_back(component: Component, monitor: Monitor):
    record(good(monitor.pk, NOON + MINUTE))
    record(bad(monitor.pk, NOON))
    assert status_of(component) is Status.OPERATIONAL
    assert not component.claims.exists()


def test_a_round_in_which_nothing_changes_leaves_the_page_alone(
    component: Component, monitor: Monitor
):
    record(good(monitor.pk, NOON))
    record(bad(monitor.pk, NOON + MINUTE))
    before = version_of(component.page)
    record(bad(monitor.pk, NOON + 2 * MINUTE))
    record(bad(monitor.pk, NOON + 3 * MINUTE))
    assert version_of(component.page) == before


def test_a_blocked_target_is_grey_and_opens_nothing(component: Component, monitor: Monitor):
    record(bad(monitor.pk, NOON, Reason.BLOCKED))
    record(bad(monitor.pk, NOON + MINUTE, Reason.BLOCKED))
    assert status_of(component) is Status.OPERATIONAL
    assert gaps_of(component) == [(NOON, None, "unknown")]
    assert not Incident.objects.exists()
    record(good(monitor.pk, NOON + 2 * MINUTE))
    assert gaps_of(component) == [(NOON, NOON + 2 * MINUTE, "unknown")]


def test_a_component_stays_observed_while_one_monitor_says_something(
    component: Component, monitor: Monitor
):
    second = MonitorFactory(links=[component])
    record(good(second.pk, NOON), bad(monitor.pk, NOON, Reason.BLOCKED))
    assert gaps_of(component) == []


def test_an_unknown_result_keeps_the_last_status(component: Component, monitor: Monitor):
    record(bad(monitor.pk, NOON))
    record(bad(monitor.pk, NOON + MINUTE, Reason.BLOCKED))
    assert status_of(component) is Status.MAJOR
    assert gaps_of(component) == [(NOON + MINUTE, None, "unknown")]


@pytest.fixture
def elsewhere(page: Page) -> list[Monitor]:
    """Monitors of four other hosts, which were good a minute ago."""
    monitors = [
        MonitorFactory(url=f"https://host-{number}.example/", links=[ComponentFactory(page=page)])
        for number in range(4)
    ]
    record(*(good(monitor.pk, NOON - MINUTE) for monitor in monitors))
    return monitors


def test_failures_everywhere_at_once_are_doubted(
    component: Component, monitor: Monitor, elsewhere: list[Monitor]
):
    record(*(bad(each.pk, NOON) for each in [monitor, *elsewhere]))
    assert not Incident.objects.exists()
    assert gaps_of(component) == [(NOON, None, "unknown")]
    kept = CheckResult.objects.filter(monitor_id=monitor.pk).latest("checked_at")
    assert (kept.verdict, kept.reason) == ("unknown", "own_network")


def test_a_failure_believed_before_the_doubt_is_taken_back(
    component: Component, monitor: Monitor, elsewhere: list[Monitor]
):
    record(bad(monitor.pk, NOON))
    assert status_of(component) is Status.MAJOR
    record(*(bad(each.pk, NOON + timedelta(seconds=20)) for each in elsewhere))
    record(bad(monitor.pk, NOON + MINUTE))
    assert status_of(component) is Status.OPERATIONAL
    assert not Incident.objects.public().open().exists()
    assert gaps_of(component) == [(NOON + MINUTE, None, "unknown")]


def test_a_failure_while_others_answer_is_believed(
    component: Component, monitor: Monitor, elsewhere: list[Monitor]
):
    record(bad(monitor.pk, NOON), *(bad(each.pk, NOON) for each in elsewhere[:3]))
    assert status_of(component) is Status.MAJOR


@pytest.fixture
def broken_page() -> Iterator[Page]:
    """A page whose every change PostgreSQL refuses."""
    page = PageFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE 'this page is broken'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON pages_page FOR EACH ROW "
            f"WHEN (OLD.id = '{page.pk}') EXECUTE FUNCTION refuse()"
        )
        yield page
        cursor.execute("DROP TRIGGER refuse ON pages_page")
        cursor.execute("DROP FUNCTION refuse")


@pytest.mark.django_db(transaction=True)
def test_a_page_that_fails_takes_nothing_else_with_it(
    broken_page: Page, page: Page, caplog: pytest.LogCaptureFixture
):
    here, there = ComponentFactory(page=broken_page), ComponentFactory(page=page)
    monitor = MonitorFactory(links=[here, there])
    with caplog.at_level(logging.ERROR):
        record(bad(monitor.pk, NOON))
    assert f"page {broken_page.pk} could not follow" in caplog.text
    assert CheckResult.objects.filter(monitor_id=monitor.pk).exists()
    assert (status_of(here), status_of(there)) == (Status.OPERATIONAL, Status.MAJOR)


@pytest.mark.django_db(transaction=True)
def test_a_page_that_failed_follows_with_the_next_result(page: Page):
    component = ComponentFactory(page=page, created_at=NOON - MINUTE)
    monitor = MonitorFactory(links=[component])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE incidents_incident ADD CONSTRAINT closed CHECK (false)")
        record(bad(monitor.pk, NOON))
        cursor.execute("ALTER TABLE incidents_incident DROP CONSTRAINT closed")
    assert status_of(component) is Status.OPERATIONAL
    record(bad(monitor.pk, NOON + MINUTE))
    assert status_of(component) is Status.MAJOR
    assert live(component)[0].since == NOON


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_held_is_left_for_later(page: Page):
    component = ComponentFactory(page=page, created_at=NOON - MINUTE)
    monitor = MonitorFactory(links=[component])
    began = time.monotonic()
    with held("SELECT FROM pages_page WHERE id = %s FOR UPDATE", page.pk):
        record(bad(monitor.pk, NOON))
    assert time.monotonic() - began < 2
    assert status_of(component) is Status.OPERATIONAL
    assert lagging_pages() == {page.pk: {component.pk}}
    assert follow_page(page_id=page.pk, component_ids=[component.pk], at=NOON + MINUTE)
    assert status_of(component) is Status.MAJOR
    assert live(component)[0].since == NOON
    assert lagging_pages() == {}
