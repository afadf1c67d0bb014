"""Incidents as facts: four queries for any number of them. Only what is already public."""

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from incidents.models import (
    Incident,
    IncidentComponent,
    IncidentQuerySet,
    IncidentUpdate,
    UpdateComponent,
)
from pages.links import incident_url
from pages.models import Component, Page
from web.page import tolerant
from web.page.facts import AffectedFacts, ChangeFacts, IncidentFacts, UpdateFacts


def incident_facts(
    incidents: IncidentQuerySet, *, page: Page, at: datetime
) -> tuple[IncidentFacts, ...]:
    """Incidents of `page`, newest first; one of which nothing may be shown yet is left out."""
    rows = incidents.public().order_by("-started_at", "-id")
    found = rows.prefetch_related(
        Prefetch("affected", _affected()), Prefetch("updates", _updates(at))
    )
    return tuple(_incident(row, page) for row in found if row.updates.all())


def next_display_at(incidents: IncidentQuerySet, *, at: datetime) -> datetime | None:
    """When the next update that waits for its time appears."""
    waiting = IncidentUpdate.objects.filter(incident__in=incidents.public(), display_at__gt=at)
    return waiting.order_by("display_at").values_list("display_at", flat=True).first()


def _affected() -> QuerySet[IncidentComponent]:
    return IncidentComponent.objects.select_related("component").order_by(
        "component__position", "component__name", "component_id"
    )


def _updates(at: datetime) -> QuerySet[IncidentUpdate]:
    changes = UpdateComponent.objects.select_related("component__group").order_by("id")
    return (
        IncidentUpdate.objects.filter(display_at__lte=at)
        .order_by("-display_at", "-id")
        .prefetch_related(Prefetch("changes", changes))
    )


def _incident(row: Incident, page: Page) -> IncidentFacts:
    return IncidentFacts(
        id=row.id,
        url=incident_url(page, row.id),
        name=tolerant.line(row.name),
        status=tolerant.stage(row.status),
        impact=tolerant.impact(row.impact_override or row.impact),
        started_at=row.started_at,
        monitoring_at=row.monitoring_at,
        resolved_at=row.resolved_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        affected=tuple(
            AffectedFacts(
                component_id=item.component_id,
                name=tolerant.line(item.component.name),
                status=tolerant.status(item.status),
            )
            for item in row.affected.all()
        ),
        updates=tuple(_update(update) for update in row.updates.all()),
    )


def _update(row: IncidentUpdate) -> UpdateFacts:
    return UpdateFacts(
        id=row.id,
        status=tolerant.stage(row.status),
        body=row.body,
        display_at=row.display_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        changes=tuple(
            ChangeFacts(
                component_id=change.component_id,
                name=_full_name(change.component),
                old=tolerant.status(change.old_status),
                new=tolerant.status(change.new_status),
            )
            for change in row.changes.all()
        ),
    )


def _full_name(component: Component) -> str:
    name = tolerant.line(component.name)
    return f"{tolerant.line(component.group.name)} - {name}" if component.group else name
