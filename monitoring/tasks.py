"""What the timetable wakes."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from monitoring import gaps, partitions, shift
from monitoring.shift.stopping import until_told


@shared_task(name="monitoring.run_checks")
def run_checks(**kwargs: Any) -> None:
    with until_told() as stopped:
        shift.run_shift(stopped=stopped)


@shared_task(name="monitoring.follow_gaps")
def follow_gaps(**kwargs: Any) -> None:
    gaps.follow_gaps(at=now())


@shared_task(name="monitoring.keep_partitions")
def keep_partitions(**kwargs: Any) -> None:
    partitions.keep_partitions(at=now())
