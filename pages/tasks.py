"""The ticks of pages. What is due stands in PostgreSQL; a lost tick costs one period."""

from celery import shared_task
from django.utils.timezone import now

from pages.days import fold_finished_days
from pages.versions import republish_recent


@shared_task(name="pages.fold_days")
def fold_days(**kwargs: object) -> None:
    fold_finished_days(at=now())


@shared_task(name="pages.republish_versions")
def republish_versions(**kwargs: object) -> None:
    republish_recent(now())
