"""What maintenances do by themselves, through the tick: on time, late, never, at DST."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import AuditEvent
from incidents import actions
from incidents.actions import (
    extend,
    open_incident,
    post_update,
    reschedule,
    run_due_maintenance,
    set_component_status,
)
from incidents.automatic import open_untold
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from incidents.tasks import run_maintenance
from incidents.walltime import instant, parse_local
from pages import claims, sources
from pages.models import Page, StatusClaim
from pages.status import Status
from pages.versions import changing
from subscribers import outbox
from subscribers.models import Notification
from tests.factories import PageFactory
from tests.incidents.checks import fail, recover
from tests.incidents.maintenances import HOUR, MINUTE, planned, spans, stages, status_of, told

pytestmark = pytest.mark.django_db


def operators_told():
    notices = Notification.objects.filter(audience="operators").order_by("created_at", "id")
    return [notice.message["title"]["en"] for notice in notices]


def test_it_begins_and_ends_at_its_time(page, api, web, at):
    maintenance = planned(page, [api], at)
    assert run_due_maintenance(at=at + HOUR - timedelta(seconds=1)) == 0
    assert run_due_maintenance(at=at + HOUR) == 1
    assert (status_of(api), status_of(web)) == (Status.MAINTENANCE, Status.OPERATIONAL)
    assert run_due_maintenance(at=at + 2 * HOUR) == 0
    assert run_due_maintenance(at=at + 3 * HOUR) == 1
    assert status_of(api) is Status.OPERATIONAL
    assert stages(maintenance) == [
        ("scheduled", at),
        ("in_progress", at + HOUR),
        ("completed", at + 3 * HOUR),
    ]
    assert told(maintenance) == [
        "maintenance_scheduled",
        "maintenance_started",
        "maintenance_completed",
    ]
    maintenance.refresh_from_db()
    assert maintenance.resolved_at == at + 3 * HOUR
    last = AuditEvent.objects.filter(object_id=maintenance.pk).latest("pk")
    assert (last.actor, last.action) == ("system", "incident.update")


def test_the_task_runs_it_by_the_clock(page, api, at):
    planned(page, [api], at)
    with time_machine.travel(at + HOUR, tick=False):
        run_maintenance()
    assert status_of(api) is Status.MAINTENANCE


def test_after_an_hour_without_a_ticker_it_begins_late_with_its_real_time(page, api, at):
    maintenance = planned(page, [api], at)
    assert run_due_maintenance(at=at + 2 * HOUR) == 1
    assert stages(maintenance)[-1] == ("in_progress", at + HOUR)
    assert spans(api)[-1] == ("under_maintenance", at + HOUR, None)
    update = maintenance.updates.newest_first().first()
    assert update.created_at == at + 2 * HOUR


def test_a_window_that_passed_unseen_begins_and_ends_in_order_once(page, api, at):
    maintenance = planned(page, [api], at)
    assert run_due_maintenance(at=at + 10 * HOUR) == 2
    assert run_due_maintenance(at=at + 10 * HOUR) == 0
    assert stages(maintenance) == [
        ("scheduled", at),
        ("in_progress", at + HOUR),
        ("completed", at + 3 * HOUR),
    ]
    assert spans(api)[-2:] == [
        ("under_maintenance", at + HOUR, at + 3 * HOUR),
        ("operational", at + 3 * HOUR, None),
    ]
    assert told(maintenance)[1:] == ["maintenance_started", "maintenance_completed"]


def test_a_clock_that_steps_back_repeats_nothing(page, api, at):
    maintenance = planned(page, [api], at)
    run_due_maintenance(at=at + HOUR)
    assert run_due_maintenance(at=at + 30 * MINUTE) == 0
    assert run_due_maintenance(at=at + HOUR) == 0
    assert run_due_maintenance(at=at + 3 * HOUR) == 1
    assert len(stages(maintenance)) == 3


def test_a_start_that_has_passed_begins_at_the_next_tick_as_of_its_planning(page, api, at):
    maintenance = planned(page, [api], at, starts_at=at - HOUR)
    assert run_due_maintenance(at=at + timedelta(seconds=1)) == 1
    assert stages(maintenance) == [("scheduled", at), ("in_progress", at)]
    assert spans(api)[-1] == ("under_maintenance", at, None)


def test_what_was_said_while_nothing_ran_stays_in_order(page, api, operator, at):
    maintenance = planned(page, [api], at)
    run_due_maintenance(at=at + HOUR)
    post_update(
        incident=maintenance,
        status=IncidentStatus.VERIFYING,
        body="Nearly.",
        actor=operator,
        at=at + 4 * HOUR,
    )
    run_due_maintenance(at=at + 5 * HOUR)
    assert [stage for stage, _ in stages(maintenance)][-2:] == ["verifying", "completed"]
    assert spans(api)[-1] == ("operational", at + 3 * HOUR, None)


def test_without_the_start_flag_nothing_is_claimed(page, api, at):
    maintenance = planned(page, [api], at, auto_transition_to_maintenance_state=False)
    run_due_maintenance(at=at + HOUR)
    assert status_of(api) is Status.OPERATIONAL
    assert told(maintenance)[-1] == "maintenance_started"
    run_due_maintenance(at=at + 3 * HOUR)
    assert not StatusClaim.objects.exists()


def test_without_the_end_flag_a_person_sets_the_status(page, api, operator, at):
    planned(page, [api], at, auto_transition_to_operational_state=False)
    run_due_maintenance(at=at + HOUR)
    run_due_maintenance(at=at + 5 * HOUR)
    claim = StatusClaim.objects.live().get()
    assert (claim.source, claim.status) == (sources.MANUAL, Status.MAINTENANCE)
    assert claim.since == at + 3 * HOUR
    assert spans(api)[-1] == ("under_maintenance", at + HOUR, None)
    set_component_status(component=api, status=Status.OPERATIONAL, actor=operator, at=at + 6 * HOUR)
    assert status_of(api) is Status.OPERATIONAL


def test_what_a_person_said_meanwhile_stands(page, api, operator, at):
    planned(page, [api], at, auto_transition_to_operational_state=False)
    run_due_maintenance(at=at + HOUR)
    set_component_status(component=api, status=Status.PARTIAL, actor=operator, at=at + 2 * HOUR)
    run_due_maintenance(at=at + 3 * HOUR)
    assert status_of(api) is Status.PARTIAL


@pytest.mark.parametrize(
    ("flag", "kinds"),
    [
        ("auto_transition_deliver_notifications_at_start", ["maintenance_completed"]),
        ("auto_transition_deliver_notifications_at_end", ["maintenance_started"]),
    ],
)
def test_start_and_end_are_told_where_that_is_wished(page, api, at, flag, kinds):
    maintenance = planned(page, [api], at, **{flag: False})
    run_due_maintenance(at=at + HOUR)
    run_due_maintenance(at=at + 3 * HOUR)
    assert told(maintenance)[1:] == kinds


def test_where_people_start_it_they_are_told_once(page, api, operator, at):
    maintenance = planned(page, [api], at, scheduled_auto_in_progress=False)
    for seconds in (0, 2, 4):
        assert run_due_maintenance(at=at + HOUR + timedelta(seconds=seconds)) == 0
    assert operators_told() == ["Time to start: New switches"]
    reschedule(
        maintenance=maintenance,
        starts_at=at + 4 * HOUR,
        ends_at=at + 6 * HOUR,
        actor=operator,
        at=at + 2 * HOUR,
    )
    run_due_maintenance(at=at + 4 * HOUR)
    run_due_maintenance(at=at + 9 * HOUR)
    assert operators_told() == ["Time to start: New switches"] * 2
    maintenance.refresh_from_db()
    assert maintenance.status == IncidentStatus.SCHEDULED


def test_where_people_complete_it_they_are_told_once(page, api, operator, at):
    maintenance = planned(page, [api], at, scheduled_auto_completed=False)
    run_due_maintenance(at=at + HOUR)
    for _ in range(2):
        run_due_maintenance(at=at + 5 * HOUR)
    assert operators_told() == ["Time to complete: New switches"]
    assert status_of(api) is Status.MAINTENANCE
    extend(maintenance=maintenance, actor=operator, at=at + 5 * HOUR)
    run_due_maintenance(at=at + 6 * HOUR)
    assert operators_told() == ["Time to complete: New switches"] * 2


def test_a_poisoned_row_stops_no_other(page, api, at, monkeypatch, caplog):
    bad = planned(page, [api], at, name="Bad")
    other = planned(PageFactory(), [], at)
    real = outbox.enqueue_all

    def refuse(news, **given: object):
        if bad.pk in [each.message.topic for each in news]:
            raise RuntimeError("poison")
        return real(news, **given)

    monkeypatch.setattr(outbox, "enqueue_all", refuse)
    assert run_due_maintenance(at=at + HOUR) == 1
    other.refresh_from_db()
    bad.refresh_from_db()
    assert (bad.status, other.status) == ("scheduled", "in_progress")
    assert f"maintenance {bad.pk} was due and did not begin" in caplog.text
    assert len(stages(bad)) == 1
    monkeypatch.undo()
    assert run_due_maintenance(at=at + HOUR) == 1


def test_component_notices_it_covers_are_dropped(page, api, web, operator, at):
    planned(page, [api], at)
    for component in (api, web):
        set_component_status(
            component=component, status=Status.DEGRADED, actor=operator, at=at + 59 * MINUTE
        )
    run_due_maintenance(at=at + HOUR)
    notice = Notification.objects.get(kind="component_changed")
    assert [fact["component"] for fact in notice.message["facts"]] == ["Web"]


def test_an_incident_outranks_a_maintenance(page, api, operator, at):
    planned(page, [api], at)
    run_due_maintenance(at=at + HOUR)
    incident = open_incident(
        page=page, name="Worse", body="", statuses={api: Status.MAJOR}, actor=operator, at=at + HOUR
    )
    assert status_of(api) is Status.MAJOR
    post_update(
        incident=incident,
        status=IncidentStatus.RESOLVED,
        body="",
        actor=operator,
        at=at + 2 * HOUR,
    )
    assert status_of(api) is Status.MAINTENANCE


def test_two_maintenances_of_one_component_end_each_for_itself(page, api, at):
    planned(page, [api], at)
    planned(page, [api], at, name="Longer", ends_at=at + 5 * HOUR)
    run_due_maintenance(at=at + HOUR)
    run_due_maintenance(at=at + 3 * HOUR)
    assert status_of(api) is Status.MAINTENANCE
    run_due_maintenance(at=at + 5 * HOUR)
    assert spans(api)[-2:] == [
        ("under_maintenance", at + HOUR, at + 5 * HOUR),
        ("operational", at + 5 * HOUR, None),
    ]


def test_what_fails_on_opens_an_incident_that_begins_where_the_maintenance_ended(page, api, at):
    Page.objects.filter(pk=page.pk).update(auto_publish_after=0)
    planned(page, [api], at)
    run_due_maintenance(at=at + HOUR)
    fail(api, at + HOUR + 10 * MINUTE)
    open_untold(at=at + 2 * HOUR)
    assert not Incident.objects.incidents().exists()
    assert status_of(api) is Status.MAINTENANCE
    ended = at + 3 * HOUR
    run_due_maintenance(at=ended + MINUTE)
    open_untold(at=ended + MINUTE)
    incident = Incident.objects.incidents().get()
    assert (incident.automatic, incident.started_at) == (True, ended)
    assert incident.updates.get().body.startswith("Our checks of API have failed since 15:00")
    assert spans(api)[-2:] == [
        ("under_maintenance", at + HOUR, ended),
        ("major_outage", ended, None),
    ]
    recover(api, ended + 5 * MINUTE)
    assert spans(api)[-2:] == [
        ("major_outage", ended, ended + 5 * MINUTE),
        ("operational", ended + 5 * MINUTE, None),
    ]


def test_a_verdict_that_changes_after_the_end_is_dated_no_earlier(page, api, at):
    planned(page, [api], at)
    run_due_maintenance(at=at + HOUR)
    run_due_maintenance(at=at + 3 * HOUR)
    fail(api, at + 3 * HOUR + MINUTE, since=at + 2 * HOUR)
    assert Incident.objects.incidents().get().started_at == at + 3 * HOUR


def test_a_maintenance_that_claims_nothing_covers_no_failure(page, api, at):
    planned(page, [api], at, auto_transition_to_maintenance_state=False)
    run_due_maintenance(at=at + HOUR)
    fail(api, at + 2 * HOUR)
    draft = Incident.objects.drafts().get()
    assert draft.started_at == at + 2 * HOUR


def test_what_a_pin_covered_is_opened_though_a_silent_maintenance_runs(page, api, operator, at):
    planned(page, [api], at, auto_transition_to_maintenance_state=False)
    run_due_maintenance(at=at + HOUR)
    set_component_status(
        component=api,
        status=Status.OPERATIONAL,
        pin_until=at + 2 * HOUR,
        actor=operator,
        at=at + HOUR,
    )
    fail(api, at + HOUR + MINUTE)
    actions.expire_pins(at=at + 2 * HOUR)
    open_untold(at=at + 2 * HOUR)
    assert Incident.objects.drafts().exists()


@pytest.mark.parametrize(
    ("zone", "starts", "ends", "hours"),
    [
        # 02:30 does not exist in the night clocks go forward.
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T04:30", 1.5),
        # The hour from 02:00 to 03:00 exists twice.
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T04:30", 3),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T04:15", 1.75),
        ("Asia/Kathmandu", "2026-10-25T02:30", "2026-10-25T04:30", 2),
    ],
)
def test_wall_times_are_met_where_clocks_change(api, *, zone, starts, ends, hours):
    Page.objects.update(timezone=zone)
    start, end = (instant(parse_local(text), ZoneInfo(zone)) for text in (starts, ends))
    assert end - start == timedelta(hours=hours)
    before = datetime(2026, 3, 5, tzinfo=UTC)
    planned(api.page, [api], before, starts_at=start, ends_at=end)
    run_due_maintenance(at=start - timedelta(seconds=1))
    assert status_of(api) is Status.OPERATIONAL
    run_due_maintenance(at=start)
    assert status_of(api) is Status.MAINTENANCE
    run_due_maintenance(at=end)
    assert spans(api)[-2:] == [("under_maintenance", start, end), ("operational", end, None)]


def test_history_is_what_a_rebuild_finds(page, api, at):
    planned(page, [api], at)
    run_due_maintenance(at=at + 2 * HOUR)
    run_due_maintenance(at=at + 4 * HOUR)
    before = spans(api)
    with changing(page.pk):
        claims.rebuild(api)
    assert spans(api) == before
