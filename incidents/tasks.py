"""Ticks of the timetable."""

from celery import shared_task
from django.utils.timezone import now

from incidents import actions, automatic


@shared_task(name="incidents.publish_due")
def publish_due(**_: object) -> None:
    actions.publish_due_drafts(at=now())


@shared_task(name="incidents.show_due")
def show_due(**_: object) -> None:
    actions.show_due_updates(at=now())


@shared_task(name="incidents.run_maintenance")
def run_maintenance(**_: object) -> None:
    actions.run_due_maintenance(at=now())


@shared_task(name="incidents.open_untold")
def open_untold(**_: object) -> None:
    automatic.open_untold(at=now())


@shared_task(name="incidents.expire_pins")
def expire_pins(**_: object) -> None:
    actions.expire_pins(at=now())
