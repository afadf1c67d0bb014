"""Opening, reading, changing and deleting incidents by JSON."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import AuditEvent
from incidents.models import Incident, Reminder
from pages.models import StatusInterval
from pages.status import Status
from subscribers.models import Notification
from tests.factories import ComponentFactory, PageFactory
from tests.web.api.reading import made, status_of

PATH = "/api/incidents"


def test_an_incident_says_each_components_status(call, editor, services):
    website, checkout = services
    statuses = {str(website.pk).upper(): "offline", "checkout": "degraded"}
    body = {"name": "Down", "body": "We look.", "status": "identified", "components": statuses}

    answer = made(call("post", PATH, body, user=editor))

    incident = Incident.objects.get()
    assert answer["id"] == str(incident.pk)
    assert answer["statusPageId"] == str(incident.page_id)
    assert (answer["name"], answer["status"], answer["body"]) == ("Down", "identified", "We look.")
    assert (answer["impact"], answer["impactOverride"]) == ("critical", None)
    assert answer["shortlink"].endswith(f"/i/{incident.code}")
    assert {row["slug"]: row["status"] for row in answer["components"]} == {
        "website": "major_outage",
        "checkout": "degraded_performance",
    }
    [update] = answer["updates"]
    assert (update["incidentId"], update["status"]) == (answer["id"], "identified")
    changes = {row["name"]: (row["oldStatus"], row["newStatus"]) for row in update["components"]}
    assert changes["Website"] == ("operational", "major_outage")
    assert (status_of(website), status_of(checkout)) == (Status.MAJOR, Status.DEGRADED)
    assert Notification.objects.get().kind == "incident_created"
    assert AuditEvent.objects.filter(action="incident.create").count() == 1
    assert call("get", f"{PATH}/{answer['id']}", user=editor).json() == answer


@pytest.mark.parametrize(
    "body",
    [
        {"componentIds": ["website"], "impact": "major", "impactOverride": "minor"},
        {"component_ids": ["website"], "severity": "MAJOR", "impact_override": "Minor"},
        {"services": ["website"], "impact": "Major", "impactOverride": "MINOR"},
        {"serviceIds": ["website"], "impact": "major", "impactOverride": "minor"},
    ],
)
def test_the_impact_becomes_the_status_of_what_is_named(call, editor, services, body):
    answer = made(call("post", PATH, {"name": "Down"} | body, user=editor))
    assert (answer["impact"], answer["impactOverride"]) == ("minor", "minor")
    assert status_of(services[0]) == Status.PARTIAL


@pytest.mark.parametrize(
    ("body", "override", "statuses"),
    [
        ({"impact": "critical"}, "critical", ()),
        ({"impact": "none"}, "none", ()),
        ({"components": {"website": "degraded"}, "impact": "major"}, "major", (Status.DEGRADED,)),
        ({"componentIds": ["website"]}, None, (Status.OPERATIONAL,)),
        ({"components": {"website": ""}}, None, (Status.OPERATIONAL,)),
        (
            {"componentIds": ["website", "checkout"], "components": {"website": "offline"}}
            | {"impact": "minor"},
            None,
            (Status.MAJOR, Status.DEGRADED),
        ),
    ],
)
@pytest.mark.usefixtures("services")
def test_an_impact_that_is_no_components_status_is_the_incidents_own(
    call, editor, body, override, statuses
):
    answer = made(call("post", PATH, {"name": "Down"} | body, user=editor))
    assert answer["impactOverride"] == override
    assert {row["slug"]: row["status"] for row in answer["components"]} == dict(
        zip(["website", "checkout"], statuses, strict=False)
    )


def test_settings_come_with_the_opening(call, editor, services):
    promised = now() + timedelta(minutes=30)
    body = {
        "name": "Down",
        "deliverNotifications": False,
        "metadata": {"jira": {"issue": "OPS-1"}, "n": [1, 2.5, None, True]},
        "nextUpdateBy": promised.isoformat(),
        "reminderIntervals": "[5, 30]",
        "reminderUnit": "minutes",
    }
    answer = made(call("post", PATH, body, user=editor))
    assert answer["metadata"] == body["metadata"]
    assert (answer["reminderIntervals"], answer["reminderUnit"]) == ([5, 30], "minutes")
    assert answer["deliverNotifications"] is False
    assert Incident.objects.get().next_update_by == promised
    assert not Notification.objects.exists()
    assert Reminder.objects.count() == 3
    assert AuditEvent.objects.count() == 3  # two components and one incident


def test_defaults_are_those_of_statuspage(call, editor, services):
    answer = made(call("post", PATH, {"name": "Down"}, user=editor))
    assert (answer["status"], answer["impact"], answer["body"]) == ("investigating", "none", "")
    assert (answer["reminderIntervals"], answer["reminderUnit"]) == ([3, 6, 12, 24], "hours")
    assert answer["deliverNotifications"] is True
    assert (answer["metadata"], answer["scheduledFor"], answer["backfilled"]) == ({}, None, False)
    assert len(answer["updates"]) == 1


@pytest.mark.parametrize("spelling", ["id", "upper", "subdomain"])
def test_the_page_is_named_by_id_or_subdomain(call, editor, project, page, spelling):
    other = PageFactory(project=project, subdomain="other")
    ref = {"id": str(other.pk), "upper": str(other.pk).upper(), "subdomain": "Other"}[spelling]
    answer = made(call("post", PATH, {"name": "Down", "statusPageId": ref}, user=editor))
    assert answer["statusPageId"] == str(other.pk)


def test_several_pages_without_a_name_ask_which(call, editor, project, page):
    PageFactory(project=project)
    response = call("post", PATH, {"name": "Down"}, user=editor)
    assert response.status_code == 422
    assert set(response.json()["fields"]) == {"componentIds"}


def test_a_component_of_another_own_page_is_missing(call, editor, project, services):
    other = ComponentFactory(page=PageFactory(project=project))
    body = {"name": "Down", "statusPageId": "acme", "componentIds": [str(other.pk)]}
    assert call("post", PATH, body, user=editor).status_code == 404
    assert not Incident.objects.exists()


def test_a_backfilled_incident_lies_where_it_was_and_tells_nobody(call, editor, services):
    began = (now() - timedelta(hours=5)).replace(microsecond=0)
    body = {
        "name": "Forgotten",
        "body": "It was down.",
        "closing": "It was up again.",
        "backfilled": True,
        "backfillDate": began.isoformat(),
        "resolvedAt": (began + timedelta(hours=1)).isoformat(),
        "components": {"website": "major_outage"},
        "deliverNotifications": True,
        "status": "resolved",
        "metadata": {"a": {}},
    }
    answer = made(call("post", PATH, body, user=editor))
    assert (answer["backfilled"], answer["status"], answer["impact"]) == (
        True,
        "resolved",
        "critical",
    )
    incident = Incident.objects.get()
    assert (incident.started_at, incident.resolved_at) == (began, began + timedelta(hours=1))
    assert [row["body"] for row in answer["updates"]] == ["It was up again.", "It was down."]
    assert status_of(services[0]) == Status.OPERATIONAL
    outage = StatusInterval.objects.get(status=Status.MAJOR)
    assert (outage.span.lower, outage.span.upper) == (began, began + timedelta(hours=1))
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"body": "x" * 25_001}, "body"),
        ({"status": "resolved"}, "status"),
        ({"status": "scheduled"}, "status"),
        ({"status": "open"}, "status"),
        ({"impact": "maintenance"}, "impact"),
        ({"impactOverride": "bad"}, "impactOverride"),
        ({"components": {"website": "broken"}}, "components.website"),
        ({"components": {"website": 3}}, "components.website"),
        ({"components": {"website": None}}, "components.website"),
        ({"components": ["website"]}, "components"),
        ({"componentIds": "website"}, "componentIds"),
        ({"componentIds": ["website"] * 201}, "componentIds"),
        ({"deliverNotifications": "no"}, "deliverNotifications"),
        ({"deliverNotifications": 1}, "deliverNotifications"),
        ({"metadata": []}, "metadata"),
        ({"metadata": {"k": "x" * 16_000}}, "metadata"),
        ({"metadata": None}, "metadata"),
        ({"nextUpdateBy": "2020-01-01T00:00Z"}, "nextUpdateBy"),
        ({"nextUpdateBy": "soon"}, "nextUpdateBy"),
        ({"reminderIntervals": [0]}, "reminderIntervals"),
        ({"reminderIntervals": [25]}, "reminderIntervals"),
        ({"reminderIntervals": [True]}, "reminderIntervals"),
        ({"reminderIntervals": [1.5]}, "reminderIntervals"),
        ({"reminderIntervals": "[3,"}, "reminderIntervals"),
        ({"reminderIntervals": "3,6"}, "reminderIntervals"),
        ({"reminderIntervals": "[3,,6]"}, "reminderIntervals"),
        ({"reminderIntervals": list(range(1, 12))}, "reminderIntervals"),
        ({"reminderUnit": "days"}, "reminderUnit"),
        ({"closing": "Over."}, "closing"),
        ({"remindBefore": [5]}, "remindBefore"),
        ({"scheduledAutoCompleted": False}, "scheduledAutoCompleted"),
        ({"status": "draft", "metadata": {"a": 1}}, "metadata"),
        ({"status": "draft", "impact": "major"}, "impact"),
        ({"status": "draft", "scheduledFor": "2030-01-01T00:00Z"}, "scheduledFor"),
        ({"backfilled": True}, "backfillDate"),
        ({"backfillDate": "2026-01-01T00:00Z"}, "resolvedAt"),
        ({"resolvedAt": "2026-01-01T00:00Z"}, "resolvedAt"),
        (
            {"backfillDate": "2026-01-02T00:00Z", "resolvedAt": "2026-01-01T00:00Z"},
            "resolvedAt",
        ),
        (
            {"backfillDate": "2026-01-02T00:00Z", "resolvedAt": "2999-01-01T00:00Z"},
            "resolvedAt",
        ),
        (
            {"backfillDate": "2026-01-02T00:00Z", "resolvedAt": "2026-01-03T00:00Z"}
            | {"status": "monitoring"},
            "status",
        ),
        # What the product sets is nobody else's to set.
        ({"id": "0197c0de-0000-7000-8000-000000000000"}, "id"),
        ({"createdAt": "2020-01-01T00:00Z"}, "createdAt"),
        ({"created_by": "me"}, "created_by"),
        ({"automatic": True}, "automatic"),
        ({"code": "mine"}, "code"),
        ({"page": "other"}, "page"),
    ],
)
def test_a_field_that_cannot_be_is_named_and_nothing_is_stored(call, editor, services, body, field):
    response = call("post", PATH, {"name": "Down"} | body, user=editor)
    assert response.status_code == 422, response.content
    assert set(response.json()["fields"]) == {field}
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "body", [{"componentIds": [], "services": []}, {"body": "", "message": ""}]
)
def test_a_field_is_spelled_once(call, editor, services, body):
    assert call("post", PATH, {"name": "Down"} | body, user=editor).status_code == 422


def test_a_component_is_spelled_once(call, editor, services):
    twice = {"website": "offline", str(services[0].pk): "degraded"}
    response = call("post", PATH, {"name": "Down", "components": twice}, user=editor)
    assert (response.status_code, set(response.json()["fields"])) == (422, {"components"})


def test_metadata_is_bounded_in_depth(call, editor, services):
    deep: dict[str, object] = {}
    for _ in range(30):
        deep = {"a": deep}
    assert call("post", PATH, {"name": "X", "metadata": deep}, user=editor).status_code == 400


@pytest.mark.parametrize(
    ("value", "stored"), [(5, 5), ([], []), ("[]", []), ("[6,3,3]", [3, 6]), ([24], [24])]
)
def test_reminder_intervals_are_a_number_or_a_list(call, editor, services, value, stored):
    answer = made(call("post", PATH, {"name": "X", "reminderIntervals": value}, user=editor))
    assert answer["reminderIntervals"] == stored


def test_twenty_five_thousand_characters_pass(call, editor, services):
    text = "ü" * 25_000
    answer = made(call("post", PATH, {"name": "Ü" * 255, "body": text}, user=editor))
    assert (answer["body"], answer["name"]) == (text, "Ü" * 255)
