"""Nudges to operators, reminders to followers: planned ahead, said once, never late."""

import time
from datetime import datetime, timedelta

import pytest
import time_machine

from incidents import actions, reminding
from incidents.actions import Invalid
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentComponent, IncidentUpdate, Reminder
from incidents.reminding import send_due_reminders
from incidents.schedule import MaintenanceOptions
from incidents.tasks import send_reminders
from pages.models import Component, Page
from pages.status import Status
from subscribers.message import Message, from_json
from subscribers.models import Notification
from tests.factories import PageFactory
from tests.incidents.checks import fail, recover
from tests.incidents.test_races import at_once

pytestmark = pytest.mark.django_db
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def incident(page, api, operator, at) -> Incident:
    return actions.open_incident(
        page=page, name="Outage", body="", statuses={api: Status.MAJOR}, actor=operator, at=at
    )


@pytest.fixture
def post(incident, operator, at):
    """`post(after, status="monitoring", ...)` adds an update so long after the opening."""

    def run(after: timedelta, status: str = "monitoring", **values: object) -> None:
        actions.post_update(
            incident=incident,
            status=IncidentStatus(status),
            body=f"{after}",
            actor=operator,
            at=at + after,
            **values,
        )

    return run


@pytest.fixture
def maintenance(page, api, operator, at) -> Incident:
    return schedule(page, api, operator, at)


def schedule(page: Page, api: Component, operator, at: datetime, **options: object) -> Incident:
    return actions.schedule_maintenance(
        page=page,
        name="Move",
        body="Racks.",
        components=[api],
        starts_at=at + 48 * HOUR,
        ends_at=at + 50 * HOUR,
        actor=operator,
        at=at,
        options=MaintenanceOptions(**options),
    )


def planned(kind: str) -> list[datetime]:
    rows = Reminder.objects.unsettled().filter(kind=kind)
    return list(rows.order_by("due_at").values_list("due_at", flat=True))


def nudges() -> list[Message]:
    rows = Notification.objects.filter(kind="operator_notice").order_by("created_at", "id")
    assert all(row.audience == "operators" for row in rows)
    return [from_json(row.message) for row in rows]


def told() -> list[Notification]:
    return list(Notification.objects.filter(kind="maintenance_reminder").order_by("created_at"))


def test_an_open_incident_without_an_update_nudges_its_operators(incident, page, at):
    assert planned("no_update") == [at + hours * HOUR for hours in (3, 6, 12, 24)]
    assert send_due_reminders(at=at + 3 * HOUR - SECOND) == 0
    assert send_due_reminders(at=at + 3 * HOUR) == 1
    [message] = nudges()
    assert message.title == {"en": "No update for 3 hours: Outage"}
    assert "12:00 (UTC)" in message.body["en"]
    assert message.links["dashboard"].endswith(
        f"/status-pages/{page.pk}/incidents/{incident.pk}/update"
    )
    assert send_due_reminders(at=at + 3 * HOUR + MINUTE) == 0
    assert send_due_reminders(at=at + 6 * HOUR) == 1
    assert nudges()[1].title == {"en": "No update for 6 hours: Outage"}


def test_the_tick_sends_them(incident, at):
    with time_machine.travel(at + 3 * HOUR + SECOND, tick=False):
        send_reminders()
    assert len(nudges()) == 1


def test_operators_of_an_archived_page_are_left_in_peace(page, incident, at):
    Page.objects.filter(pk=page.pk).update(status=Page.State.ARCHIVED)
    assert send_due_reminders(at=at + 3 * HOUR) == 0
    assert nudges() == []
    assert planned("no_update")[0] == at + 6 * HOUR


def test_a_maintenance_of_an_archived_page_waits_for_nobody(page, api, operator, at):
    schedule(page, api, operator, at, scheduled_auto_in_progress=False)
    Page.objects.filter(pk=page.pk).update(status=Page.State.ARCHIVED)
    actions.run_due_maintenance(at=at + 48 * HOUR)
    assert nudges() == []


def test_an_update_counts_anew(post, at):
    post(2 * HOUR)
    assert planned("no_update")[0] == at + 5 * HOUR
    assert send_due_reminders(at=at + 3 * HOUR) == 0


def test_the_end_of_the_story_ends_the_nudges(post, at):
    post(HOUR, "resolved")
    assert planned("no_update") == []
    assert send_due_reminders(at=at + 3 * HOUR) == 0
    post(2 * HOUR, "investigating", reopen=True)
    assert planned("no_update")[0] == at + 5 * HOUR


