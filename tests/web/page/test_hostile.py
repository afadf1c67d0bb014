"""What people type and what stands broken in the database never breaks the page around it."""

import json
import re

import pytest
from django.utils.timezone import now

from accounts.actor import SYSTEM
from incidents.actions import open_incident
from incidents.models import Incident, Postmortem
from pages.models import Component, Page
from pages.status import Status
from tests.factories import (
    ComponentFactory,
    IncidentFactory,
    IncidentUpdateFactory,
    MaintenanceFactory,
)
from web.page.documents import Address, build

MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
TURN = "\u202egnp.exe\u202c\u2066\u2069"


def html(kind: str = "page", argument: str = "") -> str:
    document = build(Address("acme", kind, argument), at=now())
    assert document is not None
    return document.body.decode()


def incident_with(page: Page, component: Component, text: str) -> Incident:
    return open_incident(
        page=page,
        name=text[:255],
        body=text,
        statuses={component: Status.MAJOR},
        actor=SYSTEM,
        at=now(),
    )


def test_markup_in_names_and_bodies_stays_text(page: Page, component: Component) -> None:
    Page.objects.update(name=MARKUP)
    Component.objects.update(name=MARKUP, description=MARKUP)
    incident = incident_with(page, component, MARKUP)

    for shown in (html(), html("incident", str(incident.id))):
        assert "<script>alert" not in shown
        assert "<img" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
        assert not re.search(r"<[^>]*\sonerror", shown)


def test_markup_in_maintenances_and_postmortems_stays_text(page: Page) -> None:
    past = IncidentFactory(page=page, name=MARKUP, status="resolved", resolved_at=now())
    Postmortem.objects.create(incident=past, body=MARKUP, published_at=now())
    planned = MaintenanceFactory(page=page, name=MARKUP)
    for row in (past, planned):
        IncidentUpdateFactory(incident=row, body=MARKUP)

    for shown in (html(), html("history"), *(html("incident", str(i.id)) for i in (past, planned))):
        assert "&lt;script&gt;" in shown
        assert "<script>alert" not in shown
        assert "<img" not in shown
        assert not re.search(r"<[^>]*\sonerror", shown)


def test_names_cannot_turn_a_calendar(page: Page) -> None:
    IncidentUpdateFactory(incident=MaintenanceFactory(page=page, name=f"invoice{TURN}"))

    calendar = html("calendar")
    assert "invoice" in calendar
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", calendar)


@pytest.mark.parametrize(
    "link", ["[x](javascript:alert(1))", "[x](data:text/html,1)", "<javascript:alert(1)>"]
)
def test_links_lead_nowhere_dangerous(page: Page, component: Component, link: str) -> None:
    incident_with(page, component, link)

    assert not re.search(r'href="(?:javascript|data:text)', html())


def test_names_cannot_turn_the_text_around_them(page: Page, component: Component) -> None:
    Component.objects.update(name=f"invoice{TURN}", status=Status.MAJOR)

    shown = html()

    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)
    assert "<h1>Major outage in invoicegnp.exe</h1>" in shown


def test_very_long_words_are_kept_whole(page: Page, component: Component) -> None:
    Component.objects.update(name="w" * 250)

    assert "w" * 250 in html()


def test_an_unknown_zone_is_utc(page: Page, component: Component) -> None:
    Page.objects.update(timezone="Mars/Olympus")

    assert "Times in UTC." in html()


def test_an_unknown_status_is_no_data_for_its_component_only(
    page: Page, component: Component
) -> None:
    ComponentFactory(page=page, name="Healthy")
    Component.objects.filter(id=component.id).update(status="on_fire")

    shown = html()

    assert "No data" in shown
    assert "<h1>All systems are operational</h1>" in shown
    assert "1 of 2 systems are operational." in shown


def test_unknown_words_of_an_incident_leave_it_open_and_the_page_standing(
    page: Page, component: Component
) -> None:
    incident = incident_with(page, component, "Down")
    Incident.objects.update(impact="dire")
    incident.updates.update(status="panic")
    incident.affected.update(status="melted")

    assert "Down" in html()
    assert "Investigating" in html("incident", str(incident.id))
    assert json.loads(html("summary.json"))["incidents"][0]["impact"] == "none"
