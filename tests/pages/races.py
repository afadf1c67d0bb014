"""Threads that each have a database connection of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

PATIENCE_S = 20


def at_once(*calls: Callable[[], object]) -> Sequence[object]:
    """Runs `calls` side by side from one start; their results, or the first exception."""
    start = Barrier(len(calls), timeout=PATIENCE_S)

    def run(call: Callable[[], object]) -> object:
        try:
            start.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        running = [threads.submit(run, call) for call in calls]
        return [each.result(timeout=PATIENCE_S) for each in running]
