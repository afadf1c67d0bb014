"""What is set for an incident beside its updates, and deleting it."""

import pytest
from django.test import Client

from incidents.lifecycle import Impact
from incidents.models import Incident
from pages.models import Component, Page
from pages.status import Status
from tests.web.dashboard.conftest import address

FORM = {
    "name": "Payments are slow",
    "impact_override": "critical",
    "reminder_intervals": "every 2",
    "reminder_unit": "hours",
    "metadata": '{"ticket": "OPS-1"}',
}


def test_settings_are_kept(desk: Client, page: Page, incident: Incident) -> None:
    url = address("incident_settings", page, incident)
    assert "3, 6, 12, 24" in desk.get(url).content.decode()

    desk.post(url, FORM)

    incident.refresh_from_db()
    assert incident.name == "Payments are slow"
    assert incident.impact_override == Impact.CRITICAL
    assert incident.deliver_notifications is False
    assert incident.reminder_intervals == 2
    assert incident.metadata == {"ticket": "OPS-1"}
    html = desk.get(url).content.decode()
    assert "every 2" in html
    assert "OPS-1" in html


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("metadata", "no json"),
        ("metadata", "[1]"),
        ("metadata", '{"a": NaN}'),
        ("reminder_intervals", "soon"),
        ("reminder_intervals", "99"),
        ("impact_override", "huge"),
        ("name", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    desk: Client, page: Page, incident: Incident, field: str, value: str
) -> None:
    answer = desk.post(address("incident_settings", page, incident), FORM | {field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    incident.refresh_from_db()
    assert incident.name == "Payments fail"


def test_the_short_link_is_there_to_copy(desk: Client, page: Page, incident: Incident) -> None:
    html = desk.get(address("incident", page, incident)).content.decode()

    assert f"/i/{incident.code}" in html


def test_deleting_asks_first_and_releases_the_systems(
    desk: Client, page: Page, incident: Incident, component: Component
) -> None:
    url = address("incident_delete", page, incident)
    assert "Delete this incident?" in desk.get(url).content.decode()
    assert Incident.objects.exists()

    answer = desk.post(url, follow=True)

    assert "Deleted." in answer.content.decode()
    assert not Incident.objects.exists()
    component.refresh_from_db()
    assert component.status == Status.OPERATIONAL
