"""Posting updates: one screen, one click, and never over somebody else's words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import post_update
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.models import Component, Page
from pages.status import Status
from tests.factories import ComponentFactory
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address


def form_of(incident: Incident, **values: str) -> dict[str, str]:
    return {
        "status": "identified",
        "body": "Found it.",
        "notify": "on",
        "seen": incident.updated_at.isoformat(),
        **{f"system-{row.component_id}": row.status for row in incident.affected.all()},
        **values,
    }


def test_an_update_moves_the_incident_and_its_systems(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    answer = desk.post(
        address("update_new", page, incident),
        form_of(incident, **{f"system-{component.id}": "degraded_performance"}),
    )

    assert answer.status_code == 302
    incident.refresh_from_db()
    component.refresh_from_db()
    assert incident.status == IncidentStatus.IDENTIFIED
    assert component.status == Status.DEGRADED


def test_a_system_can_join_later(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    late = ComponentFactory(page=page)

    desk.post(
        address("update_new", page, incident),
        form_of(
            incident,
            **{f"system-{component.id}": "major_outage", f"system-{late.id}": "partial_outage"},
        ),
    )

    late.refresh_from_db()
    assert late.status == Status.PARTIAL


def test_resolving_ends_what_the_incident_said(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    desk.post(
        address("update_new", page, incident),
        form_of(incident, status="resolved", **{f"system-{component.id}": "major_outage"}),
    )

    incident.refresh_from_db()
    component.refresh_from_db()
    assert incident.status == IncidentStatus.RESOLVED
    assert component.status == Status.OPERATIONAL


def test_a_stale_form_is_answered_with_both_texts(
    desk: Client, page: Page, component: Component, incident: Incident, operator: Actor
) -> None:
    stale = form_of(incident, **{f"system-{component.id}": "major_outage"})
    post_update(
        incident=incident,
        status=IncidentStatus.MONITORING,
        body="Theirs.",
        actor=operator,
        at=now() + timedelta(seconds=1),
    )

    answer = desk.post(address("update_new", page, incident), stale)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Found it." in html
    assert "Theirs." in html
    assert incident.updates.count() == 2

    again = stale | {"seen": answer.context["seen"]}
    assert desk.post(address("update_new", page, incident), again).status_code == 302


def test_a_form_without_its_moment_counts_as_stale(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    form = form_of(incident, **{f"system-{component.id}": "major_outage"})
    del form["seen"]

    assert desk.post(address("update_new", page, incident), form).status_code == 409


def test_a_wrong_form_stays_as_stale_as_it_was(
    desk: Client, page: Page, incident: Incident
) -> None:
    answer = desk.post(
        address("update_new", page, incident), form_of(incident, status="", seen="then")
    )

    assert answer.status_code == 422
    assert answer.context["seen"] == "then"


def test_an_update_of_what_was_resolved_meanwhile_is_stale(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    url = address("update_new", page, incident)
    form = form_of(incident, **{f"system-{component.id}": "operational"})
    desk.post(url, form | {"status": "resolved"})

    answer = desk.post(url, form)

    assert answer.status_code == 409
    assert "Your update reopens it." in answer.content.decode()
    assert incident.updates.count() == 2


def test_a_resolved_incident_can_be_reopened_as_it_was(
    desk: Client, page: Page, component: Component, incident: Incident, operator: Actor
) -> None:
    post_update(
        incident=incident,
        status=IncidentStatus.RESOLVED,
        body="Over.",
        actor=operator,
        at=now(),
    )
    incident.refresh_from_db()
    url = address("update_new", page, incident)

    form = desk.get(url).context["form"]
    values = form_of(
        incident,
        status=form["status"].value(),
        reopen="1",
        **{f"system-{component.id}": form[f"system-{component.id}"].value()},
    )
    assert desk.post(url, values).status_code == 302

    incident.refresh_from_db()
    component.refresh_from_db()
    assert incident.status == IncidentStatus.INVESTIGATING
    assert component.status == Status.MAJOR


def test_an_update_can_wait_for_its_time(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    page.timezone = "Asia/Tokyo"
    page.save()
    tomorrow = (now() + timedelta(days=1)).replace(second=0, microsecond=0)
    wall = tomorrow.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%Y-%m-%dT%H:%M")

    answer = desk.post(
        address("update_new", page, incident),
        form_of(incident, display_at=wall, **{f"system-{component.id}": "major_outage"}),
        follow=True,
    )

    html = answer.content.decode()
    waiting = incident.updates.waiting().get()
    assert waiting.display_at == tomorrow
    assert f"Appears at {wall[11:]}" in html
    url = address("update_delete", page, incident, waiting)
    assert "Deleted." in desk.post(url, follow=True).content.decode()
    assert incident.updates.count() == 1


def test_a_promise_at_a_time_of_ones_own(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    by = (now() + timedelta(hours=5)).replace(second=0, microsecond=0)
    known = {f"system-{component.id}": "major_outage"}
    url = address("update_new", page, incident)

    refused = desk.post(url, form_of(incident, next_update_by="other", **known))
    assert refused.status_code == 422
    assert "Say when the next update comes." in refused.content.decode()

    desk.post(
        url,
        form_of(
            incident,
            next_update_by="other",
            next_update_at=by.strftime("%Y-%m-%dT%H:%M"),
            **known,
        ),
    )
    incident.refresh_from_db()
    assert incident.next_update_by == by


def test_a_promise_that_has_passed_is_refused_at_its_field(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    late = (now() - timedelta(minutes=1)).isoformat()

    answer = desk.post(
        address("update_new", page, incident),
        form_of(incident, next_update_by=late, **{f"system-{component.id}": "major_outage"}),
    )

    assert answer.status_code == 422
    assert "next_update_by" in answer.context["form"].errors


def test_a_draft_must_be_published_first(desk: Client, page: Page, draft: Incident) -> None:
    answer = desk.get(address("update_new", page, draft), follow=True)

    assert "Publish the draft before" in answer.content.decode()


def test_the_button_says_how_many_are_told(desk: Client, page: Page, incident: Incident) -> None:
    make_subscriber(page, "a@example.com")

    assert "Post update to 1" in desk.get(address("update_new", page, incident)).content.decode()


def test_news_of_a_deleted_system_counts_only_those_who_follow_everything(
    desk: Client, page: Page, incident: Incident, component: Component
) -> None:
    make_subscriber(page, "all@example.com")
    make_subscriber(page, "other@example.com", ComponentFactory(page=page))
    component.delete()

    html = desk.get(address("update_new", page, incident)).content.decode()

    assert "Post update to 1" in html


def test_the_preview_posts_nothing(desk: Client, page: Page, incident: Incident) -> None:
    answer = desk.post(
        address("update_preview", page, incident), form_of(incident, body="- **now**")
    )

    assert "<strong>now</strong>" in answer.content.decode()
    assert incident.updates.count() == 1
