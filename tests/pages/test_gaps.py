"""Time in which nothing was known of a component."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from pages import days, gaps
from pages.models import Component, DayMetric, ObservationGap, Page
from pages.versions import changing
from tests.pages.timeline import T0, minute, new_component


@pytest.fixture
def api(page: Page) -> Component:
    return new_component(page)


def opened(api: Component, since) -> ObservationGap:
    with changing(api.page_id):
        return gaps.open_gap(component=api, since=since, reason="nothing ran")


def closed(api: Component, until) -> ObservationGap | None:
    with changing(api.page_id):
        return gaps.close_gap(component=api, until=until)


def test_a_gap_is_opened_once_and_closed_once(api) -> None:
    first = opened(api, minute(1))
    assert opened(api, minute(2)) == first
    assert closed(api, minute(5)).until == minute(5)
    assert closed(api, minute(6)) is None
    (kept,) = api.gaps.all()
    assert (kept.since, kept.until, kept.reason) == (minute(1), minute(5), "nothing ran")


def test_a_gap_begins_after_the_last_one_and_after_the_component(api) -> None:
    assert opened(api, T0 - timedelta(days=1)).since == T0
    closed(api, minute(5))
    assert opened(api, minute(3)).since == minute(5)


def test_a_gap_that_would_be_empty_never_was(api) -> None:
    opened(api, minute(5))
    closed(api, minute(4))
    assert not api.gaps.exists()


def test_the_database_refuses_overlapping_gaps(api) -> None:
    opened(api, minute(5))
    with pytest.raises(IntegrityError), transaction.atomic():
        ObservationGap.objects.create(component=api, since=minute(9), reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        ObservationGap.objects.create(component=api, since=minute(1), until=minute(6), reason="x")


def test_gaps_need_the_lock_of_the_page(api) -> None:
    with pytest.raises(RuntimeError, match="locked"):
        gaps.open_gap(component=api, since=minute(1), reason="x")
    with pytest.raises(RuntimeError, match="locked"):
        gaps.close_gap(component=api, until=minute(1))


def test_a_gap_found_after_midnight_reaches_the_finished_day(api) -> None:
    days.fold_finished_days(at=T0 + timedelta(days=1))
    opened(api, minute(60))
    row = DayMetric.objects.get(component=api)
    assert row.unobserved_seconds == 12 * 3600 + 11 * 3600
    closed(api, minute(120))
    for row in DayMetric.objects.filter(page=api.page_id):
        assert row.unobserved_seconds == 12 * 3600 + 3600
