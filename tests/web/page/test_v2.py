"""Statuspage's shapes: exactly these keys, three fraction digits, null where nothing is known."""

import json
import re
from typing import Any

from django.utils.timezone import now

from accounts.actor import SYSTEM
from incidents.actions import open_incident, post_update
from incidents.lifecycle import IncidentStatus
from pages.models import Component, ComponentGroup, Page
from pages.status import Status
from tests.factories import ComponentFactory, ComponentGroupFactory
from web.page.documents import Address, build

PAGE = {"id", "name", "url", "time_zone", "updated_at"}
COMPONENT = {
    *("id", "name", "status", "created_at", "updated_at", "position", "description"),
    *("showcase", "start_date", "group_id", "page_id", "group", "only_show_if_degraded"),
}
INCIDENT = {
    *("id", "name", "status", "created_at", "updated_at", "monitoring_at", "resolved_at"),
    *("impact", "shortlink", "started_at", "page_id", "incident_updates", "components"),
}
UPDATE = {
    *("id", "status", "body", "incident_id", "created_at", "updated_at", "display_at"),
    *("affected_components", "deliver_notifications", "custom_tweet", "tweet_id"),
}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def answer(kind: str) -> Any:
    document = build(Address("acme", kind), at=now())
    assert document is not None
    assert document.content_type == "application/json; charset=utf-8"
    return json.loads(document.body)


def with_incident(page: Page, component: Component) -> ComponentGroup:
    group = ComponentGroupFactory(page=page, name="Platform", position=1)
    component.group = group
    component.save()
    incident = open_incident(
        page=page,
        name="Down",
        body="We look.",
        statuses={component: Status.PARTIAL},
        actor=SYSTEM,
        at=now(),
    )
    post_update(
        incident=incident, status=IncidentStatus.IDENTIFIED, body="Found.", actor=SYSTEM, at=now()
    )
    return group


def test_status_has_page_and_status_only(page: Page, component: Component) -> None:
    body = answer("status.json")

    assert set(body) == {"page", "status"}
    assert set(body["page"]) == PAGE
    assert body["page"]["url"] == "http://localhost:8000/status/acme"
    assert STAMP.fullmatch(body["page"]["updated_at"])
    assert body["status"] == {"indicator": "none", "description": "All Systems Operational"}


def test_an_empty_page_has_empty_lists(page: Page) -> None:
    body = answer("summary.json")

    assert set(body) == {"page", "components", "incidents", "scheduled_maintenances", "status"}
    assert body["components"] == body["incidents"] == body["scheduled_maintenances"] == []


def test_groups_are_components_with_their_children(page: Page, component: Component) -> None:
    group = with_incident(page, component)
    ComponentFactory(page=page, name="Alone", position=5)

    shown = {item["name"]: item for item in answer("summary.json")["components"]}

    assert set(shown["Website"]) == COMPONENT
    assert set(shown["Platform"]) == COMPONENT | {"components"}
    assert shown["Platform"]["components"] == [str(component.id)]
    assert shown["Platform"]["group"] is True
    assert shown["Platform"]["group_id"] is None
    assert shown["Platform"]["status"] == "partial_outage"
    assert shown["Website"]["group_id"] == str(group.id)
    assert list(shown) == ["Website", "Platform", "Alone"]


def test_unresolved_incidents_with_updates_newest_first(page: Page, component: Component) -> None:
    with_incident(page, component)

    body = answer("summary.json")
    [incident] = body["incidents"]
    newest, oldest = incident["incident_updates"]

    assert set(incident) == INCIDENT
    assert set(newest) == UPDATE
    assert incident["status"] == newest["status"] == "identified"
    assert incident["impact"] == "major"
    assert incident["resolved_at"] is None
    assert STAMP.fullmatch(incident["started_at"])
    assert newest["affected_components"] is None
    assert oldest["affected_components"] == [
        {
            "code": str(component.id),
            "name": "Platform - Website",
            "old_status": "operational",
            "new_status": "partial_outage",
        }
    ]
    assert [item["name"] for item in incident["components"]] == ["Website"]
    assert body["status"] == {"indicator": "major", "description": "Partial System Outage"}


def test_an_open_incident_alone_does_not_change_the_status(page: Page) -> None:
    open_incident(page=page, name="Notice", body="", statuses={}, actor=SYSTEM, at=now())

    body = answer("summary.json")

    assert len(body["incidents"]) == 1
    assert body["status"]["indicator"] == "none"


def test_nothing_private_stands_in_it(page: Page, component: Component) -> None:
    with_incident(page, component)
    document = build(Address("acme", "summary.json"), at=now())
    assert document is not None

    text = document.body.decode()

    for private in (page.organization_id, page.project_id):
        assert str(private) not in text
