"""Texts prepared for the worst hour."""

from datetime import datetime
from uuid import UUID

from django.utils.timezone import now
from ninja import Router, Status

from accounts.roles import Action
from incidents import actions
from incidents.models import IncidentTemplate
from web.api.auth import ActingRequest, token_or_session
from web.api.fields import Input, Output, References, Text, Title
from web.api.lookup import page_of
from web.api.services import on_page
from web.api.story_fields import StoryStatus

router = Router(auth=token_or_session, tags=["templates"], by_alias=True)
_PATH = "/status-pages/{page_id}/incident-templates"


class NewTemplate(Input):
    """`use` is opening, update or maintenance."""

    use: str = IncidentTemplate.Use.OPENING.value
    name: Title
    title: Title
    body: Text
    update_status: StoryStatus | None = None
    should_send_notifications: bool = True
    component_ids: References


class TemplateOut(Output):
    id: UUID
    status_page_id: UUID
    use: str
    name: str
    title: str
    body: str
    update_status: str | None
    should_send_notifications: bool
    component_ids: list[UUID]
    created_at: datetime
    updated_at: datetime


class TemplateList(Output):
    templates: list[TemplateOut]


@router.get(_PATH, response=TemplateList)
def list_templates(request: ActingRequest, page_id: str) -> TemplateList:
    """The templates of a page, by its id or subdomain, in the order of their names."""
    page = page_of(request, page_id, Action.PAGE_VIEW)
    rows = IncidentTemplate.objects.filter(page=page).prefetch_related("components")
    return TemplateList(templates=[_shown(row) for row in rows.order_by("use", "name", "id")])


@router.post(_PATH, response={201: TemplateOut})
def create_template(request: ActingRequest, page_id: str, body: NewTemplate) -> Status[TemplateOut]:
    """Prepares a text; `{components}` and its like are replaced when it is applied."""
    page = page_of(request, page_id, Action.TEMPLATE_CREATE)
    template = actions.create_template(
        page=page,
        use=body.use,
        name=body.name,
        title=body.title,
        body=body.body,
        update_status=body.update_status,
        should_send_notifications=body.should_send_notifications,
        components=on_page(request, Action.TEMPLATE_CREATE, page, body.component_ids),
        actor=request.auth,
        at=now(),
    )
    return Status(201, _shown(template))


def _shown(row: IncidentTemplate) -> TemplateOut:
    return TemplateOut(
        id=row.pk,
        status_page_id=row.page_id,
        use=row.use,
        name=row.name,
        title=row.title,
        body=row.body,
        update_status=row.update_status or None,
        should_send_notifications=row.should_send_notifications,
        component_ids=[component.pk for component in row.components.all()],
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
