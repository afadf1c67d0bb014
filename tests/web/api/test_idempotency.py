"""One effect for one request, through every route that makes something."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from accounts import tokens
from accounts.roles import Role
from incidents.models import Incident, IncidentUpdate
from subscribers.models import Notification
from tests.factories import ComponentFactory, PageFactory, ProjectMembershipFactory

SPAN = {"scheduledFor": "2027-01-01T00:00Z", "scheduledUntil": "2027-01-01T01:00Z"}
PAST = {"backfillDate": "2026-01-01T00:00Z", "resolvedAt": "2026-01-01T01:00Z"}
# Route, body, and another body.
ROUTES = {
    "admin/incidents": (
        {"title": "Down", "severity": "MAJOR", "serviceIds": [], "initialMessage": "We look."},
        {"title": "Up", "severity": "MAJOR", "serviceIds": [], "initialMessage": "We look."},
    ),
    "admin/incidents/<incident>/updates": (
        {"message": "Over.", "status": "RESOLVED"},
        {"message": "Over!", "status": "RESOLVED"},
    ),
    "incidents": ({"name": "Down"}, {"name": "Up"}),
    "incidents?draft": ({"name": "Down", "status": "draft"}, {"name": "Down"}),
    "incidents?backfill": ({"name": "Down"} | PAST, {"name": "Up"} | PAST),
    "incidents?maintenance": ({"name": "Down"} | SPAN, {"name": "Up"} | SPAN),
    "incidents/<incident>/updates": ({"status": "resolved"}, {"status": "monitoring"}),
}


def count() -> int:
    return Incident.objects.count() + IncidentUpdate.objects.count()


@pytest.mark.parametrize("key", ["k", "a key: with {punctuation}", "k" * 255, None])
@pytest.mark.parametrize("route", ROUTES)
def test_a_repetition_is_answered_with_the_first_effect(call, editor, path_of, route, key):
    body, _ = ROUTES[route]
    headers = {} if key is None else {"Idempotency-Key": key}
    first = call("post", path_of(route), body, user=editor, **headers)
    after = count(), Notification.objects.count()
    again = call("post", path_of(route), body, user=editor, **headers)
    assert (first.status_code, again.status_code) == (201, 200), again.content
    assert again.json() == first.json()
    assert (count(), Notification.objects.count()) == after


@pytest.mark.parametrize("route", ROUTES)
def test_another_key_is_another_request(call, editor, path_of, route):
    body, other = ROUTES[route]
    body = body if "updates" not in route else other
    if route.startswith("admin/incidents/<"):
        body = {"message": "Found.", "status": "IDENTIFIED"}
    ids = {
        call("post", path_of(route), body, user=editor, **{"Idempotency-Key": key}).json()["id"]
        for key in "ab"
    }
    assert len(ids) == 2


@pytest.mark.parametrize("route", ROUTES)
def test_a_key_that_served_another_request_is_refused(call, editor, path_of, route):
    body, other = ROUTES[route]
    key = {"Idempotency-Key": "k"}
    call("post", path_of(route), body, user=editor, **key)
    after = count()
    response = call("post", path_of(route), other, user=editor, **key)
    assert response.status_code == 422
    message = "This Idempotency-Key was used for another request."
    assert response.json()["fields"] == {"Idempotency-Key": message}
    assert count() == after


@pytest.mark.parametrize("key", ["", " ", "k" * 256, "a\tb", "é", "a\x7f", "\x00"])
@pytest.mark.parametrize("route", ROUTES)
def test_what_is_no_key_is_refused(call, editor, path_of, route, key):
    before = count()
    response = call(
        "post", path_of(route), ROUTES[route][0], user=editor, **{"Idempotency-Key": key}
    )
    assert (response.status_code, response.json()["error"]) == (400, "bad_request")
    assert "Idempotency-Key" in response.json()["message"]
    assert count() == before


def test_a_key_belongs_to_its_user(call, editor, owner, page):
    key = {"Idempotency-Key": "k"}
    answers = [
        call("post", "/api/incidents", {"name": "X"}, user=user, **key) for user in (editor, owner)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]


def test_a_viewer_learns_nothing_from_a_key(call, editor, viewer, page):
    key = {"Idempotency-Key": "k"}
    call("post", "/api/incidents", {"name": "X"}, user=editor, **key)
    assert call("post", "/api/incidents", {"name": "X"}, user=viewer, **key).status_code == 403


def test_a_repeated_end_of_a_maintenance_is_one(call, editor, page):
    """The second request meets a story that has moved on."""
    made = call("post", "/api/incidents", {"name": "Move"} | SPAN, user=editor).json()
    path = f"/api/incidents/{made['id']}/updates"
    for status in ("in_progress", "verifying", "completed"):
        key = {"Idempotency-Key": status}
        first = call("post", path, {"status": status}, user=editor, **key)
        again = call("post", path, {"status": status}, user=editor, **key)
        assert (first.status_code, again.status_code) == (201, 200), again.content
        assert again.json()["id"] == first.json()["id"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [{"Idempotency-Key": "k"}, {}])
@pytest.mark.parametrize("route", ["admin/incidents", "incidents", "incidents?maintenance"])
def test_two_at_once_make_one(route, headers):
    page = PageFactory()
    ComponentFactory(page=page, slug="website")
    user = ProjectMembershipFactory(project=page.project, role=Role.EDITOR).user
    token = tokens.issue(user=user, name="test", at=now())
    start = Barrier(2, timeout=10)

    def send(_: int):
        try:
            start.wait()
            return Client().post(
                f"/api/{route}",
                json.dumps(ROUTES[route][0]),
                content_type="application/json",
                headers={"Authorization": f"Bearer {token}"} | headers,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert answers[0].json() == answers[1].json()
    assert Incident.objects.count() == IncidentUpdate.objects.count() == 1
    assert Notification.objects.count() == 1


OPTIONS = {
    "incidents?promise": ({"name": "Down"}, {"nextUpdateBy": "<soon>"}),
    "incidents?silent": ({"name": "Down"}, {"deliverNotifications": False}),
    "incidents?metadata": ({"name": "Down"}, {"metadata": {"a": {"b": 1}}}),
    "incidents?plan": ({"name": "Down"} | SPAN, {"remindBefore": [60]}),
    "incidents?by_hand": ({"name": "Down"} | SPAN, {"scheduledAutoCompleted": False}),
    "incidents/<incident>/updates": ({"body": "More."}, {"nextUpdateBy": "<soon>"}),
}


@pytest.mark.parametrize("route", OPTIONS)
def test_another_option_is_another_request(call, editor, path_of, route):
    soon = (now() + timedelta(hours=1)).isoformat(timespec="seconds")
    body, option = OPTIONS[route]
    option = {name: soon if value == "<soon>" else value for name, value in option.items()}
    headers = {"Idempotency-Key": "k"}
    path = path_of(route)
    assert call("post", path, body, user=editor, **headers).status_code == 201
    answer = call("post", path, body | option, user=editor, **headers)
    assert answer.status_code == 422, answer.content
