"""A visitor in another zone, and nobody locked out of what the public page shows."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import now
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from incidents.models import Incident, Postmortem
from pages.models import Component, Page
from tests.browser.conftest import OpenTab
from tests.browser.test_axe import check
from tests.factories import IncidentFactory, IncidentUpdateFactory, MaintenanceFactory

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


@pytest.fixture
def maintenance(page: Page, component: Component) -> Incident:
    """In four days from 22:30 to 00:30 in Berlin, which is an afternoon in New York."""
    Page.objects.update(timezone="Europe/Berlin", created_at=now() - timedelta(days=100))
    starts = datetime.combine(now().date() + timedelta(days=4), time(22, 30), BERLIN)
    row = MaintenanceFactory(
        page=page, scheduled_for=starts, scheduled_until=starts + timedelta(hours=2)
    )
    IncidentUpdateFactory(incident=row)
    return row


@pytest.fixture
def new_york(browser: Browser, live_server: LiveServer) -> Iterator[Tab]:
    context = browser.new_context(base_url=live_server.url, timezone_id=NEW_YORK.key)
    yield context.new_page()
    context.close()


def test_a_span_is_told_in_the_visitors_zone_and_in_the_pages(
    new_york: Tab, maintenance: Incident
) -> None:
    new_york.goto("/status/acme")
    section = new_york.locator("#maintenances")

    starts, ends = (
        moment.astimezone(NEW_YORK)
        for moment in (maintenance.scheduled_for, maintenance.scheduled_until)
    )
    expect(section).to_contain_text(f"{starts:%H:%M}\u2013{ends:%H:%M}")
    expect(section.locator(".own")).to_be_visible()
    expect(section.locator(".own")).to_contain_text("Europe/Berlin")

    new_york.get_by_role("button", name="Show Europe/Berlin").click()
    expect(section).to_contain_text("22:30\u2013")
    expect(section).to_contain_text("00:30")
    expect(section.locator(".own")).to_be_hidden()


def test_without_script_times_are_the_pages(open_tab: OpenTab, maintenance: Incident) -> None:
    tab = open_tab(script=False)
    tab.goto("/status/acme")

    expect(tab.locator("#maintenances")).to_contain_text("22:30\u2013")
    expect(tab.locator(".own")).to_be_hidden()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("phone", "light")])
def test_axe_finds_nothing_in_history_maintenance_and_postmortem(
    open_tab: OpenTab, page: Page, maintenance: Incident, size: str, scheme: str
) -> None:
    at = now()
    past = IncidentFactory(
        page=page, status="resolved", started_at=at - timedelta(hours=3), resolved_at=at
    )
    IncidentUpdateFactory(incident=past, edited_at=at)
    Postmortem.objects.create(incident=past, body="# Why\n\nA certificate.", published_at=at)
    old = IncidentFactory(
        page=page,
        status="resolved",
        started_at=at - timedelta(days=90),
        resolved_at=at - timedelta(days=90),
        archived_at=at,
    )
    IncidentUpdateFactory(incident=old)
    open_one = IncidentFactory(page=page, next_update_by=at - timedelta(minutes=1))
    IncidentUpdateFactory(incident=open_one)

    tab = open_tab(size, scheme)
    for path in (
        *("", "/history", "/history/maintenance", "/history/archive"),
        f"/history/archive/{old.started_at:%Y-%m}",
        *(f"/incidents/{row.id}" for row in (maintenance, past, open_one)),
    ):
        check(tab, f"/status/acme{path}")
