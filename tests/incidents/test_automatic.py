"""Incidents that monitoring opens: drafts, joining, flapping, recovery."""

from datetime import timedelta
from typing import Any

import pytest

from incidents.actions import (
    Invalid,
    dismiss_draft,
    draft_due,
    expire_pins,
    open_incident,
    post_update,
    publish_draft,
    publish_due_drafts,
    run_due_maintenance,
    set_component_status,
)
from incidents.automatic import CheckVerdict, follow_checks, open_untold
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.actions import create_component
from pages.models import Page, StatusClaim
from pages.status import Status
from pages.versions import changing
from subscribers import relay
from subscribers.models import Delivery, Notification
from tests.factories import PageFactory
from tests.incidents.checks import fail, recover
from tests.incidents.maintenances import planned, status_of
from tests.subscribers.factories import make_subscriber

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def told(incident):
    news = Notification.objects.filter(topic=incident.id).order_by("created_at", "id")
    return list(news.values_list("kind", flat=True))


def set_auto_publish(page, minutes):
    Page.objects.filter(pk=page.pk).update(auto_publish_after=minutes)


def test_a_failure_shows_at_once_and_waits_as_a_draft(page, api, at):
    since = at - timedelta(seconds=20)
    fail(api, at, since=since)
    assert status_of(api) is Status.MAJOR
    assert StatusClaim.objects.get(component=api).since == since
    draft = Incident.objects.get()
    assert (draft.status, draft.automatic) == (IncidentStatus.DRAFT, True)
    assert draft.name == "Major outage in API"
    assert (draft.started_at, draft.publish_at) == (since, at + 5 * MINUTE)
    assert told(draft) == []
    assert Notification.objects.get().audience == "operator"


def test_a_draft_publishes_itself_when_due(page, api, at):
    fail(api, at)
    assert publish_due_drafts(at=at + 4 * MINUTE) == 0
    assert publish_due_drafts(at=at + 5 * MINUTE) == 1
    assert publish_due_drafts(at=at + 5 * MINUTE) == 0
    incident = Incident.objects.get()
    assert incident.status == IncidentStatus.INVESTIGATING
    assert told(incident) == ["incident_created"]
    assert incident.updates.get().body.startswith("Our checks of API have failed since 12:00")
    sources = set(StatusClaim.objects.live().values_list("source", flat=True))
    assert sources == {"checks", f"incident:{incident.id}"}


def test_zero_minutes_publish_at_once(page, api, at):
    set_auto_publish(page, 0)
    fail(api, at)
    assert Incident.objects.get().status == IncidentStatus.INVESTIGATING
    assert Notification.objects.filter(audience="operators").count() == 0


def test_one_click_publishes_a_draft_once(page, api, operator, at):
    fail(api, at)
    draft = Incident.objects.get()
    publish_draft(incident=draft, actor=operator, at=at + MINUTE)
    with pytest.raises(Invalid):
        publish_draft(incident=draft, actor=operator, at=at + MINUTE)
    assert told(draft) == ["incident_created"]


def test_recovery_resolves_an_untouched_incident(page, api, at):
    set_auto_publish(page, 0)
    fail(api, at)
    recover(api, at + MINUTE)
    incident = Incident.objects.get()
    assert (incident.status, incident.resolved_at) == (IncidentStatus.RESOLVED, at + MINUTE)
    assert told(incident) == ["incident_created", "incident_resolved"]
    assert status_of(api) is Status.OPERATIONAL
    assert not StatusClaim.objects.live().exists()


def test_an_edited_incident_is_only_proposed_for_resolution(page, api, operator, at):
    set_auto_publish(page, 0)
    fail(api, at)
    incident = Incident.objects.get()
    post_update(
        incident=incident,
        status=IncidentStatus.IDENTIFIED,
        body="A cable.",
        actor=operator,
        at=at + MINUTE,
    )
    recover(api, at + 2 * MINUTE)
    incident.refresh_from_db()
    assert incident.status == IncidentStatus.IDENTIFIED
    assert incident.resolve_proposed_at == at + 2 * MINUTE
    assert status_of(api) is Status.MAJOR
    assert Notification.objects.filter(audience="operators").count() == 1
    fail(api, at + 3 * MINUTE)
    incident.refresh_from_db()
    assert incident.resolve_proposed_at is None
    assert Incident.objects.count() == 1


