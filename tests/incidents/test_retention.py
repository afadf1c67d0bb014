"""What ended long ago moves to the archive; nothing is deleted."""

from datetime import timedelta

import pytest
import time_machine

from incidents import actions
from incidents.lifecycle import IncidentStatus
from incidents.models import IdempotencyKey, Incident, Reminder
from incidents.retention import archive_old, forget_old
from incidents.tasks import archive_old as archive_old_task
from incidents.tasks import forget_old as forget_old_task
from pages.models import Page
from tests.factories import IncidentFactory, PageFactory

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def ended(page: Page, at, days: float, **values: object) -> Incident:
    end = at - days * DAY
    defaults = {"status": "resolved", "resolved_at": end, "started_at": end - DAY}
    return IncidentFactory(page=page, **defaults | values)


def archived() -> set[Incident]:
    return set(Incident.objects.filter(archived_at__isnull=False))


def test_what_ended_more_than_a_year_ago_is_archived(page, at):
    old = ended(page, at, 366)
    ended(page, at, 364)
    assert archive_old(at=at) == 1
    assert archived() == {old}
    old.refresh_from_db()
    assert old.archived_at == at
    assert archive_old(at=at + SECOND) == 0
    assert Incident.objects.count() == 2


def test_what_goes_on_stays_however_old_it_is(page, at):
    ended(page, at, 500, status="monitoring", resolved_at=None)
    ended(page, at, 500, status="draft", resolved_at=None)
    assert archive_old(at=at) == 0


def test_the_end_counts_not_the_beginning(page, at):
    ended(page, at, 364, started_at=at - 400 * DAY)
    assert archive_old(at=at) == 0


def test_maintenances_are_archived_as_well(page, at):
    begin, end = at - 400 * DAY, at - 399 * DAY
    for status, resolved_at in (("completed", end), ("cancelled", None)):
        ended(
            page,
            at,
            399,
            status=status,
            resolved_at=resolved_at,
            scheduled_for=begin,
            scheduled_until=end,
        )
    assert archive_old(at=at) == 2


def test_the_setting_decides(page, at, settings):
    settings.INCIDENT_HISTORY_DAYS = 30
    ended(page, at, 31)
    assert archive_old(at=at) == 1


def test_each_page_that_changes_gets_a_new_version_and_no_other(page, project, at):
    other = PageFactory(project=project)
    ended(page, at, 400)
    ended(other, at, 4)
    archive_old(at=at)
    assert list(Page.objects.order_by("pk").values_list("version", flat=True)) == [
        page.version + 1,
        other.version,
    ]


def test_a_backfilled_incident_of_long_ago_goes_there_too(page, api, operator, at):
    incident = actions.backfill_incident(
        page=page,
        name="Then",
        body="",
        statuses={},
        began_at=at - 500 * DAY,
        ended_at=at - 499 * DAY,
        actor=operator,
        at=at,
    )
    assert archive_old(at=at) == 1
    assert archived() == {incident}


def test_the_ticks_do_it(page, operator, at):
    ended(page, at, 400)
    actions.open_incident(
        page=page, name="x", body="", statuses={}, actor=operator, at=at - 2 * DAY, key="k"
    )
    with time_machine.travel(at, tick=False):
        archive_old_task()
        forget_old_task()
    assert len(archived()) == 1
    assert not IdempotencyKey.objects.exists()


def test_settled_reminders_are_kept_for_ninety_days(page, at):
    incident = IncidentFactory(page=page)
    for days in (89, 91):
        Reminder.objects.create(
            incident=incident,
            kind="no_update",
            due_at=at - days * DAY,
            settled_at=at - days * DAY,
        )
    Reminder.objects.create(incident=incident, kind="no_update", due_at=at - 200 * DAY)
    assert forget_old(at=at) == 1
    assert Reminder.objects.count() == 2


def test_an_archived_incident_that_is_reopened_comes_back(page, api, operator, at):
    incident = actions.open_incident(
        page=page, name="x", body="", statuses={}, actor=operator, at=at - 400 * DAY
    )
    actions.post_update(
        incident=incident,
        status=IncidentStatus.RESOLVED,
        body="",
        actor=operator,
        at=at - 399 * DAY,
    )
    archive_old(at=at)
    incident.refresh_from_db()
    actions.post_update(
        incident=incident,
        status=IncidentStatus.INVESTIGATING,
        body="Again.",
        actor=operator,
        at=at,
        reopen=True,
    )
    assert archived() == set()
