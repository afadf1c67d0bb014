"""Opening, updating and resolving incidents by hand."""

from datetime import timedelta

import pytest

from accounts.access import Refused
from accounts.actor import Actor
from accounts.models import AuditEvent
from incidents.actions import Conflict, Invalid, open_incident, post_update
from incidents.lifecycle import Impact, IncidentStatus
from incidents.models import Incident, IncidentUpdate
from pages.actions import create_component
from pages.models import Page, StatusClaim
from pages.status import Status
from subscribers.models import Notification
from tests.factories import PageFactory

pytestmark = pytest.mark.django_db


def status_of(component):
    component.refresh_from_db()
    return Status(component.status)


def test_opening_writes_incident_update_claims_audit_and_news(page, api, web, operator, at):
    version = Page.objects.get(pk=page.pk).version
    incident = open_incident(
        page=page,
        name="  Slow answers ",
        body="We are looking.",
        statuses={api: Status.PARTIAL, web: Status.DEGRADED},
        actor=operator,
        at=at,
    )
    incident.refresh_from_db()
    assert (incident.name, incident.status) == ("Slow answers", IncidentStatus.INVESTIGATING)
    assert incident.effective_impact is Impact.MAJOR
    assert incident.started_at == incident.published_at == at
    update = incident.updates.get()
    assert (update.body, update.status) == ("We are looking.", IncidentStatus.INVESTIGATING)
    changes = {c.component_id: (c.old_status, c.new_status) for c in update.changes.all()}
    assert changes == {
        api.id: ("operational", "partial_outage"),
        web.id: ("operational", "degraded_performance"),
    }
    assert (status_of(api), status_of(web)) == (Status.PARTIAL, Status.DEGRADED)
    event = AuditEvent.objects.get(object_id=str(incident.id))
    assert (event.action, event.actor) == ("incident.create", operator.label)
    assert Page.objects.get(pk=page.pk).version > version
    news = Notification.objects.get(topic=incident.id)
    assert news.kind == "incident_created"
    assert set(news.component_ids) == {api.id, web.id}
    assert [fact["component"] for fact in news.message["facts"]] == ["API", "Web"]


def test_resolving_ends_only_this_incidents_part(page, api, operator, at):
    first = open_incident(
        page=page, name="One", body="", statuses={api: Status.MAJOR}, actor=operator, at=at
    )
    second = open_incident(
        page=page, name="Two", body="", statuses={api: Status.DEGRADED}, actor=operator, at=at
    )
    later = at + timedelta(minutes=5)
    update = post_update(
        incident=first, status=IncidentStatus.RESOLVED, body="Done.", actor=operator, at=later
    )
    assert status_of(api) is Status.DEGRADED
    change = update.changes.get()
    assert (change.old_status, change.new_status) == ("major_outage", "degraded_performance")
    first.refresh_from_db()
    assert (first.resolved_at, first.impact) == (later, Impact.CRITICAL)
    post_update(incident=second, status=IncidentStatus.RESOLVED, body="", actor=operator, at=later)
    assert status_of(api) is Status.OPERATIONAL


def test_an_update_moves_components_and_impact_never_falls(page, api, web, operator, at):
    incident = open_incident(
        page=page, name="One", body="", statuses={api: Status.MAJOR}, actor=operator, at=at
    )
    post_update(
        incident=incident,
        status=IncidentStatus.MONITORING,
        body="API is back, Web is slow.",
        statuses={api: Status.OPERATIONAL, web: Status.DEGRADED},
        actor=operator,
        at=at + timedelta(minutes=1),
    )
    incident.refresh_from_db()
    assert (status_of(api), status_of(web)) == (Status.OPERATIONAL, Status.DEGRADED)
    assert incident.impact == Impact.CRITICAL
    assert incident.monitoring_at == at + timedelta(minutes=1)
    assert incident.edited_at == at + timedelta(minutes=1)


def test_news_of_a_deleted_component_is_not_news_for_everybody(page, api, operator, at):
    incident = open_incident(
        page=page, name="One", body="", statuses={api: Status.MAJOR}, actor=operator, at=at
    )
    api.delete()
    post_update(incident=incident, status=IncidentStatus.RESOLVED, body="", actor=operator, at=at)
    whole = open_incident(page=page, name="Two", body="", statuses={}, actor=operator, at=at)
    told = Notification.objects.filter(topic=incident.id).latest("created_at", "id")
    assert told.component_ids == []
    assert Notification.objects.get(topic=whole.id).component_ids is None


