"""Results are kept once, in partitions that are made when missing and dropped when old."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from accounts.ids import new_id
from monitoring.models import CheckResult, Monitor
from monitoring.outcome import Phases, Reason, Result
from monitoring.partitions import KEPT_DAYS, drop_days, keep_partitions, make_days
from monitoring.results import store
from monitoring.verdict import Verdict
from tests.factories import MonitorFactory
from tests.monitoring.conftest import bad, good, held

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def monitor() -> Monitor:
    return MonitorFactory()


def days() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", ["check_result"])  # fmt: skip  # noqa: E501
        return {name for (name,) in cursor.fetchall()}


def test_a_good_check_is_kept_with_its_time_and_phases(monitor: Monitor):
    phases = Phases(dns=1, connect=2, tls=3, first_byte=4)
    store([Result(monitor.pk, NOON, status_code=204, response_ms=12, phases=phases)])
    kept = CheckResult.objects.get(monitor_id=monitor.pk)
    assert (kept.checked_at, kept.verdict, kept.status_code) == (NOON, "up", 204)
    assert (kept.response_ms, kept.phases, kept.reason) == (12, [1, 2, 3, 4], "")


def test_a_timeout_is_kept_as_down_without_a_time(monitor: Monitor):
    store([bad(monitor.pk, NOON)])
    kept = CheckResult.objects.get(monitor_id=monitor.pk)
    assert (kept.verdict, kept.response_ms, kept.reason) == ("down", None, "timeout")


def test_the_same_results_again_change_nothing(monitor: Monitor):
    results = [good(monitor.pk, NOON), bad(monitor.pk, NOON + MINUTE)]
    store(results)
    store(results)
    assert CheckResult.objects.filter(monitor_id=monitor.pk).count() == 2
    monitor.refresh_from_db()
    assert (monitor.verdict, monitor.streak) == ("down", 1)


def test_a_batch_extends_the_run_in_order_of_time(monitor: Monitor):
    store([bad(monitor.pk, NOON + minute * MINUTE) for minute in (2, 0, 1)])
    monitor.refresh_from_db()
    assert (monitor.streak, monitor.streak_since) == (3, NOON)
    assert (monitor.last_result_at, monitor.last_error) == (NOON + 2 * MINUTE, Reason.TIMEOUT)


def test_a_late_result_is_kept_but_moves_nothing(monitor: Monitor):
    store([good(monitor.pk, NOON + MINUTE)])
    store([bad(monitor.pk, NOON)])
    assert CheckResult.objects.filter(monitor_id=monitor.pk).count() == 2
    monitor.refresh_from_db()
    assert (monitor.verdict, monitor.last_result_at) == (Verdict.UP, NOON + MINUTE)


def test_only_results_that_say_something_verify(monitor: Monitor):
    store([good(monitor.pk, NOON), bad(monitor.pk, NOON + MINUTE, Reason.BLOCKED)])
    monitor.refresh_from_db()
    assert (monitor.verified_at, monitor.last_result_at) == (NOON, NOON + MINUTE)
    assert monitor.last_words == Reason.BLOCKED.label


def test_the_words_for_a_refusing_target_name_its_answer(monitor: Monitor):
    store([Result(monitor.pk, NOON, Reason.HTTP_STATUS, status_code=503, response_ms=3)])
    monitor.refresh_from_db()
    assert monitor.last_words == "Answered 503"


def test_results_of_a_monitor_deleted_meanwhile_are_kept(monitor: Monitor):
    gone = new_id()
    store([good(gone, NOON), good(monitor.pk, NOON)])
    assert CheckResult.objects.filter(monitor_id=gone).exists()


def test_a_batch_across_midnight_makes_both_days(monitor: Monitor):
    midnight = datetime(2026, 2, 8, tzinfo=UTC)
    drop_days(before=date(2030, 1, 1))
    store([good(monitor.pk, midnight - MINUTE), good(monitor.pk, midnight)])
    assert days() == {"check_result_2026_02_07", "check_result_2026_02_08"}


def test_partitions_reach_ahead_and_end_with_retention():
    make_days([(NOON - timedelta(days=ago)).date() for ago in (KEPT_DAYS, KEPT_DAYS + 1)])
    keep_partitions(at=NOON)
    keep_partitions(at=NOON)
    assert {"check_result_2026_03_01", "check_result_2026_03_03"} <= days()
    assert "check_result_2026_02_15" in days()
    assert "check_result_2026_02_14" not in days()


def test_a_row_lies_in_its_utc_day(monitor: Monitor):
    store([good(monitor.pk, datetime.fromisoformat("2026-03-02T00:30:00+01:00"))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM check_result_2026_03_01")
        assert cursor.fetchone() == (1,)


def test_the_results_of_one_monitor_are_found_by_an_index(monitor: Monitor):
    """The planner takes it where it may not simply read all, however few rows there are."""
    store([good(monitor.pk, now())])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT * FROM check_result WHERE monitor_id = %s AND checked_at > %s",
            [monitor.pk, now() - timedelta(days=1)],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index" in plan
    assert "monitor_id" in plan.partition("Index Cond")[2]


def test_a_run_from_before_the_clock_was_set_back_gives_way_to_a_new_one(monitor: Monitor):
    store([bad(monitor.pk, now() + timedelta(hours=1))])
    at = now()
    store([bad(monitor.pk, at)])
    monitor.refresh_from_db()
    assert (monitor.streak, monitor.streak_since, monitor.last_result_at) == (1, at, at)
    assert monitor.verified_at == at


@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_read_is_dropped_from_later():
    make_days([(NOON - timedelta(days=KEPT_DAYS + 1)).date()])
    began = time.monotonic()
    with held("LOCK TABLE check_result IN ACCESS SHARE MODE"):
        keep_partitions(at=NOON)
    assert time.monotonic() - began < 2
    assert "check_result_2026_02_14" in days()
    keep_partitions(at=NOON)
    assert "check_result_2026_02_14" not in days()
