"""Prepared texts: the list of a page, and writing them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import (
    Conflict,
    Invalid,
    create_template,
    delete_template,
    update_template,
)
from incidents.models import IncidentTemplate
from subscribers.markdown import to_html
from web.dashboard.confirm import Question, ask
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.incidents import TAB
from web.dashboard.shell import done, failed, show_fragment, show_page
from web.dashboard.template_forms import TemplateForm, Use, example

FORM_REFUSED = 422


@operators_only
@require_GET
def template_list(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id)
    rows = list(desk.page.templates.order_by("created_at", "id"))
    uses = [(use, [row for row in rows if row.use == use]) for use in Use]
    return show_page(desk, "templates.html", {"uses": uses}, tab=TAB)


@operators_only
@require_http_methods(["GET", "POST"])
def template_new(request: OperatorRequest, page_id: UUID, use: str) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.TEMPLATE_CREATE)
    form = _form(desk, use)
    if request.method == "POST" and form.is_valid():
        try:
            create_template(page=desk.page, use=use, actor=desk.actor, at=desk.at, **form.changes())
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            return done(request, "Saved.", desk.url("templates"))
    return _show(desk, form)


@operators_only
@require_http_methods(["GET", "POST"])
def template_edit(request: OperatorRequest, page_id: UUID, template_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.TEMPLATE_UPDATE)
    template = _find(desk, template_id, needs=Action.TEMPLATE_UPDATE)
    form = _form(desk, template.use, template)
    if request.method == "POST" and form.is_valid():
        try:
            update_template(template=template, actor=desk.actor, at=desk.at, **form.changes())
        except Conflict as conflict:
            return failed(request, str(conflict), desk.url("templates"))
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            return done(request, "Saved.", desk.url("templates"))
    return _show(desk, form, template)


@operators_only
@require_http_methods(["GET", "POST"])
def template_delete(request: OperatorRequest, page_id: UUID, template_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.TEMPLATE_DELETE)
    template = _find(desk, template_id, needs=Action.TEMPLATE_DELETE)
    if request.method == "GET":
        question = Question(
            title="Delete this template?",
            text=f"“{template.name}” is offered no more. What was written with it stays.",
            verb="Delete",
            back=desk.url("templates"),
            busy="Deleting...",
        )
        return ask(desk, question, tab=TAB)
    try:
        delete_template(template=template, actor=desk.actor, at=desk.at)
    except Conflict as conflict:
        return failed(request, str(conflict), desk.url("templates"))
    return done(request, "Deleted.", desk.url("templates"))


@operators_only
@require_POST
def template_preview(request: OperatorRequest, page_id: UUID, use: str) -> HttpResponse:
    desk = open_desk(request, page_id)
    return show_fragment(desk, "_template_preview.html", _filled(desk, _form(desk, use)))


def _find(desk: Desk, template_id: UUID, *, needs: Action) -> IncidentTemplate:
    templates = desk.page.templates.select_related("page__project").prefetch_related("components")
    return desk.find(templates, template_id, needs=needs)


def _form(desk: Desk, use: str, template: IncidentTemplate | None = None) -> TemplateForm:
    """Raises Http404 for a use that there is not."""
    if use not in Use.values:
        raise Http404
    return TemplateForm(
        desk.request.POST if desk.request.method == "POST" else None,
        use=use,
        page=desk.page,
        initial=_values_of(template) if template else None,
    )


def _values_of(template: IncidentTemplate) -> dict[str, object]:
    names = ("name", "title", "body", "update_status", "should_send_notifications")
    values = {name: getattr(template, name) for name in names}
    return {**values, "components": list(template.components.all())}


def _show(desk: Desk, form: TemplateForm, template: IncidentTemplate | None = None) -> HttpResponse:
    context = {"form": form, "template": template, **_filled(desk, form)}
    status = FORM_REFUSED if form.errors else 200
    return show_page(desk, "template_form.html", context, tab=TAB, status=status)


def _filled(desk: Desk, form: TemplateForm) -> dict[str, object]:
    title, text = example(form, desk.page, desk.at)
    return {"title": title, "html": to_html(text)}
