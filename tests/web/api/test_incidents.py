"""Opening, reading, changing and deleting incidents by JSON."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import AuditEvent
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate, Reminder
from pages.actions import create_component
from pages.models import Component, StatusInterval
from pages.status import Status
from subscribers.models import Notification
from tests.factories import ComponentFactory, IncidentFactory, PageFactory

PATH = "/api/incidents"


@pytest.fixture
def services(page, operator):
    """Two components with a history of two days, as operators make them."""
    return [
        create_component(
            page=page, name=name, slug=name.lower(), actor=operator, at=now() - timedelta(days=2)
        )
        for name in ("Website", "Checkout")
    ]


def status_of(component: Component) -> str:
    component.refresh_from_db()
    return component.status


def made(response):
    assert response.status_code == 201, response.content
    return response.json()


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


def test_a_draft_tells_nobody_until_it_is_published(call, editor, services):
    body = {
        "name": "Soon",
        "body": "Text.",
        "status": "draft",
        "components": {"website": "offline"},
    }
    answer = made(call("post", PATH, body, user=editor))
    assert (answer["status"], answer["body"], answer["updates"]) == ("draft", "Text.", [])
    assert status_of(services[0]) == Status.OPERATIONAL
    path = f"{PATH}/{answer['id']}"

    changes = {"name": "Now", "body": "Better.", "components": {"checkout": "degraded"}}
    draft = call("patch", path, changes, user=editor).json()
    assert (draft["name"], draft["body"], draft["status"]) == ("Now", "Better.", "draft")
    assert len(draft["components"]) == 2
    assert not Notification.objects.exists()

    public = call("patch", path, {"status": "investigating"}, user=editor).json()
    assert (public["status"], public["updates"][0]["body"]) == ("investigating", "Better.")
    assert [status_of(each) for each in services] == [Status.MAJOR, Status.DEGRADED]
    assert Notification.objects.get().kind == "incident_created"


def test_a_draft_is_published_with_its_last_words_at_once(call, editor, services):
    answer = made(call("post", PATH, {"name": "Soon", "status": "draft"}, user=editor))
    body = {"status": "investigating", "body": "Last words.", "deliverNotifications": False}
    public = call("patch", f"{PATH}/{answer['id']}", body, user=editor).json()
    assert public["updates"][0]["body"] == "Last words."
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"status": "identified"}, "status"),
        ({"scheduledFor": "2030-01-01T00:00Z"}, "scheduledFor"),
        ({"displayAt": "2030-01-01T00:00Z"}, "displayAt"),
    ],
)
def test_a_draft_takes_no_more_than_it_can_keep(call, editor, services, body, field):
    answer = made(call("post", PATH, {"name": "Soon", "status": "draft"}, user=editor))
    response = call("patch", f"{PATH}/{answer['id']}", {"name": "Changed"} | body, user=editor)
    assert (response.status_code, set(response.json()["fields"])) == (422, {field})
    assert Incident.objects.get().name == "Soon"


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


def test_a_change_of_settings_is_no_update(call, editor, incident):
    body = {
        "name": "Renamed",
        "impactOverride": "critical",
        "metadata": {"a": {"b": 1}},
        "reminderIntervals": 2,
        "deliverNotifications": False,
    }
    response = call("patch", f"{PATH}/{incident.pk}", body, user=editor)
    assert response.status_code == 200, response.content
    answer = response.json()
    assert {key: answer[key] for key in body} == body
    assert len(answer["updates"]) == 1
    assert AuditEvent.objects.filter(action="incident.update").count() == 1

    answer = call("patch", f"{PATH}/{incident.pk}", {"impact_override": None}, user=editor).json()
    assert (answer["impactOverride"], answer["name"]) == (None, "Renamed")


def test_a_status_or_a_body_is_an_update(call, editor, incident):
    path = f"{PATH}/{incident.pk}"
    Notification.objects.all().delete()
    body = {"message": "Found.", "status": "identified", "components": {"website": "degraded"}}
    answer = call("patch", path, body | {"name": "Renamed"}, user=editor).json()
    assert (answer["status"], answer["name"]) == ("identified", "Renamed")
    assert [row["body"] for row in answer["updates"]] == ["Found.", "We look."]
    assert Notification.objects.get().kind == "incident_updated"

    silent = {"status": "resolved", "deliverNotifications": False}
    answer = call("patch", path, silent, user=editor).json()
    assert (answer["status"], answer["deliverNotifications"]) == ("resolved", True)
    assert answer["updates"][0]["deliverNotifications"] is False
    assert Notification.objects.count() == 1

    again = {"status": "investigating", "reopen": True}
    assert call("patch", path, again, user=editor).json()["resolvedAt"] is None


def test_all_of_a_change_happens_or_nothing(call, editor, incident):
    body = {"name": "Renamed", "metadata": {"a": 1}, "status": "completed"}
    response = call("patch", f"{PATH}/{incident.pk}", body, user=editor)
    assert response.status_code == 422
    assert "investigating, identified, monitoring, resolved" in response.json()["fields"]["status"]
    incident.refresh_from_db()
    assert (incident.name, incident.metadata) == ("Mail is late", {})
    assert not AuditEvent.objects.filter(action="incident.update").exists()


def test_the_same_change_twice_in_a_moment_is_one_update(call, editor, incident):
    path = f"{PATH}/{incident.pk}"
    call("patch", path, {"body": "Found."}, user=editor)
    answer = call("patch", path, {"body": "Found.", "name": "Renamed"}, user=editor).json()
    assert (len(answer["updates"]), answer["name"]) == (2, "Renamed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": None}, "body"),
        ({"status": None}, "body"),
        ({"name": " "}, "name"),
        ({"nextUpdateBy": "2999-01-01T00:00Z"}, "nextUpdateBy"),
        ({"reopen": True}, "reopen"),
        ({"scheduledFor": "2999-01-01T00:00Z"}, "scheduledFor"),
        ({"reminderUnit": "weeks"}, "reminderUnit"),
        ({"createdAt": "2020-01-01T00:00Z"}, "createdAt"),
        ({"statusPageId": "other"}, "statusPageId"),
    ],
)
def test_a_change_that_cannot_be_is_refused(call, editor, incident, body, field):
    response = call("patch", f"{PATH}/{incident.pk}", body, user=editor)
    assert (response.status_code, set(response.json()["fields"])) == (422, {field})


def test_nothing_to_change_changes_nothing(call, editor, incident):
    assert call("patch", f"{PATH}/{incident.pk}", {}, user=editor).status_code == 200
    before = incident.updated_at
    incident.refresh_from_db()
    assert incident.updated_at == before


def test_deleting_takes_its_part_of_history_along(call, editor, services):
    answer = made(
        call("post", PATH, {"name": "X", "components": {"website": "offline"}}, user=editor)
    )
    response = call("delete", f"{PATH}/{answer['id']}", user=editor)
    assert (response.status_code, response.content) == (204, b"")
    assert status_of(services[0]) == Status.OPERATIONAL
    assert not Incident.objects.exists()
    assert call("get", f"{PATH}/{answer['id']}", user=editor).status_code == 404
    assert call("delete", f"{PATH}/{answer['id']}", user=editor).status_code == 404


def test_a_list_is_newest_first_and_paged(call, editor, page):
    start = now() - timedelta(days=1)
    rows = [IncidentFactory(page=page, started_at=start + timedelta(minutes=n)) for n in range(5)]
    ids = [str(row.pk) for row in reversed(rows)]
    first = call("get", f"{PATH}?perPage=2", user=editor).json()
    assert [row["id"] for row in first["incidents"]] == ids[:2]
    assert (first["page"], first["perPage"], first["nextPage"]) == (1, 2, 2)
    last = call("get", f"{PATH}?per_page=2&page=3", user=editor).json()
    assert [row["id"] for row in last["incidents"]] == ids[4:]
    assert last["nextPage"] is None
    assert call("get", f"{PATH}?page=10000", user=editor).json()["incidents"] == []


def test_a_list_is_filtered_by_page_and_status(call, editor, project, page):
    mine = IncidentFactory(page=page, status=IncidentStatus.RESOLVED)
    IncidentFactory(page=page)
    IncidentFactory(page=PageFactory(project=project), status=IncidentStatus.RESOLVED)
    query = f"statusPageId={page.subdomain}&status=Resolved"
    rows = call("get", f"{PATH}?{query}", user=editor).json()["incidents"]
    assert [row["id"] for row in rows] == [str(mine.pk)]
    query = f"status_page_id={page.pk}"
    assert len(call("get", f"{PATH}?{query}", user=editor).json()["incidents"]) == 2


def test_settled_drafts_are_in_no_list(call, editor, page):
    IncidentFactory(page=page, status=IncidentStatus.DRAFT, dismissed_at=now())
    waiting = IncidentFactory(page=page, status=IncidentStatus.DRAFT, automatic=True)
    rows = call("get", PATH, user=editor).json()["incidents"]
    assert [row["id"] for row in rows] == [str(waiting.pk)]


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "page=99999",
        "perPage=101",
        "perPage=-1",
        "status=open",
        "status=",
        "sort=x",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(call, editor, page, query):
    response = call("get", f"{PATH}?{query}", user=editor)
    assert response.status_code == 422
    assert set(response.json()["fields"]) == {query.partition("=")[0]}


@pytest.mark.parametrize("name", ["%00", "%F0%9F%94%94", "a" * 90, "%2e%2e"])
def test_what_is_no_page_is_missing(call, editor, page, name):
    assert call("get", f"{PATH}?statusPageId={name}", user=editor).status_code == 404


def test_a_list_takes_the_same_queries_however_long(
    call, editor, page, services, django_assert_max_num_queries
):
    for n in range(8):
        body = {"name": f"Down {n}", "components": {"website": "offline", "checkout": "degraded"}}
        call("post", PATH, body, user=editor)
    with django_assert_max_num_queries(8):
        assert len(call("get", PATH, user=editor).json()["incidents"]) == 8


def test_updates_that_wait_are_shown_to_operators(call, editor, incident):
    later = now() + timedelta(hours=1)
    call(
        "post",
        f"{PATH}/{incident.pk}/updates",
        {"body": "Later.", "displayAt": later.isoformat()},
        user=editor,
    )
    answer = call("get", f"{PATH}/{incident.pk}", user=editor).json()
    assert [row["publishedAt"] is None for row in answer["updates"]] == [True, False]
    assert IncidentUpdate.objects.published().count() == 1
    assert call("get", "/api/status").json()["activeIncidents"][0]["updates"][0]["message"] == (
        "We look."
    )
