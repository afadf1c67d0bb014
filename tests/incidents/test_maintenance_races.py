"""Two tickers, a ticker and an operator, a ticker that is killed: each step once or not at all."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from accounts.models import AuditEvent
from incidents.actions import (
    Invalid,
    cancel_maintenance,
    create_series,
    extend,
    finish_early,
    make_occurrences,
    run_due_maintenance,
    start_now,
)
from incidents.models import Incident, IncidentUpdate
from incidents.walltime import parse_local
from monitoring.actions import delete_component
from pages.actions import create_component
from pages.models import Component, StatusClaim
from pages.status import Status
from subscribers.models import Notification
from tests.factories import PageFactory
from tests.incidents.maintenances import HOUR, planned, stages, status_of, told
from tests.processes import Processes, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
BEGIN_AND_STOP = """
import django, runpy
django.setup()
runpy.run_module("tests.incidents.stop_inside", run_name="__main__")
"""


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Runs each call on a connection of its own, all started together; refusals are answers."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        start.wait(timeout=10)
        try:
            return call()
        except Invalid as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_tickers_begin_each_maintenance_once(page, api, web, at):
    planned_ones = [planned(page, [each], at, name=each.name) for each in (api, web)]
    planned_ones += [planned(PageFactory(), [], at, name=str(number)) for number in range(8)]
    for moment, stage in ((at + HOUR, "in_progress"), (at + 3 * HOUR, "completed")):
        at_once(*[lambda moment=moment: run_due_maintenance(at=moment)] * 3)
        run_due_maintenance(at=moment)
        for each in planned_ones:
            assert [name for name, _ in stages(each)].count(stage) == 1
    assert all(len(told(each)) == 3 for each in planned_ones)
    assert StatusClaim.objects.count() == 2


def test_a_ticker_and_an_operator_begin_it_once(page, api, operator, at):
    maintenance = planned(page, [api], at)
    at_once(
        lambda: run_due_maintenance(at=at + HOUR),
        lambda: start_now(maintenance=maintenance, actor=operator, at=at + HOUR),
    )
    assert [name for name, _ in stages(maintenance)] == ["scheduled", "in_progress"]


def test_of_an_end_and_an_extension_one_is_told_so(page, api, operator, at):
    maintenance = planned(page, [api], at)
    run_due_maintenance(at=at + HOUR)
    finished, extended = at_once(
        lambda: finish_early(maintenance=maintenance, body="", actor=operator, at=at + 2 * HOUR),
        lambda: extend(maintenance=maintenance, actor=operator, at=at + 2 * HOUR),
    )
    assert isinstance(finished, IncidentUpdate)
    assert [name for name, _ in stages(maintenance)][-1] == "completed"
    assert isinstance(extended, Invalid) or len(stages(maintenance)) == 4


def test_of_a_start_and_a_cancellation_one_wins(page, api, operator, at):
    maintenance = planned(page, [api], at)
    at_once(
        lambda: run_due_maintenance(at=at + HOUR),
        lambda: cancel_maintenance(maintenance=maintenance, body="", actor=operator, at=at + HOUR),
    )
    maintenance.refresh_from_db()
    shown = {"in_progress": Status.MAINTENANCE, "cancelled": Status.OPERATIONAL}
    assert status_of(api) is shown[maintenance.status]
    assert len(stages(maintenance)) == 2


def test_a_component_is_deleted_or_planned_for_but_not_both(page, api, operator, at):
    at_once(
        lambda: planned(page, [api], at),
        lambda: delete_component(component=api, actor=operator, at=at),
    )
    assert Incident.objects.count() == Component.objects.filter(pk=api.pk).count()


def test_two_beats_make_each_occurrence_once(page, api, operator, at):
    series = create_series(
        page=page,
        name="Patching",
        body="",
        rule="FREQ=DAILY;INTERVAL=7",
        first_start=parse_local("2026-03-08T02:00"),
        minutes=60,
        components=[api],
        actor=operator,
        at=at,
    )
    before = series.occurrences.count()
    later = at + timedelta(days=21)
    made = at_once(*[lambda: make_occurrences(at=later)] * 3)
    assert sum(made) == 3
    assert series.occurrences.count() == before + 3


def test_a_page_that_is_held_keeps_nobody_waiting(page, api, at, caplog):
    held = planned(page, [api], at)
    free = planned(PageFactory(), [], at)
    somebody = connection.copy()
    try:
        somebody.set_autocommit(False)
        with somebody.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pages_page WHERE id = %s FOR UPDATE", [page.pk])
        assert run_due_maintenance(at=at + HOUR) == 1
    finally:
        somebody.close()
    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.status, free.status) == ("scheduled", "in_progress")
    assert f"maintenance {held.pk} waits to begin" in caplog.text
    assert run_due_maintenance(at=at + HOUR) == 1


def test_a_worker_killed_inside_a_transition_leaves_it_to_the_next(
    page, operator, processes: Processes
):
    began = now() - 2 * HOUR
    api = create_component(page=page, name="API", actor=operator, at=began)
    maintenance = planned(page, [api], began)
    worker = subprocess.Popen(
        [sys.executable, "-c", BEGIN_AND_STOP],
        cwd=settings.BASE_DIR,
        env=processes.environment | {"DJANGO_SETTINGS_MODULE": "statuspage.settings"},
        stdout=subprocess.PIPE,
    )
    try:
        assert worker.stdout
        assert worker.stdout.readline() == b"inside\n"
    finally:
        worker.kill()
        worker.wait()
        worker.stdout.close()
    assert stages(maintenance) == [("scheduled", began)]
    assert status_of(api) is Status.OPERATIONAL
    assert not AuditEvent.objects.filter(actor="system", action="incident.update").exists()
    # PostgreSQL ends the transaction once it sees that its client is gone.
    wait_until(lambda: run_due_maintenance(at=now()), within=30, what="begun by the next tick")
    assert stages(maintenance) == [("scheduled", began), ("in_progress", began + HOUR)]
    assert status_of(api) is Status.MAINTENANCE
    assert Notification.objects.filter(kind="maintenance_started").count() == 1
