"""Saying by hand how a component is."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.roles import Action
from incidents.actions import Invalid, StatusAnswer, set_component_status
from pages.models import Component
from web.dashboard.component_forms import StatusForm
from web.dashboard.component_rows import rows_of, sections
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.shell import show_fragment, show_page, with_toast


@operators_only
@require_POST
def component_status(request: OperatorRequest, page_id: UUID, component_id: UUID) -> HttpResponse:
    """Answers the component's row, or the whole tab without htmx, with the reasons shown."""
    desk = open_desk(request, page_id, needs=Action.COMPONENT_SET_STATUS)
    component = desk.find(
        desk.page.components.all(), component_id, needs=Action.COMPONENT_SET_STATUS
    )
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _answer(desk, component, "Not changed: choose a status.", level="error")
    hours = form.cleaned_data["pin_hours"]
    try:
        answer = set_component_status(
            component=component,
            status=form.cleaned_data["status"],
            actor=desk.actor,
            at=desk.at,
            pin_until=desk.at + timedelta(hours=hours) if hours else None,
        )
    except Invalid as refusal:
        return _answer(desk, component, f"Not changed: {refusal}", level="error")
    component.refresh_from_db()
    return _answer(desk, component, _sentence(component, answer), level="success")


def _sentence(component: Component, answer: StatusAnswer) -> str:
    said = f"{component.name}: {component.get_status_display()}."
    return f"{said} Pinned, because others say otherwise." if answer.pinned else said


def _answer(desk: Desk, component: Component, text: str, *, level: str) -> HttpResponse:
    status = 422 if level == "error" else 200
    if desk.request.htmx:
        row = rows_of([component], answered=component.id)[0]
        response = show_fragment(desk, "_component.html", {"row": row}, status=status)
        return with_toast(response, text, level=level)
    context = {"sections": sections(desk.page, answered=component.id), "answer": text}
    return show_page(desk, "components.html", context, tab="components", status=status)
