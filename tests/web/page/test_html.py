"""What visitors read."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils.timezone import now

from accounts.actor import SYSTEM
from incidents.actions import open_incident, post_update
from incidents.lifecycle import Impact, IncidentStatus
from incidents.models import Incident
from pages.models import Component, Page
from pages.status import Status
from tests.factories import ComponentFactory, ComponentGroupFactory, MonitorFactory
from web.page.documents import Address, build


def html(kind: str = "page", argument: str = "") -> str:
    document = build(Address("acme", kind, argument), at=now())
    assert document is not None
    return document.body.decode()


def words(text: str) -> str:
    """What is read, without markup."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            found.append(data)

    Reader().feed(text)
    return re.sub(r"\s+", " ", " ".join(found))


def trouble(
    page: Page, component: Component, name: str = "Cards declined", **more: Impact
) -> Incident:
    return open_incident(
        page=page,
        name=name,
        body="We **look** for the cause.",
        statuses={component: Status.PARTIAL},
        actor=SYSTEM,
        at=now() - timedelta(minutes=30),
        **more,
    )


def test_a_calm_page_says_so_in_its_headline_and_title(page: Page, component: Component) -> None:
    shown = html()

    assert "<h1>All systems are operational</h1>" in shown
    assert "<title>All systems are operational · Acme</title>" in shown
    assert "No incident is open." in words(shown)


def test_an_open_incident_comes_first_with_its_timeline(page: Page, component: Component) -> None:
    incident = trouble(page, component)
    post_update(
        incident=incident,
        status=IncidentStatus.IDENTIFIED,
        body="It is the acquirer.",
        actor=SYSTEM,
        at=now() - timedelta(minutes=10),
    )

    shown = html()
    read = words(shown)

    assert "<h1>Partial outage in Website</h1>" in shown
    assert "<strong>look</strong>" in shown
    assert "Website : partial outage" in read
    order = [
        read.index(text)
        for text in ("Cards declined", "It is the acquirer.", "for the cause", "Systems", "Past")
    ]
    assert order == sorted(order)
    assert f'href="/status/acme/incidents/{incident.id}"' in shown


def test_the_worst_open_incident_stands_first(page: Page, component: Component) -> None:
    trouble(page, component, "Bad", impact_override=Impact.CRITICAL)
    trouble(page, ComponentFactory(page=page), "Newer and milder", impact_override=Impact.MINOR)

    read = words(html())

    assert read.index("Bad") < read.index("Newer and milder")


def test_the_board_says_states_in_words(page: Page) -> None:
    group = ComponentGroupFactory(page=page, name="Payments")
    for name, status in (("Cards", Status.MAJOR), ("Transfers", Status.OPERATIONAL)):
        ComponentFactory(page=page, group=group, name=name, status=status)

    read = words(html())

    assert "Payments 1 of 2 affected" in read
    assert "Cards Major outage" in read
    assert "Transfers Operational" in read


def test_groups_are_closed_only_on_big_pages_where_all_is_well(page: Page) -> None:
    calm = ComponentGroupFactory(page=page, name="Calm", position=1)
    bad = ComponentGroupFactory(page=page, name="Bad", position=2)
    for _ in range(13):
        ComponentFactory(page=page, group=calm)
        ComponentFactory(page=page, group=bad)
    Component.objects.filter(group=bad).update(status=Status.DEGRADED)

    shown = html()

    assert re.findall(r'<details id="g\d"( open)?>', shown) == ["", " open"]


def test_groups_and_single_systems_stand_in_their_order(page: Page) -> None:
    ComponentFactory(page=page, name="First", position=1)
    group = ComponentGroupFactory(page=page, name="Middle", position=2)
    ComponentFactory(page=page, name="Inside", group=group)
    ComponentFactory(page=page, name="Last", position=3)
    ComponentGroupFactory(page=page, name="Empty", position=4)

    read = words(html()).split("90 days", 1)[1]

    order = [read.index(name) for name in ("First", "Middle", "Inside", "Last")]
    assert order == sorted(order)
    assert "Empty" not in read


