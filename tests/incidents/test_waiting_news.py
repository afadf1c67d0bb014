"""News that is held and a story that changes meanwhile."""

from datetime import timedelta

import pytest

from incidents.actions import (
    Conflict,
    backfill_incident,
    edit_update,
    reschedule,
    schedule_maintenance,
    show_due_updates,
    undo_update,
)
from incidents.models import IncidentUpdate
from pages.models import Page
from pages.status import Status
from subscribers.models import Notification
from tests.incidents.checks import fail
from tests.incidents.stories import minutes, news, opened, said

pytestmark = pytest.mark.django_db
HOLD = timedelta(days=9999)


def bodies_told(update: IncidentUpdate) -> list[str]:
    """The texts, newest first, of the story that the news of `update` carries to machines."""
    message = Notification.objects.get(pk=update.notification_id).message
    return [each["body"] for each in message["payload"]["incident_updates"]]


def test_an_edit_reaches_machines_as_well(api, operator, at):
    incident = opened(api, operator, at, hold=HOLD)
    update = edit_update(
        update=incident.updates.get(), body="Better.", actor=operator, at=at + minutes(1)
    )
    assert bodies_told(update) == ["Better."]
    assert update.edited_at is None


def test_an_edited_older_update_is_told_anew_by_the_newer(api, operator, at):
    incident = opened(api, operator, at, hold=HOLD)
    first = incident.updates.get()
    second = said(incident, "identified", operator, at + minutes(1), body="Found.", hold=HOLD)
    edit_update(update=first, body="Better.", actor=operator, at=at + minutes(2))
    assert bodies_told(second) == ["Found.", "Better."]


def test_of_an_undone_older_update_nothing_is_sent(api, operator, at):
    incident = opened(api, operator, at)
    older = said(incident, "identified", operator, at + minutes(1), body="Secret.", hold=HOLD)
    newer = said(incident, "monitoring", operator, at + minutes(2), body="Fine.", hold=HOLD)
    undo_update(update=older, actor=operator, at=at + minutes(3))
    assert bodies_told(newer) == ["Fine.", "It began."]


def test_whatever_comes_first_opens_the_story(api, operator, at):
    incident = opened(api, operator, at, hold=HOLD)
    opening = incident.updates.get()
    said(incident, "identified", operator, at + minutes(1), hold=HOLD)
    undo_update(update=opening, actor=operator, at=at + minutes(2))
    assert news(incident) == ["incident_created"]


def test_what_monitoring_adds_leaves_the_time_to_undo(page, api, web, operator, at):
    Page.objects.filter(pk=page.pk).update(auto_publish_after=0)
    fail(api, at)
    incident = page.incidents.get()
    update = said(incident, "identified", operator, at + minutes(1), hold=HOLD)
    fail(web, at + minutes(2))
    assert incident.updates.count() == 3
    undo_update(update=update, actor=operator, at=at + minutes(3))
    assert incident.updates.count() == 2


def test_a_move_is_told_at_once_and_not_taken_back(page, api, operator, at):
    maintenance = schedule_maintenance(
        page=page,
        name="Upkeep",
        body="",
        components=[api],
        starts_at=at + minutes(60),
        ends_at=at + minutes(120),
        actor=operator,
        at=at,
    )
    moved = reschedule(
        maintenance=maintenance,
        starts_at=at + minutes(90),
        ends_at=at + minutes(150),
        actor=operator,
        at=at + minutes(1),
    )
    with pytest.raises(Conflict, match="It went out already"):
        undo_update(update=moved, actor=operator, at=at + minutes(1))
    assert maintenance.updates.count() == 2


class TestOldStatus:
    """What an update says a component was before."""

    def test_of_one_in_the_future_is_that_of_its_time(self, api, operator, at):
        incident = opened(api, operator, at)
        waiting = said(
            incident,
            "identified",
            operator,
            at + minutes(1),
            statuses={api: Status.DEGRADED},
            display_at=at + minutes(30),
        )
        said(incident, "identified", operator, at + minutes(2), statuses={api: Status.PARTIAL})
        show_due_updates(at=at + minutes(31))
        change = waiting.changes.get()
        assert (change.old_status, change.new_status) == ("partial_outage", "degraded_performance")

    def test_of_one_in_the_past_is_that_of_the_past(self, api, operator, at):
        opened(api, operator, at - minutes(10))
        past = backfill_incident(
            page=api.page,
            name="Slow",
            body="",
            statuses={api: Status.DEGRADED},
            began_at=at - minutes(90),
            ended_at=at - minutes(60),
            actor=operator,
            at=at,
        )
        began, ended = past.updates.told()
        assert began.changes.get().old_status == "operational"
        assert ended.changes.get().new_status == "operational"
