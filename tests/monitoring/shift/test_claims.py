"""A due monitor is taken once, and its next slot lies on its own grid."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from monitoring.models import Monitor
from monitoring.probes import Job
from monitoring.shift.claims import claim_due, hand_over, recall
from tests.factories import MonitorFactory

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


def test_the_next_slot_is_the_first_of_the_grid_after_now():
    anchor = now() - timedelta(hours=3, seconds=20)
    monitor = MonitorFactory(anchor_at=anchor, next_check_at=anchor + MINUTE, interval_s=60)
    (job,) = claim_due(10)
    assert (job.monitor_id, job.url, job.timeout_ms) == (monitor.pk, monitor.url, 5000)
    assert abs(job.started_at - now()) < timedelta(seconds=5)
    monitor.refresh_from_db()
    assert job.started_at < monitor.next_check_at <= job.started_at + MINUTE
    assert (monitor.next_check_at - anchor) % MINUTE == timedelta(0)


def test_slots_missed_while_nothing_ran_are_not_made_up_for():
    MonitorFactory(anchor_at=now() - timedelta(days=2), next_check_at=now() - timedelta(days=1))
    assert len(claim_due(10)) == 1
    assert claim_due(10) == []


def test_an_anchor_in_the_future_is_a_grid_too():
    anchor = now() + timedelta(seconds=30)
    monitor = MonitorFactory(anchor_at=anchor, next_check_at=now() - MINUTE)
    claim_due(10)
    monitor.refresh_from_db()
    assert monitor.next_check_at == anchor


def test_disabled_and_early_monitors_are_left_alone():
    MonitorFactory(enabled=False, next_check_at=now() - MINUTE)
    MonitorFactory(next_check_at=now() + MINUTE)
    assert claim_due(10) == []


def test_those_waiting_longest_go_first():
    waiting = [MonitorFactory(next_check_at=now() - minutes * MINUTE).pk for minutes in (1, 3, 2)]
    assert {job.monitor_id for job in claim_due(2)} == {waiting[1], waiting[2]}


def test_claims_at_the_same_time_take_each_monitor_once():
    monitors = {MonitorFactory(next_check_at=now() - MINUTE).pk for _ in range(60)}

    def claim(_: int) -> list[Job]:
        try:
            return claim_due(7)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        taken = [job.monitor_id for jobs in pool.map(claim, range(24)) for job in jobs]
    taken += [job.monitor_id for job in claim_due(100)]
    assert len(taken) == 60
    assert set(taken) == monitors


def test_what_is_handed_over_is_due_again():
    monitor = MonitorFactory(next_check_at=now() - MINUTE)
    claim_due(10)
    hand_over([monitor.pk])
    assert Monitor.objects.get().next_check_at <= now()
    assert len(claim_due(10)) == 1


def test_a_slot_further_away_than_the_interval_is_due():
    """As after an hour by which PostgreSQL's clock was set back."""
    ahead = MonitorFactory(interval_s=60, next_check_at=now() + timedelta(hours=1))
    MonitorFactory(interval_s=3600, next_check_at=now() + MINUTE)
    recall()
    assert [job.monitor_id for job in claim_due(10)] == [ahead.pk]
