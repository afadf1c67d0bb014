"""What was learned: written apart from what is public, told once for ever."""

from datetime import timedelta

import pytest

from accounts.access import Refused
from accounts.actor import Actor
from accounts.models import AuditEvent
from incidents import actions
from incidents.actions import Conflict, Invalid
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, Postmortem
from incidents.postmortems import revision_of
from pages.models import Page
from pages.status import Status
from subscribers.message import from_json
from subscribers.models import Notification

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def incident(page, api, operator, at) -> Incident:
    return actions.open_incident(
        page=page,
        name="Outage",
        body="",
        statuses={api: Status.MAJOR},
        actor=operator,
        at=at - 10 * MINUTE,
    )


@pytest.fixture
def resolved(incident, operator, at) -> Incident:
    actions.post_update(
        incident=incident,
        status=IncidentStatus.RESOLVED,
        body="",
        actor=operator,
        at=at - MINUTE,
    )
    incident.refresh_from_db()
    return incident


@pytest.fixture
def by(operator, at):
    return {"actor": operator, "at": at}


def told() -> list[Notification]:
    return list(Notification.objects.filter(kind="postmortem_published").order_by("created_at"))


def test_what_is_written_is_not_public(incident, by):
    kept = actions.save_postmortem(incident=incident, body="A cable.", **by)
    assert (kept.body, kept.body_draft, kept.published_at) == ("", "A cable.", None)
    assert told() == []


def test_publishing_makes_it_public_and_tells_the_followers(resolved, api, by, at):
    actions.save_postmortem(incident=resolved, body="A **cable**.", **by)
    kept = actions.publish_postmortem(incident=resolved, **by)
    assert (kept.body, kept.published_at, kept.notified_subscribers) == ("A **cable**.", at, True)
    [notification] = told()
    message = from_json(notification.message)
    assert (message.title, message.body) == ({"en": "Outage"}, {"en": "A **cable**."})
    assert message.topic == resolved.pk
    assert message.links["incident"].endswith(f"/incidents/{resolved.pk}")
    assert notification.component_ids == [api.pk]


def test_followers_are_told_once_for_ever(resolved, by):
    for text in ("One.", "Two."):
        actions.save_postmortem(incident=resolved, body=text, **by)
        actions.publish_postmortem(incident=resolved, **by)
        actions.revert_postmortem(incident=resolved, **by)
    assert len(told()) == 1


def test_publishing_again_shows_the_new_text_since_the_old_time(resolved, by, at):
    actions.save_postmortem(incident=resolved, body="One.", **by)
    actions.publish_postmortem(incident=resolved, **by)
    actions.save_postmortem(incident=resolved, body="Two.", **by)
    assert Postmortem.objects.get().body == "One."
    later = by | {"at": at + MINUTE}
    kept = actions.publish_postmortem(incident=resolved, **later)
    assert (kept.body, kept.published_at, kept.body_last_updated_at) == ("Two.", at, at + MINUTE)


def test_without_notify_nobody_is_told_until_somebody_asks_for_it(resolved, by):
    actions.save_postmortem(incident=resolved, body="A cable.", **by)
    kept = actions.publish_postmortem(incident=resolved, notify=False, **by)
    assert (told(), kept.notified_subscribers) == ([], False)
    actions.publish_postmortem(incident=resolved, notify=True, **by)
    assert len(told()) == 1


def test_a_silent_incident_and_a_page_that_is_not_public_tell_nobody(resolved, by):
    actions.save_postmortem(incident=resolved, body="A cable.", **by)
    Incident.objects.update(deliver_notifications=False)
    actions.publish_postmortem(incident=resolved, **by)
    Incident.objects.update(deliver_notifications=True)
    Page.objects.update(status=Page.State.DRAFT)
    kept = actions.publish_postmortem(incident=resolved, **by)
    assert (told(), kept.notified_subscribers) == ([], False)


