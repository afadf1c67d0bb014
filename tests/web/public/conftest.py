"""What the tests of the intervals' door share: a component with a day of trouble, read at noon."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.actor import SYSTEM
from pages import actions, gaps
from pages.models import Component, Page
from pages.sources import CHECKS
from pages.status import Status
from pages.versions import changing
from tests.pages.timeline import new_component, say

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "/api/status-pages/acme/intervals.json"
CSV = "/api/status-pages/acme/intervals.csv"


@pytest.fixture
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def api(page: Page, at_noon: None) -> Component:
    """The worked example of docs/uptime.md."""
    midnight = NOON - 12 * HOUR
    component = new_component(page, at=midnight)
    down, partial = (
        midnight + 6 * HOUR + timedelta(seconds=0.25),
        midnight + 6 * HOUR + timedelta(minutes=10, seconds=0.5),
    )
    say(component, CHECKS, Status.MAJOR, down)
    say(component, CHECKS, Status.PARTIAL, partial)
    say(component, CHECKS, None, midnight + 7 * HOUR + timedelta(seconds=0.5))
    with changing(page.pk):
        gaps.open_gap(component=component, since=midnight + 9 * HOUR, reason="not_checked")
        gaps.close_gap(component=component, until=midnight + 10 * HOUR)
    actions.reclassify(
        component=component,
        since=midnight + 6 * HOUR + timedelta(minutes=5),
        until=midnight + 6 * HOUR + timedelta(minutes=20),
        kind="checker_fault",
        reason="The probe's network was down.",
        actor=SYSTEM,
        at=NOON,
    )
    return component


def ask(client: Client, url: str = URL, **query: object) -> dict:
    answer = client.get(url, query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)
