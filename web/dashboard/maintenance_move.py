"""Moving a maintenance to another time."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import Conflict, Invalid, Repeated, reschedule
from incidents.lifecycle import OVER, RUNNING
from incidents.models import Incident
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.maintenance import TAB
from web.dashboard.maintenance_detail import CONFLICT, find_maintenance, show_maintenance
from web.dashboard.maintenance_forms import RescheduleForm, refuse_work, span_of, span_values
from web.dashboard.maintenance_preview import plan_of_move, preview_of_news
from web.dashboard.maintenance_sending import sending, version
from web.dashboard.seen import seen_in
from web.dashboard.shell import done, show_fragment, show_page

NEEDS = Action.MAINTENANCE_RESCHEDULE
FORM_REFUSED = 422


@operators_only
@require_http_methods(["GET", "POST"])
def maintenance_move(request: OperatorRequest, page_id: UUID, maintenance_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    maintenance = find_maintenance(desk, maintenance_id, needs=NEEDS)
    if maintenance.status in OVER:
        return show_maintenance(desk, maintenance, conflict="It is over: nothing can move it.")
    form = _form(desk, maintenance)
    if request.method == "GET" or not form.is_valid() or form.untold():
        return _show(desk, maintenance, form)
    try:
        _move(desk, maintenance, form)
    except Repeated:
        pass
    except Conflict as refusal:
        fresh = find_maintenance(desk, maintenance_id, needs=NEEDS)
        if fresh.status in OVER:
            return show_maintenance(desk, fresh, conflict=refusal.message)
        return _show(desk, fresh, form, stale=True)
    except Invalid as refusal:
        refuse_work(form, refusal)
        return _show(desk, maintenance, form)
    return done(request, "Moved.", desk.url("maintenance", maintenance.pk))


@operators_only
@require_POST
def maintenance_move_preview(
    request: OperatorRequest, page_id: UUID, maintenance_id: UUID
) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    maintenance = find_maintenance(desk, maintenance_id, needs=NEEDS)
    form = _form(desk, maintenance)
    return show_fragment(desk, "_maintenance_preview.html", _context(desk, maintenance, form))


def _form(desk: Desk, maintenance: Incident) -> RescheduleForm:
    zone = ZoneInfo(desk.page.timezone)
    return RescheduleForm(
        desk.request.POST if desk.request.method == "POST" else None,
        runs=maintenance.status in RUNNING,
        zone=zone,
        initial=span_values(span_of(maintenance, zone)) | {"seen": version(maintenance)},
    )


def _move(desk: Desk, maintenance: Incident, form: RescheduleForm) -> None:
    starts_at, ends_at = _instants(maintenance, form)
    reschedule(
        maintenance=maintenance,
        starts_at=starts_at,
        ends_at=ends_at,
        body=form.cleaned_data["body"],
        actor=desk.actor,
        at=desk.at,
        seen=seen_in(desk.request),
        **sending(form),
    )


def _instants(maintenance: Incident, form: RescheduleForm) -> tuple[datetime, datetime]:
    """What has begun keeps the very instant at which it was planned to begin."""
    if form.span is None or maintenance.scheduled_for is None:
        raise ValueError("a valid form names a span")
    runs = maintenance.status in RUNNING
    return maintenance.scheduled_for if runs else form.span.starts_at, form.span.ends_at


def _show(
    desk: Desk, maintenance: Incident, form: RescheduleForm, *, stale: bool = False
) -> HttpResponse:
    """When stale somebody was quicker: what was typed stays, and moving again is a decision."""
    context = _context(desk, maintenance, form) | {
        "stale": stale,
        "seen": version(maintenance) if stale else form["seen"].value(),
    }
    status = CONFLICT if stale else 200
    if form.errors or (form.is_bound and not stale):
        status = FORM_REFUSED
    return show_page(desk, "maintenance_move.html", context, tab=TAB, status=status)


def _context(desk: Desk, maintenance: Incident, form: RescheduleForm) -> dict[str, object]:
    return {
        "form": form,
        "maintenance": maintenance,
        "runs": maintenance.status in RUNNING,
        "at_once": True,
        "plan": plan_of_move(desk, maintenance, form),
        "preview": preview_of_news(desk, maintenance, form, verb="Post new time"),
    }
