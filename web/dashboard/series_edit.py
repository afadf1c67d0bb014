"""Changing a recurring maintenance: all its occurrences that wait follow."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import Conflict, Invalid, update_series
from incidents.models import MaintenanceSeries
from incidents.schedule import read_options
from incidents.walltime import parse_local
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.maintenance import TAB
from web.dashboard.maintenance_clock import WallSpan
from web.dashboard.maintenance_forms import options_values, refuse_work, span_values
from web.dashboard.maintenance_preview import plan_of, preview_of_work
from web.dashboard.seen import seen_in
from web.dashboard.series import CONFLICT, find_series, show_series
from web.dashboard.series_forms import SeriesForm, repeats_values, series_values
from web.dashboard.series_rule import read
from web.dashboard.shell import done, show_fragment, show_page

NEEDS = Action.SERIES_UPDATE
FORM_REFUSED = 422


@operators_only
@require_http_methods(["GET", "POST"])
def series_edit(request: OperatorRequest, page_id: UUID, series_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    series = find_series(desk, series_id, needs=NEEDS)
    if series.ended_at:
        return show_series(desk, series, conflict="This series has ended: nothing changes it.")
    form = _form(desk, series)
    if request.method == "GET" or not form.is_valid() or form.untold():
        return _show(desk, series, form)
    try:
        update_series(
            series=series,
            deliver=form.cleaned_data["notify"],
            actor=desk.actor,
            at=desk.at,
            seen=seen_in(desk.request),
            **series_values(form),
        )
    except Conflict as refusal:
        fresh = find_series(desk, series_id, needs=NEEDS)
        if fresh.ended_at:
            return show_series(desk, fresh, conflict=refusal.message)
        return _show(desk, fresh, form, stale=True)
    except Invalid as refusal:
        refuse_work(form, refusal)
        return _show(desk, series, form)
    return done(request, "Changed.", desk.url("series", series.pk))


@operators_only
@require_POST
def series_edit_preview(request: OperatorRequest, page_id: UUID, series_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    series = find_series(desk, series_id, needs=NEEDS)
    context = _context(desk, series, _form(desk, series))
    return show_fragment(desk, "_maintenance_preview.html", context)


def _form(desk: Desk, series: MaintenanceSeries) -> SeriesForm:
    return SeriesForm(
        desk.request.POST if desk.request.method == "POST" else None,
        components=list(desk.page.components.as_on_page()),
        zone=ZoneInfo(desk.page.timezone),
        kept=series.rule,
        skipped=series.exceptions,
        initial=_values(desk, series),
    )


def _values(desk: Desk, series: MaintenanceSeries) -> dict[str, Any]:
    start = parse_local(series.first_start)
    span = WallSpan(start, start + timedelta(minutes=series.minutes), ZoneInfo(desk.page.timezone))
    return {
        "name": series.name,
        "body": series.body,
        "systems": [str(component.pk) for component in series.components.all()],
        "seen": series.updated_at.isoformat(),
        **span_values(span),
        **options_values(read_options(series.options)),
        **repeats_values(read(series.rule, start.date())),
    }


def _show(
    desk: Desk, series: MaintenanceSeries, form: SeriesForm, *, stale: bool = False
) -> HttpResponse:
    """When stale somebody was quicker: what was typed stays, and saving again is a decision."""
    context = _context(desk, series, form) | {
        "stale": stale,
        "seen": series.updated_at.isoformat() if stale else form["seen"].value(),
    }
    status = CONFLICT if stale else (FORM_REFUSED if form.is_bound else 200)
    return show_page(desk, "series_edit.html", context, tab=TAB, status=status)


def _context(desk: Desk, series: MaintenanceSeries, form: SeriesForm) -> dict[str, Any]:
    return {
        "form": form,
        "series": series,
        "at_once": True,
        "plan": plan_of(desk, form, besides=series),
        "preview": preview_of_work(desk, form, verb="Post change"),
    }
