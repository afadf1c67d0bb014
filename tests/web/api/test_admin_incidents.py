"""Opening and updating incidents by JSON."""

import time
import uuid

import pytest

from accounts.models import AuditEvent
from incidents.lifecycle import Impact, IncidentStatus
from incidents.models import Incident, IncidentUpdate
from pages.status import Status
from subscribers.models import Notification
from tests.factories import ComponentFactory, PageFactory
from tests.faults.hanging import hanging
from tests.web.api.reading import status_of

PATH = "/api/admin/incidents"


def new_incident(**changes: object):
    return {
        "title": "Checkout fails",
        "severity": "MAJOR",
        "serviceIds": [],
        "initialMessage": "We are looking into it.",
    } | changes


def test_an_incident_is_opened_with_its_first_update(call, editor, services):
    website, _ = services

    response = call("post", PATH, new_incident(serviceIds=[str(website.pk)]), user=editor)

    assert response.status_code == 201, response.content
    answer = response.json()
    incident = Incident.objects.get()
    assert answer["id"] == str(incident.pk)
    assert (answer["title"], answer["severity"]) == ("Checkout fails", "MAJOR")
    assert (answer["status"], answer["resolvedAt"]) == ("INVESTIGATING", None)
    assert answer["services"] == [{"id": str(website.pk), "slug": "website", "name": "Website"}]
    [update] = answer["updates"]
    assert (update["message"], update["status"]) == ("We are looking into it.", "INVESTIGATING")
    assert update["incidentId"] == answer["id"]
    assert answer["createdAt"].endswith("Z")
    assert incident.created_by == editor
    assert incident.impact_override is None


@pytest.mark.parametrize(
    ("severity", "status"),
    [
        ("MINOR", Status.DEGRADED),
        ("MAJOR", Status.PARTIAL),
        ("CRITICAL", Status.MAJOR),
        ("critical", Status.MAJOR),
        ("NONE", Status.OPERATIONAL),
    ],
)
def test_severity_becomes_the_status_of_every_named_service(
    call, editor, services, severity, status
):
    refs = [service.slug for service in services]
    response = call("post", PATH, new_incident(severity=severity, serviceIds=refs), user=editor)
    assert response.json()["severity"] == severity.upper()
    assert {status_of(service) for service in services} == {status}


def test_services_are_named_by_id_or_slug_in_either_spelling(call, editor, services):
    website = services[0]
    refs = [str(website.pk).upper(), "checkout", "website"]
    body = {
        "title": "Snakes",
        "severity": "minor",
        "service_ids": refs,
        "initial_message": "In Python's spelling.",
    }
    response = call("post", PATH, body, user=editor)
    assert {service["slug"] for service in response.json()["services"]} == {"website", "checkout"}


def test_an_incident_without_services_keeps_its_severity(call, editor, page):
    response = call("post", PATH, new_incident(severity="CRITICAL"), user=editor)
    assert response.json()["severity"] == "CRITICAL"
    assert Incident.objects.get().effective_impact is Impact.CRITICAL
    assert Incident.objects.get().page == page


def test_subscribers_are_told_of_each_step(call, editor, services):
    incident = call("post", PATH, new_incident(serviceIds=["website"]), user=editor).json()
    updates = f"{PATH}/{incident['id']}/updates"
    call("post", updates, {"message": "Found.", "status": "IDENTIFIED"}, user=editor)
    call("post", updates, {"message": "Fixed.", "status": "RESOLVED"}, user=editor)
    kinds = Notification.objects.order_by("created_at").values_list("kind", flat=True)
    assert list(kinds) == ["incident_created", "incident_updated", "incident_resolved"]


def test_an_update_moves_the_incident(call, editor, services):
    incident = call("post", PATH, new_incident(serviceIds=["website"]), user=editor).json()

    response = call(
        "post",
        f"{PATH}/{incident['id']}/updates",
        {"message": "A bad deploy.", "status": "IDENTIFIED"},
        user=editor,
    )

    assert response.status_code == 201, response.content
    answer = response.json()
    assert set(answer) == {"id", "incidentId", "message", "status", "createdAt"}
    assert (answer["message"], answer["status"]) == ("A bad deploy.", "IDENTIFIED")
    assert Incident.objects.get().status == IncidentStatus.IDENTIFIED
    assert status_of(services[0]) == Status.PARTIAL


def test_resolving_ends_only_what_this_incident_said(call, editor, services):
    """Overlapping incidents: the other one still holds the service down."""
    first = call("post", PATH, new_incident(serviceIds=["website"]), user=editor).json()
    other = call(
        "post", PATH, new_incident(severity="MINOR", serviceIds=["website"]), user=editor
    ).json()
    resolve = {"message": "Done.", "status": "RESOLVED"}

    call("post", f"{PATH}/{first['id']}/updates", resolve, user=editor)
    assert status_of(services[0]) == Status.DEGRADED
    assert Incident.objects.get(pk=first["id"]).resolved_at is not None

    call("post", f"{PATH}/{other['id']}/updates", resolve, user=editor)
    assert status_of(services[0]) == Status.OPERATIONAL


