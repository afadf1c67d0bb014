"""Incidents: list, detail, opening one, and drafts."""

from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.models import Component, Page
from pages.status import Status
from tests.factories import ComponentFactory, IncidentFactory
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import plan

NEW = {"name": "Cards are declined", "status": "investigating", "body": "We look.", "notify": "on"}


def test_the_list_shows_what_waits_what_is_open_and_what_is_over(
    desk: Client, page: Page, incident: Incident, draft: Incident
) -> None:
    IncidentFactory(page=page, name="Last week", status=IncidentStatus.RESOLVED)

    html = desk.get(address("incidents", page)).content.decode()

    for text in ("Payments fail", "Major outage in Website", "Last week", "Publish and tell"):
        assert text in html


def test_the_detail_tells_the_whole_story(desk: Client, page: Page, incident: Incident) -> None:
    html = desk.get(address("incident", page, incident)).content.decode()

    assert "We look into <strong>it</strong>." in html
    assert "Website: Major outage" in html


def test_a_draft_whose_checks_recovered_asks_to_be_published_or_dismissed(
    desk: Client, page: Page, draft: Incident
) -> None:
    Incident.objects.filter(pk=draft.pk).update(resolve_proposed_at=now())

    html = desk.get(address("incident", page, draft)).content.decode()

    assert "It waits until you publish or dismiss it." in html
    assert address("incident_resolve", page, draft) not in html


def test_markup_in_texts_stays_text(desk: Client, page: Page) -> None:
    found = IncidentFactory(page=page, name="<script>alert(1)</script>")

    html = desk.get(address("incident", page, found)).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_an_incident_opens_with_its_systems(desk: Client, page: Page, component: Component) -> None:
    untouched = ComponentFactory(page=page)
    url = address("incident_new", page)
    assert desk.get(url).status_code == 200

    answer = desk.post(url, {**NEW, f"system-{component.id}": "partial_outage"})

    incident = Incident.objects.get()
    assert answer.headers["Location"] == address("incident", page, incident)
    assert list(incident.affected.values_list("component", "status")) == [
        (component.id, Status.PARTIAL)
    ]
    untouched.refresh_from_db()
    assert untouched.status == Status.OPERATIONAL


def test_a_component_of_another_page_is_not_touched(desk: Client, page: Page) -> None:
    foreign = ComponentFactory()

    desk.post(address("incident_new", page), {**NEW, f"system-{foreign.id}": "major_outage"})

    foreign.refresh_from_db()
    assert foreign.status == Status.OPERATIONAL
    assert not Incident.objects.get().affected.exists()


def test_the_preview_says_how_it_looks_and_who_is_told(
    desk: Client, page: Page, component: Component
) -> None:
    other = ComponentFactory(page=page)
    make_subscriber(page, "all@example.com")
    make_subscriber(page, "one@example.com", component)
    make_subscriber(page, "other@example.com", other)
    make_subscriber(page, "pending@example.com", verified=False)

    answer = desk.post(
        address("incident_new_preview", page),
        {
            "body": "**Soon**",
            "status": "identified",
            "notify": "on",
            f"system-{component.id}": "major_outage",
        },
        headers={"HX-Request": "true"},
    )

    html = answer.content.decode()
    assert "<strong>Soon</strong>" in html
    assert "Will notify 2 by email." in html
    assert "Post incident to 2" in html
    assert "1 who follows only other systems" in html
    assert not Incident.objects.exists()


def test_a_page_that_is_not_published_tells_nobody(desk: Client, page: Page) -> None:
    Page.objects.update(status=Page.State.DRAFT)
    make_subscriber(page, "a@example.com")

    html = desk.get(address("incident_new", page)).content.decode()

    assert "the page is not published" in html


def test_a_draft_is_published_by_one_click(desk: Client, page: Page, draft: Incident) -> None:
    desk.post(address("draft_publish", page, draft))

    draft.refresh_from_db()
    assert draft.status == IncidentStatus.INVESTIGATING


def test_a_draft_is_dismissed_after_a_question(desk: Client, page: Page, draft: Incident) -> None:
    url = address("draft_dismiss", page, draft)
    assert "Dismiss this draft?" in desk.get(url).content.decode()

    desk.post(url)

    draft.refresh_from_db()
    assert draft.dismissed_at


def test_a_draft_that_somebody_decided_meanwhile_says_so(
    desk: Client, page: Page, draft: Incident
) -> None:
    desk.post(address("draft_publish", page, draft))

    answer = desk.post(address("draft_publish", page, draft), follow=True)

    assert "published or dismissed meanwhile" in answer.content.decode()


def test_the_alarm_strip_is_on_every_screen(desk: Client, page: Page, incident: Incident) -> None:
    for name in ("overview", "components", "subscribers", "settings"):
        html = desk.get(address(name, page)).content.decode()
        assert 'class="alarm"' in html
        assert address("update_new", page, incident) in html


def test_a_waiting_draft_raises_the_alarm_before_open_incidents(
    desk: Client, page: Page, incident: Incident, draft: Incident
) -> None:
    html = desk.get(address("pages")).content.decode()

    assert "waiting for you" in html
    assert "And 1 more" in html


def test_when_all_is_well_there_is_no_alarm(desk: Client, page: Page) -> None:
    assert 'class="alarm"' not in desk.get(address("pages")).content.decode()


def test_maintenances_are_not_incidents(
    desk: Client, page: Page, component: Component, operator: Actor
) -> None:
    maintenance = plan(page, operator, component, name="Database upgrade")

    assert "Database upgrade" not in desk.get(address("incidents", page)).content.decode()
    for name in ("incident", "update_new", "incident_settings", "draft_edit"):
        assert desk.get(address(name, page, maintenance)).status_code == 404


def test_what_is_old_lies_in_the_archive(desk: Client, page: Page) -> None:
    over = {"page": page, "status": IncidentStatus.RESOLVED, "resolved_at": now()}
    IncidentFactory(name="Last week", **over)
    IncidentFactory(name="Long ago", archived_at=now(), **over)
    url = address("incidents", page)

    recent, archive = desk.get(url), desk.get(url, {"show": "archive"})

    assert "Last week" in recent.content.decode()
    assert "Long ago" not in recent.content.decode()
    assert "Long ago" in archive.content.decode()
    assert "Last week" not in archive.content.decode()
