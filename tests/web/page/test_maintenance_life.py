"""A maintenance planned, moved, begun and ended by the verbs, as page, v2 and calendar tell it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from accounts.actor import SYSTEM
from incidents.actions import (
    cancel_maintenance,
    reschedule,
    run_due_maintenance,
    schedule_maintenance,
)
from incidents.models import Incident
from pages.models import Component, Page
from tests.web.page.test_html import words
from web.page.documents import Address, build

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
STARTS = AT + timedelta(hours=4)
ENDS = STARTS + timedelta(hours=1)


@pytest.fixture
def maintenance(page: Page, component: Component) -> Incident:
    with time_machine.travel(AT, tick=False):
        return schedule_maintenance(
            page=page,
            name="Database upgrade",
            body="Reports are read-only.",
            components=[component],
            starts_at=STARTS,
            ends_at=ENDS,
            actor=SYSTEM,
            at=AT,
        )


def body(kind: str, at: datetime) -> bytes:
    document = build(Address("acme", kind), at=at)
    assert document is not None
    return document.body


def read(at: datetime) -> str:
    return words(body("page", at).decode())


def listed(kind: str, at: datetime) -> list[dict[str, Any]]:
    shown = json.loads(body(f"scheduled-maintenances{kind}.json", at))["scheduled_maintenances"]
    return list(shown)


def event(at: datetime) -> Any:
    [found] = Calendar.from_ical(body("calendar", at).decode()).walk("VEVENT")
    return found


def test_before_while_and_after(page: Page, maintenance: Incident) -> None:
    assert "in 4 hours Database upgrade Reports are read-only." in read(AT)
    assert [item["status"] for item in listed("/upcoming", AT)] == ["scheduled"]
    assert event(AT).decoded("dtstart") == STARTS

    with time_machine.travel(STARTS, tick=False):
        run_due_maintenance(at=STARTS)
    assert "Maintenance under way in Website" in read(STARTS)
    assert "ends at 17:00" in read(STARTS)
    assert listed("/upcoming", STARTS) == []
    [active] = listed("/active", STARTS)
    assert [update["status"] for update in active["incident_updates"]] == [
        "in_progress",
        "scheduled",
    ]
    assert active["components"][0]["status"] == "under_maintenance"

    with time_machine.travel(ENDS, tick=False):
        run_due_maintenance(at=ENDS)
    assert "All systems are operational" in read(ENDS)
    assert "Maintenance, 1 h, completed" in read(ENDS)
    [over] = listed("", ENDS)
    assert (over["status"], over["impact"]) == ("completed", "maintenance")
    assert over["resolved_at"] == "2026-11-21T17:00:00.000Z"


def test_moved_and_cancelled(page: Page, maintenance: Incident) -> None:
    before = event(AT)
    later, at = STARTS + timedelta(days=1), AT + timedelta(minutes=5)
    with time_machine.travel(at, tick=False):
        reschedule(
            maintenance=maintenance,
            starts_at=later,
            ends_at=later + timedelta(hours=1),
            actor=SYSTEM,
            at=at,
        )
    moved = event(at)
    assert "Reports are read-only. Scheduled 12:05" in read(at)
    assert "This maintenance now takes place on Sunday 22 November 2026" in read(at)
    assert moved["uid"] == before["uid"]
    assert moved["sequence"] > before["sequence"]
    assert moved.decoded("dtstart") == later

    at += timedelta(minutes=5)
    maintenance.refresh_from_db()
    with time_machine.travel(at, tick=False):
        cancel_maintenance(maintenance=maintenance, body="", actor=SYSTEM, at=at)
    cancelled = event(at)
    assert cancelled["status"] == "CANCELLED"
    assert cancelled["sequence"] > moved["sequence"]
    assert "Sat 21 Nov Database upgrade Maintenance, cancelled" in read(at)
    assert listed("", at)[0]["status"] == "completed"