def test_when_it_was_last_verified(page: Page, component: Component) -> None:
    page.timezone = "Europe/Berlin"
    page.save()
    monitor = MonitorFactory(project=page.project, links=[component])
    monitor.verified_at = now() - timedelta(seconds=20)
    monitor.save()

    assert re.search(r"Last verified at \d\d:\d\d:\d\d", words(html()))
    assert "Times in Europe/Berlin." in words(html())


def test_a_page_without_results_for_three_minutes_is_not_verified(
    page: Page, component: Component
) -> None:
    monitor = MonitorFactory(project=page.project, links=[component])
    monitor.verified_at = now() - timedelta(minutes=4)
    monitor.save()

    read = words(html())

    assert re.search(r"Not verified since \d\d:\d\d", read)
    assert "The last state we saw: All systems are operational." in read


def test_a_page_without_monitors_claims_no_verification(page: Page, component: Component) -> None:
    assert "verified" not in words(html())


def test_the_incident_page_tells_the_whole_story(page: Page, component: Component) -> None:
    incident = trouble(page, component)
    post_update(
        incident=incident,
        status=IncidentStatus.RESOLVED,
        body="All is well.",
        actor=SYSTEM,
        at=incident.started_at + timedelta(minutes=27),
    )

    shown = html("incident", str(incident.id))
    read = words(shown)

    assert "<h1><bdi>Cards declined</bdi></h1>" in shown
    assert "<title>Resolved: Cards declined · Acme</title>" in shown
    assert "It lasted 27 minutes." in read
    assert "Impact Partial outage" in read
    assert "Affected Website" in read
    assert read.index("All is well.") < read.index("for the cause")


def test_a_resolved_incident_stands_among_the_past_two_weeks(
    page: Page, component: Component
) -> None:
    incident = trouble(page, component)
    post_update(
        incident=incident,
        status=IncidentStatus.RESOLVED,
        body="All is *well*.\n\nDetails follow.",
        actor=SYSTEM,
        at=incident.started_at + timedelta(minutes=27),
    )

    shown = html()
    read = words(shown)

    assert "<article" not in shown
    assert "Partial outage, 27 min · Website All is well." in read
    assert "Details follow" not in read
    assert "No incidents" in read


@pytest.mark.parametrize("element", ["header", "main", "footer", "h1"])
def test_landmarks_stand_once(page: Page, component: Component, element: str) -> None:
    assert len(re.findall(rf"<{element}[ >]", html())) == 1


def test_ids_are_unique_and_no_style_or_script_is_inline(page: Page) -> None:
    group = ComponentGroupFactory(page=page)
    for _ in range(3):
        trouble(page, ComponentFactory(page=page, group=group))

    shown = html()
    ids = re.findall(r'\sid="([^"]*)"', shown)

    assert len(ids) == len(set(ids))
    assert not re.search(r'<style|\sstyle="|\son\w+="|<script>', shown)


def test_every_link_leads_somewhere(page: Page, component: Component) -> None:
    incident = trouble(page, component)

    links = set(re.findall(r'<a [^>]*href="([^"]*)"', html()))

    assert links == {
        "#main",
        "/status/acme",
        "/status/acme#subscribe",
        f"/status/acme/incidents/{incident.id}",
        "/status/acme/history",
        "/status/acme/maintenance.ics",
        "/status/acme/api/v2/summary.json",
        "http://localhost:8000/docs/uptime",
        "http://localhost:8000/api/status-pages/acme/intervals.json",
        "http://localhost:8000/api/status-pages/acme/intervals.csv",
    }


def test_the_panel_offers_every_system(page: Page, component: Component) -> None:
    shown = html()

    assert 'action="/status/acme/subscribe"' in shown
    assert f'name="component" value="{component.id}"' in shown
