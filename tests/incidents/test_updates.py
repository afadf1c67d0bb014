"""What was said can be edited, deleted, taken back, and said for another time."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import F

from accounts.actor import Actor
from accounts.models import AuditEvent
from incidents.actions import (
    Conflict,
    Invalid,
    Repeated,
    delete_incident,
    delete_update,
    edit_update,
    post_update,
    release_update,
    show_due_updates,
    undo_update,
)
from incidents.models import Incident, IncidentUpdate
from pages.models import Component
from pages.status import Status
from subscribers.models import Notification
from subscribers.relay import fan_out_all
from tests.incidents.stories import minutes, news, opened, said, statuses

pytestmark = pytest.mark.django_db
HOLD = timedelta(seconds=30)


@pytest.fixture
def incident(api, operator, at):
    return opened(api, operator, at)


class TestPast:
    def test_a_forgotten_word_enters_the_story_where_it_belongs(self, incident, api, operator, at):
        said(incident, "identified", operator, at + minutes(30), statuses={api: Status.PARTIAL})
        late = said(
            incident,
            "investigating",
            operator,
            at + minutes(40),
            statuses={api: Status.DEGRADED},
            display_at=at + minutes(10),
        )
        incident.refresh_from_db()
        assert incident.status == "identified"
        assert list(incident.updates.told())[1] == late
        assert statuses(api, at)[1:] == [
            (0, "major_outage"),
            (10, "degraded_performance"),
            (30, "partial_outage"),
        ]

    def test_nobody_is_told_of_it(self, incident, operator, at):
        said(incident, "monitoring", operator, at + minutes(30))
        said(incident, "identified", operator, at + minutes(40), display_at=at + minutes(10))
        assert news(incident) == ["incident_created", "incident_updated"]

    def test_the_newest_word_may_be_dated_back(self, incident, api, operator, at):
        said(incident, "resolved", operator, at + minutes(60), display_at=at + minutes(45))
        incident.refresh_from_db()
        assert incident.resolved_at == at + minutes(45)
        assert statuses(api, at)[-1] == (45, "operational")
        assert news(incident)[-1] == "incident_resolved"

    def test_nothing_is_said_before_the_story_begins(self, incident, operator, at):
        with pytest.raises(Invalid, match="display_at: The story begins later"):
            said(incident, "identified", operator, at + minutes(9), display_at=at - minutes(1))

    def test_an_end_has_nothing_after_it(self, incident, operator, at):
        said(incident, "identified", operator, at + minutes(30))
        with pytest.raises(Invalid, match="must be the last update"):
            said(incident, "resolved", operator, at + minutes(40), display_at=at + minutes(10))


class TestFuture:
    @pytest.fixture
    def waiting(self, incident, api, operator, at):
        return said(
            incident,
            "monitoring",
            operator,
            at + minutes(1),
            statuses={api: Status.DEGRADED},
            display_at=at + minutes(20),
        )

    def test_until_its_time_it_says_nothing(self, waiting, incident, api, at):
        assert show_due_updates(at=at + minutes(19)) == 0
        incident.refresh_from_db()
        assert incident.status == "investigating"
        assert list(incident.updates.published()) != [waiting]
        assert news(incident) == ["incident_created"]
        assert statuses(api, at)[-1] == (0, "major_outage")

    def test_at_its_time_a_commit_shows_it(self, waiting, incident, api, at):
        version = incident.page.version
        assert show_due_updates(at=at + minutes(25)) == 1
        incident.refresh_from_db()
        incident.page.refresh_from_db()
        assert incident.status == "monitoring"
        assert incident.monitoring_at == waiting.display_at
        assert incident.page.version > version
        assert statuses(api, at)[-1] == (20, "degraded_performance")
        assert news(incident) == ["incident_created", "incident_updated"]
        assert show_due_updates(at=at + minutes(26)) == 0

    def test_what_its_story_has_overtaken_goes_back_to_operators(
        self, waiting, incident, operator, at
    ):
        said(incident, "resolved", operator, at + minutes(5))
        assert show_due_updates(at=at + minutes(25)) == 0
        incident.refresh_from_db()
        assert incident.status == "resolved"
        notice = Notification.objects.get(kind="operator_notice")
        assert waiting.body in notice.message["body"]["en"]
        assert not IncidentUpdate.objects.filter(pk=waiting.pk).exists()

    def test_it_can_be_edited_and_deleted_before(self, waiting, incident, operator, at):
        edited = edit_update(update=waiting, body="Better.", actor=operator, at=at + minutes(2))
        assert edited.edited_at is None
        delete_update(update=waiting, actor=operator, at=at + minutes(3))
        assert show_due_updates(at=at + minutes(25)) == 0
        assert incident.updates.count() == 1


class TestEdited:
    def test_visitors_see_that_it_was_and_the_trail_keeps_the_old_text(
        self, incident, operator, at
    ):
        fan_out_all()
        update = edit_update(
            update=incident.updates.get(), body="Better.", actor=operator, at=at + minutes(3)
        )
        assert (update.body, update.edited_at) == ("Better.", at + minutes(3))
        trail = AuditEvent.objects.get(action="update.edit")
        assert trail.detail["before"] == "It began."
        assert news(incident) == ["incident_created"]

    def test_a_stale_edit_is_a_conflict(self, incident, operator, at):
        update = incident.updates.get()
        edit_update(update=update, body="First.", actor=operator, at=at + minutes(1))
        with pytest.raises(Conflict, match="Somebody has changed this update"):
            edit_update(update=update, body="Second.", actor=operator, at=at + minutes(2), seen=at)

    def test_25_000_characters_and_no_more(self, incident, operator, at):
        update = incident.updates.get()
        edit_update(update=update, body="x" * 25_000, actor=operator, at=at)
        with pytest.raises(Invalid, match=r"body: A text has at most 25,000 characters"):
            edit_update(update=update, body="x" * 25_001, actor=operator, at=at)


class TestDeleted:
    def test_with_it_goes_what_it_said(self, incident, api, operator, at):
        resolved = said(incident, "resolved", operator, at + minutes(10))
        delete_update(update=resolved, actor=operator, at=at + minutes(11))
        incident.refresh_from_db()
        assert (incident.status, incident.resolved_at) == ("investigating", None)
        assert statuses(api, at)[-1] == (0, "major_outage")
        assert incident.affected.get().status == "major_outage"
        trail = AuditEvent.objects.get(action="update.delete")
        assert trail.detail["before"] == "Now resolved."

    def test_one_in_the_middle_closes_the_gap(self, incident, api, operator, at):
        worse = said(
            incident, "identified", operator, at + minutes(10), statuses={api: Status.PARTIAL}
        )
        said(incident, "monitoring", operator, at + minutes(20), statuses={api: Status.DEGRADED})
        delete_update(update=worse, actor=operator, at=at + minutes(21))
        assert statuses(api, at)[1:] == [(0, "major_outage"), (20, "degraded_performance")]

    def test_a_component_named_only_there_is_let_go(self, incident, web, operator, at):
        joined = said(
            incident, "identified", operator, at + minutes(10), statuses={web: Status.PARTIAL}
        )
        delete_update(update=joined, actor=operator, at=at + minutes(11))
        web.refresh_from_db()
        assert web.status == "operational"
        assert not incident.affected.filter(component=web).exists()

    def test_the_only_one_stays(self, incident, operator, at):
        with pytest.raises(Conflict, match="A story keeps one update"):
            delete_update(update=incident.updates.get(), actor=operator, at=at)

    def test_a_whole_incident_leaves_only_its_trail(self, incident, api, operator, at):
        delete_incident(incident=incident, actor=operator, at=at + minutes(5))
        assert statuses(api, at)[-1][1] == "operational"
        assert len(statuses(api, at)) == 1
        assert AuditEvent.objects.get(action="incident.delete").detail["name"] == incident.name
        with pytest.raises(Conflict):
            delete_incident(incident=incident, actor=operator, at=at + minutes(6))


class TestHeld:
    def test_undo_removes_the_update_and_sends_nothing(self, incident, api, operator, at):
        update = said(incident, "resolved", operator, at + minutes(10), hold=timedelta(days=9999))
        assert Notification.objects.filter(hold_until__isnull=False).count() == 1
        undo_update(update=update, actor=operator, at=at + minutes(10))
        incident.refresh_from_db()
        assert incident.status == "investigating"
        assert incident.affected.get().status == "major_outage"
        assert news(incident) == ["incident_created"]
        assert statuses(api, at)[-1] == (0, "major_outage")

    def test_undo_of_the_opening_takes_the_incident_along(self, api, operator, at):
        incident = opened(api, operator, at, hold=timedelta(days=9999))
        undo_update(update=incident.updates.get(), actor=operator, at=at + timedelta(seconds=9))
        assert not Incident.objects.exists()
        assert not Notification.objects.filter(topic=incident.pk).exists()
        api.refresh_from_db()
        assert api.status == "operational"

    def test_what_went_out_cannot_be_undone(self, incident, operator, at):
        update = said(incident, "identified", operator, at + minutes(10), hold=HOLD)
        Notification.objects.update(hold_until=F("hold_until") - timedelta(days=999))
        fan_out_all()
        with pytest.raises(Conflict, match="It went out already"):
            undo_update(update=update, actor=operator, at=at + minutes(11))
        assert incident.updates.count() == 2

    def test_an_edit_changes_what_will_be_sent(self, incident, operator, at):
        update = said(incident, "identified", operator, at + minutes(10), hold=timedelta(days=9999))
        edited = edit_update(update=update, body="Better.", actor=operator, at=at + minutes(10))
        told = Notification.objects.get(pk=update.notification_id)
        assert told.message["body"] == {"en": "Better."}
        assert told.kind == "incident_updated"
        assert edited.edited_at is None

    def test_it_can_be_sent_at_once(self, incident, operator, at):
        update = said(incident, "identified", operator, at + minutes(10), hold=timedelta(days=9999))
        release_update(update=update, actor=operator, at=at + minutes(10))
        assert fan_out_all() == 2
        with pytest.raises(Conflict, match="It went out already"):
            release_update(update=update, actor=operator, at=at + minutes(10))


class TestSilent:
    def test_one_update_is_told_to_nobody(self, incident, operator, at):
        said(incident, "identified", operator, at + minutes(1), deliver=False)
        assert news(incident) == ["incident_created"]

    def test_a_silent_incident_is_told_at_no_stage(self, api, operator, at):
        incident = opened(api, operator, at, deliver_all=False)
        said(incident, "identified", operator, at + minutes(1))
        said(incident, "resolved", operator, at + minutes(2))
        assert news(incident) == []


class TestReopened:
    def test_by_a_word_of_its_own(self, incident, api, operator, at):
        said(incident, "resolved", operator, at + minutes(10))
        with pytest.raises(Conflict, match="Reopen it"):
            said(incident, "identified", operator, at + minutes(20))
        said(
            incident,
            "identified",
            operator,
            at + minutes(20),
            statuses={api: Status.PARTIAL},
            reopen=True,
        )
        incident.refresh_from_db()
        assert (incident.status, incident.resolved_at) == ("identified", None)
        assert statuses(api, at)[1:] == [
            (0, "major_outage"),
            (10, "operational"),
            (20, "partial_outage"),
        ]

    def test_but_not_by_resolving_again(self, incident, operator, at):
        said(incident, "resolved", operator, at + minutes(10))
        with pytest.raises(Invalid, match="use one of investigating, identified, monitoring"):
            said(incident, "resolved", operator, at + minutes(20), reopen=True)


class TestOnce:
    def test_the_same_key_has_one_effect(self, api, operator, at):
        incident = opened(api, operator, at, key="k1")
        with pytest.raises(Repeated) as repeated:
            opened(api, operator, at + minutes(60), key="k1")
        assert repeated.value.row == incident
        assert Incident.objects.count() == 1

    def test_a_key_serves_one_request(self, api, operator, at):
        opened(api, operator, at, key="k1")
        with pytest.raises(Invalid, match="used for another request"):
            opened(api, operator, at, name="Another", key="k1")

    def test_the_same_words_within_seconds_are_a_double_click(self, incident, operator, at):
        first = said(incident, "identified", operator, at + minutes(1))
        with pytest.raises(Repeated) as repeated:
            said(incident, "identified", operator, at + minutes(1.1))
        assert repeated.value.row == first
        said(incident, "identified", operator, at + minutes(3))
        assert incident.updates.count() == 3

    def test_other_people_may_say_the_same(self, incident, operator, editor, at):
        said(incident, "identified", operator, at + minutes(1))
        said(incident, "identified", Actor.of(editor), at + minutes(1.1))
        assert incident.updates.count() == 3


class TestLimit:
    def test_as_many_updates_as_the_limit_says(self, incident, operator, at, settings):
        settings.INCIDENT_UPDATE_LIMIT = 3
        for turn in (1, 2):
            said(incident, "identified", operator, at + minutes(turn), body=f"{turn}")
        with pytest.raises(Invalid, match="incident: An incident has at most 3 updates"):
            said(incident, "monitoring", operator, at + minutes(3))

    def test_an_end_is_always_possible(self, incident, operator, at, settings):
        settings.INCIDENT_UPDATE_LIMIT = 1
        said(incident, "resolved", operator, at + minutes(1))
        incident.refresh_from_db()
        assert incident.status == "resolved"


class TestPromise:
    def test_it_holds_until_the_next_update(self, incident, operator, at):
        said(incident, "identified", operator, at + minutes(1), next_update_by=at + minutes(30))
        incident.refresh_from_db()
        assert incident.next_update_by == at + minutes(30)
        said(incident, "monitoring", operator, at + minutes(2))
        incident.refresh_from_db()
        assert incident.next_update_by is None

    def test_it_lies_ahead(self, incident, operator, at):
        with pytest.raises(Invalid, match="next_update_by: Promise the next update"):
            said(incident, "identified", operator, at + minutes(1), next_update_by=at)

    def test_an_undone_update_takes_its_promise_back(self, incident, operator, at):
        said(incident, "identified", operator, at + minutes(1), next_update_by=at + minutes(30))
        update = said(incident, "monitoring", operator, at + minutes(2), hold=timedelta(days=9999))
        undo_update(update=update, actor=operator, at=at + minutes(2))
        incident.refresh_from_db()
        assert incident.next_update_by == at + minutes(30)


class TestGone:
    """What was deleted between the form and the lock."""

    def test_an_incident_takes_no_update(self, incident, operator, at):
        delete_incident(incident=incident, actor=operator, at=at)
        with pytest.raises(Conflict, match="Somebody has deleted this incident"):
            said(incident, "identified", operator, at + minutes(1))

    def test_a_component_is_none_of_the_page(self, incident, web, operator, at):
        Component.objects.filter(pk=web.pk).delete()
        with pytest.raises(Invalid, match="components: One of the components"):
            said(incident, "identified", operator, at + minutes(1), statuses={web: Status.MAJOR})
        with pytest.raises(Invalid, match="components: One of the components"):
            opened(web, operator, at)
        assert Incident.objects.count() == 1


class TestClock:
    def test_the_later_word_is_the_newer_one_whatever_ids_say(
        self, incident, operator, at, monkeypatch
    ):
        """Ids grow with the clock: one that steps back makes smaller ones."""
        later = at + minutes(10)
        said(incident, "identified", operator, later)
        id_field = IncidentUpdate._meta.get_field("id")
        monkeypatch.setattr(id_field, "default", lambda: UUID(int=1))
        update = said(incident, "resolved", operator, at + minutes(1))
        incident.refresh_from_db()
        assert incident.status == "resolved"
        assert update.display_at == later
        assert news(incident)[-1] == "incident_resolved"

    def test_without_a_status_the_story_stays_where_it_is(self, incident, operator, at):
        said(incident, "identified", operator, at + minutes(1))
        update = post_update(
            incident=incident, status=None, body="More.", actor=operator, at=at + minutes(2)
        )
        assert update.status == "identified"
