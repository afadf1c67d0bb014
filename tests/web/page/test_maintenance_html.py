"""What visitors read of maintenances: before, while and after they take place."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incidents.models import Incident, IncidentComponent, MaintenanceSeries
from pages.models import Component, Page
from pages.status import Status
from tests.factories import IncidentUpdateFactory, MaintenanceFactory
from tests.web.page.test_html import words
from web.page.documents import FRESH_FOR, Address, Document, build

AT = datetime(2025, 11, 21, 15, tzinfo=UTC)
STARTS = datetime(2025, 11, 23, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def page_in_berlin(page: Page) -> Page:
    Page.objects.update(timezone="Europe/Berlin", created_at=AT - timedelta(days=100))
    page.refresh_from_db()
    return page


def document(kind: str = "page", argument: str = "", at: datetime = AT) -> Document:
    found = build(Address("acme", kind, argument), at=at)
    assert found is not None
    return found


def html(kind: str = "page", argument: str = "", at: datetime = AT) -> str:
    return document(kind, argument, at).body.decode()


def plan(page: Page, *, status: str = "scheduled", **more: Any) -> Incident:
    """On Sunday, 03:00 to 04:30 in Berlin."""
    more = {"scheduled_for": STARTS, "scheduled_until": STARTS + timedelta(minutes=90)} | more
    row = MaintenanceFactory(page=page, name="Database upgrade", status=status, **more)
    IncidentUpdateFactory(incident=row, body="Reports are **read-only**.", display_at=AT)
    return row


def touch(row: Incident, component: Component, status: Status = Status.OPERATIONAL) -> None:
    IncidentComponent.objects.create(incident=row, component=component, status=status)
    Component.objects.filter(id=component.id).update(status=status)


def test_an_upcoming_one_stands_between_incidents_and_systems(
    page: Page, component: Component
) -> None:
    row = plan(page)
    touch(row, component)

    shown = html()
    read = words(shown)

    assert "Planned maintenance Sun 23 Nov 03:00 \u2013 04:30" in read
    assert "in 1 day 11 hours Database upgrade" in read
    assert "Website · Details · Add to calendar" in read
    assert "<strong>read-only</strong>" in shown
    assert f'href="/status/acme/incidents/{row.id}"' in shown
    assert f'href="/status/acme/incidents/{row.id}.ics"' in shown
    assert read.index("Planned maintenance") < read.index("Systems")
    assert "<h1>All systems are operational</h1>" in shown


def test_the_span_is_there_in_the_pages_zone_for_who_reads_it_in_another(page: Page) -> None:
    """Hidden until the script finds that the visitor's zone differs."""
    plan(page)

    shown = html()

    assert '<span class="small own" hidden>Sun 03:00\u201304:30 Europe/Berlin</span>' in shown
    assert '<time datetime="2025-11-23T02:00:00+00:00">03:00</time>' in shown


def test_a_span_over_midnight_names_both_days(page: Page) -> None:
    plan(page, scheduled_until=STARTS + timedelta(hours=23))

    assert "Sun 23 Nov 03:00 \u2013 Mon 24 Nov 02:00" in words(html())


def test_a_running_one_says_when_it_ends(page: Page, component: Component) -> None:
    touch(plan(page, status="in_progress"), component, Status.MAINTENANCE)

    shown = html(at=STARTS + timedelta(minutes=10))

    assert "<h1>Maintenance under way in Website</h1>" in shown
    assert "ends at 04:30" in words(shown)
    assert 'class="mark mt" aria-hidden="true"><use href="#m-maintenance"/>' in shown
    assert '<h2 id="maintenance">Maintenance</h2>' in shown


def test_running_ones_stand_before_those_to_come(page: Page) -> None:
    plan(page, scheduled_for=AT - timedelta(hours=1), status="verifying")
    Incident.objects.update(name="Running now")
    plan(page)

    read = words(html())

    assert read.index("Running now") < read.index("Database upgrade")


