"""Incidents and maintenances as facts: four queries for any number of them.

Only what is already public.
"""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from incidents.models import (
    Incident,
    IncidentComponent,
    IncidentQuerySet,
    IncidentUpdate,
    UpdateComponent,
)
from pages.links import incident_url, short_url
from pages.models import Component, Page
from web.page import tolerant
from web.page.facts import (
    AffectedFacts,
    ChangeFacts,
    IncidentFacts,
    Plan,
    PostmortemFacts,
    UpdateFacts,
)


def readable() -> IncidentQuerySet:
    """Public incidents and maintenances of which there is something to read, of any page."""
    told = IncidentUpdate.objects.published().filter(incident=OuterRef("pk"))
    return Incident.objects.public().filter(Exists(told))


def shown_stories(page: Page) -> IncidentQuerySet:
    return readable().filter(page=page)


def incident_facts(rows: IncidentQuerySet, *, page: Page) -> tuple[IncidentFacts, ...]:
    """`rows`, out of `shown_stories(page)`, in their order."""
    found = rows.select_related("postmortem").prefetch_related(
        Prefetch("affected", _affected()), Prefetch("updates", _updates())
    )
    return tuple(_incident(row, page) for row in found)


def _affected() -> QuerySet[IncidentComponent]:
    return IncidentComponent.objects.select_related("component").order_by(
        "component__position", "component__name", "component_id"
    )


def _updates() -> QuerySet[IncidentUpdate]:
    changes = UpdateComponent.objects.select_related("component__group").order_by("id")
    shown = IncidentUpdate.objects.published().newest_first()
    return shown.prefetch_related(Prefetch("changes", changes))


def _incident(row: Incident, page: Page) -> IncidentFacts:
    return IncidentFacts(
        id=row.id,
        url=incident_url(page, row.id),
        shortlink=short_url(row.code),
        name=tolerant.line(row.name),
        status=tolerant.stage(row.status),
        impact=tolerant.impact(row.impact_override or row.impact, row.family),
        started_at=row.started_at,
        monitoring_at=row.monitoring_at,
        resolved_at=row.resolved_at,
        plan=_plan(row),
        next_update_by=row.next_update_by,
        archived_at=row.archived_at,
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
        postmortem=_postmortem(row),
    )


def _plan(row: Incident) -> Plan | None:
    if row.scheduled_for is None or row.scheduled_until is None:
        return None
    return Plan(row.scheduled_for, row.scheduled_until)


def _update(row: IncidentUpdate) -> UpdateFacts:
    return UpdateFacts(
        id=row.id,
        status=tolerant.stage(row.status),
        body=row.body,
        display_at=row.display_at,
        edited_at=row.edited_at,
        deliver_notifications=row.deliver_notifications,
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


def _postmortem(row: Incident) -> PostmortemFacts | None:
    written = getattr(row, "postmortem", None)
    if written is None or written.published_at is None:
        return None
    return PostmortemFacts(
        id=written.id,
        body=written.body,
        published_at=written.published_at,
        updated_at=written.body_last_updated_at,
        told=written.notified_subscribers,
    )


def _full_name(component: Component) -> str:
    name = tolerant.line(component.name)
    return f"{tolerant.line(component.group.name)} - {name}" if component.group else name