def test_a_short_outage_is_never_told(page, api, at):
    fail(api, at)
    recover(api, at + MINUTE)
    assert publish_due_drafts(at=at + 10 * MINUTE) == 0
    assert not Incident.objects.drafts().exists()
    assert not Notification.objects.filter(audience="subscribers").exists()


def test_ten_flaps_in_ten_minutes_make_one_incident(page, api, at):
    """Who is slow to reach gets one message, the last; nobody gets more than each turn's."""
    set_auto_publish(page, 0)
    make_subscriber(page, "ann@example.com")
    for flap in range(10):
        fail(api, at + flap * MINUTE)
        recover(api, at + flap * MINUTE + timedelta(seconds=30))
    incident = Incident.objects.get()
    assert (incident.status, incident.started_at) == (IncidentStatus.RESOLVED, at)
    assert api.intervals.filter(status=Status.MAJOR).count() == 10
    assert told(incident).count("incident_created") == 1
    assert relay.fan_out_all() == len(told(incident)) == 20
    [unsent] = Delivery.objects.filter(state=Delivery.State.PENDING)
    assert unsent.notification.kind == "incident_resolved"


def test_a_flapping_draft_still_publishes(page, api, at):
    for flap in range(6):
        fail(api, at + flap * MINUTE)
        publish_due_drafts(at=at + flap * MINUTE)
        recover(api, at + flap * MINUTE + timedelta(seconds=30))
    assert told(Incident.objects.get())[0] == "incident_created"


def test_failing_again_long_after_is_a_new_incident(page, api, at):
    set_auto_publish(page, 0)
    fail(api, at)
    recover(api, at + MINUTE)
    fail(api, at + 12 * MINUTE)
    assert Incident.objects.count() == 2


def test_trouble_within_ten_minutes_joins(page, api, web, at):
    set_auto_publish(page, 0)
    fail(api, at)
    fail(web, at + 9 * MINUTE)
    incident = Incident.objects.get()
    assert told(incident) == ["incident_created", "incident_updated"]
    assert incident.affected.count() == 2


def test_trouble_after_ten_minutes_elsewhere_is_another_incident(page, api, web, at):
    set_auto_publish(page, 0)
    fail(api, at)
    fail(web, at + 11 * MINUTE)
    assert Incident.objects.count() == 2


def test_a_joined_draft_tells_of_both(page, api, web, at):
    fail(api, at)
    fail(web, at + MINUTE)
    draft = Incident.objects.get()
    assert draft.name == "Major outage in API and Web"
    assert draft.updates.count() == 1


def test_part_recovery_shows_but_mails_nobody(page, api, web, at):
    set_auto_publish(page, 0)
    fail(api, at)
    fail(web, at)
    recover(api, at + MINUTE)
    incident = Incident.objects.get()
    assert incident.status == IncidentStatus.INVESTIGATING
    assert (status_of(api), status_of(web)) == (Status.OPERATIONAL, Status.MAJOR)
    assert told(incident) == ["incident_created", "incident_updated"]
    recover(web, at + 2 * MINUTE)
    incident.refresh_from_db()
    assert incident.status == IncidentStatus.RESOLVED


def test_a_component_that_recovered_in_the_draft_is_not_claimed(page, api, web, at):
    fail(api, at)
    fail(web, at)
    recover(api, at + MINUTE)
    publish_due_drafts(at=at + 5 * MINUTE)
    assert (status_of(api), status_of(web)) == (Status.OPERATIONAL, Status.MAJOR)


def test_an_incident_by_people_covers_its_components(page, api, operator, at):
    open_incident(
        page=page, name="Known", body="", statuses={api: Status.DEGRADED}, actor=operator, at=at
    )
    fail(api, at + MINUTE)
    assert Incident.objects.count() == 1
    assert status_of(api) is Status.MAJOR


def test_a_maintenance_opens_nothing(page, api, at):
    planned(page, [api], at, starts_at=at + MINUTE)
    run_due_maintenance(at=at + MINUTE)
    fail(api, at + 2 * MINUTE)
    assert not Incident.objects.incidents().exists()
    assert status_of(api) is Status.MAINTENANCE