def test_taken_back_it_is_not_public_and_the_text_stays(resolved, by):
    actions.save_postmortem(incident=resolved, body="A cable.", **by)
    actions.publish_postmortem(incident=resolved, **by)
    kept = actions.revert_postmortem(incident=resolved, **by)
    assert (kept.body, kept.body_draft, kept.published_at) == ("", "A cable.", None)
    with pytest.raises(Conflict):
        actions.revert_postmortem(incident=resolved, **by)


def test_an_incident_may_do_without_and_change_its_mind(resolved, by):
    assert actions.ignore_postmortem(incident=resolved, **by).ignored
    assert not actions.ignore_postmortem(incident=resolved, ignored=False, **by).ignored
    actions.ignore_postmortem(incident=resolved, **by)
    assert not actions.save_postmortem(incident=resolved, body="After all.", **by).ignored
    actions.publish_postmortem(incident=resolved, **by)
    with pytest.raises(Conflict, match="public"):
        actions.ignore_postmortem(incident=resolved, **by)


def test_nothing_is_published_while_the_incident_goes_on(incident, by):
    actions.save_postmortem(incident=incident, body="Early.", **by)
    with pytest.raises(Conflict, match="over"):
        actions.publish_postmortem(incident=incident, **by)


def test_an_empty_text_is_not_published(resolved, by):
    with pytest.raises(Invalid, match="Write the postmortem"):
        actions.publish_postmortem(incident=resolved, **by)
    assert not Postmortem.objects.exists()


def test_a_text_has_at_most_25000_characters(incident, by):
    actions.save_postmortem(incident=incident, body="x" * 25_000, **by)
    with pytest.raises(Invalid) as caught:
        actions.save_postmortem(incident=incident, body="x" * 25_001, **by)
    assert caught.value.field == "body"


def test_the_second_of_two_authors_is_told_of_the_first(resolved, by):
    nothing_yet = revision_of(resolved)
    actions.save_postmortem(incident=resolved, body="Mine.", seen=nothing_yet, **by)
    with pytest.raises(Conflict, match="meanwhile"):
        actions.save_postmortem(incident=resolved, body="Yours.", seen=nothing_yet, **by)
    first = revision_of(resolved)
    actions.save_postmortem(incident=resolved, body="Ours.", seen=first, **by)
    with pytest.raises(Conflict, match="meanwhile"):
        actions.publish_postmortem(incident=resolved, seen=first, **by)
    assert Postmortem.objects.get().body_draft == "Ours."


def test_what_was_deleted_meanwhile_is_a_conflict(resolved, by):
    Incident.objects.all().delete()
    with pytest.raises(Conflict, match="deleted"):
        actions.save_postmortem(incident=resolved, body="Late.", **by)


def test_viewers_and_strangers_write_nothing(resolved, viewer, stranger, at):
    for person in (viewer, stranger):
        by = {"incident": resolved, "actor": Actor.of(person), "at": at}
        with pytest.raises(Refused):
            actions.save_postmortem(body="x", **by)
        for verb in (
            actions.publish_postmortem,
            actions.revert_postmortem,
            actions.ignore_postmortem,
        ):
            with pytest.raises(Refused):
                verb(**by)


def test_each_step_leaves_one_audit_row(resolved, by):
    actions.save_postmortem(incident=resolved, body="A cable.", **by)
    actions.publish_postmortem(incident=resolved, **by)
    actions.revert_postmortem(incident=resolved, **by)
    actions.ignore_postmortem(incident=resolved, **by)
    rows = AuditEvent.objects.filter(action__startswith="postmortem").order_by("pk")
    assert [(row.action, row.object_id) for row in rows] == [
        ("postmortem.write", str(resolved.pk)),
        ("postmortem.publish", str(resolved.pk)),
        ("postmortem.publish", str(resolved.pk)),
        ("postmortem.write", str(resolved.pk)),
    ]
