"""Posting an update to an open incident, resolving it included: one screen, one click."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import Conflict, Invalid, post_update
from incidents.lifecycle import OPEN, IncidentStatus
from incidents.models import Incident
from pages.status import Status
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.incident_forms import UpdateForm
from web.dashboard.preview import preview_of_update
from web.dashboard.shell import done, failed, show_fragment, show_page
from web.dashboard.stories import with_story

STALE = 409
FORM_REFUSED = 422


@operators_only
@require_http_methods(["GET", "POST"])
def update_new(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk, incident = _find(request, page_id, incident_id)
    if incident.status not in OPEN:
        return failed(request, _closed(incident), desk.url("incident", incident.id))
    form = _form(desk, incident)
    if request.method == "GET" or not form.is_valid():
        return _show(desk, incident, form, status=FORM_REFUSED if form.errors else 200)
    try:
        update = _post(desk, incident, form)
    except Conflict:
        _, incident = _find(request, page_id, incident_id)
        return _show(desk, incident, form, status=STALE)
    except Invalid as refusal:
        refuse(form, refusal)
        return _show(desk, incident, form, status=FORM_REFUSED)
    text = "Resolved." if update == IncidentStatus.RESOLVED else "Update posted."
    return done(request, text, desk.url("incident", incident.id))


@operators_only
@require_POST
def update_preview(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk, incident = _find(request, page_id, incident_id)
    context = {
        "preview": preview_of_update(desk, incident, _form(desk, incident)),
        "incident": incident,
    }
    return show_fragment(desk, "_preview.html", context)


def _find(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> tuple[Desk, Incident]:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_UPDATE)
    incidents = with_story(desk.page.incidents.select_related("page__project"))
    return desk, desk.find(incidents, incident_id, needs=Action.INCIDENT_UPDATE)


def _form(desk: Desk, incident: Incident) -> UpdateForm:
    known = {row.component: Status(row.status) for row in incident.affected.all()}
    return UpdateForm(
        desk.request.POST if desk.request.method == "POST" else None,
        components=list(desk.page.components.as_on_page()),
        known=known,
        initial={"status": incident.status},
    )


def _post(desk: Desk, incident: Incident, form: UpdateForm) -> IncidentStatus:
    """Resolving ends what the incident says of its systems, whatever the form says."""
    status: IncidentStatus = form.cleaned_data["status"]
    post_update(
        incident=incident,
        status=status,
        body=form.cleaned_data["body"],
        statuses={} if status is IncidentStatus.RESOLVED else form.statuses(),
        actor=desk.actor,
        at=desk.at,
        seen=_seen(desk),
    )
    return status


def _show(desk: Desk, incident: Incident, form: UpdateForm, *, status: int) -> HttpResponse:
    """With 409 somebody was quicker: both texts are shown, and posting again is a decision."""
    seen = _version(incident)
    if status == FORM_REFUSED:
        seen = desk.request.POST.get("seen", "")
    context = {
        "form": form,
        "incident": incident,
        "seen": seen,
        "stale": status == STALE,
        "preview": preview_of_update(desk, incident, form),
    }
    return show_page(desk, "update_new.html", context, tab="incidents", status=status)


def _seen(desk: Desk) -> datetime:
    """When the form was made from the incident; without that it counts as stale."""
    try:
        return datetime.fromisoformat(desk.request.POST.get("seen", ""))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _version(incident: Incident) -> str:
    return incident.updated_at.isoformat()


def _closed(incident: Incident) -> str:
    if incident.status == IncidentStatus.DRAFT:
        return "Publish the draft before you update it."
    return f"{incident.name} is resolved. Open a new incident."
