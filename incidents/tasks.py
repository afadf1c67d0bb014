"""Ticks of the timetable."""

from celery import shared_task
from django.utils.timezone import now

from incidents import actions, automatic, recovery, reminding, retention


@shared_task(name="incidents.publish_due")
def publish_due(**_: object) -> None:
    actions.publish_due_drafts(at=now())


@shared_task(name="incidents.show_due")
def show_due(**_: object) -> None:
    actions.show_due_updates(at=now())


@shared_task(name="incidents.run_maintenance")
def run_maintenance(**_: object) -> None:
    actions.run_due_maintenance(at=now())


@shared_task(name="incidents.make_occurrences")
def make_occurrences(**_: object) -> None:
    actions.make_occurrences(at=now())


@shared_task(name="incidents.catch_up")
def catch_up(**_: object) -> None:
    at = now()
    automatic.open_untold(at=at)
    recovery.settle_recovered(at=at)


@shared_task(name="incidents.expire_pins")
def expire_pins(**_: object) -> None:
    actions.expire_pins(at=now())


@shared_task(name="incidents.send_reminders")
def send_reminders(**_: object) -> None:
    reminding.send_due_reminders(at=now())


@shared_task(name="incidents.archive_old")
def archive_old(**_: object) -> None:
    retention.archive_old(at=now())


@shared_task(name="incidents.forget_old")
def forget_old(**_: object) -> None:
    retention.forget_old(at=now())
