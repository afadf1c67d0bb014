"""What people do to a maintenance: plan it, move it, call it off, begin and finish it."""

from datetime import timedelta

import pytest

from accounts.access import Refused
from accounts.actor import Actor
from accounts.models import AuditEvent
from incidents.actions import (
    Conflict,
    Invalid,
    Repeated,
    cancel_maintenance,
    extend,
    finish_early,
    post_update,
    reschedule,
    run_due_maintenance,
    start_now,
)
from incidents.lifecycle import Impact, IncidentStatus
from incidents.models import Incident, Reminder
from pages.models import Page
from pages.status import Status
from subscribers.models import Notification
from tests.factories import ComponentFactory, PageFactory
from tests.incidents.maintenances import HOUR, MINUTE, planned, spans, stages, status_of, told

pytestmark = pytest.mark.django_db


def due(maintenance):
    rows = Reminder.objects.filter(incident=maintenance, settled_at__isnull=True)
    return sorted(rows.values_list("due_at", flat=True))


def newest(maintenance):
    return maintenance.updates.newest_first().first()


def test_a_plan_is_told_and_claims_nothing(page, api, operator, at):
    maintenance = planned(page, [api], at, actor=operator, starts_at=at + 30 * HOUR)
    assert (maintenance.status, maintenance.impact) == ("scheduled", Impact.MAINTENANCE)
    assert stages(maintenance) == [("scheduled", at)]
    assert status_of(api) is Status.OPERATIONAL
    assert told(maintenance) == ["maintenance_scheduled"]
    assert Notification.objects.get().component_ids == [api.pk]
    assert due(maintenance) == [at + 6 * HOUR, at + 27 * HOUR]
    assert AuditEvent.objects.get(object_id=maintenance.pk).action == "maintenance.schedule"


def test_reminders_that_are_over_are_not_planned(page, api, at):
    maintenance = planned(page, [api], at, remind_before=(30, 90))
    assert due(maintenance) == [at + 30 * MINUTE]
    silent = planned(page, [api], at, scheduled_remind_prior=False, name="Silent")
    assert due(silent) == []


def test_without_components_everybody_is_told_and_nothing_claimed(page, api, at):
    maintenance = planned(page, [], at)
    assert Notification.objects.get().component_ids is None
    run_due_maintenance(at=at + HOUR)
    maintenance.refresh_from_db()
    assert maintenance.status == IncidentStatus.IN_PROGRESS
    assert status_of(api) is Status.OPERATIONAL


def test_a_silent_plan_tells_nobody(page, api, at):
    quiet = planned(page, [api], at, deliver=False)
    assert told(quiet) == []
    run_due_maintenance(at=at + HOUR)
    assert told(quiet) == ["maintenance_started"]
    silent = planned(page, [api], at, deliver_all=False, name="Silent")
    run_due_maintenance(at=at + HOUR)
    assert told(silent) == []


