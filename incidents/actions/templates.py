"""Preparing texts for incidents, updates and maintenances."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from accounts import audit
from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents.actions.checks import BODY_LIMIT, NAME_LIMIT
from incidents.lifecycle import INCIDENT_PUBLIC, MAINTENANCE_PUBLIC, OPEN, IncidentStatus
from incidents.models import IncidentTemplate
from pages.actions import Conflict, Invalid
from pages.actions.invalid import line
from pages.models import Component, Page
from pages.versions import changing

_Use = IncidentTemplate.Use
_STAGES: dict[str, frozenset[IncidentStatus]] = {
    _Use.OPENING: OPEN,
    _Use.UPDATE: (INCIDENT_PUBLIC | MAINTENANCE_PUBLIC) - {IncidentStatus.SCHEDULED},
    _Use.MAINTENANCE: frozenset({IncidentStatus.SCHEDULED}),
}
_FIRST_STAGE: dict[str, IncidentStatus] = {
    _Use.OPENING: IncidentStatus.INVESTIGATING,
    _Use.MAINTENANCE: IncidentStatus.SCHEDULED,
}


class TemplateChanges(TypedDict, total=False):
    """What `update_template` can set; what is left out stays."""

    name: str
    title: str
    body: str
    update_status: IncidentStatus | None
    should_send_notifications: bool
    components: Sequence[Component]


def create_template(
    *,
    page: Page,
    use: str,
    name: str,
    title: str,
    body: str,
    actor: Actor,
    at: datetime,
    update_status: IncidentStatus | None = None,
    should_send_notifications: bool = True,
    components: Sequence[Component] = (),
) -> IncidentTemplate:
    """Prepares a text. Without `update_status` an update leaves the stage as it is.

    Raises Invalid naming the field, and Refused.
    """
    require(actor, Action.TEMPLATE_CREATE, page.project, obj=page)
    if use not in _Use.values:
        raise Invalid("use", f"Use one of {', '.join(_Use.values)}.")
    status = update_status or _FIRST_STAGE.get(use)
    values = _valid(use, name=name, title=title, body=body, update_status=status)
    _check_components(page, components)
    with changing(page.pk):
        template = IncidentTemplate.objects.create(
            page=page,
            created_by=actor.user,
            use=use,
            name=values["name"],
            title=values["title"],
            body=values["body"],
            update_status=status or "",
            should_send_notifications=should_send_notifications,
            created_at=at,
            updated_at=at,
        )
        template.components.set(components)
        _record(Action.TEMPLATE_CREATE, template, actor, at)
    return template


def update_template(
    *, template: IncidentTemplate, actor: Actor, at: datetime, **changes: Unpack[TemplateChanges]
) -> IncidentTemplate:
    """Changes the given fields. Raises Invalid naming the field, Conflict, and Refused."""
    page = template.page
    require(actor, Action.TEMPLATE_UPDATE, page.project, obj=template)
    values = _valid(template.use, **changes)
    components = values.pop("components", None)
    _check_components(page, components or ())
    with changing(page.pk):
        template = _fresh(template)
        for field, value in values.items():
            setattr(template, field, value or "" if field == "update_status" else value)
        template.updated_at = at
        template.save()
        if components is not None:
            template.components.set(components)
        _record(Action.TEMPLATE_UPDATE, template, actor, at)
    return template


def delete_template(*, template: IncidentTemplate, actor: Actor, at: datetime) -> None:
    """Deletes the text; what was written with it stays. Raises Conflict and Refused."""
    require(actor, Action.TEMPLATE_DELETE, template.page.project, obj=template)
    with changing(template.page_id):
        template = _fresh(template)
        _record(Action.TEMPLATE_DELETE, template, actor, at)
        template.delete()


def _fresh(template: IncidentTemplate) -> IncidentTemplate:
    known = IncidentTemplate.objects.select_related("page__project").filter(pk=template.pk)
    fresh = known.first()
    if fresh is None:
        raise Conflict("name", "Somebody has deleted this template meanwhile.")
    return fresh


def _valid(use: str, **changes: Unpack[TemplateChanges]) -> TemplateChanges:
    """The given fields, tidied; raises Invalid for the first that cannot be."""
    if "name" in changes:
        changes["name"] = line("name", changes["name"], limit=NAME_LIMIT)
    if "title" in changes:
        changes["title"] = line("title", changes["title"], limit=NAME_LIMIT)
    if "body" in changes:
        changes["body"] = _text(changes["body"])
    if "update_status" in changes:
        _check_stage(use, changes["update_status"])
    return changes


def _text(body: str) -> str:
    if not body.strip():
        raise Invalid("body", "This is needed.")
    if len(body) > BODY_LIMIT:
        raise Invalid("body", f"A text has at most {BODY_LIMIT:,} characters.")
    return body


def _check_stage(use: str, status: IncidentStatus | None) -> None:
    if status is None and use == _Use.UPDATE:
        return
    if status not in _STAGES[use]:
        legal = ", ".join(stage for stage in IncidentStatus if stage in _STAGES[use])
        raise Invalid("update_status", f"Use one of {legal}.")


def _check_components(page: Page, components: Sequence[Component]) -> None:
    if any(component.page_id != page.pk for component in components):
        raise Invalid("components", "One of the components is not on this page.")


def _record(action: Action, template: IncidentTemplate, actor: Actor, at: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        obj=template,
        project=template.page.project,
        at=at,
        detail={"name": template.name},
    )
