"""Maintenances as a calendar, read with a parser that is strict about RFC 5545."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Event

from incidents.models import Incident, IncidentComponent
from pages.models import Component, Page
from tests.factories import IncidentFactory, IncidentUpdateFactory, MaintenanceFactory
from web.page.documents import Address, Document, build

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def document(kind: str = "calendar", argument: str = "") -> Document:
    found = build(Address("acme", kind, argument), at=AT)
    assert found is not None
    return found


def events(body: bytes) -> list[Event]:
    return list(Calendar.from_ical(body.decode()).walk("VEVENT"))


def plan(page: Page, *, starts: datetime = AT + timedelta(days=1), **more: Any) -> Incident:
    row = MaintenanceFactory(page=page, scheduled_for=starts, created_at=AT, updated_at=AT, **more)
    IncidentUpdateFactory(
        incident=row, body="Read-only.", display_at=AT, created_at=AT, updated_at=AT
    )
    return row


def test_an_event_says_when_and_what(page: Page, component: Component) -> None:
    row = plan(page, name="Database; upgrade, part 1")
    IncidentComponent.objects.create(incident=row, component=component, status="operational")

    [event] = events(document().body)

    assert event["uid"] == str(row.id)
    assert event["summary"] == "Database; upgrade, part 1"
    assert event["description"] == "Read-only.\n\nAffects: Website"
    assert event["url"] == f"http://localhost:8000/status/acme/incidents/{row.id}"
    assert event.decoded("dtstart") == AT + timedelta(days=1)
    assert event.decoded("dtend") == AT + timedelta(days=1, hours=1)
    assert event["status"] == "CONFIRMED"
    assert event["sequence"] == 0
    assert event.decoded("dtstamp") == event.decoded("last-modified") == AT


def test_lines_end_in_crlf_and_have_at_most_75_octets(page: Page) -> None:
    plan(page, name="Ünïcödé, " * 25)

    body = document().body

    assert document().content_type == "text/calendar; charset=utf-8"
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert body.count(b"\n") == body.count(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert b"DTSTART:20261122T120000Z" in body
    assert rb"\, " in body


def test_text_cannot_break_out_of_its_line(page: Page) -> None:
    row = plan(page)
    row.updates.update(body="x\r\nEND:VEVENT\nBEGIN:VEVENT\\,;")

    [event] = events(document().body)

    assert event["description"].replace("\r", "") == "x\nEND:VEVENT\nBEGIN:VEVENT\\,;"


def test_the_sequence_rises_with_each_change_and_the_uid_stays(page: Page) -> None:
    row = plan(page)
    [before] = events(document().body)

    moved = AT + timedelta(minutes=1)
    Incident.objects.update(scheduled_for=AT + timedelta(hours=20), updated_at=moved)
    [after] = events(document().body)
    row.updates.update(updated_at=moved + timedelta(minutes=1))
    [edited] = events(document().body)

    assert before["uid"] == after["uid"] == edited["uid"]
    assert before["sequence"] < after["sequence"] < edited["sequence"]
    assert after.decoded("last-modified") == moved


def test_what_was_cancelled_says_so(page: Page) -> None:
    plan(page, status="cancelled", resolved_at=AT)

    assert events(document().body)[0]["status"] == "CANCELLED"


def test_it_holds_what_is_to_come_under_way_and_of_the_last_90_days(page: Page) -> None:
    for name, days, status in (
        ("Next year", 400, "scheduled"),
        ("Running", 0, "in_progress"),
        ("Recent", -89, "completed"),
        ("Old", -92, "completed"),
        ("Draft", 2, "draft"),
    ):
        plan(page, starts=AT + timedelta(days=days), name=name, status=status)
    IncidentUpdateFactory(incident=IncidentFactory(page=page, name="Down"))

    shown = [str(event["summary"]) for event in events(document().body)]

    assert shown == ["Recent", "Running", "Next year"]


def test_one_maintenance_is_a_calendar_of_its_own(page: Page) -> None:
    row, other = plan(page), plan(page)

    [event] = events(document("event", str(row.id)).body)

    assert event["uid"] == str(row.id) != str(other.id)


@pytest.mark.parametrize("status", ["investigating", "resolved"])
def test_an_incident_is_no_event(page: Page, status: str) -> None:
    incident = IncidentFactory(page=page, status=status)
    IncidentUpdateFactory(incident=incident)

    assert build(Address("acme", "event", str(incident.id)), at=AT) is None


def test_the_calendar_carries_the_pages_name(page: Page) -> None:
    calendar = Calendar.from_ical(document().body.decode())

    assert calendar["x-wr-calname"] == "Acme maintenance"
    assert calendar["version"] == "2.0"
    assert calendar["prodid"] == "-//Bellbuoy//Maintenance//EN"
