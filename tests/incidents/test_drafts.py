"""Drafts that people write, or write over."""

import pytest

from incidents.actions import (
    Conflict,
    dismiss_draft,
    open_incident,
    publish_draft,
    rewrite_draft,
    set_component_status,
    update_incident,
    write_draft,
)
from incidents.models import Incident
from pages.models import Page
from pages.status import Status
from subscribers.models import Notification
from tests.incidents.checks import fail, recover
from tests.incidents.stories import minutes, news, opened, said

pytestmark = pytest.mark.django_db


def written(component, actor, at):
    return write_draft(
        page=component.page,
        name="Slow checkout",
        body="We look into it.",
        statuses={component: Status.DEGRADED},
        actor=actor,
        at=at,
    )


def test_a_draft_is_seen_by_nobody_and_tells_nobody(api, operator, at):
    written(api, operator, at)
    assert not Incident.objects.public().exists()
    assert not Notification.objects.exists()
    api.refresh_from_db()
    assert api.status == "operational"


def test_a_draft_by_people_holds_back_no_component_notice(api, operator, at):
    written(api, operator, at)
    set_component_status(component=api, status=Status.MAJOR, actor=operator, at=at)
    assert Notification.objects.get().kind == "component_changed"


def test_publishing_is_the_event(api, operator, at):
    incident = written(api, operator, at)
    incident = publish_draft(incident=incident, actor=operator, at=at + minutes(10))
    assert incident.started_at == at + minutes(10)
    assert news(incident) == ["incident_created"]
    api.refresh_from_db()
    assert api.status == "degraded_performance"


def test_a_rewritten_draft_says_the_new_words(api, web, operator, at):
    incident = written(api, operator, at)
    rewrite_draft(
        incident=incident,
        name="Slow site",
        body="Better words.",
        statuses={web: Status.PARTIAL},
        actor=operator,
        at=at + minutes(1),
    )
    incident = publish_draft(incident=incident, actor=operator, at=at + minutes(2))
    assert (incident.name, incident.updates.get().body) == ("Slow site", "Better words.")
    assert [row.component for row in incident.affected.all()] == [web]


def test_a_dismissed_draft_takes_no_more_words(api, operator, at):
    incident = written(api, operator, at)
    dismiss_draft(incident=incident, actor=operator, at=at)
    with pytest.raises(Conflict):
        rewrite_draft(incident=incident, name="x", body="", statuses={}, actor=operator, at=at)


def test_monitoring_does_not_write_over_a_person(api, web, operator, at):
    fail(api, at)
    draft = Incident.objects.get()
    rewrite_draft(
        incident=draft,
        name="Power cut",
        body="Our words.",
        statuses={api: Status.MAJOR},
        actor=operator,
        at=at + minutes(1),
    )
    fail(web, at + minutes(2))
    draft.refresh_from_db()
    assert (draft.name, draft.updates.get().body) == ("Power cut", "Our words.")
    assert draft.affected.count() == 2


def test_where_the_page_says_so_recovery_only_proposes(page, api, operator, at):
    Page.objects.filter(pk=page.pk).update(auto_publish_after=0, auto_resolve=False)
    fail(api, at)
    recover(api, at + minutes(5))
    incident = Incident.objects.get()
    assert incident.status == "investigating"
    assert incident.resolve_proposed_at == at + minutes(5)
    assert news(incident) == ["incident_created"]
    assert Notification.objects.filter(kind="operator_notice").exists()


def test_settings_of_an_incident(api, operator, at):
    incident = opened(api, operator, at)
    incident = update_incident(
        incident=incident,
        actor=operator,
        at=at + minutes(1),
        name="Renamed",
        impact_override="minor",
        metadata={"jira": {"id": 7}},
        reminder_intervals=[2, 1],
        deliver_notifications=False,
    )
    incident.refresh_from_db()
    assert (incident.name, incident.effective_impact) == ("Renamed", "minor")
    assert incident.metadata == {"jira": {"id": 7}}
    assert incident.reminder_intervals == [1, 2]
    said(incident, "identified", operator, at + minutes(2))
    assert news(incident) == ["incident_created"]


def test_codes_are_short_and_their_own(page, operator, at):
    incidents = [
        open_incident(page=page, name=f"{n}", body="", statuses={}, actor=operator, at=at)
        for n in range(3)
    ]
    codes = {incident.code for incident in incidents}
    assert len(codes) == 3
    assert all(len(code) == 10 and code.isalnum() for code in codes)
