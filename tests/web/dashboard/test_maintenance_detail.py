"""One maintenance: its story and times, and every step that can be taken with it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import (
    cancel_maintenance,
    extend,
    finish_early,
    run_due_maintenance,
    start_now,
)
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.models import Component, Page
from pages.status import Status
from subscribers.models import Notification
from tests.factories import IncidentFactory
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import plan, running, series_of

HTMX = {"HX-Request": "true"}
STEPS = ("maintenance_extend", "maintenance_start", "maintenance_finish", "maintenance_cancel")


@pytest.fixture
def planned(page: Page, component: Component, operator: Actor) -> Incident:
    make_subscriber(page, "a@example.com", component)
    return plan(page, operator, component)


@pytest.fixture
def runs(page: Page, component: Component, operator: Actor) -> Incident:
    make_subscriber(page, "a@example.com", component)
    return running(page, operator, component)


def shown(client: Client, page: Page, maintenance: Incident) -> str:
    answer = client.get(address("maintenance", page, maintenance))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def take(desk: Client, name: str, page: Page, maintenance: Incident, **values: object):
    """Asks, and answers yes with what the question's form holds."""
    form = desk.get(address(name, page, maintenance)).context["form"]
    hidden = {"seen": form["seen"].value(), "key": form["key"].value()}
    answer = {"notify": "on", **hidden, **values}
    return desk.post(address(name, page, maintenance), answer)


def test_the_detail_tells_its_story_and_its_plan(
    desk: Client, page: Page, planned: Incident
) -> None:
    html = shown(desk, page, planned)

    assert "We work on the <strong>database</strong>." in html
    assert "1 by email." in html
    assert "Reminders go out" in html
    assert "It begins on time and ends on time." in html
    for link in (f"/i/{planned.code}", "/maintenance.ics", f"/incidents/{planned.id}"):
        assert link in html


def test_what_began_late_says_how_late(
    desk: Client, page: Page, component: Component, operator: Actor
) -> None:
    """The start that came due while nothing ran has its own time, and was noted later."""
    at = now()
    late = plan(
        page,
        operator,
        component,
        starts_at=at - timedelta(minutes=40),
        ends_at=at + timedelta(hours=1),
        at=at - timedelta(days=1),
    )
    run_due_maintenance(at=at)

    html = shown(desk, page, late)

    assert "on time, noted 40 min later" in html


def test_what_ended_early_says_so(
    desk: Client, page: Page, operator: Actor, runs: Incident
) -> None:
    finish_early(maintenance=runs, body="", actor=operator, at=now())

    html = shown(desk, page, runs)

    assert "1 day early" in html
    assert "Completed" in html
    for name in STEPS:
        assert address(name, page, runs) not in html


@pytest.mark.parametrize("name", STEPS)
def test_every_step_asks_first_and_says_who_is_told(
    desk: Client, page: Page, planned: Incident, name: str
) -> None:
    page_of_it = desk.get(address(name, page, planned)).content.decode()
    dialog = desk.get(address(name, page, planned), headers=HTMX).content.decode()

    assert "Tells 1 person" in page_of_it
    assert "<html" in page_of_it
    assert "<html" not in dialog
    assert 'id="dialog-title"' in dialog
    planned.refresh_from_db()
    assert planned.status == IncidentStatus.SCHEDULED


def test_extending_moves_the_end_and_tells_at_once(
    desk: Client, page: Page, runs: Incident
) -> None:
    end = runs.scheduled_until

    answer = take(desk, "maintenance_extend", page, runs)

    assert answer.headers["Location"] == address("maintenance", page, runs)
    runs.refresh_from_db()
    assert runs.scheduled_until == end + timedelta(minutes=30)
    assert Notification.objects.latest("created_at").hold_until is None


def test_starting_begins_it(
    desk: Client, page: Page, component: Component, planned: Incident
) -> None:
    take(desk, "maintenance_start", page, planned, body="We begin earlier.")

    planned.refresh_from_db()
    component.refresh_from_db()
    assert planned.status == IncidentStatus.IN_PROGRESS
    assert component.status == Status.MAINTENANCE
    assert "We begin earlier." in shown(desk, page, planned)


def test_finishing_completes_it_after_the_hold(
    desk: Client, page: Page, component: Component, runs: Incident
) -> None:
    take(desk, "maintenance_finish", page, runs)

    runs.refresh_from_db()
    component.refresh_from_db()
    assert runs.status == IncidentStatus.COMPLETED
    assert component.status == Status.OPERATIONAL
    assert Notification.objects.latest("created_at").hold_until is not None


def test_what_is_said_without_a_text_depends_on_the_time(
    desk: Client, page: Page, runs: Incident
) -> None:
    url = address("maintenance_finish", page, runs)
    early = desk.get(url).content.decode()
    Incident.objects.update(scheduled_until=now())
    late = desk.get(url).content.decode()

    assert "The maintenance is complete, earlier than planned." in early
    assert "The maintenance is complete.”" in late