def test_of_a_series_the_next_one_stands_on_the_page(page: Page) -> None:
    series = MaintenanceSeries.objects.create(
        page=page, name="Upkeep", rule="FREQ=WEEKLY", first_start="2025-11-23T03:00", minutes=90
    )
    for week in range(3):
        starts = STARTS + timedelta(weeks=week)
        plan(
            page,
            scheduled_for=starts,
            scheduled_until=starts + timedelta(minutes=90),
            series=series,
            occurrence=f"{starts:%Y-%m-%dT%H:%M}",
        )
    plan(page, scheduled_for=STARTS + timedelta(days=1), scheduled_until=STARTS + timedelta(days=2))
    read = words(html())
    assert read.count("Database upgrade") == 2
    assert "Sun 23 Nov" in read
    assert "Sun 30 Nov" not in read


def test_one_that_is_late_to_start_or_to_end_says_so(page: Page) -> None:
    row = plan(page)

    assert "about to start" in words(html(at=STARTS + timedelta(minutes=1)))

    Incident.objects.filter(id=row.id).update(status="in_progress")
    assert "was to end at 04:30" in words(html(at=STARTS + timedelta(hours=2)))


def test_one_for_the_whole_page_is_in_the_headline(page: Page, component: Component) -> None:
    plan(page, status="in_progress")

    shown = html(at=STARTS + timedelta(minutes=10))

    assert "<h1>All systems are operational, maintenance is under way</h1>" in shown
    assert "No incident is open." in words(shown)


@pytest.mark.parametrize(
    ("status", "gist", "mark"),
    [
        ("completed", "Maintenance, 1 h 30 min, completed", "maintenance"),
        ("cancelled", "Maintenance, cancelled", "cancelled"),
    ],
)
def test_what_is_over_stands_among_the_past_two_weeks(
    page: Page, status: str, gist: str, mark: str
) -> None:
    plan(page, status=status, resolved_at=STARTS + timedelta(minutes=90))

    shown = html(at=STARTS + timedelta(days=2))
    past = shown.split("Past two weeks")[1]

    assert "Planned maintenance" not in shown
    assert f"Sun 23 Nov Database upgrade {gist}" in words(past)
    assert f'href="#m-{mark}"' in past


def test_its_own_page_before(page: Page, component: Component) -> None:
    row = plan(page)
    touch(row, component)

    shown = html("incident", str(row.id))
    read = words(shown)

    assert "<title>Scheduled: Database upgrade · Acme</title>" in shown
    assert "Scheduled for Sun 23 Nov , 03:00 , in 1 day 11 hours." in read
    assert "Planned Sun 23 Nov 03:00 \u2013 04:30" in read
    assert "Affected Website" in read
    assert "Add to calendar" in read
    assert "Began" not in read
    assert 'href="/status/acme/history">History' in shown


def test_its_own_page_while_it_runs(page: Page) -> None:
    row = plan(page, status="in_progress")

    read = words(html("incident", str(row.id), STARTS + timedelta(minutes=10)))

    assert "In progress since 03:00 , Sun 23 Nov ." in read
    assert "Began 03:00 , Sun 23 Nov" in read


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("completed", "Completed on Sun 23 Nov 2025. It lasted 1 hour 30 minutes."),
        ("cancelled", "Cancelled on Sun 23 Nov 2025. It was planned for Sun 23 Nov , 03:00 ."),
    ],
)
def test_its_own_page_afterwards(page: Page, status: str, sentence: str) -> None:
    row = plan(page, status=status, resolved_at=STARTS + timedelta(minutes=90))

    read = words(html("incident", str(row.id), STARTS + timedelta(days=1)))

    assert sentence in read
    assert "Add to calendar" not in read
    assert ("Lasted" in read) == (status == "completed")


def test_how_long_until_then_is_never_older_than_a_minute(page: Page) -> None:
    row = plan(page)

    assert document("incident", str(row.id)).valid_until == AT + FRESH_FOR


def test_what_it_is_about_stays_when_more_is_said(page: Page) -> None:
    row = plan(page, status="in_progress")
    IncidentUpdateFactory(incident=row, body="Half is done.", display_at=STARTS)
    IncidentUpdateFactory(incident=row, body="", display_at=STARTS + timedelta(minutes=5))

    shown = html(at=STARTS + timedelta(minutes=5))
    section = shown.split('id="maintenance"')[1].split("Systems")[0]

    assert "<strong>read-only</strong>" in section
    assert "In progress 03:00 , Sun 23 Nov Half is done." in words(section)


def test_nothing_is_planned(page: Page) -> None:
    assert not re.search(r"[Mm]aintenance</h2>", html())
