"""Finished days, today, and the 90 days that are shown."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import SYSTEM
from pages import actions, days, gaps
from pages.models import Component, DayMetric, Page
from pages.sources import CHECKS
from pages.status import Status
from pages.uptime import DayTotals, day_bounds
from pages.versions import changing
from tests.factories import PageFactory
from tests.pages.timeline import new_component, say

UP, DEGRADED, MAJOR = Status.OPERATIONAL, Status.DEGRADED, Status.MAJOR
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = 3600


def day(number: int, hour: float = 0) -> datetime:
    """`number` days before today's midnight, plus `hour` hours."""
    return NOON.replace(hour=0) - timedelta(days=number) + timedelta(hours=hour)


def rows(page: Page, component: Component | None) -> dict[date, DayTotals]:
    found = DayMetric.objects.filter(page=page, component=component).order_by("date")
    return {
        row.date: DayTotals(
            row.operational_seconds,
            row.degraded_seconds,
            row.partial_seconds,
            row.major_seconds,
            row.maintenance_seconds,
            row.unobserved_seconds,
        )
        for row in found
    }


@pytest.fixture
def api(page: Page) -> Component:
    return new_component(page, at=day(3, 6))


def test_finished_days_are_folded_once_and_missed_ticks_catch_up(page, api) -> None:
    say(api, CHECKS, MAJOR, day(2, 23))
    say(api, CHECKS, None, day(1, 1))
    assert days.fold_finished_days(at=NOON) == 1
    assert list(rows(page, api).values()) == [
        DayTotals(18 * HOUR, unobserved=6 * HOUR),
        DayTotals(23 * HOUR, major=HOUR),
        DayTotals(23 * HOUR, major=HOUR),
    ]
    assert rows(page, None) == rows(page, api)
    assert days.fold_finished_days(at=NOON) == 0
    assert days.fold_finished_days(at=NOON + timedelta(days=1)) == 1
    assert len(rows(page, api)) == 4


def test_a_day_is_folded_right_after_midnight_in_the_zone_of_its_page(page) -> None:
    Page.objects.filter(pk=page.pk).update(timezone="Asia/Kathmandu")
    api = new_component(page, at=day(1))
    midnight, _ = day_bounds(date(2026, 3, 10), ZoneInfo("Asia/Kathmandu"))
    assert days.fold_finished_days(at=midnight - timedelta(seconds=1)) == 0
    assert days.fold_finished_days(at=midnight) == 1
    assert list(rows(page, api)) == [date(2026, 3, 9)]


def test_a_long_backlog_is_folded_over_several_ticks(page) -> None:
    api = new_component(page, at=day(150))
    assert days.fold_finished_days(at=NOON) == 1
    assert len(rows(page, api)) == 100
    assert days.fold_finished_days(at=NOON) == 1
    assert days.fold_finished_days(at=NOON) == 0
    assert len(rows(page, api)) == 150


def test_a_page_without_components_has_nothing_to_fold(page) -> None:
    assert days.fold_finished_days(at=NOON) == 0


def test_the_past_is_folded_again_when_it_changes(page, api) -> None:
    web = new_component(page, "Web", at=day(3, 6))
    days.fold_finished_days(at=NOON)
    before = rows(page, web)
    say(api, CHECKS, MAJOR, day(2, 12))
    assert [totals.major for totals in rows(page, api).values()] == [0, 12 * HOUR, 24 * HOUR]
    assert [totals.major for totals in rows(page, None).values()] == [0, 12 * HOUR, 24 * HOUR]
    assert [sum(totals) for totals in rows(page, None).values()] == [48 * HOUR] * 3
    assert rows(page, web) == before


def test_a_component_made_in_the_past_joins_the_finished_days(page, api) -> None:
    days.fold_finished_days(at=NOON)
    web = new_component(page, "Web", at=day(1, 12))
    assert rows(page, web) == {date(2026, 3, 9): DayTotals(12 * HOUR, unobserved=12 * HOUR)}
    assert rows(page, None)[date(2026, 3, 9)] == DayTotals(36 * HOUR, unobserved=12 * HOUR)


def test_a_deleted_component_leaves_the_sums(page, api) -> None:
    web = new_component(page, "Web", at=day(3, 6))
    say(web, CHECKS, MAJOR, day(2))
    days.fold_finished_days(at=NOON)
    actions.delete_component(component=web, actor=SYSTEM, at=NOON)
    assert rows(page, None) == rows(page, api)
    actions.delete_component(component=api, actor=SYSTEM, at=NOON)
    assert not DayMetric.objects.exists()


def test_another_zone_folds_all_days_again(page, api) -> None:
    say(api, CHECKS, MAJOR, day(1, 2))
    say(api, CHECKS, None, day(1, 4))
    days.fold_finished_days(at=NOON)
    changed = actions.update_page(page=page, actor=SYSTEM, at=NOON, timezone="America/New_York")
    assert {when: totals.major for when, totals in rows(page, api).items() if totals.major} == {
        date(2026, 3, 8): 2 * HOUR
    }
    assert sum(rows(page, api)[date(2026, 3, 8)]) == 23 * HOUR
    assert days.ninety_days(changed, at=NOON).dates[-1] == date(2026, 3, 10)
    assert days.fold_finished_days(at=NOON) == 0


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Apia"])
def test_ninety_days_are_the_same_before_and_after_the_tick(page, zone) -> None:
    Page.objects.filter(pk=page.pk).update(timezone=zone)
    page.refresh_from_db()
    api, web = new_component(page, at=day(120)), new_component(page, "Web", at=day(20, 5))
    say(api, CHECKS, MAJOR, day(40, 23))
    say(api, CHECKS, None, day(38, 2))
    say(web, "maintenance:1", Status.MAINTENANCE, day(0, 3))
    with changing(page.pk):
        gaps.open_gap(component=web, since=day(2), reason="nothing ran")
    fresh = days.ninety_days(page, at=NOON)
    days.fold_finished_days(at=day(30))
    assert days.ninety_days(page, at=NOON) == fresh
    days.fold_finished_days(at=NOON)
    days.fold_finished_days(at=NOON)
    assert days.ninety_days(page, at=NOON) == fresh

    assert len(fresh.dates) == 90
    assert fresh.dates[-1] == NOON.astimezone(ZoneInfo(zone)).date()
    for history in (fresh.page, *fresh.components.values()):
        assert len(history.days) == 90
    zone_info = ZoneInfo(zone)
    for number, when in enumerate(fresh.dates[:-1]):
        start, end = day_bounds(when, zone_info)
        assert sum(fresh.components[api.pk].days[number]) == (end - start).total_seconds()


