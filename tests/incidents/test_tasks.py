"""Ticks of the timetable, each as a worker runs it: by the clock."""

from datetime import datetime

import pytest
import time_machine

from incidents import tasks
from incidents.actions import set_component_status
from incidents.models import Incident
from pages.models import Page, StatusClaim
from pages.status import Status
from statuspage.timetable import TIMETABLE
from tests.incidents.checks import fail
from tests.incidents.maintenances import HOUR, MINUTE, status_of
from tests.incidents.stories import opened, said

pytestmark = pytest.mark.django_db


def run(name: str, at: datetime) -> None:
    """What the timetable sends; it must know the name."""
    task = next(tick.task for tick in TIMETABLE if tick.task == f"incidents.{name}")
    with time_machine.travel(at, tick=False):
        getattr(tasks, task.removeprefix("incidents.")).apply(throw=True)


def test_drafts_publish_themselves(api, at):
    fail(api, at)
    run("publish_due", at + 5 * MINUTE)
    assert Incident.objects.open().exists()


def test_updates_appear_at_their_time(api, operator, at):
    incident = opened(api, operator, at)
    said(incident, "monitoring", operator, at, display_at=at + HOUR)
    run("show_due", at + HOUR)
    incident.refresh_from_db()
    assert incident.status == "monitoring"


def test_pins_end(api, operator, at):
    set_component_status(
        component=api, status=Status.MAJOR, actor=operator, at=at, pin_until=at + HOUR
    )
    run("expire_pins", at + HOUR)
    assert status_of(api) is Status.OPERATIONAL
    assert not StatusClaim.objects.live().exists()


def test_what_fails_untold_is_told(page, api, operator, at):
    Page.objects.filter(pk=page.pk).update(auto_publish_after=0)
    fail(api, at)
    said(Incident.objects.get(), "resolved", operator, at)
    run("catch_up", at + 11 * MINUTE)
    assert Incident.objects.open().count() == 1
