"""The components of a page: list, add, change, delete."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.roles import Action
from monitoring.actions import add_component, delete_component
from pages import actions
from web.dashboard.component_forms import ComponentForm, EditComponentForm, GroupForm
from web.dashboard.component_rows import sections
from web.dashboard.confirm import Question, ask
from web.dashboard.desk import open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.shell import done, failed, show_page

TAB = "components"


@operators_only
@require_GET
def component_list(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id)
    return show_page(desk, "components.html", {"sections": sections(desk.page)}, tab=TAB)


@operators_only
@require_http_methods(["GET", "POST"])
def component_new(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.COMPONENT_CREATE)
    form = ComponentForm(request.POST or None, page=desk.page)
    if request.method == "POST" and form.is_valid():
        try:
            component = add_component(
                page=desk.page, actor=desk.actor, at=desk.at, **form.cleaned_data
            )
        except actions.Invalid as refusal:
            refuse(form, refusal)
        else:
            return done(request, f"{component.name} is on the page.", desk.url("components"))
    context = {"form": form}
    return show_page(
        desk, "component_new.html", context, tab=TAB, status=422 if form.errors else 200
    )


@operators_only
@require_http_methods(["GET", "POST"])
def component_edit(request: OperatorRequest, page_id: UUID, component_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.COMPONENT_UPDATE)
    component = desk.find(desk.page.components.all(), component_id, needs=Action.COMPONENT_UPDATE)
    form = EditComponentForm(
        request.POST or None, page=desk.page, initial=EditComponentForm.values_of(component)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_component(
                component=component, actor=desk.actor, at=desk.at, **form.cleaned_data
            )
        except actions.Invalid as refusal:
            refuse(form, refusal)
        else:
            return done(request, "Saved.", desk.url("components"))
    context = {"form": form, "component": component}
    return show_page(
        desk, "component_edit.html", context, tab=TAB, status=422 if form.errors else 200
    )


@operators_only
@require_http_methods(["GET", "POST"])
def component_delete(request: OperatorRequest, page_id: UUID, component_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.COMPONENT_DELETE)
    component = desk.find(desk.page.components.all(), component_id, needs=Action.COMPONENT_DELETE)
    if request.method == "GET":
        question = Question(
            title=f"Delete {component.name}?",
            text="It leaves the page at once, with its 90 days of history.",
            verb="Delete",
            back=desk.url("component_edit", component.id),
        )
        return ask(desk, question, tab=TAB)
    try:
        delete_component(component=component, actor=desk.actor, at=desk.at)
    except actions.Invalid as refusal:
        return failed(request, refusal.message, desk.url("components"))
    return done(request, f"{component.name} is deleted.", desk.url("components"))


@operators_only
@require_http_methods(["GET", "POST"])
def group_new(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.COMPONENT_CREATE)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            group = actions.create_group(
                page=desk.page, actor=desk.actor, at=desk.at, **form.cleaned_data
            )
        except actions.Invalid as refusal:
            refuse(form, refusal)
        else:
            return done(request, f"{group.name} is a group now.", desk.url("components"))
    context = {"form": form}
    return show_page(desk, "group_new.html", context, tab=TAB, status=422 if form.errors else 200)