def test_a_day_whose_row_is_lost_has_no_data_and_is_not_green(page, api) -> None:
    days.fold_finished_days(at=NOON)
    DayMetric.objects.get(component=api, date=date(2026, 3, 8)).delete()
    shown = days.ninety_days(page, at=NOON).components[api.pk]
    assert shown.days[-3] == DayTotals(unobserved=24 * HOUR)


def test_today_is_folded_until_now(page, api) -> None:
    say(api, CHECKS, MAJOR, day(0, 9))
    shown = days.ninety_days(page, at=NOON)
    assert shown.components[api.pk].days[-1] == DayTotals(9 * HOUR, major=3 * HOUR)
    assert shown.page.days[-1] == DayTotals(9 * HOUR, major=3 * HOUR)
    midnight = days.ninety_days(page, at=day(0))
    assert midnight.components[api.pk].days[-1] == DayTotals()


def test_a_claim_that_lies_ahead_does_not_count_yet(page, api) -> None:
    say(api, CHECKS, MAJOR, day(0, 13))
    assert days.ninety_days(page, at=NOON).components[api.pk].ratio == 1


def test_a_new_component_has_no_data_before_it_began(page) -> None:
    api = new_component(page, at=NOON)
    shown = days.ninety_days(page, at=NOON)
    assert shown.components[api.pk].ratio is None
    assert {totals.observed for totals in shown.components[api.pk].days} == {0}
    assert shown.components[api.pk].days[0] == DayTotals(unobserved=24 * HOUR)


def test_a_page_without_components_shows_days_without_data(page) -> None:
    shown = days.ninety_days(page, at=NOON)
    assert shown.components == {}
    assert shown.page.ratio is None
    assert len(shown.page.days) == 90


def test_uptime_weighs_as_the_page_says(page, api) -> None:
    say(api, CHECKS, DEGRADED, day(3, 6))
    Page.objects.filter(pk=page.pk).update(degraded_weight=0.25)
    page.refresh_from_db()
    shown = days.ninety_days(page, at=NOON)
    assert shown.components[api.pk].ratio == Decimal("0.75")
    assert shown.page.ratio == Decimal("0.75")


@pytest.mark.parametrize("number", [1, 60])
@pytest.mark.parametrize("folded", [False, True])
def test_reading_takes_six_queries_whatever_the_size(page, number, folded) -> None:
    for each in range(number):
        new_component(page, f"Component {each}", at=day(100))
    if folded:
        days.fold_finished_days(at=NOON)
    with CaptureQueriesContext(connection) as queries:
        days.ninety_days(page, at=NOON)
    assert len(queries) == 6


STEPS = st.lists(
    st.tuples(
        st.sampled_from([CHECKS, "incident:1", "maintenance:1", "gap", "tick"]),
        st.none() | st.sampled_from(Status),
        st.integers(-40, 3),
    ),
    min_size=1,
    max_size=10,
)


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, zone=st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"]))
def test_days_folded_as_things_happen_equal_days_folded_at_the_end(page, steps, zone) -> None:
    """Each step is seven hours after the last and reaches back up to forty."""
    page.components.all().delete()
    page.days.all().delete()
    Page.objects.filter(pk=page.pk).update(timezone=zone)
    api, web = new_component(page, at=day(9)), new_component(page, "Web", at=day(8, 5))
    for number, (kind, status, shift) in enumerate(steps, start=1):
        moment = day(8, 7 * number)
        since = moment + timedelta(hours=shift)
        component = (api, web)[number % 2]
        if kind == "tick":
            days.fold_finished_days(at=moment)
        elif kind == "gap" and status:
            with changing(page.pk):
                gaps.open_gap(component=component, since=since, reason="nothing ran")
        elif kind == "gap":
            with changing(page.pk):
                gaps.close_gap(component=component, until=since)
        else:
            say(component, kind, status, since)
    days.fold_finished_days(at=NOON)
    left = [rows(page, each) for each in (None, api, web)]
    with changing(page.pk) as [locked]:
        days.refold_page(locked, at=NOON)
    assert [rows(page, each) for each in (None, api, web)] == left


def test_a_page_that_fails_does_not_hold_up_the_others(page, api, caplog) -> None:
    """Rows of another writer stand in the way of the first page's."""
    other = PageFactory()
    new_component(other, at=day(1))
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE day_metrics ADD CONSTRAINT broken CHECK (page_id <> %s)", [page.pk]
        )
    assert days.fold_finished_days(at=NOON) == 1
    assert DayMetric.objects.filter(page=other).exists()
    assert str(page.pk) in caplog.text
