"""A snapshot reads a page once, at one moment, with the same queries however big it is."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.actor import SYSTEM
from incidents.actions import open_incident, post_update, set_component_status
from incidents.lifecycle import IncidentStatus
from incidents.models import IncidentUpdate
from pages.gaps import open_gap
from pages.models import Component, Page
from pages.status import Status
from pages.versions import changing
from tests.factories import ComponentFactory, ComponentGroupFactory, IncidentFactory, MonitorFactory
from web.page.facts import Snapshot
from web.page.moment import one_moment
from web.page.snapshot import incident_snapshot, page_snapshot


def read(page: Page, at: datetime | None = None) -> Snapshot:
    snapshot = page_snapshot(page.subdomain, at=at or now())
    assert snapshot is not None
    return snapshot


def add_trouble(page: Page, count: int) -> None:
    for _ in range(count):
        component = ComponentFactory(page=page, group=ComponentGroupFactory(page=page))
        MonitorFactory(project=page.project, links=[component])
        incident = open_incident(
            page=page,
            name="Down",
            body="It is down.",
            statuses={component: Status.MAJOR},
            actor=SYSTEM,
            at=now(),
        )
        post_update(
            incident=incident,
            status=IncidentStatus.IDENTIFIED,
            body="Found.",
            actor=SYSTEM,
            at=now(),
        )


def test_queries_do_not_grow_with_components_and_incidents(page: Page) -> None:
    add_trouble(page, 1)
    with CaptureQueriesContext(connection) as few:
        read(page)
    add_trouble(page, 9)
    with CaptureQueriesContext(connection) as many:
        snapshot = read(page)

    assert len(many) == len(few)
    assert (len(snapshot.components), len(snapshot.open_incidents)) == (10, 10)


@pytest.mark.parametrize("state", [Page.State.DRAFT, Page.State.ARCHIVED])
def test_drafts_and_archived_pages_are_none(page: Page, state: Page.State) -> None:
    page.status = state
    page.save()

    assert page_snapshot("acme", at=now()) is None
    assert page_snapshot(str(page.id), at=now()) is None


def test_a_page_answers_to_its_subdomain_and_its_id(page: Page) -> None:
    at = now()

    assert page_snapshot("acme", at=at) == page_snapshot(str(page.id), at=at)
    assert page_snapshot("unknown", at=at) is None


def test_the_version_is_the_one_read_with_the_content(page: Page, component: Component) -> None:
    before = read(page).page.version

    set_component_status(component=component, status=Status.MAJOR, actor=SYSTEM, at=now())

    after = read(page)
    assert after.page.version > before
    assert after.components[0].status is Status.MAJOR


@pytest.mark.django_db(transaction=True)
def test_one_moment_sees_no_later_commit(page: Page) -> None:
    """What commits between two reads of a snapshot is in neither of them."""

    def rename() -> None:
        Page.objects.filter(id=page.id).update(name="Renamed")
        connection.close()

    with one_moment():
        before = Page.objects.get(id=page.id).name
        thread = Thread(target=rename)
        thread.start()
        thread.join()
        after = Page.objects.get(id=page.id).name

    assert (before, after) == ("Acme", "Acme")
    assert Page.objects.get(id=page.id).name == "Renamed"


def test_incidents_are_the_open_ones_and_those_of_two_weeks(page: Page) -> None:
    at = now()
    for name, ended in (("Open", None), ("Recent", 3), ("Old", 20), ("Draft", None)):
        incident = IncidentFactory(
            page=page,
            name=name,
            started_at=at - timedelta(days=40),
            resolved_at=at - timedelta(days=ended) if ended else None,
            status={"Open": "investigating", "Draft": "draft"}.get(name, "resolved"),
        )
        IncidentUpdate.objects.create(
            incident=incident, status=incident.status, display_at=at - timedelta(days=39)
        )

    assert {incident.name for incident in read(page, at).incidents} == {"Open", "Recent"}


def test_updates_ahead_of_their_time_are_not_shown_and_end_the_snapshot(page: Page) -> None:
    at = now()
    incident = IncidentFactory(page=page, started_at=at)
    IncidentUpdate.objects.create(incident=incident, status="investigating", display_at=at)
    soon = at + timedelta(seconds=5)
    IncidentUpdate.objects.create(
        incident=incident, status="identified", body="Secret", display_at=soon
    )

    snapshot = read(page, at)
    alone = incident_snapshot("acme", incident.id, at=at)

    assert [update.status for update in snapshot.incidents[0].updates] == ["investigating"]
    assert snapshot.valid_until == soon
    assert alone is not None
    assert alone.valid_until == soon
    assert len(read(page, soon).incidents[0].updates) == 2


def test_a_snapshot_ends_at_midnight_in_the_pages_zone(page: Page) -> None:
    page.timezone = "America/New_York"
    page.save()

    snapshot = read(page, datetime(2025, 11, 21, 13, tzinfo=UTC))

    assert snapshot.valid_until == datetime(2025, 11, 22, 5, tzinfo=UTC)


def test_a_snapshot_ends_when_a_pin_does(page: Page, component: Component) -> None:
    at = datetime(2025, 11, 21, 13, tzinfo=UTC)
    end = at + timedelta(minutes=10)
    add = {"component": component, "actor": SYSTEM, "at": at}
    set_component_status(status=Status.DEGRADED, pin_until=end, **add)

    assert read(page, at).valid_until == end


def test_verified_when_the_slowest_component_was(page: Page) -> None:
    at = now()
    for minutes in (1, 5):
        monitor = MonitorFactory(project=page.project, links=[ComponentFactory(page=page)])
        monitor.verified_at = at - timedelta(minutes=minutes)
        monitor.save()

    assert read(page, at).verification.at == at - timedelta(minutes=5)


def test_a_component_with_an_open_gap_says_so_itself(page: Page, component: Component) -> None:
    at = now()
    other = ComponentFactory(page=page)
    for minutes, watched in ((1, other), (60, component)):
        monitor = MonitorFactory(project=page.project, links=[watched])
        monitor.verified_at = at - timedelta(minutes=minutes)
        monitor.save()
    Component.objects.filter(id=component.id).update(created_at=at - timedelta(days=1))
    component.refresh_from_db()
    since = at - timedelta(minutes=60)
    with changing(page.id):
        open_gap(component=component, since=since, reason="nothing ran")

    snapshot = read(page, at)

    assert snapshot.verification.at == at - timedelta(minutes=1)
    gaps = {item.name: item.unverified_since for item in snapshot.components}
    assert gaps == {component.name: since, other.name: None}


def test_a_page_that_is_checked_rarely_is_not_stale_between_checks(page: Page) -> None:
    MonitorFactory(project=page.project, links=[ComponentFactory(page=page)], interval_s=600)

    assert read(page).verification.stale_after == 1260


def test_incidents_of_other_pages_are_not_found(page: Page) -> None:
    foreign = IncidentFactory()
    IncidentUpdate.objects.create(incident=foreign, status="investigating", display_at=now())

    assert incident_snapshot("acme", foreign.id, at=now()) is None
    assert incident_snapshot("unknown", foreign.id, at=now()) is None
    assert incident_snapshot(foreign.page.subdomain, foreign.id, at=now()) is not None
