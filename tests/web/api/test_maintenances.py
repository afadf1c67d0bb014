"""Maintenances by JSON: planned in the page's wall time, moved, begun, ended."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils.timezone import now

from incidents.models import Incident, IncidentUpdate, Reminder
from pages.models import Component
from pages.status import Status
from subscribers.models import Notification
from tests.web.api.reading import made

PATH = "/api/incidents"
TODAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def berlin(component):
    component.page.timezone = "Europe/Berlin"
    component.page.save()
    return component.page


@pytest.fixture
def plan(call, editor, berlin):
    """`plan(...)` schedules four hours from now, for two hours, with the given changes."""

    def send(**changes: object):
        body = {
            "name": "New disks",
            "body": "We swap disks.",
            "componentIds": ["website"],
            "scheduledFor": (TODAY + timedelta(hours=4)).isoformat(),
            "scheduledUntil": (TODAY + timedelta(hours=6)).isoformat(),
        }
        return call("post", PATH, body | changes, user=editor)

    return send


def test_a_maintenance_is_planned_with_all_its_options(plan):
    options = {
        "scheduledRemindPrior": True,
        "remindBefore": [60, 120],
        "scheduledAutoInProgress": False,
        "scheduledAutoCompleted": False,
        "autoTransitionToMaintenanceState": False,
        "autoTransitionToOperationalState": False,
        "autoTransitionDeliverNotificationsAtStart": False,
        "autoTransitionDeliverNotificationsAtEnd": False,
    }
    answer = made(plan(**options, metadata={"change": {"id": 7}}))
    assert (answer["status"], answer["impact"]) == ("scheduled", "maintenance")
    assert {key: answer[key] for key in options} == options | {"remindBefore": [120, 60]}
    assert (answer["scheduledFor"], answer["scheduledUntil"]) == (
        "2026-03-01T16:00:00Z",
        "2026-03-01T18:00:00Z",
    )
    assert answer["metadata"] == {"change": {"id": 7}}
    assert [row["slug"] for row in answer["components"]] == ["website"]
    assert Component.objects.get().status == Status.OPERATIONAL
    assert Notification.objects.get().kind == "maintenance_scheduled"
    assert Reminder.objects.count() == 2


def test_defaults_are_those_of_the_documents(plan):
    answer = made(plan())
    assert answer["remindBefore"] == [1440, 180]
    assert all(value for key, value in answer.items() if "uto" in key and key != "automatic")


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2026-03-10T02:00", "2026-03-10T01:00:00Z"),
        ("2026-03-10 02:00:30", "2026-03-10T01:00:30Z"),
        ("2026-03-10T02:00Z", "2026-03-10T02:00:00Z"),
        ("2026-03-10T02:00-05:00", "2026-03-10T07:00:00Z"),
        # Clocks jump from 02:00 to 03:00 on 29 March: the next time that exists.
        ("2026-03-29T02:30", "2026-03-29T01:00:00Z"),
        # They show 02:30 twice on 25 October: the first of the two.
        ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30:00Z"),
    ],
)
def test_a_time_without_an_offset_is_what_clocks_on_the_page_show(plan, wall, instant):
    until = (datetime.fromisoformat(instant) + timedelta(hours=1)).isoformat()
    assert made(plan(scheduledFor=wall, scheduledUntil=until))["scheduledFor"] == instant


def test_a_span_inside_the_gap_is_none(plan):
    response = plan(scheduledFor="2026-03-29T02:10", scheduledUntil="2026-03-29T02:50")
    assert response.json()["fields"] == {"scheduledUntil": "It must end after it starts."}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scheduledUntil": None}, "scheduledUntil"),
        ({"scheduledFor": None}, "scheduledFor"),
        ({"scheduledUntil": "2026-03-01T15:00Z"}, "scheduledUntil"),
        ({"scheduledFor": "2026-02-01T00:00Z", "scheduledUntil": "2026-02-02T00:00Z"}, None),
        ({"scheduledUntil": "2026-09-01T00:00Z"}, "scheduledUntil"),
        ({"scheduledFor": "2036-01-01T00:00Z", "scheduledUntil": "2036-01-02T00:00Z"}, None),
        ({"scheduledFor": "2026-03-32T00:00"}, "scheduledFor"),
        ({"scheduledFor": "2026-03-10"}, "scheduledFor"),
        ({"scheduledFor": "20260310T0200"}, "scheduledFor"),
        ({"scheduledFor": "2026-03-10T02:00+99:00"}, "scheduledFor"),
        ({"scheduledFor": "2026-03-10T02:00\u0660"}, "scheduledFor"),
        ({"scheduledFor": 5}, "scheduledFor"),
        ({"status": "in_progress"}, "status"),
        ({"status": "investigating"}, "status"),
        ({"components": {"website": "major_outage"}}, "components"),
        ({"remindBefore": [0]}, "remindBefore"),
        ({"remindBefore": [60 * 24 * 31]}, "remindBefore"),
        ({"remindBefore": [1] * 11}, "remindBefore"),
        ({"remindBefore": "60"}, "remindBefore"),
        ({"remindBefore": [1.5]}, "remindBefore.0"),
        ({"remindBefore": [True]}, "remindBefore.0"),
        ({"scheduledAutoCompleted": "t"}, "scheduledAutoCompleted"),
        ({"impact": "major"}, "impact"),
        ({"nextUpdateBy": "2030-01-01T00:00Z"}, "nextUpdateBy"),
        ({"backfillDate": "2026-01-01T00:00Z"}, None),
    ],
)
def test_what_cannot_be_planned_is_named_and_nothing_is_stored(plan, changes, field):
    response = plan(**changes)
    assert response.status_code == 422, response.content
    assert field is None or set(response.json()["fields"]) == {field}
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"components": {"website": "maintenance"}}, {"status": "scheduled"}]
)
def test_what_goes_without_saying_may_be_said(plan, changes):
    assert made(plan(**changes))["status"] == "scheduled"


def test_a_silent_maintenance_tells_nobody(plan):
    assert made(plan(deliverNotifications=False))["deliverNotifications"] is False
    assert not Notification.objects.exists()


def test_a_moved_maintenance_keeps_what_is_not_said(call, editor, plan):
    pk = made(plan())["id"]
    body = {"scheduledUntil": "2026-03-01T20:00", "body": "It takes longer.", "name": "Disks"}
    answer = call("patch", f"{PATH}/{pk}", body, user=editor).json()
    assert (answer["scheduledFor"], answer["scheduledUntil"]) == (
        "2026-03-01T16:00:00Z",
        "2026-03-01T19:00:00Z",
    )
    assert (answer["name"], answer["updates"][0]["body"]) == ("Disks", "It takes longer.")
    kinds = set(Notification.objects.values_list("kind", flat=True))
    assert kinds == {"maintenance_scheduled", "maintenance_moved"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scheduledUntil": "2026-03-01T10:00Z"}, "scheduledUntil"),
        ({"scheduledUntil": None}, "body"),
        ({"scheduledUntil": "2026-03-01T20:00Z", "status": "completed"}, "status"),
        ({"scheduledUntil": "2026-03-01T20:00Z", "reopen": True}, "reopen"),
        ({"scheduledUntil": "2026-03-01T20:00Z", "components": {"website": ""}}, "components"),
        ({"remindBefore": [5]}, "remindBefore"),
    ],
)
def test_a_move_that_cannot_be_changes_nothing(call, editor, plan, body, field):
    pk = made(plan())["id"]
    response = call("patch", f"{PATH}/{pk}", {"name": "Other"} | body, user=editor)
    assert (response.status_code, set(response.json()["fields"])) == (422, {field})
    assert Incident.objects.get().name == "New disks"


def test_a_maintenance_is_begun_told_of_and_completed(call, editor, plan):
    path = f"{PATH}/{made(plan())['id']}/updates"

    def post(**body: object):
        return made(call("post", path, body, user=editor))

    assert post(status="in_progress", body="Now.")["status"] == "in_progress"
    assert Component.objects.get().status == Status.MAINTENANCE
    assert Incident.objects.get().scheduled_for == now()
    assert post(body="Half way.")["status"] == "in_progress"
    assert post(status="verifying")["status"] == "verifying"
    assert post(status="completed", body="Done.")["body"] == "Done."
    assert Component.objects.get().status == Status.OPERATIONAL
    kinds = [row.kind for row in Notification.objects.order_by("created_at", "id")]
    assert kinds[0] == "maintenance_scheduled"
    assert kinds[-1] == "maintenance_completed"


def test_a_maintenance_is_cancelled_before_it_begins(call, editor, plan):
    path = f"{PATH}/{made(plan())['id']}"
    answer = call("patch", path, {"status": "cancelled", "body": "Not now."}, user=editor).json()
    assert (answer["status"], answer["updates"][0]["body"]) == ("cancelled", "Not now.")
    response = call("post", f"{path}/updates", {"status": "in_progress"}, user=editor)
    assert response.status_code == 409


@pytest.mark.parametrize("status", ["completed", "verifying", "resolved", "identified"])
def test_an_illegal_step_names_the_legal_ones(call, editor, plan, status):
    path = f"{PATH}/{made(plan())['id']}/updates"
    response = call("post", path, {"status": status}, user=editor)
    assert response.status_code == 422
    assert "scheduled, in_progress, cancelled" in response.json()["fields"]["status"]


@pytest.mark.parametrize(
    "extra",
    [
        {"displayAt": "2026-03-02T00:00Z"},
        {"components": {"website": "degraded"}},
        {"nextUpdateBy": "2026-03-02T00:00Z"},
        {"reopen": True},
    ],
)
def test_a_step_takes_words_only(call, editor, plan, extra):
    path = f"{PATH}/{made(plan())['id']}/updates"
    response = call("post", path, {"status": "in_progress"} | extra, user=editor)
    assert (response.status_code, set(response.json()["fields"])) == (422, set(extra))
    assert IncidentUpdate.objects.count() == 1


def test_maintenances_are_no_active_incidents(call, editor, plan):
    pk = made(plan())["id"]
    call("post", f"{PATH}/{pk}/updates", {"status": "in_progress"}, user=editor)
    answer = call("get", "/api/status").json()
    assert answer["activeIncidents"] == []
    [service] = answer["services"]
    assert (service["status"], service["maintenance"]) == ("OPERATIONAL", True)
    assert answer["overallStatus"] == "OPERATIONAL"


def test_the_list_finds_maintenances_by_their_stage(call, editor, plan):
    pk = made(plan())["id"]
    rows = call("get", f"{PATH}?status=scheduled", user=editor).json()["incidents"]
    assert [row["id"] for row in rows] == [pk]


def test_a_deleted_maintenance_leaves_its_components(call, editor, plan):
    pk = made(plan())["id"]
    call("post", f"{PATH}/{pk}/updates", {"status": "in_progress"}, user=editor)
    assert call("delete", f"{PATH}/{pk}", user=editor).status_code == 204
    assert Component.objects.get().status == Status.OPERATIONAL
