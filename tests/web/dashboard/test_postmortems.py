"""Postmortems: written apart from the public, published and told once, taken back, not needed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import post_update, save_postmortem
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, Postmortem
from pages.models import Page
from subscribers.models import Notification
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address


@pytest.fixture
def over(page: Page, incident: Incident, operator: Actor) -> Incident:
    make_subscriber(page, "reader@example.com")
    post_update(
        incident=incident, status=IncidentStatus.RESOLVED, body="Over.", actor=operator, at=now()
    )
    incident.refresh_from_db()
    return incident


def form(desk: Client, page: Page, incident: Incident, **values: str) -> dict[str, str]:
    seen = desk.get(address("postmortem", page, incident)).context["seen"]
    return {"body": "## Why\n\nA cable.", "notify": "on", "seen": seen, **values}


def told() -> int:
    return Notification.objects.filter(kind="postmortem_published").count()


def test_a_resolved_incident_asks_for_one_quietly(desk: Client, page: Page, over: Incident) -> None:
    html = desk.get(address("incident", page, over)).content.decode()

    assert "Write a postmortem" in html
    assert "None needed" in html


def test_saving_shows_it_to_nobody(desk: Client, page: Page, over: Incident) -> None:
    desk.post(address("postmortem", page, over), form(desk, page, over))

    written = Postmortem.objects.get()
    assert (written.body, written.published_at) == ("", None)
    html = desk.get(address("postmortem", page, over)).content.decode()
    assert "A cable." in html
    assert "Notify 1 person" in html


def test_publishing_tells_once(desk: Client, page: Page, over: Incident) -> None:
    url = address("postmortem", page, over)
    desk.post(url, form(desk, page, over, publish="1"))
    assert told() == 1

    assert "they are not told again" in desk.get(url).content.decode()
    desk.post(url, form(desk, page, over, publish="1", body="Another cable."))

    assert told() == 1
    assert Postmortem.objects.get().body == "Another cable."
    assert "Public" in desk.get(address("incident", page, over)).content.decode()


def test_publishing_can_tell_nobody(desk: Client, page: Page, over: Incident) -> None:
    values = form(desk, page, over, publish="1")
    del values["notify"]

    desk.post(address("postmortem", page, over), values)

    assert told() == 0
    assert Postmortem.objects.get().published_at


def test_it_can_be_taken_back(desk: Client, page: Page, over: Incident) -> None:
    desk.post(address("postmortem", page, over), form(desk, page, over, publish="1"))

    answer = desk.post(address("postmortem_revert", page, over), follow=True)

    assert "Taken back" in answer.content.decode()
    assert "A cable." in answer.content.decode()
    assert Postmortem.objects.get().published_at is None


def test_none_needed_and_needed_after_all(desk: Client, page: Page, over: Incident) -> None:
    url = address("postmortem_ignore", page, over)

    assert "None needed" in desk.post(url, follow=True).content.decode()
    assert Postmortem.objects.get().ignored
    desk.post(url, {"needed": "1"})

    assert not Postmortem.objects.get().ignored


def test_a_stale_text_is_answered_with_both(
    desk: Client, page: Page, over: Incident, operator: Actor
) -> None:
    stale = form(desk, page, over)
    save_postmortem(incident=over, body="Theirs.", actor=operator, at=now() + timedelta(seconds=1))

    answer = desk.post(address("postmortem", page, over), stale)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "A cable." in html
    assert "Theirs." in html


def test_an_empty_one_is_not_published(desk: Client, page: Page, over: Incident) -> None:
    answer = desk.post(
        address("postmortem", page, over), form(desk, page, over, publish="1", body=" ")
    )

    assert answer.status_code == 422


def test_while_the_incident_goes_on_it_is_only_written(
    desk: Client, page: Page, incident: Incident
) -> None:
    url = address("postmortem", page, incident)
    assert 'name="publish"' not in desk.get(url).content.decode()

    answer = desk.post(url, form(desk, page, incident))

    assert answer.status_code == 302
