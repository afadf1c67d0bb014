"""Past incidents: at the times they had, in the page's wall time, and nobody is told."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.models import Component, Page
from subscribers.models import Notification
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address

FORM = {
    "name": "Slow payments",
    "body": "They were slow.",
    "closing": "They were quick again.",
    "began_at": "2026-03-10T10:00",
    "ended_at": "2026-03-10T11:30",
}


@pytest.fixture(autouse=True)
def _berlin(page: Page) -> None:
    page.timezone = "Europe/Berlin"
    page.save()
    make_subscriber(page, "reader@example.com")


def test_it_enters_the_history_and_nobody_is_told(
    desk: Client, page: Page, component: Component
) -> None:
    url = address("backfill", page)
    assert "Nobody is told." in desk.get(url).content.decode()

    desk.post(url, {**FORM, f"system-{component.pk}": "partial_outage"})

    incident = Incident.objects.get()
    assert incident.status == IncidentStatus.RESOLVED
    assert incident.started_at == datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    assert incident.resolved_at == datetime(2026, 3, 10, 10, 30, tzinfo=UTC)
    assert not Notification.objects.exists()
    html = desk.get(address("incident", page, incident)).content.decode()
    assert "Entered after the fact." in html


def test_a_double_click_enters_it_once(desk: Client, page: Page) -> None:
    first, second = (desk.post(address("backfill", page), FORM | {"key": "k"}) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert Incident.objects.count() == 1


def test_a_skipped_hour_begins_when_clocks_have_jumped(desk: Client, page: Page) -> None:
    desk.post(
        address("backfill", page),
        {**FORM, "began_at": "2026-03-29T02:30", "ended_at": "2026-03-29T04:00"},
    )

    assert Incident.objects.get().started_at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ended_at", "2026-03-10T09:00"),
        ("ended_at", "2400-01-01T00:00"),
        ("began_at", "yesterday"),
        ("began_at", ""),
        ("name", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    desk: Client, page: Page, field: str, value: str
) -> None:
    answer = desk.post(address("backfill", page), FORM | {field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Incident.objects.exists()
