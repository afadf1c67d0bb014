"""The hold: what is posted can be taken back, sent at once or changed until it leaves."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from incidents.models import Incident, IncidentUpdate
from pages.models import Component, Page
from pages.status import Status
from subscribers.models import Delivery, Notification
from subscribers.relay import fan_out_all
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address
from tests.web.dashboard.test_incidents import NEW
from tests.web.dashboard.test_updates import form_of


@pytest.fixture(autouse=True)
def _reader(page: Page) -> None:
    make_subscriber(page, "reader@example.com")


@pytest.fixture
def told(page: Page, incident: Incident) -> Incident:
    """The incident, after the news of its opening went out."""
    fan_out_all()
    return incident


def post(desk: Client, page: Page, incident: Incident, **values: str) -> IncidentUpdate:
    answer = desk.post(address("update_new", page, incident), form_of(incident, **values))
    assert answer.status_code == 302
    return incident.updates.latest("created_at")


def test_the_plate_stands_on_every_screen(desk: Client, page: Page, told: Incident) -> None:
    post(desk, page, told)
    news = Notification.objects.latest("created_at")
    assert news.hold_until
    assert 25 < (news.hold_until - now()).total_seconds() <= 31

    for url in (address("pages"), address("settings", page), address("incident", page, told)):
        html = desk.get(url).content.decode()
        assert "Posted. 1 message goes out in" in html
        assert "Undo" in html
    assert "Held, " in html


def test_a_viewer_sees_the_plate_and_cannot_act(
    desk: Client, desk_of_viewer: Client, page: Page, told: Incident
) -> None:
    post(desk, page, told)

    html = desk_of_viewer.get(address("overview", page)).content.decode()

    assert "Posted. 1 message goes out in" in html
    assert "/undo" not in html


def test_a_stranger_learns_nothing_of_it(
    desk: Client, page: Page, told: Incident, client_of: object, stranger: object
) -> None:
    post(desk, page, told)

    assert "Posted." not in client_of(stranger).get(address("pages")).content.decode()


def test_undo_takes_it_back_and_brings_the_text_back(
    desk: Client, page: Page, told: Incident, component: Component
) -> None:
    by = (now() + timedelta(minutes=30)).replace(second=0, microsecond=0)
    values = {f"system-{component.pk}": "degraded_performance", "next_update_by": by.isoformat()}
    update = post(desk, page, told, body="Wrong words.", **values)

    answer = desk.post(address("update_undo", page, told, update), follow=True)

    html = answer.content.decode()
    assert "Undone. Nothing was sent." in html
    assert "Wrong words." in html
    form = answer.context["form"]
    assert form["status"].value() == "identified"
    assert form[f"system-{component.pk}"].value() == Status.DEGRADED
    assert form["next_update_by"].value() == by.isoformat()
    assert told.updates.count() == 1
    component.refresh_from_db()
    assert component.status == Status.MAJOR
    Notification.objects.update(hold_until=None)
    fan_out_all()
    assert Delivery.objects.count() == 1
    assert "Posted." not in desk.get(address("overview", page)).content.decode()


def test_undoing_the_opening_removes_the_incident(
    desk: Client, page: Page, component: Component
) -> None:
    form = {**NEW, f"system-{component.pk}": "major_outage"}
    desk.post(address("incident_new", page), form)
    incident = Incident.objects.get()

    answer = desk.post(address("update_undo", page, incident, incident.updates.get()), follow=True)

    assert not Incident.objects.exists()
    html = answer.content.decode()
    assert "Undone. Nothing was sent." in html
    assert "Cards are declined" in html
    assert answer.context["form"][f"system-{component.pk}"].value() == Status.MAJOR


def test_a_published_draft_can_be_taken_back(desk: Client, page: Page, draft: Incident) -> None:
    html = desk.post(address("draft_publish", page, draft), follow=True).content.decode()
    assert "Posted. 1 message goes out in" in html

    answer = desk.post(address("update_undo", page, draft, draft.updates.get()), follow=True)

    assert "Checks fail." in answer.content.decode()
    assert not Incident.objects.exists()


def test_the_text_comes_back_only_where_it_was_taken_back(
    desk: Client, page: Page, told: Incident
) -> None:
    update = post(desk, page, told, body="Wrong words.")
    desk.post(address("update_undo", page, told, update))

    assert "Wrong words." not in desk.get(address("update_new", page, told)).content.decode()
    assert (
        "Wrong words." not in desk.get(address("incident_new", page) + "?undone=1").content.decode()
    )


def test_the_same_words_can_be_posted_again_after_undo(
    desk: Client, page: Page, told: Incident
) -> None:
    update = post(desk, page, told)
    desk.post(address("update_undo", page, told, update))
    told.refresh_from_db()

    post(desk, page, told)

    assert told.updates.count() == 2


def test_too_late_is_said(desk: Client, page: Page, told: Incident) -> None:
    update = post(desk, page, told)
    Notification.objects.update(hold_until=None)
    fan_out_all()

    answer = desk.post(address("update_undo", page, told, update), follow=True)

    assert "It went out already." in answer.content.decode()
    assert told.updates.count() == 2


def test_it_can_be_sent_at_once(desk: Client, page: Page, told: Incident) -> None:
    update = post(desk, page, told)

    answer = desk.post(address("update_release", page, told, update), follow=True)

    assert "Sent." in answer.content.decode()
    assert fan_out_all() == 1
    again = desk.post(address("update_release", page, told, update), follow=True)
    assert "It went out already." in again.content.decode()


def test_only_the_last_text_is_sent(desk: Client, page: Page, told: Incident) -> None:
    update = post(desk, page, told, body="First.")
    url = address("update_edit", page, told, update)
    assert "It has not been sent yet" in desk.get(url).content.decode()

    desk.post(url, {"body": "Last.", "seen": update.updated_at.isoformat()})

    news = Notification.objects.get(pk=update.notification_id)
    assert news.message["body"] == {"en": "Last."}
    update.refresh_from_db()
    assert update.edited_at is None


def test_without_a_hold_it_leaves_at_once(desk: Client, page: Page, told: Incident) -> None:
    page.hold_seconds = 0
    page.save()

    desk.post(address("update_new", page, told), form_of(told))

    assert fan_out_all() == 1
    html = desk.get(address("overview", page)).content.decode()
    assert "Update posted." in html
    assert "goes out in" not in html


def test_a_double_click_posts_once(desk: Client, page: Page, told: Incident) -> None:
    form = form_of(told, key="one-form")
    url = address("update_new", page, told)

    first, second = desk.post(url, form), desk.post(url, form)

    assert first.headers["Location"] == second.headers["Location"]
    assert told.updates.count() == 2


def test_an_incident_opens_once(desk: Client, page: Page) -> None:
    form = {**NEW, "key": "one-form"}
    url = address("incident_new", page)

    first, second = desk.post(url, form), desk.post(url, form)

    assert first.headers["Location"] == second.headers["Location"]
    assert Incident.objects.count() == 1