def test_an_update_that_waits_for_its_time_counts_when_it_is_shown(post, at):
    post(HOUR, display_at=at + 2 * HOUR)
    assert planned("no_update")[0] == at + 3 * HOUR
    actions.show_due_updates(at=at + 2 * HOUR)
    assert planned("no_update")[0] == at + 5 * HOUR


@pytest.mark.parametrize(
    ("intervals", "unit", "first", "count"),
    [([], "hours", None, 0), ([15, 45], "minutes", 15 * MINUTE, 2), (2, "hours", 2 * HOUR, 24)],
)
def test_the_intervals_can_be_changed(incident, operator, at, intervals, unit, first, count):  # noqa: PLR0917 (one row of a table)
    actions.update_incident(
        incident=incident,
        actor=operator,
        at=at + MINUTE,
        reminder_intervals=intervals,
        reminder_unit=unit,
    )
    times = planned("no_update")
    assert len(times) == count
    assert times[:1] == ([at + first] if first else [])


def test_intervals_that_cannot_be_are_refused(incident, operator, at):
    with pytest.raises(Invalid):
        actions.update_incident(
            incident=incident, actor=operator, at=at, reminder_intervals=[1, 25]
        )


def test_changed_intervals_plan_nothing_that_is_over(incident, operator, at):
    actions.update_incident(
        incident=incident, actor=operator, at=at + 4 * HOUR, reminder_intervals=[1, 3, 5]
    )
    assert planned("no_update") == [at + 5 * HOUR]


def test_a_promise_that_is_missed_nudges(page, api, operator, at):
    actions.open_incident(
        page=page,
        name="Outage",
        body="",
        statuses={api: Status.MAJOR},
        actor=operator,
        at=at,
        next_update_by=at + 30 * MINUTE,
    )
    assert send_due_reminders(at=at + 30 * MINUTE) == 1
    [message] = nudges()
    assert message.title == {"en": "The promised update is due: Outage"}
    assert "by 12:30 (UTC)" in message.body["en"]


def test_a_promise_that_is_kept_or_renewed_does_not(post, at):
    post(10 * MINUTE, next_update_by=at + HOUR)
    post(20 * MINUTE, next_update_by=at + 2 * HOUR)
    assert planned("promise") == [at + 2 * HOUR]
    post(30 * MINUTE)
    assert planned("promise") == []
    assert send_due_reminders(at=at + 2 * HOUR) == 0


def test_an_incident_of_monitoring_nudges_as_well(page, api, at):
    Page.objects.update(auto_publish_after=0)
    fail(api, at)
    assert planned("no_update")[0] == at + 3 * HOUR
    recover(api, at + HOUR)
    assert planned("no_update") == []


def test_a_draft_nudges_nobody(page, api, at):
    fail(api, at)
    assert planned("no_update") == []
    actions.publish_due_drafts(at=at + 5 * MINUTE)
    assert planned("no_update")[0] == at + 5 * MINUTE + 3 * HOUR


def test_followers_of_its_components_are_reminded_of_a_maintenance(maintenance, api, at):
    assert planned("before_start") == [at + 24 * HOUR, at + 45 * HOUR]
    assert send_due_reminders(at=at + 24 * HOUR) == 1
    [notification] = told()
    assert (notification.audience, notification.component_ids) == ("subscribers", [api.pk])
    message = from_json(notification.message)
    assert (message.starts_at, message.ends_at) == (at + 48 * HOUR, at + 50 * HOUR)
    assert (message.title, message.body) == ({"en": "Move"}, {"en": "Racks."})
    assert message.occurred_at == at + 24 * HOUR
    assert message.links["calendar"].endswith("/maintenance.ics")
    assert send_due_reminders(at=at + 45 * HOUR) == 1


def test_reminders_whose_time_is_over_are_not_planned(page, api, operator, at):
    schedule(page, api, operator, at, remind_before=(48 * 60, 49 * 60, 60))
    assert planned("before_start") == [at + 47 * HOUR]


def test_without_reminders_nobody_is_reminded(page, api, operator, at):
    schedule(page, api, operator, at, scheduled_remind_prior=False)
    assert planned("before_start") == []


def test_a_maintenance_that_moves_takes_its_reminders_along(maintenance, operator, at):
    actions.reschedule(
        maintenance=maintenance,
        starts_at=at + 72 * HOUR,
        ends_at=at + 73 * HOUR,
        actor=operator,
        at=at + HOUR,
    )
    assert planned("before_start") == [at + 48 * HOUR, at + 69 * HOUR]


