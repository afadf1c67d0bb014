"""Posting, editing and deleting the updates of an incident by JSON."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import now

from incidents.actions import show_due_updates
from incidents.models import Incident, IncidentUpdate
from pages.models import Component
from pages.status import Status
from subscribers.models import Notification


@pytest.fixture
def path(incident):
    Notification.objects.all().delete()
    return f"/api/incidents/{incident.pk}/updates"


def fields_of(response):
    assert response.status_code == 422, response.content
    return response.json()["fields"]


@pytest.mark.parametrize("spelling", ["body", "message"])
def test_an_update_moves_the_story(call, editor, incident, path, spelling):
    promised = now() + timedelta(minutes=30)
    body = {
        spelling: "Found.",
        "status": "IDENTIFIED",
        "components": {"website": "offline"},
        "nextUpdateBy": promised.isoformat(),
    }
    response = call("post", path, body, user=editor)
    assert response.status_code == 201, response.content
    answer = response.json()
    assert (answer["incidentId"], answer["status"]) == (str(incident.pk), "identified")
    assert (answer["body"], answer["deliverNotifications"]) == ("Found.", True)
    [change] = answer["components"]
    assert (change["name"], change["oldStatus"], change["newStatus"]) == (
        "Website",
        "operational",
        "major_outage",
    )
    incident.refresh_from_db()
    assert (incident.status, incident.next_update_by) == ("identified", promised)
    assert Component.objects.get().status == Status.MAJOR
    assert Notification.objects.get().kind == "incident_updated"


def test_without_a_status_the_story_stays_where_it_is(call, editor, incident, path):
    answer = call("post", path, {"body": "No news."}, user=editor).json()
    assert answer["status"] == "investigating"


def test_what_is_only_named_or_left_blank_is_said_nothing_of(call, editor, path):
    call("post", path, {"components": {"website": "degraded"}}, user=editor)
    body = {"componentIds": ["website"], "components": {"website": ""}, "body": "Still."}
    assert call("post", path, body, user=editor).json()["components"] == []
    assert Component.objects.get().status == Status.DEGRADED


def test_a_silent_update_tells_nobody(call, editor, path):
    body = {"body": "Typo.", "deliver_notifications": False}
    assert call("post", path, body, user=editor).json()["deliverNotifications"] is False
    assert not Notification.objects.exists()


def test_a_future_update_appears_at_its_time(call, editor, incident, path):
    later = now() + timedelta(hours=1)
    body = {"body": "Later.", "status": "monitoring", "displayAt": later.isoformat()}
    answer = call("post", path, body, user=editor).json()
    assert answer["publishedAt"] is None
    incident.refresh_from_db()
    assert incident.status == "investigating"

    show_due_updates(at=later)
    incident.refresh_from_db()
    assert incident.status == "monitoring"
    assert Notification.objects.get().kind == "incident_updated"


def test_an_update_in_the_past_enters_the_story_there(call, editor, incident, path):
    earlier = now() - timedelta(minutes=2)
    call("post", path, {"body": "Now.", "status": "monitoring"}, user=editor)
    body = {"body": "Before.", "status": "identified", "displayAt": earlier.isoformat()}
    call("post", path, body, user=editor)
    whole = call("get", f"/api/incidents/{incident.pk}", user=editor).json()
    assert [row["body"] for row in whole["updates"]] == ["Now.", "Before.", "We look."]
    assert whole["status"] == "monitoring"


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu"])
def test_a_time_without_an_offset_is_the_pages(call, editor, incident, path, zone):
    incident.page.timezone = zone
    incident.page.save()
    later = (now() + timedelta(days=30)).replace(second=0, microsecond=0)
    wall = later.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    call("post", path, {"body": "Later.", "displayAt": wall.isoformat()}, user=editor)
    assert IncidentUpdate.objects.latest("created_at").display_at == later


def test_a_resolved_incident_is_reopened_only_on_purpose(call, editor, path):
    call("post", path, {"status": "resolved"}, user=editor)
    again = {"status": "investigating", "body": "It is back."}
    response = call("post", path, again, user=editor)
    assert (response.status_code, response.json()["error"]) == (409, "conflict")
    response = call("post", path, again | {"reopen": True}, user=editor)
    assert response.status_code == 201
    assert Incident.objects.get().resolved_at is None


def test_an_illegal_step_names_the_legal_ones(call, editor, path):
    message = fields_of(call("post", path, {"status": "verifying"}, user=editor))["status"]
    assert "investigating, identified, monitoring, resolved" in message


def test_a_draft_takes_no_updates(call, editor, page):
    draft = {"name": "Soon", "status": "draft"}
    pk = call("post", "/api/incidents", draft, user=editor).json()["id"]
    response = call("post", f"/api/incidents/{pk}/updates", {"body": "X"}, user=editor)
    assert response.status_code == 409
    [text] = IncidentUpdate.objects.all()
    path = f"/api/incidents/{pk}/updates/{text.pk}"
    assert call("delete", path, user=editor).status_code == 404
    assert call("patch", path, {"body": "X"}, user=editor).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"deliverNotifications": False}, "body"),
        ({"body": "x" * 25_001}, "body"),
        ({"status": "done"}, "status"),
        ({"status": ["resolved"]}, "status"),
        ({"components": {"website": "bad"}}, "components.website"),
        ({"body": "X", "displayAt": "tomorrow"}, "displayAt"),
        ({"body": "X", "displayAt": "2020-01-01T00:00Z"}, "displayAt"),
        ({"body": "X", "displayAt": 1_700_000_000}, "displayAt"),
        ({"body": "X", "displayAt": "2026-02-30T00:00Z"}, "displayAt"),
        ({"body": "X", "displayAt": "0001-01-01T00:00+14:00"}, "displayAt"),
        ({"body": "X", "displayAt": "9999-12-31T23:59-14:00"}, "displayAt"),
        ({"body": "X", "nextUpdateBy": "2020-01-01T00:00Z"}, "nextUpdateBy"),
        ({"body": "X", "reopen": "yes"}, "reopen"),
        ({"body": "X", "id": "1"}, "id"),
        ({"body": "X", "publishedAt": "2020-01-01T00:00Z"}, "publishedAt"),
        ({"body": "X", "incidentId": "1"}, "incidentId"),
    ],
)
def test_a_field_that_cannot_be_is_named_and_nothing_is_stored(call, editor, path, body, field):
    assert set(fields_of(call("post", path, body, user=editor))) == {field}
    assert IncidentUpdate.objects.count() == 1


def test_beyond_the_limit_only_the_end_is_possible(call, editor, path, settings):
    settings.INCIDENT_UPDATE_LIMIT = 1
    assert set(fields_of(call("post", path, {"body": "More."}, user=editor))) == {"incident"}
    assert call("post", path, {"status": "resolved"}, user=editor).status_code == 201


def test_an_edited_update_says_so(call, editor, incident, path):
    update = incident.updates.get()
    answer = call(
        "patch", f"{path}/{update.pk}", {"message": "We look closely."}, user=editor
    ).json()
    assert answer["body"] == "We look closely."
    assert answer["editedAt"] is not None


@pytest.mark.parametrize(
    "body", [{}, {"status": "resolved"}, {"body": None}, {"body": "x" * 25_001}]
)
def test_only_the_text_of_an_update_is_edited(call, editor, incident, body):
    path = f"/api/incidents/{incident.pk}/updates/{incident.updates.get().pk}"
    assert call("patch", path, body, user=editor).status_code == 422
    assert incident.updates.get().edited_at is None


def test_a_deleted_update_takes_back_what_it_said(call, editor, incident, path):
    body = {"status": "resolved", "components": {"website": "offline"}}
    update = call("post", path, body, user=editor).json()
    response = call("delete", f"{path}/{update['id']}", user=editor)
    assert (response.status_code, response.content) == (204, b"")
    incident.refresh_from_db()
    assert (incident.status, incident.resolved_at) == ("investigating", None)
    assert call("delete", f"{path}/{update['id']}", user=editor).status_code == 404


def test_a_story_keeps_one_update(call, editor, incident, path):
    response = call("delete", f"{path}/{incident.updates.get().pk}", user=editor)
    assert response.status_code == 409
    assert "delete the incident" in response.json()["message"]
