"""Short ways to tell a story in tests."""

from datetime import datetime, timedelta
from typing import Any

from accounts.actor import Actor
from incidents.actions import open_incident, post_update
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate
from pages.models import Component
from pages.status import Status
from subscribers.models import Notification


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def opened(
    component: Component,
    actor: Actor,
    at: datetime,
    *,
    name: str = "Checkout is down",
    status: Status = Status.MAJOR,
    **options: Any,
) -> Incident:
    return open_incident(
        page=component.page,
        name=name,
        body="It began.",
        statuses={component: status},
        actor=actor,
        at=at,
        **options,
    )


def said(
    incident: Incident, status: str, actor: Actor, at: datetime, **options: Any
) -> IncidentUpdate:
    options = {"body": f"Now {status}.", **options}
    return post_update(
        incident=incident, status=IncidentStatus(status), actor=actor, at=at, **options
    )


def statuses(component: Component, at: datetime) -> list[tuple[float, str]]:
    """Each interval as (minutes from `at` to its start, status)."""
    return [
        ((row.span.lower - at).total_seconds() / 60, row.status)
        for row in component.intervals.order_by("span")
    ]


def news(incident: Incident) -> list[str]:
    """The kinds of what is told of an incident, oldest first."""
    rows = Notification.objects.filter(topic=incident.pk).order_by("sequence")
    return list(rows.values_list("kind", flat=True))
