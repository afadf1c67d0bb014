"""The Maintenance tab: what runs, what is planned, what recurs, what is over."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import cancel_maintenance, finish_early
from pages.models import Component, Page
from tests.factories import ComponentFactory
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import plan, running, series_of


def shown(client: Client, page: Page, **query: object) -> str:
    answer = client.get(address("maintenances", page), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_an_empty_list_says_why_and_offers_the_one_button(desk: Client, page: Page) -> None:
    html = shown(desk, page)

    assert "No maintenance is planned." in html
    assert html.count(address("maintenance_new", page)) == 2


def test_upcoming_says_when_how_soon_whom_it_tells_and_reminds(
    desk: Client, page: Page, component: Component, operator: Actor
) -> None:
    Page.objects.update(timezone="Europe/Berlin")
    make_subscriber(page, "a@example.com")
    make_subscriber(page, "b@example.com", component)
    make_subscriber(page, "c@example.com", ComponentFactory(page=page))
    plan(
        page,
        operator,
        component,
        starts_at=datetime.fromisoformat("2027-07-04T00:00Z"),
        ends_at=datetime.fromisoformat("2027-07-04T02:30Z"),
    )

    html = shown(desk, page)

    assert "Sun 4 Jul" in html
    assert "02:00\N{EN DASH}04:30" in html
    assert "Website" in html
    assert "Tells 2 people." in html
    assert "Reminders go out 3 Jul, 02:00 and 3 Jul, 23:00." in html


def test_how_soon_it_is(desk: Client, page: Page, operator: Actor) -> None:
    plan(page, operator)

    assert "In 1 day 11 h." in shown(desk, page)


@pytest.mark.parametrize("silent", ["deliver_all", "draft"])
def test_what_is_silent_tells_nobody(
    desk: Client, page: Page, operator: Actor, silent: str
) -> None:
    make_subscriber(page, "a@example.com")
    plan(page, operator, deliver_all=silent != "deliver_all")
    if silent == "draft":
        Page.objects.update(status=Page.State.DRAFT)

    assert "Tells nobody." in shown(desk, page)


def test_running_comes_first_with_its_end_and_what_can_be_done(
    desk: Client, page: Page, component: Component, operator: Actor
) -> None:
    waits = plan(page, operator, component, name="Later")
    runs = running(page, operator, component)

    html = shown(desk, page)

    assert html.index("Database upgrade") < html.index("Later")
    assert "Ends at" in html
    for name in ("maintenance_update", "maintenance_extend", "maintenance_finish"):
        assert address(name, page, runs) in html
        assert address(name, page, waits) not in html


def test_a_series_is_one_row_and_its_next_occurrence(
    desk: Client, page: Page, operator: Actor
) -> None:
    series = series_of(page, operator, rule="FREQ=DAILY")

    html = shown(desk, page)

    assert series.occurrences.count() > 30
    assert html.count(f'{address("series", page, series)}"') == 2
    assert html.count("/maintenance/") == 2  # the row, and the button of the page
    assert "Every day from 02:00 to 03:00 (UTC)" in html


def test_the_past_is_told_with_its_outcome_and_in_screens(
    desk: Client, page: Page, operator: Actor
) -> None:
    at = now()
    for number in range(21):
        one = plan(page, operator, name=f"Old {number}", at=at + timedelta(minutes=number))
        cancel_maintenance(maintenance=one, body="", actor=operator, at=now())
    finish_early(maintenance=running(page, operator), body="", actor=operator, at=now())

    html = shown(desk, page)

    assert "Cancelled" in html
    assert "1\N{EN DASH}20 of 22" in html
    assert "21\N{EN DASH}22 of 22" in shown(desk, page, screen=2)


def test_many_upcoming_ones_come_in_screens(desk: Client, page: Page, operator: Actor) -> None:
    for number in range(21):
        plan(page, operator, name=f"Work {number}", starts_at=now() + timedelta(hours=number + 1))

    assert "1\N{EN DASH}20 of 21" in shown(desk, page)
    assert "Work 20" in shown(desk, page, ahead=2)


def test_a_viewer_sees_all_and_can_do_nothing(
    desk_of_viewer: Client, page: Page, operator: Actor
) -> None:
    runs = running(page, operator)

    html = shown(desk_of_viewer, page)

    assert "Database upgrade" in html
    for name in ("maintenance_extend", "maintenance_finish", "maintenance_update"):
        assert address(name, page, runs) not in html
    assert address("maintenance_new", page) not in html


def test_the_overview_names_what_runs_else_what_comes_next(
    desk: Client, page: Page, operator: Actor
) -> None:
    url = address("overview", page)
    assert address("maintenances", page) + '">All' not in desk.get(url).content.decode()
    plan(page, operator, name="Later")
    planned = desk.get(url).content.decode()
    running(page, operator, name="Now")
    runs = desk.get(url).content.decode()

    assert "<h2>Next</h2>" in planned
    assert "Later" in planned
    assert "<h2>Running</h2>" in runs
    assert "Later" not in runs.split("<h2>Running</h2>")[1].split("</section>")[0]
