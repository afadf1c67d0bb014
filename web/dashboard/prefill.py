"""What a form of an incident begins with: a template, what was taken back, or nothing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.roles import Action
from incidents.lifecycle import INCIDENT_PUBLIC
from incidents.models import Incident, IncidentTemplate
from incidents.templates import apply
from pages.models import Component
from pages.status import Status
from web.dashboard import taken_back
from web.dashboard.desk import Desk


def templates_for(desk: Desk, use: str) -> list[IncidentTemplate]:
    """Oldest first; without those of stages that no incident has."""
    stages = ["", *INCIDENT_PUBLIC]
    rows = desk.page.templates.filter(use=use, update_status__in=stages)
    return list(rows.order_by("created_at", "id"))


def beginning(
    desk: Desk,
    components: list[Component],
    *,
    use: str,
    needs: Action,
    incident: Incident | None = None,
) -> dict[str, Any]:
    """Initial values out of the address. Raises Http404 for a template of another page."""
    query = desk.request.GET
    chosen = _chosen(query, components)
    values: dict[str, Any] = {f"system-{one.pk}": status for one, status in chosen.items()}
    if query.get("status") in set(INCIDENT_PUBLIC):
        values["status"] = query["status"]
    if "template" in query:
        template = desk.find(
            desk.page.templates.filter(use=use), _uuid(query["template"]), needs=needs
        )
        values |= _filled(desk, template, chosen, incident)
    return values | taken_back.kept(desk.request, of=incident.pk if incident else desk.page.pk)


def _filled(
    desk: Desk,
    template: IncidentTemplate,
    chosen: Mapping[Component, Status],
    incident: Incident | None,
) -> dict[str, Any]:
    """A template names systems without saying how they are: that they suffer is the least."""
    applied = apply(
        template, at=desk.at, components=[] if incident else list(chosen), incident=incident
    )
    values: dict[str, Any] = {
        "name": applied.title,
        "body": applied.body,
        "notify": applied.deliver,
    }
    if applied.status:
        values["status"] = applied.status
    if incident is None:
        known = {component.pk: status for component, status in chosen.items()}
        for component_id in applied.component_ids:
            values[f"system-{component_id}"] = known.get(component_id, Status.DEGRADED)
    return values


def _chosen(query: Mapping[str, str], components: list[Component]) -> dict[Component, Status]:
    said = {component: query.get(f"system-{component.pk}", "") for component in components}
    return {one: Status(status) for one, status in said.items() if status in set(Status)}


def _uuid(text: str) -> UUID:
    """Any id that no row has, where the address holds none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