def test_a_resolved_incident_takes_no_update(call, editor, services):
    incident = call("post", PATH, new_incident(), user=editor).json()
    path = f"{PATH}/{incident['id']}/updates"
    call("post", path, {"message": "Done.", "status": "RESOLVED"}, user=editor)

    response = call("post", path, {"message": "Or not.", "status": "MONITORING"}, user=editor)

    assert response.status_code == 409
    assert response.json()["error"] == "conflict"
    assert IncidentUpdate.objects.count() == 2


def test_a_hanging_redis_does_not_keep_operators_waiting(call, editor, services, redis):
    with hanging(redis):
        began = time.monotonic()
        response = call("post", PATH, new_incident(serviceIds=["website"]), user=editor)
        assert time.monotonic() - began < 1
    assert response.status_code == 201
    assert Notification.objects.count() == 1


def test_a_mutation_names_the_token_in_the_audit_trail(call, editor, services):
    call("post", PATH, new_incident(serviceIds=["website"]), user=editor)
    row = AuditEvent.objects.get(action="incident.create")
    assert (row.user, row.actor) == (editor, f"{editor.email} (token test)")
    assert (row.object_type, row.project) == ("incident", services[0].page.project)


UNKNOWN_ID = "0197c0de-0000-7000-8000-000000000000"


@pytest.mark.parametrize("reference", ["nowhere", UNKNOWN_ID, "x" * 100])
def test_an_unknown_service_leaves_nothing(call, editor, services, reference, caplog):
    response = call("post", PATH, new_incident(serviceIds=["website", reference]), user=editor)
    assert response.status_code == 404
    assert response.json() == {"error": "not_found", "message": "Not found or access denied."}
    assert not Incident.objects.exists()
    assert status_of(services[0]) == Status.OPERATIONAL
    refusal = AuditEvent.objects.get(outcome="refused")
    assert (refusal.object_type, refusal.object_id) == ("component", reference[:64])
    assert "[SECURITY]" in caplog.text


def test_a_foreign_service_is_as_missing_as_an_unknown_one(call, editor, services):
    foreign = ComponentFactory(slug="payroll")
    for reference in (str(foreign.pk), "payroll"):
        response = call("post", PATH, new_incident(serviceIds=["website", reference]), user=editor)
        assert response.status_code == 404
    assert not Incident.objects.exists()


def test_services_of_two_pages_make_no_incident(call, editor, services, project):
    other = ComponentFactory(page=PageFactory(project=project), slug="intranet")
    refs = [str(services[0].pk), str(other.pk)]
    assert call("post", PATH, new_incident(serviceIds=refs), user=editor).status_code == 404
    assert not Incident.objects.exists()


def test_a_slug_on_two_pages_means_the_default_page(call, editor, services, project, settings):
    other = ComponentFactory(page=PageFactory(project=project), slug="website")
    ambiguous = call("post", PATH, new_incident(serviceIds=["website"]), user=editor)
    assert ambiguous.status_code == 422
    assert "ids" in ambiguous.json()["fields"]["serviceIds"]

    settings.DEFAULT_PAGE = "acme"
    response = call("post", PATH, new_incident(serviceIds=["website"]), user=editor)
    assert response.json()["services"][0]["id"] == str(services[0].pk) != str(other.pk)


def test_without_services_several_pages_are_ambiguous(call, editor, page, project):
    PageFactory(project=project)
    response = call("post", PATH, new_incident(), user=editor)
    assert response.status_code == 422
    assert set(response.json()["fields"]) == {"serviceIds"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"title": 7}, "title"),
        ({"severity": "TERRIBLE"}, "severity"),
        ({"severity": None}, "severity"),
        ({"serviceIds": "website"}, "serviceIds"),
        ({"serviceIds": [1]}, "serviceIds.0"),
        ({"serviceIds": [["website"]]}, "serviceIds.0"),
        ({"serviceIds": ["website"] * 201}, "serviceIds"),
        ({"initialMessage": "x" * 25_001}, "initialMessage"),
        ({"initialMessage": "bell\x07"}, "initialMessage"),
        ({"status": "RESOLVED"}, "status"),
        ({"id": str(uuid.uuid4())}, "id"),
        ({"createdBy": 1}, "createdBy"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(call, editor, services, changes, field):
    response = call("post", PATH, new_incident(**changes), user=editor)
    assert response.status_code == 422
    assert response.json()["error"] == "invalid"
    assert set(response.json()["fields"]) == {field}
    assert not Incident.objects.exists()


@pytest.mark.parametrize("field", ["title", "severity", "initialMessage"])
def test_a_missing_field_is_named(call, editor, services, field):
    body = new_incident()
    del body[field]
    assert set(call("post", PATH, body, user=editor).json()["fields"]) == {field}


@pytest.mark.parametrize("status", ["DRAFT", "DONE", "", None, 3, ["RESOLVED"]])
def test_an_update_knows_four_statuses(call, editor, services, status):
    incident = call("post", PATH, new_incident(), user=editor).json()
    response = call(
        "post",
        f"{PATH}/{incident['id']}/updates",
        {"message": "?", "status": status},
        user=editor,
    )
    assert response.status_code == 422
    message = "Use one of INVESTIGATING, IDENTIFIED, MONITORING, RESOLVED."
    assert response.json()["fields"] == {"status": message}
