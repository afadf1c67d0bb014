"""The strip that says what is urgent, on every screen."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from accounts.models import User
from incidents.actions import post_update
from incidents.models import Incident
from pages.models import Component, Page
from tests.factories import IncidentFactory
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import running
from web.dashboard.alarm import alarm_for


def strip(desk: Client, page: Page) -> str:
    html = desk.get(address("settings", page)).content.decode()
    return html.split('class="alarm"')[1].split("</section>")[0] if "alarm" in html else ""


def test_it_says_what_was_promised_and_how_long_is_left(
    desk: Client, page: Page, incident: Incident
) -> None:
    by = now() + timedelta(minutes=19, seconds=30)
    Incident.objects.update(next_update_by=by)

    assert f"Next update promised by {by:%H:%M}, in 19 min." in strip(desk, page)


def test_past_the_promise_it_nags(desk: Client, page: Page, incident: Incident) -> None:
    Incident.objects.update(next_update_by=now() - timedelta(minutes=4, seconds=5))

    assert "<strong>Update was due 4 min ago.</strong>" in strip(desk, page)


def test_the_most_overdue_comes_first(owner: User, page: Page, incident: Incident) -> None:
    at = now()
    late = IncidentFactory(page=page, next_update_by=at - timedelta(hours=1))
    IncidentFactory(page=page, next_update_by=at - timedelta(minutes=1))
    IncidentFactory(page=page, next_update_by=at + timedelta(minutes=1))

    alarm = alarm_for(owner, at)

    assert alarm
    assert (alarm.incident, alarm.others) == (late, 3)


def test_a_running_maintenance_is_no_alarm(
    desk: Client, page: Page, component: Component, operator: Actor
) -> None:
    running(page, operator, component)

    assert strip(desk, page) == ""


@pytest.fixture
def proposed(incident: Incident) -> Incident:
    """All its checks succeed again, but a person must say so."""
    incident.automatic = True
    incident.recovered_at = incident.resolve_proposed_at = now()
    incident.save()
    return incident


def test_a_proposed_resolution_takes_one_click(
    desk: Client, page: Page, proposed: Incident
) -> None:
    for url in (address("incidents", page), address("incident", page, proposed)):
        assert "All checks succeed again" in desk.get(url).content.decode()

    desk.post(
        address("incident_resolve", page, proposed), {"seen": proposed.updated_at.isoformat()}
    )

    proposed.refresh_from_db()
    assert proposed.resolved_at
    assert "Website have succeeded again since" in proposed.updates.latest("display_at").body


def test_somebody_who_was_quicker_wins(
    desk: Client, page: Page, proposed: Incident, operator: Actor
) -> None:
    seen = proposed.updated_at.isoformat()
    post_update(
        incident=proposed,
        status="monitoring",
        body="Wait.",
        actor=operator,
        at=now() + timedelta(seconds=1),
    )

    answer = desk.post(address("incident_resolve", page, proposed), {"seen": seen}, follow=True)

    assert "Somebody has changed this incident meanwhile." in answer.content.decode()
    proposed.refresh_from_db()
    assert proposed.resolved_at is None


def test_without_a_proposal_nothing_is_resolved(
    desk: Client, page: Page, incident: Incident
) -> None:
    answer = desk.post(address("incident_resolve", page, incident), follow=True)

    assert "Nothing proposes that any more." in answer.content.decode()
    incident.refresh_from_db()
    assert incident.resolved_at is None