def test_a_page_that_is_not_published_tells_nobody(page, api, at):
    Page.objects.filter(pk=page.pk).update(status=Page.State.DRAFT)
    planned(page, [api], at)
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ends_at": timedelta(0)}, "scheduled_until"),
        ({"ends_at": -HOUR}, "scheduled_until"),
        ({"ends_at": timedelta(days=40)}, "scheduled_until"),
        ({"starts_at": timedelta(days=800)}, "scheduled_for"),
        ({"name": " "}, "name"),
        ({"body": "x" * 25_001}, "body"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(page, api, at, given, field):
    moments = {
        name: at + HOUR + value for name, value in given.items() if isinstance(value, timedelta)
    }
    with pytest.raises(Invalid) as refusal:
        planned(page, [api], at, **given | moments)
    assert refusal.value.field == field
    assert not Incident.objects.exists()


def test_components_are_those_of_the_page(page, at):
    with pytest.raises(Invalid, match="not on this page"):
        planned(page, [ComponentFactory(page=PageFactory())], at)


def test_a_component_deleted_meanwhile_is_refused(page, api, at):
    gone = ComponentFactory(page=page)
    held = [api, gone]
    gone_pk = gone.pk
    gone.delete()
    gone.pk = gone_pk
    with pytest.raises(Invalid, match="not on this page"):
        planned(page, held, at)


def test_a_viewer_may_not_plan(page, api, viewer, at):
    with pytest.raises(Refused):
        planned(page, [api], at, actor=Actor.of(viewer))


def test_the_same_request_plans_once(page, api, operator, at):
    first = planned(page, [api], at, actor=operator, key="k")
    with pytest.raises(Repeated) as repeated:
        planned(page, [api], at + MINUTE, actor=operator, key="k", starts_at=at + HOUR)
    assert repeated.value.row == first
    assert Incident.objects.count() == 1


def test_a_double_click_extends_once(page, api, operator, at):
    maintenance = planned(page, [api], at, actor=operator)
    end = maintenance.scheduled_until
    extend(maintenance=maintenance, actor=operator, at=at)
    with pytest.raises(Repeated):
        extend(maintenance=maintenance, actor=operator, at=at + timedelta(seconds=1))
    maintenance.refresh_from_db()
    assert maintenance.scheduled_until == end + 30 * MINUTE


def test_a_move_is_told_in_plain_words_and_plans_reminders_anew(page, api, operator, at):
    Page.objects.filter(pk=page.pk).update(timezone="Europe/Berlin")
    maintenance = planned(page, [api], at, starts_at=at + 30 * HOUR)
    reschedule(
        maintenance=maintenance,
        starts_at=at + 54 * HOUR,
        ends_at=at + 57 * HOUR,
        actor=operator,
        at=at + MINUTE,
    )
    maintenance.refresh_from_db()
    assert (maintenance.scheduled_for, maintenance.started_at) == (at + 54 * HOUR,) * 2
    assert newest(maintenance).body == (
        "This maintenance now takes place on Friday 6 March 2026, 19:00 to 22:00 "
        "(Europe/Berlin), not on Thursday 5 March 2026, 19:00 to 21:00."
    )
    assert told(maintenance) == ["maintenance_scheduled", "maintenance_moved"]
    assert due(maintenance) == [at + 30 * HOUR, at + 51 * HOUR]
    assert AuditEvent.objects.latest("pk").action == "maintenance.reschedule"


def test_a_move_may_be_told_in_own_words(page, api, operator, at):
    maintenance = planned(page, [api], at)
    start, end = maintenance.scheduled_for, maintenance.scheduled_until
    reschedule(
        maintenance=maintenance,
        starts_at=start,
        ends_at=end + HOUR,
        body="The **truck** is late.",
        actor=operator,
        at=at,
    )
    assert newest(maintenance).body == "The **truck** is late."


def test_a_move_to_where_it_is_is_refused(page, api, operator, at):
    maintenance = planned(page, [api], at)
    with pytest.raises(Invalid, match="already"):
        reschedule(
            maintenance=maintenance,
            starts_at=maintenance.scheduled_for,
            ends_at=maintenance.scheduled_until,
            actor=operator,
            at=at,
        )


def test_of_a_running_one_only_the_end_moves(page, api, operator, at):
    maintenance = planned(page, [api], at)
    run_due_maintenance(at=at + HOUR)
    now = at + 2 * HOUR
    with pytest.raises(Invalid) as refusal:
        reschedule(
            maintenance=maintenance, starts_at=now, ends_at=at + 9 * HOUR, actor=operator, at=now
        )
    assert refusal.value.field == "scheduled_for"
    extend(maintenance=maintenance, actor=operator, at=now)
    assert newest(maintenance).body == (
        "This maintenance takes longer than planned: it now ends at 15:30 (UTC), not at 15:00."
    )
    assert newest(maintenance).status == IncidentStatus.IN_PROGRESS
    assert run_due_maintenance(at=at + 3 * HOUR) == 0
    assert run_due_maintenance(at=at + 3 * HOUR + 30 * MINUTE) == 1


def test_a_late_one_is_extended_from_now(page, api, operator, at):
    maintenance = planned(page, [api], at, scheduled_auto_completed=False)
    run_due_maintenance(at=at + HOUR)
    extend(maintenance=maintenance, minutes=15, actor=operator, at=at + 9 * HOUR)
    maintenance.refresh_from_db()
    assert maintenance.scheduled_until == at + 9 * HOUR + 15 * MINUTE


@pytest.mark.parametrize("minutes", [0, -5, 31 * 24 * 60 + 1])
def test_an_extension_has_bounds(page, api, operator, at, minutes):
    with pytest.raises(Invalid):
        extend(maintenance=planned(page, [api], at), minutes=minutes, actor=operator, at=at)


def test_a_cancelled_one_never_begins(page, api, operator, at):
    maintenance = planned(page, [api], at, starts_at=at + 30 * HOUR)
    cancel_maintenance(maintenance=maintenance, body="", actor=operator, at=at + MINUTE)
    assert newest(maintenance).body == "This maintenance will not take place."
    assert told(maintenance) == ["maintenance_scheduled", "maintenance_cancelled"]
    assert due(maintenance) == []
    assert run_due_maintenance(at=at + 50 * HOUR) == 0
    assert status_of(api) is Status.OPERATIONAL


def test_a_running_one_is_finished_and_not_cancelled(page, api, operator, at):
    maintenance = planned(page, [api], at)
    run_due_maintenance(at=at + HOUR)
    with pytest.raises(Conflict, match="finish it"):
        cancel_maintenance(maintenance=maintenance, body="", actor=operator, at=at + HOUR)
    finish_early(maintenance=maintenance, body="", actor=operator, at=at + 2 * HOUR)
    assert stages(maintenance)[-1] == ("completed", at + 2 * HOUR)
    assert spans(api)[-2:] == [
        ("under_maintenance", at + HOUR, at + 2 * HOUR),
        ("operational", at + 2 * HOUR, None),
    ]
    assert run_due_maintenance(at=at + 9 * HOUR) == 0
    assert told(maintenance)[-1] == "maintenance_completed"


def test_one_that_has_not_begun_is_cancelled_and_not_finished(page, api, operator, at):
    with pytest.raises(Conflict, match="cancel it"):
        finish_early(maintenance=planned(page, [api], at), body="", actor=operator, at=at)


def test_it_may_begin_before_its_time(page, api, operator, at):
    maintenance = planned(page, [api], at)
    start_now(maintenance=maintenance, actor=operator, at=at + 10 * MINUTE)
    maintenance.refresh_from_db()
    assert (maintenance.scheduled_for, maintenance.started_at) == (at + 10 * MINUTE,) * 2
    assert status_of(api) is Status.MAINTENANCE
    assert due(maintenance) == []
    assert run_due_maintenance(at=at + HOUR) == 0
    with pytest.raises(Conflict, match="begun already"):
        start_now(maintenance=maintenance, actor=operator, at=at + 2 * HOUR)


def test_what_is_over_takes_no_step(page, api, operator, at):
    maintenance = planned(page, [api], at)
    cancel_maintenance(maintenance=maintenance, body="", actor=operator, at=at)
    later = {"maintenance": maintenance, "actor": operator, "at": at + MINUTE}
    for step in (
        lambda: start_now(**later),
        lambda: finish_early(body="", **later),
        lambda: extend(**later),
        lambda: cancel_maintenance(body="again", **later),
        lambda: reschedule(starts_at=at + HOUR, ends_at=at + 5 * HOUR, **later),
    ):
        with pytest.raises(Conflict, match="cancelled already"):
            step()


def test_a_stale_step_is_refused(page, api, operator, at):
    maintenance = planned(page, [api], at)
    seen = maintenance.updated_at
    extend(maintenance=maintenance, actor=operator, at=at + MINUTE)
    with pytest.raises(Conflict, match="meanwhile"):
        extend(maintenance=maintenance, minutes=60, actor=operator, at=at + 2 * MINUTE, seen=seen)


def test_a_deleted_one_is_gone(page, api, operator, at):
    maintenance = planned(page, [api], at)
    Incident.objects.all().delete()
    with pytest.raises(Conflict, match="deleted"):
        start_now(maintenance=maintenance, actor=operator, at=at)


def test_a_running_one_is_posted_to(page, api, operator, at):
    maintenance = planned(page, [api], at)
    run_due_maintenance(at=at + HOUR)
    post_update(
        incident=maintenance,
        status=IncidentStatus.VERIFYING,
        body="It is in. We look at it.",
        actor=operator,
        at=at + 2 * HOUR,
    )
    assert status_of(api) is Status.MAINTENANCE
    assert run_due_maintenance(at=at + 3 * HOUR) == 1
    assert [stage for stage, _ in stages(maintenance)] == [
        "scheduled",
        "in_progress",
        "verifying",
        "completed",
    ]
