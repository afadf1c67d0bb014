"""Planning a maintenance, once or again and again."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import Invalid, Repeated, create_series, schedule_maintenance
from incidents.schedule import MaintenanceOptions
from web.dashboard import letters, taken_back
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.maintenance import TAB
from web.dashboard.maintenance_clock import WallSpan
from web.dashboard.maintenance_forms import (
    options_values,
    proposed_span,
    refuse_work,
    span_values,
)
from web.dashboard.maintenance_letters import message_of_plan
from web.dashboard.maintenance_preview import plan_of, preview_of_work
from web.dashboard.maintenance_sending import holding
from web.dashboard.maintenance_words import prepared_for, words_from
from web.dashboard.posting import after_posting
from web.dashboard.series_forms import RepeatingForm, series_values
from web.dashboard.shell import done, show_fragment, show_page

PLANNED = "Planned."
NEEDS = Action.MAINTENANCE_SCHEDULE
FORM_REFUSED = 422


@operators_only
@require_http_methods(["GET", "POST"])
def maintenance_new(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    if request.method == "GET":
        return _show(desk, _empty_form(desk))
    form = _posted_form(desk)
    if not form.is_valid() or form.untold():
        return _show(desk, form)
    try:
        return _plan_series(desk, form) if form.rule else _plan_once(desk, form)
    except Repeated as before:
        return done(request, PLANNED, desk.url("maintenance", before.row.pk))
    except Invalid as refusal:
        refuse_work(form, refusal)
        return _show(desk, form)


@operators_only
@require_POST
def maintenance_new_preview(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    return show_fragment(desk, "_maintenance_preview.html", _context(desk, _posted_form(desk)))


@operators_only
@require_POST
def maintenance_new_mail(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    return letters.frame(desk, message_of_plan(desk, _posted_form(desk)))


@operators_only
@require_POST
def maintenance_new_test(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=NEEDS)
    form = _posted_form(desk)
    message = message_of_plan(desk, form)
    return letters.send_test(desk, message, show=lambda status: _show(desk, form, status=status))


def _empty_form(desk: Desk) -> RepeatingForm:
    """It begins with a night and good defaults, a template, or what was taken back."""
    zone = ZoneInfo(desk.page.timezone)
    values = span_values(proposed_span(desk.at, zone)) | options_values(MaintenanceOptions())
    return _form(desk, initial=values | words_from(desk, needs=NEEDS) | _taken_back(desk, zone))


def _taken_back(desk: Desk, zone: ZoneInfo) -> dict[str, Any]:
    words = taken_back.kept(desk.request, of=desk.page.pk)
    plan = taken_back.kept_plan(desk.request, of=desk.page.pk)
    if not plan:
        return {}
    span = WallSpan.of(plan["scheduled_for"], plan["scheduled_until"], zone)
    told = {name: words[name] for name in ("name", "body", "notify")}
    return told | {"systems": plan["systems"]} | span_values(span)


def _posted_form(desk: Desk) -> RepeatingForm:
    return _form(desk, data=desk.request.POST)


def _form(desk: Desk, **options: Any) -> RepeatingForm:
    components = list(desk.page.components.as_on_page())
    return RepeatingForm(components=components, zone=ZoneInfo(desk.page.timezone), **options)


def _plan_once(desk: Desk, form: RepeatingForm) -> HttpResponse:
    if form.span is None:
        raise ValueError("a valid form names a span")
    maintenance = schedule_maintenance(
        page=desk.page,
        name=form.cleaned_data["name"],
        body=form.cleaned_data["body"],
        components=form.chosen(),
        starts_at=form.span.starts_at,
        ends_at=form.span.ends_at,
        options=form.options(),
        actor=desk.actor,
        at=desk.at,
        **holding(desk, form),
    )
    taken_back.forget(desk.request)
    first = maintenance.updates.earliest("created_at")
    url = desk.url("maintenance", maintenance.pk)
    return after_posting(desk, first, text=PLANNED, url=url)


def _plan_series(desk: Desk, form: RepeatingForm) -> HttpResponse:
    series = create_series(
        page=desk.page,
        exceptions=form.left_out(),
        deliver=form.cleaned_data["notify"],
        key=form.cleaned_data["key"],
        actor=desk.actor,
        at=desk.at,
        **series_values(form),
    )
    return done(desk.request, "Planned, again and again.", desk.url("series", series.pk))


def _show(desk: Desk, form: RepeatingForm, *, status: int = 200) -> HttpResponse:
    """Nothing is planned of a form that is shown again: it answers 422."""
    context = _context(desk, form)
    if desk.request.htmx and desk.request.method == "GET":
        return show_fragment(desk, "_maintenance_words.html", context)
    if form.is_bound and status == 200:
        status = FORM_REFUSED
    response = show_page(desk, "maintenance_new.html", context, tab=TAB, status=status)
    return letters.with_frames(response)


def _context(desk: Desk, form: RepeatingForm) -> dict[str, object]:
    plan = plan_of(desk, form)
    return {
        "form": form,
        "plan": plan,
        "at_once": bool(plan.said),
        "templates": prepared_for(desk),
        "preview": preview_of_work(desk, form, verb="Post maintenance"),
        "undone": taken_back.MARK in desk.request.GET and bool(form.initial.get("name")),
        "mail_url": desk.url("maintenance_new_mail"),
        "test_url": desk.url("maintenance_new_test"),
    }