def test_a_maintenance_that_is_cancelled_reminds_nobody(maintenance, operator, at):
    actions.cancel_maintenance(maintenance=maintenance, body="", actor=operator, at=at + HOUR)
    assert planned("before_start") == []


@pytest.mark.parametrize(
    ("rows", "change"),
    [
        (Incident, {"deliver_notifications": False}),
        (Incident, {"status": "in_progress"}),
        (Page, {"status": Page.State.DRAFT}),
    ],
)
def test_what_became_needless_is_settled_and_not_said(maintenance, at, rows, change):
    rows.objects.update(**change)
    assert send_due_reminders(at=at + 24 * HOUR) == 0
    assert told() == []
    assert planned("before_start") == [at + 45 * HOUR]


def test_a_start_that_has_passed_is_not_announced_as_near(page, api, operator, at):
    schedule(page, api, operator, at, remind_before=(10,))
    assert send_due_reminders(at=at + 48 * HOUR + MINUTE) == 0
    assert planned("before_start") == []


def test_more_than_thirty_minutes_late_is_skipped_and_logged(incident, at, caplog):
    assert send_due_reminders(at=at + 3 * HOUR + 30 * MINUTE + SECOND) == 0
    assert nudges() == []
    [record] = [each for each in caplog.records if "too late" in each.getMessage()]
    assert str(incident.pk) in record.getMessage()
    assert planned("no_update")[0] == at + 6 * HOUR, "the next one is still said"


def test_thirty_minutes_late_is_said(incident, at):
    assert send_due_reminders(at=at + 3 * HOUR + 30 * MINUTE) == 1


def test_of_several_that_are_due_the_last_is_said(page, api, operator, at):
    schedule(page, api, operator, at, remind_before=(60, 50, 40))
    assert send_due_reminders(at=at + 47 * HOUR + 25 * MINUTE) == 1
    assert planned("before_start") == []


def test_one_that_cannot_be_told_holds_no_other_up(incident, project, operator, at, caplog):
    """A zone that a system update took away."""
    elsewhere = PageFactory(project=project, timezone="Mars/Olympus")
    actions.open_incident(page=elsewhere, name="Other", body="", statuses={}, actor=operator, at=at)
    assert send_due_reminders(at=at + 3 * HOUR) == 1
    assert [message.title["en"] for message in nudges()] == ["No update for 3 hours: Outage"]
    assert "cannot be told" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_tickers_at_once_say_it_once(incident, maintenance, at):
    due = at + 24 * HOUR
    Reminder.objects.filter(kind="no_update").exclude(due_at=due).delete()
    sent = at_once(*[lambda: send_due_reminders(at=due)] * 2)
    assert sorted(sent) == [0, 2]
    assert (len(nudges()), len(told())) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_an_update_in_the_same_moment_is_either_before_or_after(incident, post, at):
    due = at + 3 * HOUR
    at_once(lambda: post(3 * HOUR), lambda: send_due_reminders(at=due))
    assert len(nudges()) <= 1
    assert planned("no_update") == [due + hours * HOUR for hours in (3, 6, 12, 24)]


def test_a_thousand_of_one_moment_take_less_than_five_seconds(project, at, caplog):
    """On a hundred pages, each maintenance with three components and what was said of it."""
    pages = [PageFactory(project=project) for _ in range(100)]
    components = Component.objects.bulk_create(
        Component(page=page, name=name, slug=name) for page in pages for name in "abc"
    )
    maintenances = Incident.objects.bulk_create(
        Incident(
            page=page,
            name="Move",
            status="scheduled",
            started_at=at,
            scheduled_for=at + HOUR,
            scheduled_until=at + 2 * HOUR,
            names_components=True,
        )
        for page in pages
        for _ in range(10)
    )
    by_page = {page.pk: components[place * 3 :][:3] for place, page in enumerate(pages)}
    IncidentComponent.objects.bulk_create(
        IncidentComponent(incident=each, component=component, status="operational")
        for each in maintenances
        for component in by_page[each.page_id]
    )
    IncidentUpdate.objects.bulk_create(
        IncidentUpdate(incident=each, status="scheduled", body="x", display_at=at, published_at=at)
        for each in maintenances
    )
    Reminder.objects.bulk_create(
        Reminder(incident=each, kind="before_start", due_at=at) for each in maintenances
    )
    began = time.process_time()
    assert send_due_reminders(at=at) == len(maintenances) == 1000
    assert time.process_time() - began < 5
    assert len(pages) > reminding.PAGES_AT_ONCE
