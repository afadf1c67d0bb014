"""Opening an incident."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import Invalid, open_incident
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.incident_forms import NewIncidentForm
from web.dashboard.preview import preview_of
from web.dashboard.shell import done, show_fragment, show_page


@operators_only
@require_http_methods(["GET", "POST"])
def incident_new(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_CREATE)
    form = _form(desk)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            incident = open_incident(
                page=desk.page,
                name=values["name"],
                body=values["body"],
                status=values["status"],
                statuses=form.statuses(),
                actor=desk.actor,
                at=desk.at,
            )
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            return done(request, "Posted.", desk.url("incident", incident.id))
    context = {"form": form, "preview": preview_of(desk, form)}
    return show_page(
        desk, "incident_new.html", context, tab="incidents", status=422 if form.errors else 200
    )


@operators_only
@require_POST
def incident_new_preview(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_CREATE)
    return show_fragment(desk, "_preview.html", {"preview": preview_of(desk, _form(desk))})


def _form(desk: Desk) -> NewIncidentForm:
    components = list(desk.page.components.as_on_page())
    data = desk.request.POST if desk.request.method == "POST" else None
    return NewIncidentForm(data, components=components)
