"""Drafts by JSON, changes of incidents, and their end."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import AuditEvent
from incidents.models import Incident, IncidentUpdate
from pages.status import Status
from subscribers.models import Notification
from tests.web.api.reading import made, status_of

PATH = "/api/incidents"


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
