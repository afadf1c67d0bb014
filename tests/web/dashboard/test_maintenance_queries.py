"""The screens of maintenances cost a fixed number of queries, however many there are."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import cancel_maintenance
from pages.models import Page
from tests.factories import ComponentFactory
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import plan, running, series_of

SCREENS = {
    "maintenances": 0,
    "maintenance_new": 0,
    "overview": 0,
    "maintenance": 1,
    "maintenance_edit": 1,
    "maintenance_move": 1,
    "maintenance_cancel": 1,
    "series": 2,
    "series_edit": 2,
}


def fill(page: Page, actor: Actor, *, times: int) -> None:
    for number in range(times):
        component = ComponentFactory(page=page)
        make_subscriber(page, f"{component.id}@example.com", component)
        plan(page, actor, component, name=f"Planned {component.id}")
        running(page, actor, component, name=f"Running {component.id}")
        series_of(page, actor, component, name=f"Weekly {component.id}")
        off = plan(page, actor, component, name=f"Off {component.id}")
        cancel_maintenance(
            maintenance=off, body="", actor=actor, at=now() + timedelta(seconds=number)
        )


def test_the_number_of_queries_is_constant(desk: Client, page: Page, operator: Actor) -> None:
    first = plan(page, operator, ComponentFactory(page=page))
    rows = [page, first, series_of(page, operator, ComponentFactory(page=page))]
    counts = []
    for times in (1, 3):
        fill(page, operator, times=times)
        counts.append({name: count(desk, name, rows) for name in SCREENS})

    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 30


def count(desk: Client, name: str, rows: list[object]) -> int:
    page, maintenance, series = rows
    parts = {0: [page], 1: [page, maintenance], 2: [page, series]}[SCREENS[name]]
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address(name, *parts)).status_code == 200
    return len(queries)
