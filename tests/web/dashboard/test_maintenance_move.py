"""Moving a maintenance, and posting news of one that runs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import cancel_maintenance, extend, finish_early
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.models import Component, Page
from pages.status import Status
from subscribers.models import Notification
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import plan, running

HTMX = {"HX-Request": "true"}
MOVED = {"day": "2027-07-05", "starts": "03:00", "ends": "05:00", "body": "", "notify": "on"}


def seen(desk: Client, url: str) -> dict[str, str]:
    return {"seen": desk.get(url).context["seen"]}


@pytest.fixture
def planned(page: Page, component: Component, operator: Actor) -> Incident:
    return plan(page, operator, component)


@pytest.fixture
def runs(page: Page, component: Component, operator: Actor) -> Incident:
    return running(page, operator, component)


def test_a_new_time_is_told_at_once(
    desk: Client, page: Page, component: Component, planned: Incident
) -> None:
    make_subscriber(page, "a@example.com", component)
    url = address("maintenance_move", page, planned)

    answer = desk.post(url, MOVED | seen(desk, url))

    assert answer.status_code == 302
    planned.refresh_from_db()
    assert planned.scheduled_for == datetime(2027, 7, 5, 3, tzinfo=UTC)
    assert planned.updates.count() == 2
    assert Notification.objects.latest("created_at").hold_until is None


def test_the_preview_says_reminders_and_whom_it_tells(
    desk: Client, page: Page, component: Component, planned: Incident
) -> None:
    make_subscriber(page, "a@example.com", component)

    answer = desk.post(address("maintenance_move_preview", page, planned), MOVED, headers=HTMX)

    html = answer.content.decode()
    assert "Reminders go out 4 Jul, 03:00 and 5 Jul, 00:00." in html
    assert "Post new time to 1" in " ".join(html.split())
    assert "Held for" not in html


def test_of_a_running_one_only_the_end_moves(desk: Client, page: Page, runs: Incident) -> None:
    url = address("maintenance_move", page, runs)
    form = desk.get(url).context["form"]
    start = runs.scheduled_for
    later = runs.scheduled_until + timedelta(hours=3)

    answer = desk.post(
        url,
        MOVED
        | seen(desk, url)
        | {"last_day": later.date().isoformat(), "ends": later.strftime("%H:%M")},
    )

    assert form.fields["day"].disabled
    assert answer.status_code == 302
    runs.refresh_from_db()
    assert runs.scheduled_for == start
    assert runs.scheduled_until == later.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"ends": "02:00"}, "It must end after it starts."),
        ({"day": "2020-01-01"}, "It must end in the future."),
        ({"day": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    desk: Client, page: Page, planned: Incident, values: dict[str, str], sentence: str
) -> None:
    url = address("maintenance_move", page, planned)

    answer = desk.post(url, MOVED | seen(desk, url) | values)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert planned.updates.count() == 1


def test_a_jump_of_the_clocks_is_read_before_it_is_posted(
    desk: Client, page: Page, planned: Incident
) -> None:
    Page.objects.update(timezone="Europe/Berlin")
    url = address("maintenance_move", page, planned)
    values = MOVED | seen(desk, url) | {"day": "2027-03-28", "starts": "02:30", "ends": "04:00"}

    refused = desk.post(url, values)
    done = desk.post(url, values | {"told": refused.context["plan"].told})

    assert refused.status_code == 422
    assert "it will start at 03:00" in refused.content.decode()
    assert done.status_code == 302


def test_whoever_was_slower_sees_the_other_time_and_decides(
    desk: Client, page: Page, operator: Actor, planned: Incident
) -> None:
    url = address("maintenance_move", page, planned)
    before = seen(desk, url)
    extend(maintenance=planned, actor=operator, at=now())

    answer = desk.post(url, MOVED | before)

    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Somebody else changed this maintenance" in html
    assert "2027-07-05" in html
    assert desk.post(url, MOVED | {"seen": answer.context["seen"]}).status_code == 302


def test_what_is_over_cannot_be_moved(
    desk: Client, page: Page, operator: Actor, planned: Incident
) -> None:
    cancel_maintenance(maintenance=planned, body="", actor=operator, at=now())

    answer = desk.post(address("maintenance_move", page, planned), MOVED)

    assert answer.status_code == 409
    assert "It is over: nothing can move it." in answer.content.decode()


def news(component: Component, **values: str) -> dict[str, str]:
    return {
        "status": "verifying",
        "body": "We look whether **all** works.",
        "notify": "on",
        f"system-{component.id}": "degraded_performance",
        **values,
    }


def test_news_moves_the_stage_and_the_systems(
    desk: Client, page: Page, component: Component, runs: Incident
) -> None:
    make_subscriber(page, "a@example.com", component)
    url = address("maintenance_update", page, runs)

    answer = desk.post(url, news(component) | seen(desk, url))

    assert answer.headers["Location"] == address("maintenance", page, runs)
    runs.refresh_from_db()
    component.refresh_from_db()
    assert runs.status == IncidentStatus.VERIFYING
    assert component.status == Status.DEGRADED
    assert Notification.objects.latest("created_at").hold_until is not None


def test_completing_ends_what_it_says_whatever_the_form_says(
    desk: Client, page: Page, component: Component, runs: Incident
) -> None:
    url = address("maintenance_update", page, runs)

    desk.post(url, news(component, status="completed") | seen(desk, url))

    runs.refresh_from_db()
    component.refresh_from_db()
    assert runs.status == IncidentStatus.COMPLETED
    assert component.status == Status.OPERATIONAL


def test_the_preview_of_news_shows_it_above_the_last_one(
    desk: Client, page: Page, component: Component, runs: Incident
) -> None:
    answer = desk.post(
        address("maintenance_update_preview", page, runs), news(component), headers=HTMX
    )

    html = answer.content.decode()
    assert "We look whether <strong>all</strong> works." in html
    assert "The maintenance has begun." in html


def test_news_of_what_changed_meanwhile_is_a_decision(
    desk: Client, page: Page, component: Component, operator: Actor, runs: Incident
) -> None:
    url = address("maintenance_update", page, runs)
    before = seen(desk, url)
    extend(maintenance=runs, actor=operator, at=now())

    answer = desk.post(url, news(component) | before)

    assert answer.status_code == 409
    assert "Your text is still here" in answer.content.decode()
    assert desk.post(url, news(component) | {"seen": answer.context["seen"]}).status_code == 302


def test_news_of_what_is_over_is_refused(
    desk: Client, page: Page, component: Component, operator: Actor, runs: Incident
) -> None:
    finish_early(maintenance=runs, body="", actor=operator, at=now())
    url = address("maintenance_update", page, runs)

    assert desk.post(url, news(component)).status_code == 409
    assert desk.get(url).headers["Location"] == address("maintenance", page, runs)


def test_a_stage_of_incidents_is_none_of_maintenances(
    desk: Client, page: Page, component: Component, runs: Incident
) -> None:
    url = address("maintenance_update", page, runs)

    answer = desk.post(url, news(component, status="resolved") | seen(desk, url))

    assert answer.status_code == 422


def test_an_update_of_a_maintenance_is_edited_on_the_screen_of_updates(
    desk: Client, page: Page, runs: Incident
) -> None:
    update = runs.updates.earliest("created_at")
    url = address("update_edit", page, runs, update)
    version = update.updated_at.isoformat()

    answer = desk.post(url, {"body": "Other words.", "seen": version})

    assert answer.headers["Location"] == address("maintenance", page, runs)
    assert "Other words." in desk.get(address("maintenance", page, runs)).content.decode()
