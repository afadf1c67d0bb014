"""Changing a plan without moving it."""

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.models import AuditEvent
from incidents.actions import cancel_maintenance, start_now
from incidents.models import Incident
from pages.actions import create_component
from pages.models import Component, Page
from subscribers.models import Notification
from tests.factories import ComponentFactory
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import plan

CHANGED = {
    "name": "Bigger upgrade",
    "remind_before": "2 hours",
    "scheduled_auto_in_progress": "on",
    "auto_transition_to_maintenance_state": "on",
}


@pytest.fixture
def planned(page: Page, component: Component, operator: Actor) -> Incident:
    return plan(page, operator, component)


@pytest.fixture
def other(page: Page, operator: Actor, planned: Incident) -> Component:
    return create_component(page=page, name="Reports", actor=operator, at=planned.created_at)


def seen(desk: Client, url: str) -> dict[str, str]:
    return {"seen": desk.get(url).context["seen"]}


def test_title_systems_and_what_happens_by_itself(
    desk: Client, page: Page, planned: Incident, other: Component
) -> None:
    told = Notification.objects.count()
    url = address("maintenance_edit", page, planned)
    answer = desk.post(url, CHANGED | {"systems": [str(other.pk)]} | seen(desk, url))
    assert answer.status_code == 302
    planned.refresh_from_db()
    assert planned.name == "Bigger upgrade"
    assert [row.component for row in planned.affected.all()] == [other]
    assert planned.remind_before == [120]
    assert not planned.scheduled_auto_completed
    assert planned.reminders.filter(settled_at=None).count() == 1
    assert planned.updates.count() == 1
    assert Notification.objects.count() == told
    trail = AuditEvent.objects.filter(action="maintenance.reschedule").latest("pk")
    assert trail.detail["changed"] == ["components", "name", "options"]


def test_the_form_shows_the_plan_as_it_is(desk: Client, page: Page, planned: Incident) -> None:
    html = desk.get(address("maintenance_edit", page, planned)).content.decode()
    assert "Database upgrade" in html
    assert "1 day, 3 hours" in html


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "x" * 256), ("remind_before", "soon")]
)
def test_what_cannot_be_stands_at_its_field(
    desk: Client, page: Page, planned: Incident, field: str, value: str
) -> None:
    url = address("maintenance_edit", page, planned)
    answer = desk.post(url, CHANGED | {field: value} | seen(desk, url))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    planned.refresh_from_db()
    assert planned.name == "Database upgrade"


def test_of_two_authors_the_second_is_told(desk: Client, page: Page, planned: Incident) -> None:
    url = address("maintenance_edit", page, planned)
    form = CHANGED | seen(desk, url)
    assert desk.post(url, form).status_code == 302
    answer = desk.post(url, form | {"name": "Another"})
    assert answer.status_code == 409
    assert "Somebody else changed this maintenance" in answer.content.decode()


@pytest.mark.parametrize("verb", ["start", "cancel"])
def test_what_has_begun_or_is_over_is_not_planned_any_more(
    desk: Client, page: Page, planned: Incident, operator: Actor, verb: str
) -> None:
    url = address("maintenance_edit", page, planned)
    form = CHANGED | seen(desk, url)
    now = planned.created_at
    if verb == "start":
        start_now(maintenance=planned, actor=operator, at=now)
    else:
        cancel_maintenance(maintenance=planned, body="", actor=operator, at=now)
    assert desk.post(url, form).status_code == 409
    planned.refresh_from_db()
    assert planned.name == "Database upgrade"


def test_systems_of_other_pages_are_no_choice(desk: Client, page: Page, planned: Incident) -> None:
    url = address("maintenance_edit", page, planned)
    foreign = ComponentFactory()
    answer = desk.post(url, CHANGED | {"systems": [str(foreign.pk)]} | seen(desk, url))
    assert answer.status_code == 422