def test_a_title_is_one_printable_line(page, operator, at):
    with pytest.raises(Invalid):
        open_incident(page=page, name="a\r\nBcc: b", body="", statuses={}, actor=operator, at=at)


def test_a_clock_behind_moves_no_story_backwards(page, operator, at):
    incident = open_incident(page=page, name="One", body="", statuses={}, actor=operator, at=at)
    earlier = at - timedelta(seconds=2)
    update = post_update(
        incident=incident, status=IncidentStatus.RESOLVED, body="", actor=operator, at=earlier
    )
    assert update.display_at == at


def test_an_empty_body_still_writes_one_update(page, operator, at):
    incident = open_incident(page=page, name="One", body="", statuses={}, actor=operator, at=at)
    post_update(incident=incident, status=IncidentStatus.IDENTIFIED, body="", actor=operator, at=at)
    assert incident.updates.count() == 2
    kinds = Notification.objects.filter(topic=incident.id).values_list("kind", flat=True)
    assert set(kinds) == {"incident_created", "incident_updated"}


def test_a_resolved_incident_takes_no_update(page, api, operator, at):
    incident = open_incident(
        page=page, name="One", body="", statuses={api: Status.MAJOR}, actor=operator, at=at
    )
    post_update(incident=incident, status=IncidentStatus.RESOLVED, body="", actor=operator, at=at)
    with pytest.raises(Conflict, match="open a new one"):
        post_update(
            incident=incident, status=IncidentStatus.MONITORING, body="", actor=operator, at=at
        )
    assert incident.updates.count() == 2


def test_of_two_authors_who_saw_the_same_the_second_is_told(page, operator, at):
    incident = open_incident(page=page, name="One", body="", statuses={}, actor=operator, at=at)
    given = {"incident": incident, "status": IncidentStatus.IDENTIFIED, "actor": operator}
    later = at + timedelta(minutes=1)
    post_update(**given, body="First.", at=later, seen=at)
    with pytest.raises(Conflict):
        post_update(**given, body="Second.", at=later, seen=at)
    assert list(incident.updates.told().values_list("body", flat=True)) == ["", "First."]


def test_the_override_wins_over_the_computed_impact(page, api, operator, at):
    incident = open_incident(
        page=page,
        name="One",
        body="",
        statuses={api: Status.DEGRADED},
        actor=operator,
        at=at,
        impact_override=Impact.CRITICAL,
    )
    assert incident.effective_impact is Impact.CRITICAL


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 256}),
        ("body", {"body": "x" * 25_001}),
        ("status", {"status": IncidentStatus.RESOLVED}),
        ("status", {"status": IncidentStatus.DRAFT}),
    ],
)
def test_bad_input_names_the_field_and_stores_nothing(page, operator, at, field, change):
    given = {"page": page, "name": "One", "body": "", "statuses": {}, "actor": operator, "at": at}
    with pytest.raises(Invalid) as refusal:
        open_incident(**given | change)
    assert refusal.value.field == field
    assert not Incident.objects.exists()


def test_a_component_of_another_page_is_refused(page, operator, at):
    other = PageFactory(project=page.project)
    foreign = create_component(page=other, name="X", actor=operator, at=at)
    with pytest.raises(Invalid):
        open_incident(
            page=page, name="One", body="", statuses={foreign: Status.MAJOR}, actor=operator, at=at
        )
    assert not Incident.objects.exists()
    assert status_of(foreign) is Status.OPERATIONAL


def test_a_viewer_is_refused_and_nothing_is_stored(page, viewer, at):
    with pytest.raises(Refused):
        open_incident(page=page, name="One", body="", statuses={}, actor=Actor.of(viewer), at=at)
    assert not Incident.objects.exists()


def test_a_failure_in_the_middle_leaves_nothing(page, api, operator, at, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the outbox is broken")

    monkeypatch.setattr("subscribers.outbox.enqueue_all", fail)
    with pytest.raises(RuntimeError):
        open_incident(
            page=page, name="One", body="", statuses={api: Status.MAJOR}, actor=operator, at=at
        )
    assert not Incident.objects.exists()
    assert not IncidentUpdate.objects.exists()
    assert not StatusClaim.objects.exists()
    assert status_of(api) is Status.OPERATIONAL


def test_a_draft_page_tells_nobody(page, api, operator, at):
    Page.objects.filter(pk=page.pk).update(status=Page.State.DRAFT)
    page.refresh_from_db()
    open_incident(
        page=page, name="One", body="", statuses={api: Status.MAJOR}, actor=operator, at=at
    )
    assert not Notification.objects.exists()
