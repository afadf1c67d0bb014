"""A shift against a real target: each slot once, nothing left behind, PostgreSQL may go away."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now
from pytest_django import Settings

from monitoring.actions.monitors import TIMEOUT_MS
from monitoring.models import CheckLease, CheckResult, Monitor
from monitoring.shift import run, run_shift
from monitoring.shift.run import SHIFT_S
from pages.models import Component, ObservationGap, Page
from pages.status import Status
from tests.factories import ComponentFactory, MonitorFactory
from tests.faults.http_target import HttpTarget
from tests.monitoring.conftest import held
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def never() -> bool:
    return False


def shift(seconds: float = 0.6, stopped: Callable[[], bool] = never) -> bool:
    return run_shift(stopped=stopped, seconds=seconds)


@pytest.fixture
def component(page: Page) -> Component:
    return ComponentFactory(page=page, created_at=now() - timedelta(days=1))


def results_of(monitor: Monitor) -> list[CheckResult]:
    return list(CheckResult.objects.filter(monitor_id=monitor.pk).order_by("checked_at"))


def test_a_due_monitor_is_checked_and_stored(target: HttpTarget):
    monitor = MonitorFactory(url=target.url())
    assert shift()
    (result,) = results_of(monitor)
    assert (result.verdict, result.status_code) == ("up", 200)
    assert target.asked["ok"] == 1
    monitor.refresh_from_db()
    assert monitor.last_result_at == result.checked_at
    assert not CheckLease.objects.exists()


def test_an_outage_and_its_end_reach_the_page(target: HttpTarget, component: Component):
    monitor = MonitorFactory(url=target.url(), links=[component])
    target.down()
    shift()
    component.refresh_from_db()
    assert component.status == Status.MAJOR
    assert component.claims.get().since == results_of(monitor)[0].checked_at
    target.up()
    Monitor.objects.update(next_check_at=now())
    shift()
    component.refresh_from_db()
    assert component.status == Status.OPERATIONAL
    assert component.claims.get().ended_at == results_of(monitor)[1].checked_at


def test_a_held_place_is_left_to_its_holder(target: HttpTarget):
    MonitorFactory(url=target.url())
    CheckLease.objects.create(
        place=0, holder="00000000-0000-0000-0000-000000000001", until=now() + timedelta(seconds=9)
    )
    assert not shift()
    assert not target.asked


def test_shifts_at_the_same_time_check_each_slot_once(target: HttpTarget, lab: Settings):
    lab.CHECK_PROCESSES = 2
    monitors = [MonitorFactory(url=target.url(f"status/200?{n}")) for n in range(150)]

    def one(_: int) -> bool:
        try:
            return shift(seconds=1.5)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one, range(2))) == [True, True]
    assert target.asked.total() == 150
    checked = Counter(CheckResult.objects.values_list("monitor_id", flat=True))
    assert all(checked[monitor.pk] == 1 for monitor in monitors)


def test_what_hangs_at_the_end_is_due_for_the_next_shift(target: HttpTarget):
    monitor = MonitorFactory(url=target.url("hang"), timeout_ms=1200)
    shift(seconds=0.4)
    assert results_of(monitor) == []
    monitor.refresh_from_db()
    assert monitor.next_check_at <= now()
    shift(seconds=2)
    (result,) = results_of(monitor)
    assert (result.verdict, result.response_ms, result.reason) == ("down", None, "timeout")


def test_the_longest_check_that_one_shift_hands_over_fits_into_the_next(
    target: HttpTarget, monkeypatch: pytest.MonkeyPatch
):
    """Everything 25 times as fast: the check starts late in the first."""
    scale = 1 / 25
    monkeypatch.setattr(run, "DRAIN_S", run.DRAIN_S * scale)
    monitor = MonitorFactory(
        url=target.url("hang"),
        timeout_ms=TIMEOUT_MS[1] * scale,
        next_check_at=now() + timedelta(seconds=SHIFT_S * scale * 0.7),
    )
    shift(seconds=SHIFT_S * scale)
    assert target.asked["hang"] == 1
    assert results_of(monitor) == []
    shift(seconds=SHIFT_S * scale)
    assert [result.reason for result in results_of(monitor)] == ["timeout"]


def test_a_clock_set_back_stops_no_checks(target: HttpTarget, component: Component):
    """As seen after it: all that was written in the hour before lies ahead."""
    ahead = now() + timedelta(hours=1)
    monitor = MonitorFactory(
        url=target.url(),
        links=[component],
        next_check_at=ahead,
        verdict="down",
        streak=3,
        streak_since=ahead - timedelta(minutes=3),
        last_result_at=ahead,
    )
    shift()
    (result,) = results_of(monitor)
    monitor.refresh_from_db()
    assert (monitor.verdict, monitor.last_result_at) == ("up", result.checked_at)
    component.refresh_from_db()
    assert component.status == Status.OPERATIONAL


def test_a_page_that_was_held_follows_within_the_shift(target: HttpTarget, component: Component):
    """Though the monitor is checked but once a day, and others are not held up."""
    target.down()
    monitor = MonitorFactory(url=target.url(), links=[component], interval_s=86_400)
    often = MonitorFactory(url=target.url("status/200"), interval_s=1)

    def release_in_time() -> bool:
        if len(results_of(often)) > 1:
            somebody.close()
        return Component.objects.get().status == Status.MAJOR

    with ExitStack() as somebody:
        somebody.enter_context(held("SELECT FROM pages_page WHERE id = %s FOR UPDATE", component.page_id))  # fmt: skip  # noqa: E501
        shift(seconds=10, stopped=release_in_time)
    component.refresh_from_db()
    assert component.status == Status.MAJOR
    assert component.claims.get().since == results_of(monitor)[0].checked_at


def test_a_page_that_one_shift_could_not_change_follows_in_the_next(
    target: HttpTarget, component: Component
):
    target.down()
    MonitorFactory(url=target.url(), links=[component], interval_s=86_400)
    with held("SELECT FROM pages_page WHERE id = %s FOR UPDATE", component.page_id):
        shift()
    component.refresh_from_db()
    assert component.status == Status.OPERATIONAL
    shift()
    component.refresh_from_db()
    assert component.status == Status.MAJOR


def test_a_result_that_cannot_be_stored_holds_up_no_other(
    target: HttpTarget, caplog: pytest.LogCaptureFixture
):
    refused, *others = [MonitorFactory(url=target.url()) for _ in range(5)]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE check_result ADD CONSTRAINT no CHECK (monitor_id <> '{refused.pk}')")  # fmt: skip  # noqa: E501
        try:
            assert shift()
        finally:
            cursor.execute("ALTER TABLE check_result DROP CONSTRAINT no")
    assert all(len(results_of(monitor)) == 1 for monitor in others)
    assert results_of(refused) == []
    assert caplog.text.count(f"a result of monitor {refused.pk} is dropped") == 1
    assert "PostgreSQL does not answer" not in caplog.text


def test_a_shift_that_is_told_to_stop_ends_at_once(target: HttpTarget):
    MonitorFactory(url=target.url("hang"), timeout_ms=30_000)
    told = threading.Event()
    threading.Timer(0.5, told.set).start()
    began = time.monotonic()
    shift(seconds=30, stopped=told.is_set)
    assert time.monotonic() - began < 2
    assert not CheckLease.objects.exists()


def test_a_shift_that_lost_its_place_ends_without_storing(target: HttpTarget):
    monitor = MonitorFactory(url=target.url("hang"), timeout_ms=600)
    taken = threading.Event()

    def steal() -> bool:
        """Asked at each step: the lease goes to somebody else while a check hangs."""
        if target.asked and not taken.is_set():
            taken.set()
            CheckLease.objects.update(holder="00000000-0000-0000-0000-000000000001")
        return False

    began = time.monotonic()
    shift(seconds=20, stopped=steal)
    assert time.monotonic() - began < 5
    assert results_of(monitor) == []
    monitor.refresh_from_db()
    assert monitor.next_check_at <= now()


def test_after_downtime_the_gap_begins_with_the_last_result(
    target: HttpTarget, component: Component
):
    last = now() - timedelta(hours=3)
    monitor = MonitorFactory(url=target.url(), links=[component], last_result_at=last)
    shift()
    (gap,) = ObservationGap.objects.filter(component=component)
    assert (gap.since, gap.until) == (last, results_of(monitor)[0].checked_at)


def test_lost_connections_to_the_database_are_made_again(target: HttpTarget):
    """As after a restart of PostgreSQL: every connection of the shift dies."""
    monitor = MonitorFactory(url=target.url(), interval_s=1)
    ended: list[bool] = []

    def work() -> None:
        try:
            ended.append(shift(seconds=6))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: results_of(monitor), within=5, what="a first result")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    before = len(results_of(monitor))
    wait_until(lambda: len(results_of(monitor)) > before, within=5, what="a result after it")
    thread.join()
    assert ended == [True]
