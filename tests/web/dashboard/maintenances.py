"""Maintenances for the tests of their screens, made by the verbs that people use."""

from datetime import datetime, timedelta

from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import create_series, schedule_maintenance, start_now
from incidents.models import Incident, MaintenanceSeries
from pages.models import Component, Page

NEW = {
    "name": "Database upgrade",
    "body": "We work on the **database**.",
    "day": "2027-07-04",
    "starts": "02:00",
    "ends": "04:30",
    "last_day": "",
    "notify": "on",
    "remind_before": "1 day, 3 hours",
    "scheduled_auto_in_progress": "on",
    "scheduled_auto_completed": "on",
    "auto_transition_to_maintenance_state": "on",
    "auto_transition_to_operational_state": "on",
    "auto_transition_deliver_notifications_at_start": "on",
    "auto_transition_deliver_notifications_at_end": "on",
}
# A series as a form sends it, from that day on.
REPEATS = {**NEW, "often": "weekly", "interval": "1", "monthly_on": "date"}


def plan(page: Page, actor: Actor, *components: Component, **options: object) -> Incident:
    """A maintenance in 35 hours; `options` are those of the verb."""
    values = {
        "name": "Database upgrade",
        "body": "We work on the **database**.",
        "starts_at": now() + timedelta(hours=35, minutes=1),
        "ends_at": now() + timedelta(hours=37),
        "at": now(),
    }
    return schedule_maintenance(page=page, actor=actor, components=components, **values | options)


def running(page: Page, actor: Actor, *components: Component, **options: object) -> Incident:
    maintenance = plan(page, actor, *components, **options)
    start_now(maintenance=maintenance, actor=actor, at=now())
    maintenance.refresh_from_db()
    return maintenance


def series_of(
    page: Page, actor: Actor, *components: Component, **options: object
) -> MaintenanceSeries:
    """Every Sunday from two to three, by the clocks of the page's zone, from tomorrow on."""
    tomorrow = (now() + timedelta(days=1)).replace(tzinfo=None)
    values = {
        "name": "Weekly restart",
        "body": "One restart.",
        "rule": "FREQ=WEEKLY;BYDAY=SU",
        "first_start": datetime.combine(tomorrow, datetime.min.time()) + timedelta(hours=2),
        "minutes": 60,
        "at": now(),
    }
    return create_series(page=page, actor=actor, components=components, **values | options)