def test_cancelling_keeps_it_as_cancelled_and_can_tell_nobody(
    desk: Client, page: Page, planned: Incident
) -> None:
    told = Notification.objects.count()

    take(desk, "maintenance_cancel", page, planned, notify="")

    planned.refresh_from_db()
    assert planned.status == IncidentStatus.CANCELLED
    assert Notification.objects.count() == told


def test_a_cancellation_taken_back_is_planned_again(
    desk: Client, page: Page, planned: Incident
) -> None:
    take(desk, "maintenance_cancel", page, planned)
    update = planned.updates.get(status=IncidentStatus.CANCELLED)

    answer = desk.post(address("update_undo", page, planned, update), follow=True)

    assert "Undone. Nothing was sent." in answer.content.decode()
    planned.refresh_from_db()
    assert planned.status == IncidentStatus.SCHEDULED
    assert planned.reminders.unsettled().count() == 2


def test_a_double_click_takes_a_step_once(desk: Client, page: Page, runs: Incident) -> None:
    url = address("maintenance_extend", page, runs)
    form = desk.get(url).context["form"]
    answer = {"notify": "on", "seen": form["seen"].value(), "key": form["key"].value()}
    end = runs.scheduled_until

    for _ in range(2):
        assert desk.post(url, answer).status_code == 302

    runs.refresh_from_db()
    assert runs.scheduled_until == end + timedelta(minutes=30)


@pytest.mark.parametrize("name", STEPS)
def test_whoever_was_slower_is_told_how_it_is_now(
    desk: Client, page: Page, operator: Actor, planned: Incident, name: str
) -> None:
    url = address(name, page, planned)
    seen = desk.get(url).context["form"]["seen"].value()
    cancel_maintenance(maintenance=planned, body="Off.", actor=operator, at=now())

    answer = desk.post(url, {"seen": seen, "notify": "on"})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was changed. This is how it is now." in html
    assert "Off." in html


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("maintenance_start", "It has begun already."),
        ("maintenance_cancel", "It has begun: finish it instead."),
    ],
)
def test_a_step_that_comes_too_late_says_why(
    desk: Client, page: Page, runs: Incident, name: str, sentence: str
) -> None:
    answer = take(desk, name, page, runs)

    assert answer.status_code == 409
    assert sentence in answer.content.decode()


def test_a_form_without_its_version_counts_as_stale(
    desk: Client, page: Page, planned: Incident
) -> None:
    assert desk.post(address("maintenance_cancel", page, planned)).status_code == 409


def test_a_text_that_is_too_long_is_refused_at_its_field(
    desk: Client, page: Page, planned: Incident
) -> None:
    answer = take(desk, "maintenance_cancel", page, planned, body="x" * 25_001)

    assert answer.status_code == 422
    assert "At most 25,000 characters are allowed." in answer.content.decode()


def test_a_silent_maintenance_says_that_nobody_is_told(
    desk: Client, page: Page, component: Component, operator: Actor
) -> None:
    silent = plan(page, operator, component, deliver_all=False)

    assert "this maintenance is silent" in shown(desk, page, silent)
    dialog = desk.get(address("maintenance_cancel", page, silent)).content.decode()
    assert "Tells nobody:" in dialog


def test_an_occurrence_shows_its_series_and_the_next_ones(
    desk: Client, page: Page, operator: Actor
) -> None:
    series = series_of(page, operator)
    first, second = series.occurrences.order_by("scheduled_for")[:2]

    html = shown(desk, page, first)

    assert "Every Sunday from 02:00 to 03:00 (UTC)" in html
    assert address("maintenance", page, second) in html


def test_what_else_takes_place_then_is_said(
    desk: Client, page: Page, component: Component, operator: Actor, planned: Incident
) -> None:
    plan(page, operator, component, name="Network work")

    assert "Network work" in shown(desk, page, planned)


def test_an_incident_is_no_maintenance(desk: Client, page: Page) -> None:
    incident = IncidentFactory(page=page)

    assert desk.get(address("maintenance", page, incident)).status_code == 404


def test_a_viewer_reads_it_and_is_offered_nothing(
    desk_of_viewer: Client, page: Page, planned: Incident, operator: Actor
) -> None:
    html = shown(desk_of_viewer, page, planned)
    start_now(maintenance=planned, actor=operator, at=now())
    html += shown(desk_of_viewer, page, planned)

    main = html.split("<main", 1)[1]
    assert "Database upgrade" in main
    assert 'class="button' not in main


def test_markup_in_a_title_stays_text(desk: Client, page: Page, operator: Actor) -> None:
    hostile = plan(page, operator, name="<script>alert(1)</script>")

    for name in ("maintenance", "maintenance_move", "maintenance_cancel"):
        html = desk.get(address(name, page, hostile)).content.decode()
        assert "<script>alert" not in html


def test_extending_by_another_hand_meanwhile_is_no_surprise(
    desk: Client, page: Page, operator: Actor, runs: Incident
) -> None:
    url = address("maintenance_extend", page, runs)
    seen = desk.get(url).context["form"]["seen"].value()
    extend(maintenance=runs, actor=operator, at=now() + timedelta(minutes=1))

    answer = desk.post(url, {"seen": seen, "notify": "on", "key": "mine"})

    assert answer.status_code == 409
    assert "Somebody has changed this" in answer.content.decode()
