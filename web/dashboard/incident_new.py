"""Opening an incident: now, or later out of a draft."""

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import Invalid, Repeated, open_incident, write_draft
from incidents.models import Incident, IncidentTemplate
from web.dashboard import letters, taken_back
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.incident_forms import NewIncidentForm
from web.dashboard.posting import after_posting, hold_of
from web.dashboard.prefill import beginning, templates_for
from web.dashboard.preview import preview_of
from web.dashboard.shell import done, show_fragment, show_page

NEEDS = Action.INCIDENT_CREATE
FORM_REFUSED = 422


@operators_only
@require_http_methods(["GET", "POST"])
def incident_new(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    form = _form(desk)
    if request.method == "GET" or not form.is_valid():
        return _show(desk, form, status=FORM_REFUSED if form.errors else 200)
    try:
        if "save" in request.POST:
            return _save(desk, form)
        incident = _open(desk, form)
    except Repeated as before:
        return HttpResponseRedirect(desk.url("incident", before.row.pk))
    except Invalid as refusal:
        refuse(form, refusal)
        return _show(desk, form, status=FORM_REFUSED)
    taken_back.forget(request)
    url = desk.url("incident", incident.id)
    return after_posting(desk, incident.updates.earliest("created_at"), text="Posted.", url=url)


@operators_only
@require_POST
def incident_new_preview(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    return show_fragment(desk, "_preview.html", {"preview": preview_of(desk, _form(desk))})


@operators_only
@require_POST
def incident_new_mail(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    return letters.frame(desk, letters.message_of(desk, _form(desk)))


@operators_only
@require_POST
def incident_new_test(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    """Answers a toast, or the whole form again without htmx."""
    desk = open_desk(request, page_id, needs=NEEDS)
    form = _form(desk)
    message = letters.message_of(desk, form)
    return letters.send_test(desk, message, show=lambda status: _show(desk, form, status=status))


def _form(desk: Desk) -> NewIncidentForm:
    components = list(desk.page.components.as_on_page())
    is_post = desk.request.method == "POST"
    use = IncidentTemplate.Use.OPENING
    return NewIncidentForm(
        desk.request.POST if is_post else None,
        components=components,
        at=desk.at,
        zone=ZoneInfo(desk.page.timezone),
        initial={} if is_post else beginning(desk, components, use=use, needs=NEEDS),
    )


def _open(desk: Desk, form: NewIncidentForm) -> Incident:
    values = form.cleaned_data
    return open_incident(
        page=desk.page,
        name=values["name"],
        body=values["body"],
        status=values["status"],
        statuses=form.statuses(),
        deliver=values["notify"],
        next_update_by=values["next_update_by"],
        hold=hold_of(desk),
        key=desk.request.POST.get("key", ""),
        actor=desk.actor,
        at=desk.at,
    )


def _save(desk: Desk, form: NewIncidentForm) -> HttpResponse:
    values = form.cleaned_data
    draft = write_draft(
        page=desk.page,
        name=values["name"],
        body=values["body"],
        statuses=form.statuses(),
        key=desk.request.POST.get("key", ""),
        actor=desk.actor,
        at=desk.at,
    )
    return done(desk.request, "Saved. Nobody sees it yet.", desk.url("incident", draft.id))


def _show(desk: Desk, form: NewIncidentForm, *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "preview": preview_of(desk, form),
        "templates": templates_for(desk, IncidentTemplate.Use.OPENING),
        "key": uuid4().hex,
        "undone": taken_back.MARK in desk.request.GET,
        "compose": "incident_new",
    }
    if desk.request.htmx and desk.request.method == "GET":
        return show_fragment(desk, "_opening_fields.html", context)
    response = show_page(desk, "incident_new.html", context, tab="incidents", status=status)
    return letters.with_frames(response)
