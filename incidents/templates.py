"""Texts prepared in calm times: those a page begins with, and what becomes of one when applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentTemplate
from incidents.prepared import PREPARED
from incidents.templating import fill, variables_of
from pages.models import Component, Page
from pages.status import Status

TITLE_LIMIT = 255


@dataclass(frozen=True, slots=True)
class Applied:
    """What a template fills a form with; `status` None leaves the stage as it is."""

    title: str
    body: str
    status: IncidentStatus | None
    component_ids: list[UUID]
    deliver: bool


def apply(
    template: IncidentTemplate,
    *,
    at: datetime,
    components: Sequence[Component] = (),
    incident: Incident | None = None,
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> Applied:
    """The template with its variables replaced.

    It speaks of the `components` chosen, else of its own, else of what the `incident` affects.
    """
    chosen = list(components) or list(template.components.as_on_page()) or _affected(incident)
    status = IncidentStatus(template.update_status) if template.update_status else None
    shown = status or (IncidentStatus(incident.status) if incident else None)
    variables = variables_of(
        page=template.page.name,
        zone=template.page.timezone,
        at=at,
        components=[component.name for component in chosen],
        title=incident.name if incident else "",
        status=shown.label if shown else "",
        starts=starts,
        ends=ends,
    )
    return Applied(
        title=fill(template.title, variables)[:TITLE_LIMIT],
        body=fill(template.body, variables),
        status=status,
        component_ids=[component.pk for component in chosen],
        deliver=template.should_send_notifications,
    )


def give_defaults(page: Page, *, at: datetime) -> None:
    """Writes the templates a new page begins with."""
    IncidentTemplate.objects.bulk_create(
        IncidentTemplate(
            page=page,
            use=prepared.use,
            name=prepared.name,
            title=prepared.title,
            body=prepared.body,
            update_status=prepared.status or "",
            created_at=at,
            updated_at=at,
        )
        for prepared in PREPARED
    )


def _affected(incident: Incident | None) -> list[Component]:
    """What is still in trouble, or, when nothing is, all the incident was about."""
    if incident is None:
        return []
    rows = list(
        incident.affected.select_related("component").order_by(
            "component__position", "component__name"
        )
    )
    troubled = [row for row in rows if row.status != Status.OPERATIONAL]
    return [row.component for row in troubled or rows]
