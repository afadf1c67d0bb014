"""What the timetable wakes."""

from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from monitoring import gaps, partitions, shift
from monitoring.shift.stopping import until_told
from subscribers.wake import wake


@shared_task(name="monitoring.run_checks")
def run_checks(*, stopped: Callable[[], bool] | None = None, **kwargs: Any) -> None:
    """`stopped` is asked where this runs outside the main thread, which alone hears signals."""
    with until_told(stopped) as told:
        if shift.run_shift(stopped=told) and not told():
            # The next shift need not wait for the timetable.
            wake("monitoring.run_checks")


@shared_task(name="monitoring.follow_gaps")
def follow_gaps(**kwargs: Any) -> None:
    gaps.follow_gaps(at=now())


@shared_task(name="monitoring.keep_partitions")
def keep_partitions(**kwargs: Any) -> None:
    partitions.keep_partitions(at=now())
