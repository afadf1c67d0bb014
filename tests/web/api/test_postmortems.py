"""Postmortems by JSON: written, published and told once, taken back, done without."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import post_update
from incidents.lifecycle import IncidentStatus
from incidents.models import Postmortem
from subscribers.models import Notification


@pytest.fixture
def path(incident):
    return f"/api/incidents/{incident.pk}/postmortem"


@pytest.fixture
def resolved(incident, editor):
    post_update(
        incident=incident,
        status=IncidentStatus.RESOLVED,
        body="Over.",
        actor=Actor.of(editor),
        at=now() - timedelta(minutes=1),
    )
    Notification.objects.all().delete()


@pytest.mark.parametrize("spelling", ["bodyDraft", "body_draft", "body"])
def test_what_is_written_is_not_yet_public(call, editor, path, spelling):
    answer = call("put", path, {spelling: "Why."}, user=editor)
    assert answer.status_code == 200, answer.content
    assert (answer.json()["body"], answer.json()["bodyDraft"]) == ("", "Why.")
    assert answer.json()["publishedAt"] is None
    assert call("get", path, user=editor).json() == answer.json()


def test_it_is_published_and_told_once(call, editor, path, resolved):
    call("put", path, {"bodyDraft": "Why."}, user=editor)
    answer = call("post", f"{path}/publish", user=editor).json()
    assert (answer["body"], answer["notifiedSubscribers"]) == ("Why.", True)
    call("put", path, {"bodyDraft": "Why, better."}, user=editor)
    assert call("get", path, user=editor).json()["body"] == "Why."
    assert call("post", f"{path}/publish", {}, user=editor).json()["body"] == "Why, better."
    assert Notification.objects.get().kind == "postmortem_published"

    answer = call("post", f"{path}/revert", user=editor).json()
    assert (answer["body"], answer["bodyDraft"]) == ("", "Why, better.")
    assert answer["publishedAt"] is None
    assert call("post", f"{path}/revert", user=editor).status_code == 409


def test_it_may_be_published_in_silence(call, editor, path, resolved):
    call("put", path, {"bodyDraft": "Why."}, user=editor)
    answer = call("post", f"{path}/publish", {"notify_subscribers": False}, user=editor).json()
    assert (answer["body"], answer["notifiedSubscribers"]) == ("Why.", False)
    assert not Notification.objects.exists()


def test_it_may_be_done_without(call, editor, path):
    assert call("post", f"{path}/ignore", user=editor).json()["ignored"] is True
    answer = call("post", f"{path}/ignore", {"ignored": False}, user=editor)
    assert answer.json()["ignored"] is False


def test_none_is_missing(call, editor, path):
    assert call("get", path, user=editor).status_code == 404


def test_an_incident_that_goes_on_has_none_to_publish(call, editor, path):
    call("put", path, {"bodyDraft": "Why."}, user=editor)
    assert call("post", f"{path}/publish", user=editor).status_code == 409


def test_a_postmortem_without_a_text_is_not_published(call, editor, path, resolved):
    response = call("post", f"{path}/publish", user=editor)
    assert (response.status_code, set(response.json()["fields"])) == (422, {"body"})


@pytest.mark.parametrize(
    ("request_line", "body"),
    [
        ("put ", {}),
        ("put ", {"bodyDraft": "x" * 25_001}),
        ("put ", {"bodyDraft": "x", "publishedAt": "2026-01-01T00:00Z"}),
        ("put ", {"bodyDraft": "x", "notifiedSubscribers": False}),
        ("post /publish", {"notifySubscribers": "no"}),
        ("post /publish", {"body": "x"}),
        ("post /publish", []),
        ("post /ignore", {"ignored": 1}),
    ],
)
def test_what_cannot_be_is_refused(call, editor, path, request_line, body):
    method, route = request_line.split(" ")
    assert call(method, f"{path}{route}", body, user=editor).status_code == 422
    assert not Postmortem.objects.exists()


def test_twenty_five_thousand_characters_pass(call, editor, path):
    text = "ß" * 25_000
    assert call("put", path, {"bodyDraft": text}, user=editor).json()["bodyDraft"] == text
