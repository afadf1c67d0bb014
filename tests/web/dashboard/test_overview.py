"""A page at a glance."""

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import Settings

from incidents.models import Incident
from pages.models import Page
from subscribers.models import Delivery
from subscribers.outbox import enqueue
from subscribers.pauses import pause
from subscribers.relay import fan_out_all
from tests.subscribers.factories import make_message, make_subscriber
from tests.web.dashboard.conftest import address


def overview(desk: Client, page: Page) -> str:
    return desk.get(address("overview", page)).content.decode()


def test_it_shows_open_incidents_components_and_figures(
    desk: Client, page: Page, incident: Incident
) -> None:
    make_subscriber(page, "a@example.com")
    make_subscriber(page, "b@example.com", verified=False)

    html = overview(desk, page)

    for text in ("Payments fail", "We look into", "Major outage", "confirmed, 1 waiting"):
        assert text in html


def test_it_names_what_needs_a_person(
    desk: Client, page: Page, draft: Incident, settings: Settings
) -> None:
    settings.EMAIL_URL = ""
    make_subscriber(page, "a@example.com")
    enqueue(page=page, message=make_message(), at=now())
    fan_out_all()
    Delivery.objects.update(state=Delivery.State.FAILED)
    Incident.objects.filter(pk=draft.pk).update(publish_at=now())

    html = overview(desk, page)

    for text in (
        "waits to be published or dismissed",
        "It publishes itself at",
        "1 message could not be delivered",
        str(settings.MAIL_DIR),
    ):
        assert text in html


def test_it_says_why_mail_rests(desk: Client, page: Page, settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://mail.example.com"
    pause("email", page=page, only_this_page=False, reason="535 5.7.8 wrong password")

    html = overview(desk, page)

    assert "Mail rests. The last answer was <code>535 5.7.8 wrong password</code>" in html
    assert "Nothing." not in html


def test_when_mail_is_sent_no_folder_is_named(desk: Client, page: Page, settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://mail.example.com"

    html = overview(desk, page)

    assert "Mail is not sent" not in html
    assert "Nothing." in html


def test_a_recovered_incident_that_a_person_edited_asks_to_be_resolved(
    desk: Client, page: Page, incident: Incident
) -> None:
    Incident.objects.update(resolve_proposed_at=now())

    assert "Resolve it?" in overview(desk, page)


@pytest.mark.parametrize(("state", "shown"), [("draft", True), ("published", False)])
def test_only_a_draft_page_can_be_published(
    desk: Client, page: Page, state: str, shown: bool
) -> None:
    Page.objects.update(status=state)

    assert (address("page_publish", page) in overview(desk, page)) is shown
