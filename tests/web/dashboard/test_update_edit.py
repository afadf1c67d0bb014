"""Changing what was said: seen by visitors, never over somebody else's words."""

from datetime import timedelta

from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import edit_update
from incidents.models import Incident
from pages.models import Page
from subscribers.relay import fan_out_all
from tests.web.dashboard.conftest import address


def test_an_edit_shows_that_it_was_one(desk: Client, page: Page, incident: Incident) -> None:
    fan_out_all()
    update = incident.updates.get()
    url = address("update_edit", page, incident, update)
    form = desk.get(url).context

    answer = desk.post(url, {"body": "Better **words**.", "seen": form["seen"]}, follow=True)

    html = answer.content.decode()
    assert "Better <strong>words</strong>." in html
    assert "edited" in html


def test_a_stale_edit_is_answered_with_both_texts(
    desk: Client, page: Page, incident: Incident, operator: Actor
) -> None:
    update = incident.updates.get()
    url = address("update_edit", page, incident, update)
    stale = {"body": "Mine.", "seen": update.updated_at.isoformat()}
    edit_update(update=update, body="Theirs.", actor=operator, at=now() + timedelta(seconds=1))

    answer = desk.post(url, stale)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Mine." in html
    assert "Theirs." in html
    assert desk.post(url, stale | {"seen": answer.context["seen"]}).status_code == 302
    update.refresh_from_db()
    assert update.body == "Mine."


def test_a_text_that_is_too_long_keeps_its_form(
    desk: Client, page: Page, incident: Incident
) -> None:
    update = incident.updates.get()

    answer = desk.post(
        address("update_edit", page, incident, update),
        {"body": "x" * 25_001, "seen": update.updated_at.isoformat()},
    )

    assert answer.status_code == 422
    assert "At most 25,000 characters" in answer.content.decode()


def test_the_only_update_is_not_deleted(desk: Client, page: Page, incident: Incident) -> None:
    url = address("update_delete", page, incident, incident.updates.get())
    assert "Delete this update?" in desk.get(url).content.decode()

    answer = desk.post(url, follow=True)

    assert "delete the incident instead" in answer.content.decode()
    assert incident.updates.count() == 1


def test_the_preview_of_a_text_is_the_page_s_own(desk: Client, page: Page) -> None:
    answer = desk.post(address("text_preview", page), {"body": "<b>no</b> **yes**"})

    html = answer.content.decode()
    assert "&lt;b&gt;no" in html
    assert "<strong>yes</strong>" in html
