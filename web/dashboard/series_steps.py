"""Skipping one occurrence of a series, and ending the series."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.roles import Action
from incidents import maintenance_wording as wording
from incidents.actions import Invalid, end_series, skip_occurrence
from incidents.models import Incident, MaintenanceSeries
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.maintenance_rows import with_plan
from web.dashboard.maintenance_sending import SendingForm
from web.dashboard.maintenance_step import Step, ask_step
from web.dashboard.series import audience_of_series, find_series, show_series
from web.dashboard.shell import done

SKIP = Step(
    needs=Action.SERIES_UPDATE,
    title="Skip this one?",
    text="It will not take place and stays on the page as cancelled. The series goes on.",
    verb="Skip",
    busy="Skipping...",
    done="Skipped.",
    silence=wording.CANCELLED,
    destroys=True,
)
END = Step(
    needs=Action.SERIES_END,
    title="End this series?",
    text="Everything of it that has not begun is cancelled. Whoever is told hears of the next one.",
    verb="End series",
    busy="Ending...",
    done="The series has ended.",
    silence="This maintenance will not take place any more.",
    destroys=True,
)


@operators_only
@require_http_methods(["GET", "POST"])
def series_skip(
    request: OperatorRequest, page_id: UUID, series_id: UUID, maintenance_id: UUID
) -> HttpResponse:
    desk, series = _find(request, page_id, series_id, SKIP)
    skipped = desk.find(with_plan(series.occurrences.all()), maintenance_id, needs=SKIP.needs)
    form = SendingForm(request.POST or None)
    if not form.is_valid():
        return _ask(desk, series, SKIP, form, skipped)
    try:
        skip_occurrence(
            series=series,
            occurrence=skipped.occurrence,
            body=form.cleaned_data["body"],
            deliver=form.cleaned_data["notify"],
            actor=desk.actor,
            at=desk.at,
        )
    except Invalid as refusal:
        return _conflict(desk, series, refusal)
    return done(request, SKIP.done, desk.url("series", series.pk))


@operators_only
@require_http_methods(["GET", "POST"])
def series_end(request: OperatorRequest, page_id: UUID, series_id: UUID) -> HttpResponse:
    desk, series = _find(request, page_id, series_id, END)
    form = SendingForm(request.POST or None)
    if not form.is_valid():
        return _ask(desk, series, END, form)
    try:
        end_series(
            series=series,
            body=form.cleaned_data["body"],
            deliver=form.cleaned_data["notify"],
            actor=desk.actor,
            at=desk.at,
        )
    except Invalid as refusal:
        return _conflict(desk, series, refusal)
    return done(request, END.done, desk.url("series", series.pk))


def _find(
    request: OperatorRequest, page_id: UUID, series_id: UUID, step: Step
) -> tuple[Desk, MaintenanceSeries]:
    desk = open_desk(request, page_id, needs=step.needs)
    return desk, find_series(desk, series_id, needs=step.needs)


def _ask(
    desk: Desk,
    series: MaintenanceSeries,
    step: Step,
    form: SendingForm,
    skipped: Incident | None = None,
) -> HttpResponse:
    return ask_step(
        desk,
        step,
        form,
        name=series.name,
        maintenance=skipped,
        audience=audience_of_series(desk, series),
        back=desk.url("series", series.pk),
    )


def _conflict(desk: Desk, series: MaintenanceSeries, refusal: Invalid) -> HttpResponse:
    """Whatever the verb refuses here is true because somebody was quicker."""
    fresh = find_series(desk, series.pk, needs=Action.PAGE_VIEW)
    return show_series(desk, fresh, conflict=refusal.message)
