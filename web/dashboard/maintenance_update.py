"""News of a running maintenance: its stage, a text, how its systems are."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import Conflict, Invalid, Repeated, finish_early, post_update
from incidents.lifecycle import RUNNING, IncidentStatus
from incidents.models import Incident
from pages.status import Status
from web.dashboard import taken_back
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.maintenance import TAB
from web.dashboard.maintenance_detail import CONFLICT, find_maintenance, show_maintenance
from web.dashboard.maintenance_forms import MaintenanceUpdateForm, refuse_work
from web.dashboard.maintenance_preview import preview_of_news
from web.dashboard.maintenance_sending import holding, version
from web.dashboard.seen import seen_in
from web.dashboard.shell import done, show_fragment, show_page

FORM_REFUSED = 422


@operators_only
@require_http_methods(["GET", "POST"])
def maintenance_update(
    request: OperatorRequest, page_id: UUID, maintenance_id: UUID
) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_UPDATE)
    maintenance = find_maintenance(desk, maintenance_id, needs=Action.INCIDENT_UPDATE)
    if maintenance.status not in RUNNING:
        return _not_running(desk, maintenance)
    form = _form(desk, maintenance)
    if request.method == "GET" or not form.is_valid():
        return _show(desk, maintenance, form)
    try:
        _post(desk, maintenance, form)
    except Repeated:
        pass
    except Conflict as refusal:
        fresh = find_maintenance(desk, maintenance_id, needs=Action.INCIDENT_UPDATE)
        if fresh.status not in RUNNING:
            return show_maintenance(desk, fresh, conflict=refusal.message)
        return _show(desk, fresh, form, stale=True)
    except Invalid as refusal:
        refuse_work(form, refusal)
        return _show(desk, maintenance, form)
    taken_back.forget(request)
    return done(request, "Update posted.", desk.url("maintenance", maintenance.pk))


@operators_only
@require_POST
def maintenance_update_preview(
    request: OperatorRequest, page_id: UUID, maintenance_id: UUID
) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_UPDATE)
    maintenance = find_maintenance(desk, maintenance_id, needs=Action.INCIDENT_UPDATE)
    preview = preview_of_news(desk, maintenance, _form(desk, maintenance))
    return show_fragment(desk, "_preview.html", {"preview": preview, "incident": maintenance})


def _not_running(desk: Desk, maintenance: Incident) -> HttpResponse:
    """Also where an end or a cancellation was taken back leads here."""
    if desk.request.method == "POST":
        return show_maintenance(desk, maintenance, conflict="It does not run.")
    text = (
        "Undone. Nothing was sent." if taken_back.MARK in desk.request.GET else "It does not run."
    )
    return done(desk.request, text, desk.url("maintenance", maintenance.pk))


def _form(desk: Desk, maintenance: Incident) -> MaintenanceUpdateForm:
    return MaintenanceUpdateForm(
        desk.request.POST if desk.request.method == "POST" else None,
        components=list(desk.page.components.as_on_page()),
        known={row.component: Status(row.status) for row in maintenance.affected.all()},
        at=desk.at,
        zone=ZoneInfo(desk.page.timezone),
        initial={
            "status": maintenance.status,
            "seen": version(maintenance),
            **taken_back.kept(desk.request, of=maintenance.pk),
        },
    )


def _post(desk: Desk, maintenance: Incident, form: MaintenanceUpdateForm) -> None:
    """Completing ends what it says of its systems, whatever the form says."""
    values = form.cleaned_data
    if values["status"] is IncidentStatus.COMPLETED:
        finish_early(
            maintenance=maintenance,
            body=values["body"],
            actor=desk.actor,
            at=desk.at,
            seen=seen_in(desk.request),
            **holding(desk, form),
        )
    else:
        post_update(
            incident=maintenance,
            status=values["status"],
            body=values["body"],
            statuses=form.statuses(),
            next_update_by=values["next_update_by"],
            actor=desk.actor,
            at=desk.at,
            seen=seen_in(desk.request),
            **holding(desk, form),
        )


def _show(
    desk: Desk, maintenance: Incident, form: MaintenanceUpdateForm, *, stale: bool = False
) -> HttpResponse:
    """When stale somebody was quicker: both texts are shown, and posting again is a decision."""
    context = {
        "form": form,
        "maintenance": maintenance,
        "incident": maintenance,
        "seen": version(maintenance) if stale else form["seen"].value(),
        "stale": stale,
        "undone": taken_back.MARK in desk.request.GET,
        "preview": preview_of_news(desk, maintenance, form),
    }
    status = CONFLICT if stale else (FORM_REFUSED if form.errors else 200)
    return show_page(desk, "maintenance_update.html", context, tab=TAB, status=status)
