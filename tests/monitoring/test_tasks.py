"""The worker's shift, in a process of its own."""

import signal
from datetime import timedelta

import pytest
from django.utils.timezone import now
from redis import Redis

from accounts.ids import new_id
from monitoring import shift, tasks
from monitoring.models import CheckLease, CheckResult, Monitor
from monitoring.tasks import follow_gaps, keep_partitions, run_checks
from pages.models import ObservationGap
from statuspage.serve.ports import free_port
from tests.factories import ComponentFactory, MonitorFactory
from tests.faults.http_target import HttpTarget
from tests.processes import Processes, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(processes: Processes) -> Processes:
    processes.environment["MONITOR_ALLOWED_NETWORKS"] = "127.0.0.0/8"
    return processes


def test_a_worker_that_is_told_to_stop_leaves_nothing_behind(worker: Processes, target: HttpTarget):
    good = MonitorFactory(url=target.url())
    hanging = MonitorFactory(url=target.url("hang"), timeout_ms=30_000)
    process = worker.start("checks")
    run_checks.apply_async()
    wait_until(
        lambda: CheckResult.objects.filter(monitor_id=good.pk).exists() and target.asked["hang"],
        within=30,
        what="a first result",
    )
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    assert not CheckLease.objects.exists()
    hanging.refresh_from_db()
    assert hanging.next_check_at <= now()


def test_a_killed_worker_is_replaced_when_its_lease_ends(worker: Processes, target: HttpTarget):
    monitor = MonitorFactory(url=target.url(), interval_s=10)
    process = worker.start("checks")
    run_checks.apply_async()
    wait_until(CheckResult.objects.exists, within=30, what="a first result")
    process.kill()
    process.wait()
    # Instead of waiting for it.
    assert CheckLease.objects.update(until=now()) == 1
    Monitor.objects.update(next_check_at=now())
    worker.start("checks")
    run_checks.apply_async()
    results = CheckResult.objects.filter(monitor_id=monitor.pk)
    wait_until(lambda: results.count() > 1, within=30, what="a result of the next worker")


def test_a_worker_without_a_broker_leaves_nothing_behind_either(
    worker: Processes, target: HttpTarget
):
    """Its sweep runs the shift, in a thread that hears no signals."""
    worker.environment["REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"
    good = MonitorFactory(url=target.url())
    hanging = MonitorFactory(url=target.url("hang"), timeout_ms=30_000)
    process = worker.start("checks")
    wait_until(
        lambda: CheckResult.objects.filter(monitor_id=good.pk).exists() and target.asked["hang"],
        within=40,
        what="a first result",
    )
    process.send_signal(signal.SIGTERM)
    wait_until(lambda: not CheckLease.objects.exists(), within=5, what="the end of the shift")
    hanging.refresh_from_db()
    assert hanging.next_check_at <= now()
    assert process.wait(timeout=10) == 0


def test_a_shift_that_ends_calls_the_next(redis: "Redis[bytes]", monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shift, "run_shift", lambda **_: True)
    run_checks()
    wait_until(lambda: redis.llen("checks") == 1, within=5, what="a wake-up")


def test_where_another_shift_runs_none_is_called(monkeypatch: pytest.MonkeyPatch):
    called: list[str] = []
    monkeypatch.setattr(tasks, "wake", called.append)
    CheckLease.objects.create(place=0, holder=new_id(), until=now() + timedelta(seconds=9))
    run_checks()
    assert called == []


def test_ticks_keep_partitions_and_gaps():
    keep_partitions()
    component = ComponentFactory(created_at=now() - timedelta(days=1))
    MonitorFactory(links=[component], last_result_at=now() - timedelta(hours=1))
    follow_gaps()
    assert ObservationGap.objects.get().reason == "not_checked"
