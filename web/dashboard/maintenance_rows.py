"""Planned maintenances as a list shows them: who will be told of each, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from incidents.models import Incident, Reminder
from pages.models import Page
from subscribers.audience import followers
from web.dashboard.stories import with_story

# The components whose followers are told; None is the whole page.
Concerned: TypeAlias = frozenset[UUID] | None

_REMINDERS = Prefetch(
    "reminders",
    Reminder.objects.unsettled().filter(kind=Reminder.Kind.BEFORE_START).order_by("due_at"),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """`told` is how many get its news, 0 where it is silent or the page is not published."""

    maintenance: Incident
    told: int
    reminders: list[datetime]


def with_plan(maintenances: QuerySet[Incident]) -> QuerySet[Incident]:
    """With its story, its series and the reminders that are still to be sent."""
    return with_story(maintenances).select_related("series").prefetch_related(_REMINDERS)


def next_of_each(maintenances: QuerySet[Incident]) -> QuerySet[Incident]:
    """Those that happen once, and of each series the one that comes first; soonest first."""
    series = maintenances.filter(series__isnull=False)
    first = series.order_by("series_id", "scheduled_for", "id").distinct("series_id")
    shown = maintenances.filter(Q(series__isnull=True) | Q(pk__in=first.values("pk")))
    return shown.order_by("scheduled_for", "id")


def planned(page: Page, maintenances: Sequence[Incident]) -> list[Planned]:
    """One query, however many maintenances `with_plan` there are."""
    told = _count_told(page, {concerned(one) for one in maintenances})
    return [
        Planned(
            maintenance=one,
            told=told[concerned(one)] if one.deliver_notifications else 0,
            reminders=[reminder.due_at for reminder in one.reminders.all()],
        )
        for one in maintenances
    ]


def concerned(maintenance: Incident) -> Concerned:
    if not maintenance.names_components:
        return None
    return frozenset(row.component_id for row in maintenance.affected.all())


def _count_told(page: Page, audiences: Iterable[Concerned]) -> dict[Concerned, int]:
    """How many each audience has, by the query that the fan-out uses."""
    asked = {f"audience_{number}": one for number, one in enumerate(audiences)}
    if page.status != Page.State.PUBLISHED or not asked:
        return dict.fromkeys(asked.values(), 0)
    counts = followers(page).aggregate(
        **{
            name: Count("pk", filter=Q(pk__in=followers(page, one).values("pk")))
            for name, one in asked.items()
        }
    )
    return {one: counts[name] for name, one in asked.items()}
