"""Maintenances for tests: planned through the verb, moved on by the tick."""

from datetime import datetime, timedelta
from typing import Any

from accounts.actor import SYSTEM
from incidents.actions import schedule_maintenance
from incidents.models import Incident, IncidentUpdate
from incidents.schedule import MaintenanceOptions
from pages.models import Component, Page
from pages.status import Status
from subscribers.models import Notification

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def planned(
    page: Page,
    components: list[Component],
    at: datetime,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    **given: Any,
) -> Incident:
    """From an hour after `at` for two hours; `given` are options and other arguments."""
    names = MaintenanceOptions.__struct_fields__
    options = {name: given.pop(name) for name in list(given) if name in names}
    starts_at = starts_at or at + HOUR
    return schedule_maintenance(
        **{"name": "New switches", "body": "We change them.", "actor": SYSTEM}
        | {"page": page, "components": components, "at": at}
        | {"starts_at": starts_at, "ends_at": ends_at or starts_at + 2 * HOUR}
        | {"options": MaintenanceOptions(**options)}
        | given
    )


def status_of(component: Component) -> Status:
    component.refresh_from_db()
    return Status(component.status)


def stages(incident: Incident) -> list[tuple[str, datetime]]:
    """The story so far: each update's status and the time it shows."""
    told = IncidentUpdate.objects.filter(incident=incident).published().told()
    return list(told.values_list("status", "display_at"))


def told(incident: Incident) -> list[str]:
    """The kinds of news about it, in order."""
    news = Notification.objects.filter(topic=incident.pk, audience="subscribers")
    return list(news.order_by("sequence").values_list("kind", flat=True))


def spans(component: Component) -> list[tuple[str, datetime, datetime | None]]:
    """Its statuses as visitors see them, whoever stands behind each."""
    found: list[tuple[str, datetime, datetime | None]] = []
    for row in component.intervals.order_by("span"):
        began = row.span.lower
        if found and found[-1][0] == row.status:
            began = found.pop()[1]
        found.append((row.status, began, row.span.upper))
    return found
