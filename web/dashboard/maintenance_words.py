"""Prepared words for a maintenance, filled with what is typed already."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.roles import Action
from incidents.models import IncidentTemplate
from incidents.templates import apply
from web.dashboard.desk import Desk
from web.dashboard.maintenance_forms import WorkForm

_USE = IncidentTemplate.Use.MAINTENANCE


def prepared_for(desk: Desk) -> list[IncidentTemplate]:
    """Oldest first."""
    return list(desk.page.templates.filter(use=_USE).order_by("created_at", "id"))


def words_from(desk: Desk, *, needs: Action) -> dict[str, Any]:
    """Title, text and systems of the template in the address; empty without one.

    What the address says of the time and of systems fills its variables. Raises Http404 for
    a template of another page.
    """
    query = desk.request.GET
    if "template" not in query:
        return {}
    template = desk.find(desk.page.templates.filter(use=_USE), _id(query["template"]), needs=needs)
    typed = WorkForm(
        query,
        components=list(desk.page.components.as_on_page()),
        zone=ZoneInfo(desk.page.timezone),
    )
    typed.is_valid()
    applied = apply(
        template,
        at=desk.at,
        components=typed.chosen(),
        starts=typed.span.starts_at if typed.span else None,
        ends=typed.span.ends_at if typed.span else None,
    )
    return {
        "name": applied.title,
        "body": applied.body,
        "notify": applied.deliver,
        "systems": [str(component_id) for component_id in applied.component_ids],
    }


def _id(text: str) -> UUID:
    """Any id that no row has, where the address holds none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
