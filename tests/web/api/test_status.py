"""What every visitor may read as JSON."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils.timezone import now

from incidents.actions import open_incident, post_update
from incidents.lifecycle import Impact, IncidentStatus
from incidents.models import Incident
from pages.actions import create_component
from pages.models import Page
from pages.status import Status
from tests.factories import ComponentFactory, IncidentFactory, PageFactory

PATH = "/api/status"


def read(call):
    response = call("get", PATH)
    assert response.status_code == 200, response.content
    return response.json()


def test_services_stand_by_position_then_name(call, page):
    ComponentFactory(page=page, name="Zoo", slug="zoo", position=1)
    ComponentFactory(page=page, name="Beta", slug="beta", position=2)
    ComponentFactory(page=page, name="Alpha", slug="alpha", position=2, description="First letter")
    answer = read(call)
    assert [service["name"] for service in answer["services"]] == ["Zoo", "Alpha", "Beta"]
    alpha = answer["services"][1]
    assert set(alpha) == {
        "id",
        "slug",
        "name",
        "description",
        "status",
        "maintenance",
        "updatedAt",
    }
    assert (alpha["slug"], alpha["description"]) == ("alpha", "First letter")
    assert answer["services"][0]["description"] is None


@pytest.mark.parametrize(
    ("status", "printed", "maintenance"),
    [
        (Status.OPERATIONAL, "OPERATIONAL", False),
        (Status.DEGRADED, "DEGRADED", False),
        (Status.PARTIAL, "PARTIAL_OUTAGE", False),
        (Status.MAJOR, "MAJOR_OUTAGE", False),
        (Status.MAINTENANCE, "OPERATIONAL", True),
    ],
)
def test_statuses_print_in_the_old_names(call, page, status, printed, maintenance):
    ComponentFactory(page=page, status=status)
    answer = read(call)
    service = answer["services"][0]
    assert (service["status"], service["maintenance"]) == (printed, maintenance)
    assert answer["overallStatus"] == printed


def test_the_worst_service_decides(call, page):
    for status in (Status.DEGRADED, Status.MAJOR, Status.PARTIAL):
        ComponentFactory(page=page, status=status)
    assert read(call)["overallStatus"] == "MAJOR_OUTAGE"


def test_an_open_incident_is_told_although_all_services_are_green(call, page):
    ComponentFactory(page=page)
    IncidentFactory(page=page, impact=Impact.MAJOR)
    assert read(call)["overallStatus"] == "PARTIAL_OUTAGE"


def test_a_page_without_services_is_operational(call, page):
    assert read(call) == {"services": [], "activeIncidents": [], "overallStatus": "OPERATIONAL"}


def test_open_incidents_come_newest_first_with_updates_and_services(call, page, operator):
    at = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
    website = create_component(page=page, name="Website", slug="website", actor=operator, at=at)
    incident = open_incident(
        page=page,
        name="Slow answers",
        body="Looking.",
        statuses={website: Status.DEGRADED},
        actor=operator,
        at=at,
    )
    post_update(
        incident=incident,
        status=IncidentStatus.IDENTIFIED,
        body="Found.",
        actor=operator,
        at=at + timedelta(minutes=5),
    )
    IncidentFactory(page=page, name="Newer", created_at=at + timedelta(hours=1))
    resolved = open_incident(page=page, name="Over", body="", statuses={}, actor=operator, at=at)
    post_update(incident=resolved, status=IncidentStatus.RESOLVED, body="", actor=operator, at=at)

    answer = read(call)["activeIncidents"]

    assert [each["title"] for each in answer] == ["Newer", "Slow answers"]
    slow = answer[1]
    assert (slow["status"], slow["severity"]) == ("IDENTIFIED", "MINOR")
    assert [each["message"] for each in slow["updates"]] == ["Found.", "Looking."]
    assert slow["updates"][0]["createdAt"] == "2026-05-04T10:05:00Z"
    assert slow["services"] == [{"id": str(website.pk), "slug": "website", "name": "Website"}]


def test_drafts_and_later_updates_are_absent(call, page, operator):
    IncidentFactory(page=page, name="Draft", status=IncidentStatus.DRAFT)
    incident = open_incident(
        page=page, name="Public", body="Now.", statuses={}, actor=operator, at=now()
    )
    incident.updates.create(
        status="monitoring", body="Later.", display_at=now() + timedelta(hours=1)
    )
    text = json.dumps(read(call))
    assert "Draft" not in text
    assert "Later." not in text
    assert "Now." in text


def test_nothing_internal_is_printed(call, page, component, operator):
    open_incident(
        page=page,
        name="Public",
        body="Now.",
        statuses={component: Status.MAJOR},
        actor=operator,
        at=now(),
    )
    text = call("get", PATH).content.decode()
    for secret in (operator.user.email, operator.user.pk, page.project_id, page.organization_id):
        assert str(secret) not in text


def test_the_only_published_page_is_the_default(call, page):
    PageFactory(status=Page.State.DRAFT)
    assert call("get", PATH).status_code == 200


def test_the_setting_names_the_page_by_subdomain_or_id(call, page, settings):
    ComponentFactory(page=PageFactory(subdomain="other"), name="Theirs")
    ours = ComponentFactory(page=page, name="Ours")
    for name in (page.subdomain, str(page.pk)):
        settings.DEFAULT_PAGE = name
        assert [each["id"] for each in read(call)["services"]] == [str(ours.pk)]


@pytest.mark.parametrize("state", [Page.State.DRAFT, Page.State.ARCHIVED])
def test_hidden_pages_are_as_missing_as_no_page(call, db, settings, state):
    nothing = call("get", PATH)
    settings.DEFAULT_PAGE = PageFactory(status=state).subdomain
    hidden = call("get", PATH)
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.json() == nothing.json()


def test_the_answer_is_public_and_carries_no_cookie(call, page):
    response = call("get", PATH)
    assert response["Cache-Control"] == "public, max-age=5"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_head_is_answered(call, page):
    response = call("head", PATH)
    assert (response.status_code, response.content) == (200, b"")


def test_the_number_of_queries_does_not_grow(call, page, operator, django_assert_num_queries):
    components = [ComponentFactory(page=page) for _ in range(5)]
    for component in components:
        incident = IncidentFactory(page=page)
        incident.affected.create(component=component, status=Status.DEGRADED)
        incident.updates.create(status="investigating", body="x", display_at=now())
    assert Incident.objects.open().count() == 5
    with django_assert_num_queries(5):
        read(call)


def test_a_page_version_is_built_once(call, page, operator, django_assert_num_queries):
    read(call)
    with django_assert_num_queries(1):
        assert read(call)["services"] == []

    create_component(page=page, name="Website", slug="website", actor=operator, at=now())
    assert [each["slug"] for each in read(call)["services"]] == ["website"]


def test_a_document_is_built_again_after_a_while(call, page):
    with time_machine.travel("2026-05-04T10:00:00Z", tick=False) as clock:
        read(call)
        ComponentFactory(page=page)
        assert read(call)["services"] == []
        clock.shift(6)
        assert len(read(call)["services"]) == 1
