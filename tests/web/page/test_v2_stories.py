"""Incidents and maintenances in API v2: which endpoint lists which, and how they are told."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from incidents.models import Incident, IncidentComponent, Postmortem, UpdateComponent
from pages.models import Component, Page
from tests.factories import IncidentFactory, IncidentUpdateFactory, MaintenanceFactory
from tests.web.page.test_v2 import INCIDENT, PAGE, UPDATE
from web.page.documents import Address, build
from web.page.v2 import ENDPOINTS

MAINTENANCE = INCIDENT | {"scheduled_for", "scheduled_until"}
AT = datetime(2026, 10, 31, 12, tzinfo=UTC)


def answer(kind: str) -> Any:
    document = build(Address("acme", kind), at=now())
    assert document is not None
    return json.loads(document.body)


def names(kind: str) -> list[str]:
    body = answer(kind)
    key = "incidents" if "incidents" in body else "scheduled_maintenances"
    return [item["name"] for item in body[key]]


def add(page: Page, name: str, status: str, **more: Any) -> Incident:
    """An incident or, by its status, a maintenance, with one update."""
    maintained = status in {"scheduled", "in_progress", "verifying", "completed", "cancelled"}
    factory = MaintenanceFactory if maintained else IncidentFactory
    row = factory(page=page, name=name, status=status, **more)
    IncidentUpdateFactory(incident=row)
    return row


@pytest.fixture
def all_stages(page: Page) -> None:
    stages = (
        *("draft", "investigating", "identified", "monitoring", "resolved"),
        *("scheduled", "in_progress", "verifying", "completed", "cancelled"),
    )
    for number, stage in enumerate(stages):
        add(page, stage, stage, created_at=AT + timedelta(minutes=number))


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("status.json", {"page", "status"}),
        ("components.json", {"page", "components"}),
        (
            "summary.json",
            {"page", "components", "incidents", "scheduled_maintenances", "status"},
        ),
        ("incidents.json", {"page", "incidents"}),
        ("incidents/unresolved.json", {"page", "incidents"}),
        ("scheduled-maintenances.json", {"page", "scheduled_maintenances"}),
        ("scheduled-maintenances/upcoming.json", {"page", "scheduled_maintenances"}),
        ("scheduled-maintenances/active.json", {"page", "scheduled_maintenances"}),
    ],
)
def test_every_endpoint_has_exactly_its_keys_and_empty_lists(
    page: Page, kind: str, keys: set[str]
) -> None:
    body = answer(kind)

    assert kind in ENDPOINTS
    assert set(body) == keys
    assert set(body["page"]) == PAGE
    for key in keys - {"page", "status"}:
        assert body[key] == []


def test_there_are_eight_endpoints() -> None:
    assert len(ENDPOINTS) == 8


@pytest.mark.usefixtures("all_stages")
def test_which_endpoint_lists_what(page: Page) -> None:
    assert names("incidents.json") == ["resolved", "monitoring", "identified", "investigating"]
    assert names("incidents/unresolved.json") == ["monitoring", "identified", "investigating"]
    assert names("scheduled-maintenances.json") == [
        *("cancelled", "completed", "verifying", "in_progress", "scheduled")
    ]
    assert names("scheduled-maintenances/upcoming.json") == ["scheduled"]
    assert set(names("scheduled-maintenances/active.json")) == {"in_progress", "verifying"}


@pytest.mark.usefixtures("all_stages")
def test_the_summary_has_what_is_unresolved_to_come_and_under_way(page: Page) -> None:
    body = answer("summary.json")

    incidents = {item["name"] for item in body["incidents"]}
    maintenances = {item["name"] for item in body["scheduled_maintenances"]}
    assert incidents == {"monitoring", "identified", "investigating"}
    assert maintenances == {"scheduled", "in_progress", "verifying"}


@pytest.mark.parametrize("kind", ["incidents.json", "scheduled-maintenances.json"])
def test_lists_end_after_fifty(page: Page, kind: str) -> None:
    for number in range(51):
        at = AT + timedelta(minutes=number)
        for status in ("resolved", "completed"):
            add(page, f"number {number}", status, created_at=at, started_at=AT)

    shown = names(kind)

    assert len(shown) == 50
    assert shown[0] == "number 50"
    assert shown[-1] == "number 1"


def test_a_maintenance_has_its_plan(page: Page, component: Component) -> None:
    row = add(page, "Upgrade", "scheduled", scheduled_for=AT)
    IncidentComponent.objects.create(incident=row, component=component, status="under_maintenance")

    [shown] = answer("scheduled-maintenances.json")["scheduled_maintenances"]

    assert set(shown) == MAINTENANCE
    assert shown["scheduled_for"] == "2026-10-31T12:00:00.000Z"
    assert shown["scheduled_until"] == "2026-10-31T13:00:00.000Z"
    assert shown["impact"] == "maintenance"
    assert shown["status"] == shown["incident_updates"][0]["status"] == "scheduled"
    assert [item["name"] for item in shown["components"]] == ["Website"]


@pytest.mark.parametrize(
    ("impact", "override", "shown"),
    [("none", None, "maintenance"), ("major", None, "major"), ("maintenance", "minor", "minor")],
)
def test_a_maintenance_without_worse_has_the_impact_of_maintenance(
    page: Page, impact: str, override: str | None, shown: str
) -> None:
    add(page, "Upgrade", "in_progress", impact=impact, impact_override=override)

    [row] = answer("scheduled-maintenances/active.json")["scheduled_maintenances"]

    assert row["impact"] == shown


def test_what_was_cancelled_prints_as_completed(page: Page) -> None:
    add(page, "Upgrade", "cancelled", resolved_at=AT)

    [shown] = answer("scheduled-maintenances.json")["scheduled_maintenances"]

    assert shown["status"] == shown["incident_updates"][0]["status"] == "completed"
    assert shown["resolved_at"] == "2026-10-31T12:00:00.000Z"


def test_a_published_postmortem_is_the_newest_update(page: Page) -> None:
    row = add(page, "Down", "resolved", resolved_at=AT)
    Postmortem.objects.create(incident=row, body="Why.", body_draft="Secret", published_at=AT)

    [shown] = answer("incidents.json")["incidents"]
    newest, oldest = shown["incident_updates"]

    assert set(newest) == UPDATE
    assert shown["status"] == newest["status"] == "postmortem"
    assert newest["body"] == "Why."
    assert newest["display_at"] == "2026-10-31T12:00:00.000Z"
    assert newest["deliver_notifications"] is False
    assert oldest["status"] == "resolved"


def test_a_postmortem_that_is_being_written_is_not_there(page: Page) -> None:
    row = add(page, "Down", "resolved", resolved_at=AT)
    Postmortem.objects.create(incident=row, body_draft="Secret")

    document = build(Address("acme", "incidents.json"), at=now())

    assert document is not None
    assert b"Secret" not in document.body
    assert json.loads(document.body)["incidents"][0]["status"] == "resolved"


def test_a_reopened_incident_is_unresolved_whatever_was_learned(page: Page) -> None:
    row = add(page, "Down", "investigating")
    Postmortem.objects.create(incident=row, body="Why.", published_at=AT)

    [shown] = answer("incidents/unresolved.json")["incidents"]

    assert shown["status"] == shown["incident_updates"][0]["status"] == "investigating"


def test_times_links_and_notices_of_an_incident(page: Page, component: Component) -> None:
    row = add(page, "Down", "resolved", monitoring_at=AT, resolved_at=AT + timedelta(hours=1))
    update = row.updates.get()
    update.deliver_notifications = False
    update.save()
    UpdateComponent.objects.create(
        update=update,
        component=component,
        old_status="major_outage",
        new_status="operational",
        since=AT,
    )

    [shown] = answer("incidents.json")["incidents"]
    [told] = shown["incident_updates"]

    assert shown["shortlink"] == f"http://localhost:8000/i/{row.code}"
    assert shown["monitoring_at"] == "2026-10-31T12:00:00.000Z"
    assert shown["resolved_at"] == "2026-10-31T13:00:00.000Z"
    assert told["deliver_notifications"] is False
    assert told["affected_components"] == [
        {
            "code": str(component.id),
            "name": "Website",
            "old_status": "major_outage",
            "new_status": "operational",
        }
    ]


def test_nothing_that_is_not_public_stands_in_any_endpoint(page: Page) -> None:
    """Drafts, updates that wait, metadata and who did it."""
    add(page, "Secret draft", "draft")
    row = add(page, "Down", "investigating", metadata={"Secret": {"note": "Secret"}})
    IncidentUpdateFactory(incident=row, body="Secret", published_at=None)

    for kind in ENDPOINTS:
        document = build(Address("acme", kind), at=now())
        assert document is not None
        assert b"Secret" not in document.body
