"""Month pages and the archive, as visitors read them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import Incident, Postmortem
from pages.models import DayMetric, Page
from tests.factories import IncidentFactory, IncidentUpdateFactory, MaintenanceFactory
from tests.web.page.test_html import words
from web.page.documents import Document, address_of, build

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
HISTORY = "/status/acme/history"


@pytest.fixture(autouse=True)
def page_of_february(page: Page) -> Page:
    Page.objects.update(created_at=datetime(2026, 2, 10, tzinfo=UTC), timezone="Europe/Berlin")
    page.refresh_from_db()
    return page


def document(path: str) -> Document | None:
    address = address_of(path)
    assert address is not None
    return build(address, at=AT)


def html(path: str = HISTORY) -> str:
    found = document(path)
    assert found is not None
    return found.body.decode()


def links(shown: str) -> set[str]:
    return set(re.findall(r'<a [^>]*href="([^"]*)"', shown))


def down(page: Page, name: str, *, day: str, lasted: int = 41, **more: Any) -> Incident:
    began = datetime.fromisoformat(f"{day}T09:00+00:00")
    row = IncidentFactory(
        page=page,
        name=name,
        status="resolved",
        impact="major",
        started_at=began,
        resolved_at=began + timedelta(minutes=lasted),
        **more,
    )
    IncidentUpdateFactory(incident=row, body="It works again.")
    return row


def maintained(page: Page, name: str, *, day: str, status: str = "completed") -> Incident:
    starts = datetime.fromisoformat(f"{day}T02:00+00:00")
    row = MaintenanceFactory(
        page=page,
        name=name,
        status=status,
        scheduled_for=starts,
        resolved_at=starts + timedelta(minutes=70),
    )
    IncidentUpdateFactory(incident=row)
    return row


def test_the_newest_three_months_with_what_happened_in_them(page: Page) -> None:
    down(page, "Cards declined", day="2026-11-14")
    maintained(page, "Replicas moved", day="2026-10-03")

    read = words(html())

    for text in (
        "November 2026 1 incident, 41 min of trouble",
        "Sat 14 Cards declined Partial outage, 41 min It works again.",
        "October 2026 No incidents; 1 maintenance",
        "Sat 3 Replicas moved Maintenance, 1 h 10 min, completed",
        "September 2026 No incidents",
        "30 days without an incident.",
    ):
        assert text in read
    assert "August 2026" in read.split("Earlier: ")[1]
    assert "This is the newest." in read


def test_open_incidents_and_running_maintenances_stand_in_their_month(page: Page) -> None:
    open_one = IncidentFactory(page=page, name="Going on", started_at=AT - timedelta(hours=2))
    running = MaintenanceFactory(
        page=page, name="Under way", status="in_progress", scheduled_for=AT - timedelta(hours=1)
    )
    upcoming = MaintenanceFactory(page=page, name="To come", scheduled_for=AT + timedelta(days=1))
    for row in (open_one, running, upcoming):
        IncidentUpdateFactory(incident=row)

    read = words(html())

    assert "1 incident, 2 h of trouble; 1 maintenance" in read
    assert "Going on Degraded performance, investigating" in read
    assert "Under way Maintenance, in progress" in read
    assert "To come" not in read


def test_a_month_by_its_name(page: Page) -> None:
    down(page, "Cards declined", day="2026-10-14")
    down(page, "Another month", day="2026-11-01")

    shown = html(f"{HISTORY}/2026-10")

    assert "<h1" in shown
    assert "Cards declined" in shown
    assert "Another month" not in shown
    assert {f"{HISTORY}/2026-09", f"{HISTORY}/2026-11", HISTORY} <= links(shown)
    assert "<title>October 2026 · Acme</title>" in shown


@pytest.mark.parametrize(
    ("tab", "names"),
    [("", {"Cards", "Replicas"}), ("/incidents", {"Cards"}), ("/maintenance", {"Replicas"})],
)
@pytest.mark.parametrize("month", ["", "/2026-10"])
def test_tabs(page: Page, month: str, tab: str, names: set[str]) -> None:
    down(page, "Cards", day="2026-10-14")
    maintained(page, "Replicas", day="2026-10-15")

    shown = html(f"{HISTORY}{month}{tab}")

    assert {name for name in ("Cards", "Replicas") if name in shown} == names
    for other in ("", "/incidents", "/maintenance"):
        assert f'href="{HISTORY}{month}{other}"' in shown
    assert f'href="{HISTORY}{month}{tab}" aria-current="page"' in shown


def test_earlier_and_later_keep_the_tab(page: Page) -> None:
    assert {
        f"{HISTORY}/2026-09/incidents",
        f"{HISTORY}/2026-11/incidents",
    } <= links(html(f"{HISTORY}/2026-10/incidents"))


def test_months_before_the_page_existed_and_to_come_are_not_there(page: Page) -> None:
    assert document(f"{HISTORY}/2026-02") is not None
    assert "Nothing earlier: this page begins in February 2026." in words(
        html(f"{HISTORY}/2026-02")
    )
    assert document(f"{HISTORY}/2026-01") is None
    assert document(f"{HISTORY}/2026-12") is None


def test_what_was_entered_afterwards_makes_older_months(page: Page) -> None:
    down(page, "Before our time", day="2025-12-24", backfilled=True)

    assert "Before our time" in html(f"{HISTORY}/2025-12")
    assert document(f"{HISTORY}/2026-01") is not None
    assert document(f"{HISTORY}/2025-11") is None


def test_months_are_those_of_the_pages_zone(page: Page) -> None:
    incident = down(page, "Past midnight", day="2026-10-31")
    late = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    Incident.objects.filter(id=incident.id).update(
        started_at=late, resolved_at=late + timedelta(minutes=5)
    )

    assert "Sun 1 Past midnight" in words(html(f"{HISTORY}/2026-11"))
    assert "Past midnight" not in html(f"{HISTORY}/2026-10")


def test_what_was_cancelled_ahead_stands_where_that_was_said(page: Page) -> None:
    row = maintained(page, "Never took place", day="2027-03-01", status="cancelled")
    Incident.objects.filter(id=row.id).update(resolved_at=AT - timedelta(days=40))

    assert "Never took place Maintenance, cancelled" in words(html(f"{HISTORY}/2026-10"))


def test_a_month_shows_its_days(page: Page) -> None:
    DayMetric.objects.create(
        page=page, date="2026-10-05", operational_seconds=80000, major_seconds=6400
    )

    shown = html(f"{HISTORY}/2026-10")

    assert 'viewBox="0 0 31 28" width="248"' in shown
    assert '<path class="ma" d="M4 14h1"/>' in shown


def test_a_postmortem_is_linked(page: Page) -> None:
    row = down(page, "Cards", day="2026-11-14")
    Postmortem.objects.create(incident=row, body="Why.", published_at=AT)

    assert f"/status/acme/incidents/{row.id}#postmortem" in links(html())


def test_what_is_archived_stands_in_the_archive_and_is_linked_from_its_month(page: Page) -> None:
    down(page, "Ancient", day="2026-03-04", archived_at=AT)

    month, archive = html(f"{HISTORY}/2026-03"), html(f"{HISTORY}/archive")

    assert "Ancient" not in month
    assert f"{HISTORY}/archive/2026-03" in links(month) & links(archive)
    assert "Wed 4 Ancient Partial outage, 41 min" in words(html(f"{HISTORY}/archive/2026-03"))


def test_only_months_with_something_are_in_the_archive(page: Page) -> None:
    down(page, "Ancient", day="2026-03-04", archived_at=AT)

    assert document(f"{HISTORY}/archive/2026-04") is None


def test_an_empty_archive_leads_back(page: Page) -> None:
    shown = html(f"{HISTORY}/archive")

    assert "Nothing is in the archive yet" in words(shown)
    assert HISTORY in links(shown)


@pytest.mark.parametrize("path", ["", "/2026-10", "/incidents", "/archive", "/archive/2026-03"])
def test_unpublished_pages_have_no_history(page: Page, path: str) -> None:
    down(page, "Ancient", day="2026-03-04", archived_at=AT)
    assert document(HISTORY + path) is not None

    Page.objects.update(status=Page.State.ARCHIVED)

    assert document(HISTORY + path) is None


def test_drafts_and_waiting_updates_are_in_no_month(page: Page) -> None:
    IncidentUpdateFactory(incident=IncidentFactory(page=page, name="Secret", status="draft"))
    waiting = IncidentFactory(page=page, name="Secret")
    IncidentUpdateFactory(incident=waiting, published_at=None)

    assert "Secret" not in html()


def test_a_month_ends_at_midnight_in_the_pages_zone(page: Page) -> None:
    found = document(HISTORY)

    assert found is not None
    assert found.valid_until == datetime(2026, 11, 21, 23, tzinfo=UTC)


def test_queries_do_not_grow_with_what_happened(page: Page) -> None:
    down(page, "First", day="2026-11-01")
    with CaptureQueriesContext(connection) as few:
        html()
    for day in range(2, 12):
        down(page, f"Day {day}", day=f"2026-11-{day:02}")
        maintained(page, f"Done {day}", day=f"2026-10-{day:02}")
    with CaptureQueriesContext(connection) as many:
        html()

    assert len(many) == len(few)