def test_a_maintenance_that_begins_after_the_draft_keeps_it_from_being_told(page, api, at):
    fail(api, at)
    planned(page, [api], at, starts_at=at + MINUTE)
    run_due_maintenance(at=at + MINUTE)
    assert publish_due_drafts(at=at + 5 * MINUTE) == 0
    assert Incident.objects.drafts().count() == 1
    assert status_of(api) is Status.MAINTENANCE


def test_a_dismissed_draft_stays_away(page, api, operator, at):
    fail(api, at)
    dismiss_draft(incident=Incident.objects.get(), actor=operator, at=at + MINUTE)
    assert publish_due_drafts(at=at + 10 * MINUTE) == 0
    recover(api, at + 11 * MINUTE)
    assert not Notification.objects.filter(audience="subscribers").exists()


def test_where_drafts_wait_for_ever_notices_go_after_fifteen_minutes(page, api, at):
    set_auto_publish(page, None)
    fail(api, at)
    assert publish_due_drafts(at=at + 14 * MINUTE) == 0
    assert publish_due_drafts(at=at + 15 * MINUTE) == 1
    notice = Notification.objects.get(kind="component_changed")
    assert [fact["new"] for fact in notice.message["facts"]] == ["major_outage"]
    assert Incident.objects.drafts().count() == 1


def test_verdicts_on_other_pages_components_are_ignored(page, api, at):
    verdict = CheckVerdict(page.id, Status.MAJOR, at)
    with changing(page.id) as [locked]:
        follow_checks(page=locked, verdicts=[verdict], at=at)
    assert not Incident.objects.exists()


def test_recovery_is_dated_from_the_first_good_check(page, api, at):
    set_auto_publish(page, 0)
    fail(api, at)
    recover(api, at + 3 * MINUTE, since=at + MINUTE)
    outage = api.intervals.get(status=Status.MAJOR)
    assert (outage.span.lower, outage.span.upper) == (at, at + MINUTE)
    assert Incident.objects.get().resolved_at == at + 3 * MINUTE


def test_what_fails_on_after_people_resolved_it_is_opened_again(page, api, operator, at):
    set_auto_publish(page, 0)
    fail(api, at)
    incident = Incident.objects.get()
    resolved = at + MINUTE
    post_update(
        incident=incident, status=IncidentStatus.RESOLVED, body="", actor=operator, at=resolved
    )
    assert open_untold(at=resolved + 9 * MINUTE) == 0
    assert open_untold(at=resolved + 11 * MINUTE) == 1
    assert Incident.objects.open().get().started_at == at
    assert open_untold(at=resolved + 12 * MINUTE) == 0


def test_a_dismissed_draft_is_not_opened_again(page, api, operator, at):
    fail(api, at)
    dismiss_draft(incident=Incident.objects.get(), actor=operator, at=at + MINUTE)
    assert open_untold(at=at + 60 * MINUTE) == 0


def test_what_a_pin_covers_is_opened_when_the_pin_ends(page, api, operator, at):
    set_auto_publish(page, 0)
    set_component_status(
        component=api,
        status=Status.OPERATIONAL,
        actor=operator,
        at=at,
        pin_until=at + 5 * MINUTE,
    )
    fail(api, at + MINUTE)
    assert open_untold(at=at + 2 * MINUTE) == 0
    assert not Incident.objects.exists()
    expire_pins(at=at + 5 * MINUTE)
    assert open_untold(at=at + 5 * MINUTE) == 1
    assert Incident.objects.open().get().name == "Major outage in API"


def test_a_page_that_fails_holds_up_no_other(page, api, operator, at, monkeypatch):
    other = PageFactory(project=page.project)
    theirs = create_component(page=other, name="Theirs", actor=operator, at=at)
    fail(api, at)
    fail(theirs, at)
    real = draft_due.publish

    def publish(**given: Any) -> None:
        if given["page"].pk == page.pk:
            raise RuntimeError
        real(**given)

    monkeypatch.setattr(draft_due, "publish", publish)
    assert publish_due_drafts(at=at + 5 * MINUTE) == 1
    assert Incident.objects.open().get().page == other
