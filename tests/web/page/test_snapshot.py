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
from incidents.models import Incident, Postmortem
from pages.gaps import open_gap
from pages.models import Component, Page
from pages.status import Status
from pages.versions import changing
from tests.factories import (
    ComponentFactory,
    ComponentGroupFactory,
    IncidentFactory,
    IncidentUpdateFactory,
    MaintenanceFactory,
    MonitorFactory,
)
from web.page.facts import Snapshot
from web.page.moment import one_moment
from web.page.snapshot import page_snapshot
from web.page.stories import incident_snapshot


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
        maintenance = MaintenanceFactory(page=page)
        IncidentUpdateFactory(incident=maintenance)
        Postmortem.objects.create(incident=incident, body="Why", published_at=now())
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
    assert len(snapshot.upcoming) == 10


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
        IncidentUpdateFactory(incident=incident, display_at=at - timedelta(days=39))

    assert {incident.name for incident in read(page, at).incidents} == {"Open", "Recent"}


def test_updates_that_wait_are_not_shown_whatever_the_clock_says(page: Page) -> None:
    at = now()
    incident = IncidentFactory(page=page, started_at=at)
    IncidentUpdateFactory(incident=incident, display_at=at)
    IncidentUpdateFactory(incident=incident, body="Secret", display_at=at, published_at=None)

    alone = incident_snapshot("acme", incident.id, at=at)

    assert alone is not None
    for shown in (read(page, at).incidents[0], alone.incident):
        assert [update.body for update in shown.updates] == ["We look."]


def test_an_incident_of_which_nothing_may_be_read_is_not_there(page: Page) -> None:
    incident = IncidentFactory(page=page)
    IncidentUpdateFactory(incident=incident, published_at=None)

    assert read(page).incidents == ()
    assert incident_snapshot("acme", incident.id, at=now()) is None


def test_updates_stand_in_the_order_of_the_story(page: Page) -> None:
    """Newest shown time first; of two at one time, the one written later."""
    at = now()
    incident = IncidentFactory(page=page, started_at=at)
    for body, minutes in (("now", 0), ("entered afterwards", 30), ("and again", 30)):
        IncidentUpdateFactory(
            incident=incident, body=body, display_at=at - timedelta(minutes=minutes)
        )

    bodies = [update.body for update in read(page, at).incidents[0].updates]

    assert bodies == ["now", "and again", "entered afterwards"]


def test_only_published_postmortems_are_facts(page: Page) -> None:
    incident = IncidentFactory(page=page, status="resolved", resolved_at=now())
    IncidentUpdateFactory(incident=incident)
    Postmortem.objects.create(incident=incident, body="", body_draft="Secret")

    assert read(page).incidents[0].postmortem is None

    Postmortem.objects.update(body="What we learned", published_at=now())
    written = read(page).incidents[0].postmortem
    assert written is not None
    assert (written.body, written.told) == ("What we learned", False)


def test_maintenances_are_the_running_the_next_and_those_of_two_weeks(page: Page) -> None:
    at = now()
    for name, status, days in (
        ("Running", "in_progress", 0),
        ("Verifying", "verifying", 0),
        ("Soon", "scheduled", 3),
        ("Cancelled", "cancelled", -2),
        ("Completed", "completed", -13),
        ("Long ago", "completed", -20),
        ("Draft", "draft", 1),
    ):
        starts = at + timedelta(days=days)
        row = MaintenanceFactory(
            page=page,
            name=name,
            status=status,
            scheduled_for=starts,
            resolved_at=starts if days < 0 else None,
        )
        IncidentUpdateFactory(incident=row)

    snapshot = read(page, at)

    assert snapshot.incidents == ()
    assert {story.name for story in snapshot.running} == {"Running", "Verifying"}
    assert [story.name for story in snapshot.upcoming] == ["Soon"]
    over = {story.name for story in snapshot.maintenances if story.is_over}
    assert over == {"Cancelled", "Completed"}


def test_far_maintenances_are_shown_when_they_are_among_the_next_five(page: Page) -> None:
    at = now()
    for days in (70, 80, 90, 100, 110, 120):
        row = MaintenanceFactory(
            page=page, name=f"In {days}", scheduled_for=at + timedelta(days=days)
        )
        IncidentUpdateFactory(incident=row)

    names = [story.name for story in read(page, at).upcoming]

    assert names == ["In 70", "In 80", "In 90", "In 100", "In 110"]


def test_all_maintenances_of_sixty_days_are_shown(page: Page) -> None:
    at = now()
    for days in range(1, 8):
        row = MaintenanceFactory(page=page, scheduled_for=at + timedelta(days=days))
        IncidentUpdateFactory(incident=row)

    assert len(read(page, at).upcoming) == 7


@pytest.mark.parametrize("status", ["scheduled", "in_progress"])
def test_a_snapshot_ends_at_the_edges_of_a_maintenance(page: Page, status: str) -> None:
    at = datetime(2025, 11, 21, 13, tzinfo=UTC)
    soon = timedelta(minutes=7)
    starts = at + soon if status == "scheduled" else at - timedelta(hours=1) + soon
    row = MaintenanceFactory(page=page, status=status, scheduled_for=starts)
    IncidentUpdateFactory(incident=row)

    alone = incident_snapshot("acme", row.id, at=at)

    assert read(page, at).valid_until == at + soon
    assert alone is not None
    assert alone.valid_until == at + soon


def test_a_snapshot_ends_when_a_promise_does(page: Page) -> None:
    at = datetime(2025, 11, 21, 13, tzinfo=UTC)
    due = at + timedelta(minutes=12)
    incident = IncidentFactory(page=page, started_at=at, next_update_by=due)
    IncidentUpdateFactory(incident=incident, display_at=at)

    assert read(page, at).valid_until == due
    assert read(page, due).valid_until > due + timedelta(hours=1)

    Incident.objects.update(status="resolved", resolved_at=at)
    assert read(page, at).valid_until > due


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
    IncidentUpdateFactory(incident=foreign)

    assert incident_snapshot("acme", foreign.id, at=now()) is None
    assert incident_snapshot("unknown", foreign.id, at=now()) is None
    assert incident_snapshot(foreign.page.subdomain, foreign.id, at=now()) is not None
