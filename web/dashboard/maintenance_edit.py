"""Changing what a planned maintenance is called, is about, and does by itself."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.roles import Action
from incidents.actions import Conflict, Invalid, change_plan
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from incidents.schedule import MaintenanceOptions
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.maintenance import TAB
from web.dashboard.maintenance_detail import CONFLICT, find_maintenance, show_maintenance
from web.dashboard.maintenance_forms import PlanForm, options_values, refuse_work
from web.dashboard.seen import seen_in, version_for
from web.dashboard.shell import done, show_page

NEEDS = Action.MAINTENANCE_RESCHEDULE
FORM_REFUSED = 422
BEGUN = "It has begun: post an update instead."


@operators_only
@require_http_methods(["GET", "POST"])
def maintenance_edit(request: OperatorRequest, page_id: UUID, maintenance_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    maintenance = find_maintenance(desk, maintenance_id, needs=NEEDS)
    if maintenance.status != IncidentStatus.SCHEDULED:
        return show_maintenance(desk, maintenance, conflict=BEGUN)
    form = _form(desk, maintenance)
    if request.method == "GET" or not form.is_valid():
        return _show(desk, maintenance, form)
    try:
        change_plan(
            maintenance=maintenance,
            name=form.cleaned_data["name"],
            components=form.chosen(),
            options=form.options(),
            actor=desk.actor,
            at=desk.at,
            seen=seen_in(request),
        )
    except Conflict as refusal:
        fresh = find_maintenance(desk, maintenance_id, needs=NEEDS)
        if fresh.status != IncidentStatus.SCHEDULED:
            return show_maintenance(desk, fresh, conflict=refusal.message)
        return _show(desk, fresh, form, stale=True)
    except Invalid as refusal:
        refuse_work(form, refusal)
        return _show(desk, maintenance, form)
    return done(request, "Saved. Nobody was told.", desk.url("maintenance", maintenance.pk))


def _form(desk: Desk, maintenance: Incident) -> PlanForm:
    columns = {name: getattr(maintenance, name) for name in MaintenanceOptions.__struct_fields__}
    options = MaintenanceOptions(**columns | {"remind_before": tuple(columns["remind_before"])})
    return PlanForm(
        desk.request.POST if desk.request.method == "POST" else None,
        components=list(desk.page.components.as_on_page()),
        initial={
            "name": maintenance.name,
            "systems": [str(row.component_id) for row in maintenance.affected.all()],
            **options_values(options),
        },
    )


def _show(
    desk: Desk, maintenance: Incident, form: PlanForm, *, stale: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "maintenance": maintenance,
        "stale": stale,
        "seen": version_for(desk.request, maintenance.updated_at, stale=stale),
    }
    refused = FORM_REFUSED if form.errors else 200
    status = CONFLICT if stale else refused
    return show_page(desk, "maintenance_edit.html", context, tab=TAB, status=status)
