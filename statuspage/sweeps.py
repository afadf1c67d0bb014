"""A worker's second way to its work: what beat or the broker fails to bring, it does itself.

Redis may be gone, hang or have lost a wake-up, beat may be dead, a consumer may have
stopped consuming (Celery issues 8030 and 10205). All due work stands in PostgreSQL, so each
worker process watches the ticks of its own queues and runs the overdue ones in a thread. It
also notes there that it lives.
"""

import logging
import threading
import time
from collections.abc import Iterable
from typing import Any

from celery import bootsteps
from celery.signals import task_postrun, task_prerun
from celery.worker import state
from django.db import Error, close_old_connections
from django.utils.timezone import now

from statuspage.celery import queue_of
from statuspage.timetable import TIMETABLE, Tick
from web import heartbeats

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
HEARTBEAT_EVERY_S = 5.0
# So late is a tick before nobody waits for it any longer.
PATIENCE_S = 3.0
# At the end: time for what runs without a wake-up.
LAST_TASK_S = 2.0


class Overdue:
    """Which ticks did not come: neither running nor begun for a period and some patience."""

    def __init__(self, ticks: Iterable[Tick], *, at: float) -> None:
        self._begun = {tick.task: at for tick in ticks}
        self._every = {tick.task: tick.every_s for tick in ticks}
        self._running: dict[str, int] = dict.fromkeys(self._begun, 0)
        self._lock = threading.Lock()

    def begin(self, task: str, *, at: float) -> None:
        with self._lock:
            if task in self._begun:
                self._begun[task] = at
                self._running[task] += 1

    def end(self, task: str, *, at: float) -> None:
        with self._lock:
            if task in self._begun:
                self._begun[task] = at
                self._running[task] -= 1

    def at(self, moment: float) -> list[str]:
        with self._lock:
            return [
                task
                for task, begun in self._begun.items()
                if not self._running[task] and moment - begun > self._every[task] + PATIENCE_S
            ]


class Sweeps(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
    """Runs beside a worker's consumer, which a broken broker holds up."""

    requires = frozenset({"celery.worker.components:Pool"})

    def __init__(self, parent: Any, **options: Any) -> None:
        self._stop = threading.Event()
        self._name = f"{heartbeats.WORKER}{parent.hostname}"
        super().__init__(parent, **options)

    def start(self, parent: Any) -> None:
        queues = set(parent.app.amqp.queues.consume_from)
        self._tasks = parent.app.tasks
        ticks = [tick for tick in TIMETABLE if queue_of(tick.task) in queues]
        self._overdue = Overdue(ticks, at=time.monotonic())
        task_prerun.connect(self._note_begin)
        task_postrun.connect(self._note_end)
        threading.Thread(target=self._show_life, name="show_life", daemon=True).start()
        self._sweeper = threading.Thread(target=self._sweep, name="sweep", daemon=True)
        self._sweeper.start()

    def stop(self, parent: Any) -> None:
        self._stop.set()
        self._sweeper.join(LAST_TASK_S)

    def _note_begin(self, task: Any, **signal: Any) -> None:
        self._overdue.begin(task.name, at=time.monotonic())

    def _note_end(self, task: Any, **signal: Any) -> None:
        self._overdue.end(task.name, at=time.monotonic())

    def _sweep(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            for name in self._overdue.at(time.monotonic()):
                self._run(name)

    def _run(self, name: str) -> None:
        self._overdue.begin(name, at=time.monotonic())
        try:
            self._tasks[name].run(stopped=self._is_told_to_stop)
        except Exception:
            log.exception("%s failed, run without a wake-up", name)
        finally:
            self._overdue.end(name, at=time.monotonic())
            close_old_connections()

    def _is_told_to_stop(self) -> bool:
        """For long tasks: signals reach the main thread only, where Celery notes them."""
        return self._stop.is_set() or state.should_stop is not None

    def _show_life(self) -> None:
        while not self._stop.wait(HEARTBEAT_EVERY_S):
            try:
                heartbeats.note(self._name, at=now())
            except Error as error:
                log.warning("no sign of life noted: %s", error)
            finally:
                close_old_connections()
