"""Drafts: written by people or found by checks, edited, published, dismissed."""

from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import dismiss_draft, write_draft
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.models import Component, Page
from pages.status import Status
from subscribers.models import Notification
from tests.web.dashboard.conftest import address
from tests.web.dashboard.test_incidents import NEW


def test_an_incident_can_be_kept_as_a_draft(desk: Client, page: Page, component: Component) -> None:
    form = {**NEW, "save": "1", f"system-{component.pk}": "major_outage"}

    answer = desk.post(address("incident_new", page), form, follow=True)

    assert "Nobody sees it yet." in answer.content.decode()
    assert Incident.objects.unsettled().count() == 1
    assert not Notification.objects.exists()
    component.refresh_from_db()
    assert component.status == Status.OPERATIONAL
    listed = desk.get(address("incidents", page)).content.decode()
    assert "Cards are declined" in listed


def test_a_draft_by_a_person_is_no_alarm(
    desk: Client, page: Page, component: Component, operator: Actor
) -> None:
    write_draft(page=page, name="Mine", body="", statuses={}, actor=operator, at=now())

    assert 'class="alarm"' not in desk.get(address("overview", page)).content.decode()


def test_a_found_draft_is_edited_before_it_is_published(
    desk: Client, page: Page, component: Component, draft: Incident
) -> None:
    url = address("draft_edit", page, draft)
    assert "Checks fail." in desk.get(url).content.decode()

    desk.post(
        url, {"name": "Cards", "body": "In words.", f"system-{component.pk}": "partial_outage"}
    )
    desk.post(address("draft_publish", page, draft))

    draft.refresh_from_db()
    assert (draft.name, draft.status) == ("Cards", IncidentStatus.INVESTIGATING)
    assert draft.updates.get().body == "In words."
    component.refresh_from_db()
    assert component.status == Status.PARTIAL


def test_editing_what_was_dismissed_meanwhile_keeps_the_words(
    desk: Client, page: Page, draft: Incident, operator: Actor
) -> None:
    dismiss_draft(incident=draft, actor=operator, at=now())

    answer = desk.post(address("draft_edit", page, draft), {"name": "Cards", "body": "In words."})

    assert answer.status_code == 409
    assert "In words." in answer.content.decode()


def test_what_is_public_is_no_draft_to_edit(desk: Client, page: Page, incident: Incident) -> None:
    answer = desk.get(address("draft_edit", page, incident), follow=True)

    assert "It is no draft any more." in answer.content.decode()
