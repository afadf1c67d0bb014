"""A source's whole say replaced at once: late, early, shorter, gone."""

from datetime import datetime

import pytest

from accounts.actor import SYSTEM
from pages import claims, days, sources
from pages.claims import Stated
from pages.models import Component, Page
from pages.status import Status
from pages.versions import changing
from tests.pages.timeline import assert_whole, minute, new_component, say, statuses

pytestmark = pytest.mark.django_db
SOURCE = "incident:1"


@pytest.fixture
def component(page: Page) -> Component:
    return new_component(page)


def span(status: Status, start: float, end: float | None = None) -> Stated:
    return Stated(status, minute(start), None if end is None else minute(end))


def restate(component: Component, *spans: Stated) -> list[claims.Change]:
    with changing(component.page_id):
        return claims.restate({(component, SOURCE): spans}, actor="test")


def test_says_exactly_the_spans(component):
    restate(component, span(Status.MAJOR, 10, 20), span(Status.DEGRADED, 20, 30))
    assert statuses(component) == [
        (0, Status.OPERATIONAL),
        (10, Status.MAJOR),
        (20, Status.DEGRADED),
        (30, Status.OPERATIONAL),
    ]
    assert_whole(component)


def test_what_is_no_longer_said_leaves_no_interval_but_its_row(component):
    restate(component, span(Status.MAJOR, 10, 20))
    restate(component)
    assert statuses(component) == [(0, Status.OPERATIONAL)]
    voided = component.claims.get()
    assert voided.since == voided.ended_at == minute(10)


def test_a_live_claim_gets_its_end_and_loses_it_again(component):
    restate(component, span(Status.MAJOR, 10))
    restate(component, span(Status.MAJOR, 10, 20))
    assert statuses(component)[-1] == (20, Status.OPERATIONAL)
    restate(component, span(Status.MAJOR, 10))
    assert statuses(component)[-1] == (10, Status.MAJOR)
    assert component.claims.count() == 1


def test_an_earlier_claim_lives_again_when_the_later_one_goes(component):
    restate(component, span(Status.MAJOR, 10, 20), span(Status.DEGRADED, 20))
    restate(component, span(Status.MAJOR, 10))
    assert statuses(component) == [(0, Status.OPERATIONAL), (10, Status.MAJOR)]
    assert_whole(component)


def test_other_sources_are_left_alone(component):
    say(component, sources.CHECKS, Status.PARTIAL, minute(5))
    restate(component, span(Status.MAJOR, 10, 20))
    assert statuses(component)[1:] == [
        (5, Status.PARTIAL),
        (10, Status.MAJOR),
        (20, Status.PARTIAL),
    ]


def test_nothing_is_said_of_the_time_before_the_component(component):
    restate(component, span(Status.MAJOR, -20, -10), span(Status.PARTIAL, -5, 10))
    assert statuses(component) == [(0, Status.PARTIAL), (10, Status.OPERATIONAL)]


def test_returns_what_changed_of_the_present(component):
    assert restate(component, span(Status.MAJOR, 10, 20)) == []
    (change,) = restate(component, span(Status.MAJOR, 10, 20), span(Status.PARTIAL, 30))
    assert (change.old, change.new) == (Status.OPERATIONAL, Status.PARTIAL)
    component.refresh_from_db()
    assert component.status == Status.PARTIAL


def test_the_same_again_changes_nothing(component):
    restate(component, span(Status.MAJOR, 10, 20))
    rows = set(component.intervals.values_list("pk", flat=True))
    restate(component, span(Status.MAJOR, 10, 20))
    assert set(component.intervals.values_list("pk", flat=True)) == rows


def test_finished_days_are_folded_again(page):
    component = new_component(page, at=datetime.fromisoformat("2026-02-20T12:00:00+00:00"))
    days.fold_finished_days(at=minute(60 * 24))
    assert days_of(component, "major_seconds") == 0
    restate(component, span(Status.MAJOR, -3000, -2990))
    assert days_of(component, "major_seconds") == 600


def days_of(component: Component, column: str) -> int:
    return sum(component.days.values_list(column, flat=True))


def test_needs_the_lock(component):
    with pytest.raises(RuntimeError, match="must be locked"):
        claims.restate({(component, SOURCE): ()}, actor=SYSTEM.label)
