"""Posting an update to an incident, resolving and reopening included: one screen, one click."""

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import Conflict, Invalid, Repeated, post_update
from incidents.lifecycle import OPEN, IncidentStatus
from incidents.models import Incident, IncidentTemplate, IncidentUpdate
from pages.status import Status
from web.dashboard import letters, taken_back
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.incident_forms import UpdateForm
from web.dashboard.posting import after_posting, hold_of
from web.dashboard.prefill import beginning, templates_for
from web.dashboard.preview import preview_of_update
from web.dashboard.reopening import before_the_end
from web.dashboard.seen import seen_in, version_for
from web.dashboard.shell import failed, show_fragment, show_page
from web.dashboard.stories import with_story

NEEDS = Action.INCIDENT_UPDATE
STALE = 409
FORM_REFUSED = 422


@operators_only
@require_http_methods(["GET", "POST"])
def update_new(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk, incident = _find(request, page_id, incident_id)
    if incident.status == IncidentStatus.DRAFT:
        text = "Publish the draft before you update it."
        return failed(request, text, desk.url("incident", incident.id))
    form = _form(desk, incident)
    if request.method == "GET" or not form.is_valid():
        return _show(desk, incident, form, status=FORM_REFUSED if form.errors else 200)
    try:
        update = _post(desk, incident, form)
    except Repeated:
        return HttpResponseRedirect(desk.url("incident", incident.id))
    except Conflict:
        _, incident = _find(request, page_id, incident_id)
        return _show(desk, incident, form, status=STALE)
    except Invalid as refusal:
        refuse(form, refusal)
        return _show(desk, incident, form, status=FORM_REFUSED)
    taken_back.forget(request)
    return after_posting(
        desk, update, text=_said(desk, update), url=desk.url("incident", incident.id)
    )


@operators_only
@require_POST
def update_preview(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk, incident = _find(request, page_id, incident_id)
    context = {
        "preview": preview_of_update(desk, incident, _form(desk, incident)),
        "incident": incident,
    }
    return show_fragment(desk, "_preview.html", context)


@operators_only
@require_POST
def update_mail(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk, incident = _find(request, page_id, incident_id)
    message = letters.message_of_update(desk, incident, _form(desk, incident))
    return letters.frame(desk, message)


@operators_only
@require_POST
def update_test(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    """Answers a toast, or the whole form again without htmx."""
    desk, incident = _find(request, page_id, incident_id)
    form = _form(desk, incident)
    message = letters.message_of_update(desk, incident, form)
    return letters.send_test(
        desk, message, show=lambda status: _show(desk, incident, form, status=status)
    )


def _find(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> tuple[Desk, Incident]:
    desk = open_desk(request, page_id, needs=NEEDS)
    incidents = with_story(desk.page.incidents.incidents().select_related("page__project"))
    return desk, desk.find(incidents, incident_id, needs=NEEDS)


def _form(desk: Desk, incident: Incident) -> UpdateForm:
    """On an incident that is over the form reopens it, with its systems as before the end."""
    components = list(desk.page.components.as_on_page())
    is_post = desk.request.method == "POST"
    is_over = incident.status not in OPEN
    initial = before_the_end(incident) if is_over else {"status": incident.status}
    if not is_post:
        use = IncidentTemplate.Use.UPDATE
        initial |= beginning(desk, components, use=use, needs=NEEDS, incident=incident)
    return UpdateForm(
        desk.request.POST if is_post else None,
        components=components,
        known={row.component: Status(row.status) for row in incident.affected.all()},
        reopens="reopen" in desk.request.POST if is_post else is_over,
        at=desk.at,
        zone=ZoneInfo(desk.page.timezone),
        initial=initial,
    )


def _post(desk: Desk, incident: Incident, form: UpdateForm) -> IncidentUpdate:
    """Resolving ends what the incident says of its systems, whatever the form says."""
    values = form.cleaned_data
    status: IncidentStatus = values["status"]
    return post_update(
        incident=incident,
        status=status,
        body=values["body"],
        statuses={} if status is IncidentStatus.RESOLVED else form.statuses(),
        display_at=values["display_at"],
        deliver=values["notify"],
        next_update_by=None if status is IncidentStatus.RESOLVED else values["next_update_by"],
        reopen=form.reopens,
        hold=hold_of(desk),
        key=desk.request.POST.get("key", ""),
        actor=desk.actor,
        at=desk.at,
        seen=seen_in(desk.request),
    )


def _said(desk: Desk, update: IncidentUpdate) -> str:
    if update.published_at is None:
        shown_at = update.display_at.astimezone(ZoneInfo(desk.page.timezone))
        return f"It appears at {shown_at:%H:%M} on {shown_at.day} {shown_at:%B}."
    return "Resolved." if update.status == IncidentStatus.RESOLVED else "Update posted."


def _show(desk: Desk, incident: Incident, form: UpdateForm, *, status: int) -> HttpResponse:
    """With 409 somebody was quicker: both texts are shown, and posting again is a decision."""
    context = {
        "form": form,
        "incident": incident,
        "seen": version_for(desk.request, incident.updated_at, stale=status == STALE),
        "stale": status == STALE,
        "is_over": incident.status not in OPEN,
        "preview": preview_of_update(desk, incident, form),
        "templates": templates_for(desk, IncidentTemplate.Use.UPDATE),
        "key": uuid4().hex,
        "undone": taken_back.MARK in desk.request.GET,
    }
    if desk.request.htmx and desk.request.method == "GET":
        return show_fragment(desk, "_update_fields.html", context)
    response = show_page(desk, "update_new.html", context, tab="incidents", status=status)
    return letters.with_frames(response)
