"""What becomes of automatic incidents whose checks are good again."""

import pytest
import time_machine

from incidents.actions import (
    dismiss_draft,
    publish_draft,
    publish_due_drafts,
    rewrite_draft,
    undo_update,
)
from incidents.models import Incident
from incidents.recovery import settle_recovered
from incidents.tasks import catch_up
from pages.actions import delete_component
from pages.models import Page
from pages.status import Status
from subscribers.models import Notification
from tests.incidents.checks import fail, recover
from tests.incidents.maintenances import HOUR, MINUTE, status_of
from tests.incidents.stories import news, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_once(page) -> None:
    Page.objects.filter(pk=page.pk).update(auto_publish_after=0)


@pytest.fixture
def kept(api, operator, at) -> Incident:
    """A draft that a person rewrote and whose checks then recovered, two minutes in."""
    fail(api, at)
    draft = rewrite_draft(
        incident=Incident.objects.get(),
        name="Power cut",
        body="Our words.",
        statuses={api: Status.MAJOR},
        actor=operator,
        at=at + MINUTE,
    )
    recover(api, at + 2 * MINUTE)
    draft.refresh_from_db()
    return draft


def operators_told():
    rows = Notification.objects.filter(audience="operators").order_by("created_at", "id")
    return [row.message["title"]["en"] for row in rows]


def test_what_a_person_wrote_into_a_draft_waits_for_that_person(kept, at):
    assert (kept.resolve_proposed_at, kept.publish_at) == (at + 2 * MINUTE, None)
    assert Incident.objects.unsettled().get() == kept
    assert operators_told() == ["Publish it? Power cut"]
    assert publish_due_drafts(at=at + HOUR) == settle_recovered(at=at + HOUR) == 0


def test_a_kept_draft_can_be_published_and_claims_no_outage(kept, api, operator, at):
    publish_draft(incident=kept, actor=operator, at=at + HOUR)
    assert news(kept) == ["incident_created"]
    assert status_of(api) is Status.OPERATIONAL


def test_a_kept_draft_can_be_dismissed(kept, operator, at):
    dismiss_draft(incident=kept, actor=operator, at=at + HOUR)
    assert not Incident.objects.unsettled().exists()


def test_failing_again_soon_a_kept_draft_publishes_itself_after_all(kept, api, at):
    fail(api, at + 3 * MINUTE)
    assert publish_due_drafts(at=at + 5 * MINUTE) == 1
    incident = Incident.objects.get()
    assert (incident.name, incident.resolve_proposed_at) == ("Power cut", None)
    assert status_of(api) is Status.MAJOR


def test_failing_again_long_after_is_another_draft(kept, api, at):
    fail(api, at + HOUR)
    assert Incident.objects.drafts().count() == 2


def test_a_resolution_taken_back_after_the_recovery_is_proposed(at_once, api, operator, at):
    fail(api, at)
    incident = Incident.objects.get()
    update = said(incident, "resolved", operator, at + MINUTE, hold=HOUR)
    recover(api, at + 2 * MINUTE)
    undo_update(update=update, actor=operator, at=at + 3 * MINUTE)
    with time_machine.travel(at + 4 * MINUTE, tick=False):
        catch_up()
        catch_up()
    incident.refresh_from_db()
    assert (incident.status, incident.resolve_proposed_at) == ("investigating", at + 4 * MINUTE)
    assert operators_told() == ["Resolve it? Major outage in API"]


def test_an_incident_whose_component_is_gone_resolves(at_once, api, operator, at):
    fail(api, at)
    delete_component(component=api, actor=operator, at=at + MINUTE)
    assert settle_recovered(at=at + 2 * MINUTE) == 1
    incident = Incident.objects.get()
    assert incident.status == "resolved"
    body = incident.updates.newest_first().first().body
    assert body == "What failed is no longer part of this page."
    assert settle_recovered(at=at + 3 * MINUTE) == 0


def test_an_incident_resolves_when_the_last_that_failed_is_gone(at_once, api, web, operator, at):
    fail(api, at)
    fail(web, at)
    recover(web, at + MINUTE)
    delete_component(component=api, actor=operator, at=at + 2 * MINUTE)
    assert settle_recovered(at=at + 3 * MINUTE) == 1
    assert Incident.objects.get().status == "resolved"


def test_a_draft_whose_component_is_gone_is_never_told(api, operator, at):
    fail(api, at)
    delete_component(component=api, actor=operator, at=at + MINUTE)
    settle_recovered(at=at + 2 * MINUTE)
    assert publish_due_drafts(at=at + 6 * MINUTE) == 0
    assert not Incident.objects.unsettled().exists()


def test_what_a_person_tells_of_other_components_is_left_to_them(api, web, operator, at):
    fail(api, at)
    rewrite_draft(
        incident=Incident.objects.get(),
        name="Site",
        body="",
        statuses={web: Status.MAJOR},
        actor=operator,
        at=at + MINUTE,
    )
    assert settle_recovered(at=at + 2 * MINUTE) == 0


def test_what_goes_on_failing_is_not_settled(at_once, api, at):
    fail(api, at)
    assert settle_recovered(at=at + HOUR) == 0


def test_what_a_person_made_of_the_whole_page_is_left_to_them(api, operator, at):
    fail(api, at)
    draft = rewrite_draft(
        incident=Incident.objects.get(),
        name="Everything",
        body="",
        statuses={},
        actor=operator,
        at=at + MINUTE,
    )
    publish_draft(incident=draft, actor=operator, at=at + 2 * MINUTE)
    assert settle_recovered(at=at + 3 * MINUTE) == 0


@pytest.fixture
def three_updates(settings) -> None:
    settings.INCIDENT_UPDATE_LIMIT = 3


def test_a_full_story_ends_and_the_next_flap_opens_another(at_once, three_updates, api, at):
    for flap in range(4):
        fail(api, at + flap * MINUTE)
        recover(api, at + (flap + 0.5) * MINUTE)
    counts = [incident.updates.count() for incident in Incident.objects.order_by("created_at")]
    # Opened, resolved, reopened, and the end, which is always possible.
    assert counts == [4, 4]
    assert not Incident.objects.open().exists()


@pytest.mark.usefixtures("at_once", "three_updates")
def test_a_full_story_takes_neither_more_trouble_nor_parts_but_ends(api, web, at):
    fail(api, at)
    fail(web, at + MINUTE)
    fail(api, at + 2 * MINUTE, Status.PARTIAL)
    incident = Incident.objects.get()
    assert incident.updates.count() == 3
    fail(web, at + 3 * MINUTE, Status.PARTIAL)
    recover(api, at + 4 * MINUTE)
    assert incident.updates.count() == 3
    recover(web, at + 5 * MINUTE)
    incident.refresh_from_db()
    assert (incident.status, incident.updates.count()) == ("resolved", 4)
    assert (status_of(api), status_of(web)) == (Status.OPERATIONAL, Status.OPERATIONAL)


@pytest.mark.usefixtures("at_once", "three_updates")
def test_trouble_elsewhere_beside_a_full_story_opens_another(api, web, operator, at):
    fail(api, at)
    first = Incident.objects.get()
    for turn in range(1, 3):
        said(first, "identified", operator, at + turn * MINUTE, body=f"{turn}")
    fail(web, at + 3 * MINUTE)
    assert Incident.objects.open().exclude(pk=first.pk).get().name == "Major outage in Web"
