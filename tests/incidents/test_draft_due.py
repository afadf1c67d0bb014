"""Drafts whose time has come, beside people, maintenances and pins that speak of the same."""

import pytest

from accounts.models import AuditEvent
from incidents.actions import (
    expire_pins,
    publish_due_drafts,
    rewrite_draft,
    run_due_maintenance,
    set_component_status,
)
from incidents.automatic import open_untold
from incidents.models import Incident
from pages.actions import delete_component
from pages.models import Page
from pages.status import Status
from subscribers.models import Notification
from tests.incidents.checks import fail, recover
from tests.incidents.maintenances import HOUR, MINUTE, planned, status_of
from tests.incidents.stories import news, opened, said

pytestmark = pytest.mark.django_db


def automatic():
    return Incident.objects.get(automatic=True)


def texts(incident):
    return list(incident.updates.values_list("body", flat=True))


def test_what_a_person_tells_meanwhile_is_not_told_by_the_draft(api, operator, at):
    fail(api, at)
    mine = opened(api, operator, at + 2 * MINUTE)
    assert publish_due_drafts(at=at + 6 * MINUTE) == 0
    draft = automatic()
    assert (draft.status, draft.dismissed_at) == ("draft", at + 6 * MINUTE)
    assert news(draft) == []
    last = AuditEvent.objects.filter(object_id=draft.pk).latest("pk")
    assert (last.actor, last.action) == ("monitor", "incident.dismiss")
    said(mine, "resolved", operator, at + 7 * MINUTE)
    open_untold(at=at + 18 * MINUTE)
    assert Incident.objects.drafts().get().started_at == at


def test_a_draft_tells_what_no_person_tells(api, web, operator, at):
    fail(api, at)
    fail(web, at)
    opened(api, operator, at + 2 * MINUTE)
    assert publish_due_drafts(at=at + 5 * MINUTE) == 1
    incident = automatic()
    assert incident.name == "Major outage in Web"
    assert texts(incident)[0].startswith("Our checks of Web have failed since 12:00")
    assert [row.component for row in incident.affected.all()] == [web]


def test_notices_leave_out_what_a_person_tells(page, api, operator, at):
    Page.objects.filter(pk=page.pk).update(auto_publish_after=None)
    fail(api, at)
    opened(api, operator, at + MINUTE)
    assert publish_due_drafts(at=at + 15 * MINUTE) == 0
    assert not Notification.objects.filter(kind="component_changed").exists()


def test_a_draft_waits_while_a_maintenance_holds_all_it_names(page, api, at):
    fail(api, at)
    planned(page, [api], at, starts_at=at + 2 * MINUTE)
    run_due_maintenance(at=at + 2 * MINUTE)
    assert publish_due_drafts(at=at + 6 * MINUTE) == 0
    page.refresh_from_db()
    version = page.version
    assert publish_due_drafts(at=at + 7 * MINUTE) == 0
    page.refresh_from_db()
    assert page.version == version
    assert status_of(api) is Status.MAINTENANCE
    ended = at + 2 * MINUTE + 2 * HOUR
    run_due_maintenance(at=ended)
    assert publish_due_drafts(at=ended) == 0
    assert publish_due_drafts(at=ended + 5 * MINUTE) == 1
    incident = automatic()
    assert (incident.status, incident.started_at) == ("investigating", ended)
    assert texts(incident)[0].startswith("Our checks of API have failed since 14:02")


def test_a_draft_whose_checks_recover_under_a_maintenance_is_never_told(page, api, at):
    fail(api, at)
    planned(page, [api], at, starts_at=at + 2 * MINUTE)
    run_due_maintenance(at=at + 2 * MINUTE)
    recover(api, at + HOUR)
    run_due_maintenance(at=at + 3 * HOUR)
    assert publish_due_drafts(at=at + 3 * HOUR) == 0
    assert news(automatic()) == []


def test_a_draft_leaves_out_what_a_maintenance_holds_until_that_ends(page, api, web, at):
    fail(api, at)
    fail(web, at)
    planned(page, [api], at, starts_at=at + 2 * MINUTE)
    run_due_maintenance(at=at + 2 * MINUTE)
    assert publish_due_drafts(at=at + 5 * MINUTE) == 1
    assert automatic().name == "Major outage in Web"
    assert status_of(api) is Status.MAINTENANCE
    ended = at + 2 * MINUTE + 2 * HOUR
    run_due_maintenance(at=ended)
    open_untold(at=ended)
    assert Incident.objects.drafts().get().name == "Major outage in API"


def test_a_draft_waits_while_a_pin_holds_what_it_names(api, operator, at):
    fail(api, at)
    until = at + 20 * MINUTE
    set_component_status(
        component=api,
        status=Status.OPERATIONAL,
        actor=operator,
        at=at + MINUTE,
        pin_until=until,
    )
    assert publish_due_drafts(at=at + 6 * MINUTE) == 0
    expire_pins(at=until)
    assert publish_due_drafts(at=until + 5 * MINUTE) == 1
    assert automatic().started_at == until


def test_a_draft_says_only_what_still_fails(api, web, at):
    fail(api, at)
    fail(web, at)
    recover(web, at + MINUTE)
    draft = automatic()
    assert draft.name == "Major outage in API"
    assert texts(draft)[0].startswith("Our checks of API have failed")
    publish_due_drafts(at=at + 5 * MINUTE)
    assert automatic().name == "Major outage in API"


def test_a_draft_says_nothing_of_a_component_that_is_gone(api, web, operator, at):
    fail(api, at)
    fail(web, at)
    delete_component(component=api, actor=operator, at=at + MINUTE)
    publish_due_drafts(at=at + 5 * MINUTE)
    assert automatic().name == "Major outage in Web"


def test_the_words_of_a_person_stay_as_parts_recover(api, web, operator, at):
    fail(api, at)
    fail(web, at)
    rewrite_draft(
        incident=automatic(),
        name="Power cut",
        body="Our words.",
        statuses={api: Status.MAJOR, web: Status.MAJOR},
        actor=operator,
        at=at + MINUTE,
    )
    recover(web, at + 2 * MINUTE)
    publish_due_drafts(at=at + 5 * MINUTE)
    incident = automatic()
    assert (incident.name, texts(incident)) == ("Power cut", ["Our words."])
    assert status_of(web) is Status.OPERATIONAL


def test_a_draft_that_a_person_made_about_the_whole_page_publishes_itself(api, operator, at):
    fail(api, at)
    rewrite_draft(
        incident=automatic(),
        name="Everything",
        body="",
        statuses={},
        actor=operator,
        at=at + MINUTE,
    )
    assert publish_due_drafts(at=at + 5 * MINUTE) == 1
